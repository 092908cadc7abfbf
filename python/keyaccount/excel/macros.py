"""The ribbon's buttons, each a function without arguments that works on the workbook that called.

A run reads, asks for the period, calculates, and only then brings the result sheets into the workbook, all of
them or none; it ends on the sheet that belongs to it, or on Problems with nothing booked. On the demo it
calls Excel some 4,500 times, of which 100 calls transfer cells, each a whole range or sheet; neither number
grows with the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from keyaccount import tables, work
from keyaccount.clock import stamp
from keyaccount.excel import messages
from keyaccount.excel.dialog import Dialog
from keyaccount.excel.live import calculate_all, quiet, read, refuse_other_books, title_of, write
from keyaccount.excel.native import native
from keyaccount.excel.transplant import refuse
from keyaccount.next_due import next_due, next_of_any
from keyaccount.periods import Period
from keyaccount.problems import N_, FileProblem, UsageError
from keyaccount.settlement import KIND_OF_PERIOD, Command
from keyaccount.tables import ResultSheet
from keyaccount.translation import localised
from keyaccount.verification import verify as verified
from keyaccount.workbook.ranges import quoted_title
from keyaccount.workbook.rawrows import column_letters

if TYPE_CHECKING:
    import xlwings as xw

    from keyaccount.book import Book

_SHEET: dict[str, ResultSheet] = {
    "advance": tables.MONTHLY_ADVANCES,
    "settle": tables.QUARTERLY_SETTLEMENT,
    "year-end": tables.YEAR_END_SETTLEMENT,
}
"""The sheet on which a run ends."""
_COMMAND: dict[str, Command] = {"month": "advance", "quarter": "settle", "year": "year-end"}


def check_data() -> None:
    """Check data: everything that is wrong with the workbook, on sheet Problems."""
    _started(_check)


def run_monthly_advance() -> None:
    """Run monthly advance (§3.3.2)."""
    _started(lambda book, dialog: _run(book, dialog, "advance"))


def run_quarterly_settlement() -> None:
    """Run quarterly settlement (§3.3.1)."""
    _started(lambda book, dialog: _run(book, dialog, "settle"))


def run_year_end() -> None:
    """Run year end (§3.3.2, §3.3.4, §3.4.1)."""
    _started(lambda book, dialog: _run(book, dialog, "year-end"))


def preview() -> None:
    """Preview: what the next run would book; writes nothing."""
    _started(_preview)


def verify() -> None:
    """Verify: the ledger's chain and sums, and every result sheet against a fresh calculation."""
    _started(_verify)


def explain_selection() -> None:
    """Explain selection: the selected figure, down to its sales rows, in a workbook of its own."""
    _started(_explain)


def statements() -> None:
    """Statements: a PDF and a workbook for each salesperson, in a folder that the user chooses."""
    _started(_statements)


def what_if() -> None:
    """What-if: today's plan beside a changed one, in a workbook of its own."""
    _started(_what_if)


def approve() -> None:
    """Approve…: a period's row on sheet Approvals, with who prepared, reviewed and approved it."""
    _started(_approve)


def _started(action: Callable[[xw.Book, Dialog], None]) -> None:
    """Do what a button does on the workbook that called; whatever goes wrong is said in a sentence."""
    import xlwings as xw

    try:
        book = xw.Book.caller()
    except Exception as reason:
        raise FileProblem(
            "No workbook is open in this Excel.", "Open the plan workbook and press the button again."
        ) from reason
    dialog = Dialog(book.app)
    try:
        refuse_other_books(book)
        action(book, dialog)
    except BaseException as problem:
        with suppress(Exception):
            dialog.failed(problem)
            return
        raise


def _read(book: xw.Book, dialog: Dialog) -> Book:
    """Read the workbook; from then on the dialog speaks its language."""
    _progress(dialog, localised("Reading the workbook …", dialog.language))
    plan = read(book)
    dialog.language = plan.read.language
    return plan


def _progress(dialog: Dialog, text: str) -> None:
    dialog.app.status_bar = f"{dialog.title}: {text}"


def _show(book: xw.Book, plan: Book, sheet: ResultSheet) -> None:
    """Bring a result sheet to the front."""
    _go_to(book, title_of(plan, sheet), "")


def _check(book: xw.Book, dialog: Dialog) -> None:
    with quiet(book.app):
        plan = _read(book, dialog)
        _progress(dialog, localised("Checking …", dialog.language))
        done = work.check(plan, listed=True)
        title = title_of(plan, tables.PROBLEMS)
        changes = done.problem_sheet
        if not done.report.failed:  # as the next run will list them
            done = work.regenerate(plan)
            changes = done.changes
        if done.report.problems or tables.PROBLEMS.name in plan.read.result_titles:
            write(book, plan, changes, only=title)
    if done.report.problems:
        _show(book, plan, tables.PROBLEMS)
    dialog.say(messages.of_check(done.report, title), bad=done.report.failed)


