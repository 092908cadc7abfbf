"""The workbook that is open in Excel, read and written as a file is: the same reader, writer and checks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from keyaccount import tables
from keyaccount.book import Book
from keyaccount.excel.native import native
from keyaccount.excel.snapshot import snapshot
from keyaccount.excel.transplant import transplant
from keyaccount.ledger import Entry
from keyaccount.ledger_rows import ledger_entry
from keyaccount.problems import FileProblem
from keyaccount.tables import ResultSheet
from keyaccount.verification import differences
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import local_name
from keyaccount.workbook.reader import read_workbook
from keyaccount.workbook.save import changed_package
from keyaccount.workbook.writer import Changes

if TYPE_CHECKING:
    import xlwings as xw

_ADD_INS = (".xlam", ".xla", ".xll")
_OTHER_KINDS = (".xls", ".csv", ".txt", ".ods", ".xml")
_MANUAL = "manual"
_HEADERS = {"&L": "LeftHeader", "&C": "CenterHeader", "&R": "RightHeader"}
_CODE = 2
_PATIENCE_SECONDS = (0.1, 0.5, 0.0)


def refuse_other_books(book: xw.Book) -> None:
    """Raise ``FileProblem`` for the add-in itself (as when no other is open), and other kinds of files."""
    if book.name.lower().endswith(_ADD_INS):
        raise FileProblem(
            "No workbook is in front: the add-in itself was the caller.",
            "Click into the plan workbook and press the button again.",
        )

    if book.name.lower().endswith(_OTHER_KINDS):
        raise FileProblem(
            "{file} is open in Excel, but is no .xlsx or .xlsm workbook.",
            "Save it as an Excel workbook (.xlsx) and run again.",
            file=book.name,
        )


@contextmanager
def quiet(app: xw.App) -> Iterator[None]:
    """Keep Excel still while the ``with`` block works; afterwards everything is as the user had it."""
    with ExitStack() as back:
        wanted = {
            "screen_updating": False,
            "enable_events": False,
            "display_alerts": False,
            "calculation": _MANUAL,
        }
        if app.calculation == _MANUAL:
            app.calculate()
        for name, value in wanted.items():
            back.callback(_set_back, app, name, getattr(app, name))
            setattr(app, name, value)
        if native().copying:
            before = native().switch(app, native().copying, True)  # noqa: FBT003 a COM property
            back.callback(native().switch, app, native().copying, before)
        back.callback(_set_back, app, "status_bar", app.status_bar)
        yield


def _set_back(app: xw.App, name: str, value: object) -> None:
    """Set a property back, again where Excel is busy; one that stays refused does not keep others from it."""
    for wait in _PATIENCE_SECONDS:
        try:
            setattr(app, name, value)
        except Exception:  # noqa: BLE001 Excel's errors are of many kinds
            time.sleep(wait)
        else:
            return


def read(book: xw.Book) -> Book:
    """Read the open workbook; its problems, with their cells, are those of its file.

    Raises ``FileProblem`` for a workbook that holds no table of the plan at all.
    """
    plan = Book(snapshot(book))
    if not plan.read.result_titles and not any(place.letters for place in plan.read.located.values()):
        raise FileProblem(
            "{file} is no plan workbook: none of its sheets is one of the plan's.",
            "Click into the plan workbook and press the button again; `keyaccount new` makes a new one.",
            file=book.name,
        )
    return plan


def write(
    book: xw.Book,
    plan: Book,
    changes: Changes,
    *,
    ledger: Sequence[Entry] | None = None,
    only: str = "",
) -> bool:
    """Bring the result sheets that changed into the open workbook; False where none did.

    What stands above the documents' pages follows. ``ledger``: what the Ledger has to hold afterwards; it is
    read back, and where it holds anything else, or anything fails, the workbook is put back as it was.
    ``only``: the title of the one sheet to write. Raises ``FileProblem``.
    """
    with changed_package(plan.package, changes) as after:
        titles = [title for title in _differing(plan, after, changes) if not only or title == only]
        if titles:
            inputs = {plan.read.located[table.name].title for table in tables.INPUT_TABLES}
            locked = [title for title in titles if title not in inputs]
            transplant(
                book, plan.package, after, titles, locked, lambda: _refuse_other_ledger(book, plan, ledger)
            )
        if not only:
            _head_documents(book, plan, after, changes)
    return bool(titles)


def _head_documents(book: xw.Book, plan: Book, after: Package, changes: Changes) -> None:
    """Say above the documents' pages who approved them: an approval changes no cell of theirs."""
    documents = {title_of(plan, sheet) for sheet in tables.RESULT_SHEETS if sheet.signed}
    for entry in after.sheets:
        if entry.title in documents and entry.part in changes:
            found = next((e for e in after.parse(entry.part).iter() if local_name(e) == "oddHeader"), None)
            text = "" if found is None else found.text or ""
            page: dict[str, object] = dict.fromkeys(_HEADERS.values(), "")
            if text:
                page[_HEADERS[text[:_CODE]]] = text[_CODE:]
            with suppress(Exception):
                native().set_page(book.sheets[entry.title], page)


def calculate_all(book: xw.Book) -> None:
    """Bring cell functions up to date that read the Ledger, which Excel does not watch for them.

    Where the user calculates by hand nothing is done; what fails leaves a run as good as it is.
    """
    with suppress(Exception):
        if book.app.calculation != _MANUAL:
            native().calculate_all(book.app)


def _differing(plan: Book, after: Package, changes: Changes) -> list[str]:
    """Name the sheets whose cells are to change, the Ledger last."""
    differing = {each.sheet for each in differences(plan, after)}
    written = [entry.title for entry in after.sheets if entry.part in changes and entry.title in differing]
    return sorted(written, key=lambda title: title == title_of(plan, tables.LEDGER))


def title_of(plan: Book, sheet: ResultSheet) -> str:
    """Give a result sheet's title in the workbook, or the one that it gets."""
    new = sheet.zh[0] if plan.read.language == "zh" else sheet.name
    return plan.read.result_titles.get(sheet.name, new)


def _refuse_other_ledger(book: xw.Book, plan: Book, expected: Sequence[Entry] | None) -> None:
    """Read the Ledger back and compare it with what was booked."""
    if expected is None:
        return
    with snapshot(book, [title_of(plan, tables.LEDGER)]) as package:
        found = [ledger_entry(row) for row in read_workbook(package).ledger_rows]
    if found != list(expected):
        raise FileProblem(
            "Excel did not keep the Ledger as it was booked; nothing was booked.",
            "Run `keyaccount` on the saved and closed file instead, and report this.",
        )