def _run(book: xw.Book, dialog: Dialog, command: Command) -> None:
    with quiet(book.app):
        plan = _read(book, dialog)
    kind = KIND_OF_PERIOD[command]
    period = dialog.ask_period([kind], next_due(command, plan.read.inputs, plan.ledger))
    if period is None:
        return
    with quiet(book.app):
        _progress(dialog, localised("Calculating {period} …", dialog.language, period=period))
        done = work.run_period(plan, command, period, stamp(), listed=True)
        failed = done.report.failed
        _progress(dialog, localised("Writing the result sheets …", dialog.language))
        ledger = None if failed else [*plan.ledger, *done.report.entries]
        changed = write(book, plan, done.problem_sheet if failed else done.changes, ledger=ledger)
    problems_sheet = title_of(plan, tables.PROBLEMS)
    if changed and not failed:
        calculate_all(book)
    if failed:
        _show(book, plan, tables.PROBLEMS)
        dialog.say(messages.of_errors(done.report.problems, dialog.language, problems_sheet), bad=True)
        return
    _show(book, plan, _SHEET[command])
    dialog.say(messages.of_run(done.report, command, problems_sheet, changed=changed))


def _preview(book: xw.Book, dialog: Dialog) -> None:
    with quiet(book.app):
        plan = _read(book, dialog)
    period = dialog.ask_period(_COMMAND, next_of_any(plan.read.inputs, plan.ledger))
    if period is None:
        return
    command = _COMMAND[period.kind]
    with quiet(book.app):
        _progress(dialog, localised("Calculating {period} …", dialog.language, period=period))
        report = work.preview(plan, command, period, stamp())
    if report.failed:
        dialog.say(messages.of_errors(report.problems, dialog.language), bad=True)
    else:
        dialog.say(messages.of_preview(report, command))


def _verify(book: xw.Book, dialog: Dialog) -> None:
    with quiet(book.app):
        plan = _read(book, dialog)
        _progress(dialog, localised("Verifying …", dialog.language))
        verdict = verified(plan)
    if verdict.findings:
        _go_to(book, verdict.findings[0].sheet, verdict.findings[0].cell)
    dialog.say(messages.of_verdict(verdict), bad=bool(verdict.findings) or verdict.failed)


def _go_to(book: xw.Book, title: str, cell: str) -> None:
    """Bring a cell to the front; what was done is done, also where that fails."""
    with suppress(Exception):
        shown = book.sheets[title]
        if shown.visible:
            native().show(shown, cell)


def _explain(book: xw.Book, dialog: Dialog) -> None:
    from keyaccount.excel.explained import workbook_of
    from keyaccount.outputs.explain import explain

    selected = _selected(book)
    with quiet(book.app):
        plan = _read(book, dialog)
    if not selected:
        question = N_("Which figure? (an entry's number, S01 2026Q1, or a result's cell)")
        selected = dialog.ask(localised(question, dialog.language))
    if selected:
        explanation = explain(plan, selected)
        name = localised("Explanation", dialog.language)
        dialog.show_workbook(workbook_of(explanation, book.name), name)


def _selected(book: xw.Book) -> str:
    """Name the selected cell; nothing where a chart is selected, or a cell of another workbook."""
    with suppress(Exception):
        selection = book.app.selection
        if selection is not None and selection.sheet.book.name == book.name:
            cell = column_letters(selection.column)
            return f"{quoted_title(selection.sheet.name)}!{cell}{selection.row}"
    return ""


def _statements(book: xw.Book, dialog: Dialog) -> None:
    from keyaccount.outputs.statements import make_statements

    with quiet(book.app):
        plan = _read(book, dialog)
    period = dialog.ask_period(_COMMAND, _latest(plan))
    folder = dialog.ask_folder() if period else None
    if period is None or folder is None:
        return
    with quiet(book.app):
        _progress(dialog, localised("Writing the statements …", dialog.language))
        report = make_statements(plan, period, folder)
    if report.failed:
        dialog.say(messages.of_errors(report.problems, dialog.language), bad=True)
        return
    said = N_("{count} salespeople: a PDF and a workbook each, in {folder}.")
    dialog.say(localised(said, dialog.language, count=len(report.statements), folder=folder))


def _latest(plan: Book) -> Period | None:
    """Give the period of the latest run."""
    return Period.parse(plan.ledger[-1].period) if plan.ledger else None


def _approve(book: xw.Book, dialog: Dialog) -> None:
    from keyaccount.excel.approving import approved_live, ask_approval

    with quiet(book.app):
        plan = _read(book, dialog)
        refuse(book, ())
    asked = ask_approval(plan, dialog)
    if asked is None:
        return
    with quiet(book.app):
        _progress(dialog, localised("Writing the result sheets …", dialog.language))
        done = approved_live(book, plan, asked)
    if done.failed:
        dialog.say(messages.of_errors(done.problems, dialog.language), bad=True)
        return
    if done.row is not None:
        _go_to(book, done.sheet, f"A{done.row.row}")
    dialog.say(messages.of_approval(done))


def _what_if(book: xw.Book, dialog: Dialog) -> None:
    from keyaccount.outputs.what_if import parse_changes, what_if
    from keyaccount.outputs.what_if.book import workbook_of

    with quiet(book.app):
        plan = _read(book, dialog)
    period = dialog.ask_period(_COMMAND, _latest(plan) or next_of_any(plan.read.inputs, plan.ledger))
    if period is None:
        return
    question = localised("Which changes? (such as tiers.core=0.018; advance_rate=0.7)", dialog.language)
    answer = "advance_rate=0.7"
    while answer := dialog.ask(question, answer):
        try:
            with quiet(book.app):
                _progress(dialog, localised("Calculating {period} …", dialog.language, period=period))
                comparison = what_if(plan, period, [parse_changes(answer)], stamp())
        except UsageError as wrong:
            dialog.failed(wrong)
            continue
        dialog.show_workbook(workbook_of(comparison), localised("What-if", dialog.language))
        return
