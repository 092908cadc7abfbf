"""The command line ``keyaccount``: one command a line, exit codes that a script can trust.

Heavy imports are made inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import getpass
import os
import platform
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keyaccount import __version__
from keyaccount.problems import FileProblem, KeyAccountError, UsageError

if TYPE_CHECKING:
    from keyaccount.commands import Stamp

DONE, PROBLEMS, USAGE, REFUSED, UNVERIFIED, UNREADABLE = range(6)
PRECEDENCE = (USAGE, UNREADABLE, PROBLEMS, REFUSED, UNVERIFIED)
"""Where several exit codes apply, the first of these counts."""
WORKBOOKS = (".xlsx", ".xlsm")

_EPILOG = """exit codes:
  0 done, or done before   1 problems in the workbook   2 wrong usage
  3 refused (closed period, wrong order)   4 verification failed
  5 the file cannot be read or written
On any exit but 0 the workbook is as it was before."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code (spec, "Command line")."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except KeyAccountError as problem:
        return _failed(options, problem)
    except KeyboardInterrupt:
        return _failed(options, FileProblem("Stopped by the user.", "Nothing was booked; run it again."))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except MemoryError:
        return _failed(options, FileProblem("The machine's memory is used up.", "Close other programs."))
    except Exception as unforeseen:  # noqa: BLE001 a finance person gets a sentence, not a traceback
        if os.environ.get("KEYACCOUNT_DEBUG"):
            traceback.print_exc()
        what = f"{type(unforeseen).__name__}: {unforeseen}".splitlines()[0]
        return _failed(
            options,
            FileProblem(
                f"Something unforeseen happened ({what}).",
                "The workbook is as before. Set KEYACCOUNT_DEBUG=1 and report what is printed then.",
            ),
        )
    return code


def _failed(options: argparse.Namespace, problem: KeyAccountError) -> int:
    """Say in one line what is wrong and what to do; with ``--json`` also as an object."""
    if getattr(options, "json", False) and problem.exit_code != USAGE:
        from keyaccount.as_json import failed_json, print_json

        print_json(failed_json(options.command, getattr(options, "period", ""), problem))
    _say_why(" ".join(part for part in (problem.message, problem.remedy) if part))
    return problem.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keyaccount",
        description="Commission on key accounts: settles a finance workbook, exact to the fen.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"keyaccount {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_new(commands)
    check = _add(commands, "check", "validate a workbook and list its problems; writes nothing", _check)
    check.add_argument("book", type=Path, metavar="BOOK")
    for name, period, text in (
        ("advance", "2026-01", "run a month: 80 %% of what was earned so far is advanced (§3.3.2)"),
        ("settle", "2026Q1", "settle a quarter: book its commission, true up what was paid (§3.3.1)"),
        ("year-end", "2026", "finish a year: coefficient, target bonus, the rest is paid (§3.3.2)"),
    ):
        run = _add(commands, name, text, _run)
        run.add_argument("book", type=Path, metavar="BOOK")
        run.add_argument("period", metavar="PERIOD", help=f"such as {period}")
        run.add_argument("--out", type=Path, metavar="FILE", help="write a copy instead of in place")
        run.add_argument("--preview", action="store_true", help="calculate and print; book nothing")
    regenerate = _add(
        commands, "regenerate", "rewrite result sheets from inputs and ledger; books nothing", _regenerate
    )
    regenerate.add_argument("books", type=Path, nargs="+", metavar="BOOK-OR-FOLDER")
    regenerate.add_argument(
        "--check", action="store_true", help="write nothing; exit 4 where something would change"
    )
    verify = _add(commands, "verify", "check the ledger's chain, its sums and every result sheet", _verify)
    verify.add_argument("book", type=Path, metavar="BOOK")
    return parser


def _add(
    commands: Any,  # noqa: ANN401 argparse does not name its type
    name: str,
    text: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--lang", choices=("en", "zh"), help="language of what is printed")
    parser.add_argument("--json", action="store_true", help="print one JSON object to standard output")
    parser.set_defaults(run=run, command=name)
    return parser


def _add_new(commands: Any) -> None:  # noqa: ANN401 argparse does not name its type
    new = commands.add_parser("new", help="make a workbook from the template; never overwrites")
    new.add_argument("book", type=Path, metavar="BOOK")
    new.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the workbook")
    new.add_argument("--year", type=_year, help="the plan year (default: this year)")
    new.add_argument("--demo", action="store_true", help="filled with a year of sample data")
    new.set_defaults(run=_new)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1901 <= int(text) <= 9998):  # noqa: PLR2004 Excel's years
        raise argparse.ArgumentTypeError(f"expected a year such as 2026 ≠ found {text}")
    return int(text)


def _now() -> datetime:
    """Give the time of the run: the clock's, or SOURCE_DATE_EPOCH for reproducible output."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"SOURCE_DATE_EPOCH is no time: {epoch}.", "Set it to seconds since 1970, such as 1767225600."
        ) from None


def _stamp() -> Stamp:
    from keyaccount.commands import Stamp

    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    return Stamp(_now().strftime("%Y-%m-%dT%H:%M:%SZ"), user, platform.node())


def _new(options: argparse.Namespace) -> int:
    from keyaccount.workbook.create import create_workbook

    year = options.year or _now().year
    rows = None
    if options.demo:
        from keyaccount.demo import demo_rows

        rows = demo_rows(year, options.lang)
    _needs_ending(options.book)
    create_workbook(options.book, options.lang, year, rows)
    from keyaccount import printing

    printing.say_new(options.book, year, options.lang, demo=options.demo)
    return DONE


def _needs_ending(path: Path) -> None:
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path.name} does not end in .xlsx.", f"Name the workbook {path.stem}.xlsx.")


def _check(options: argparse.Namespace) -> int:
    from keyaccount import as_json, printing
    from keyaccount.commands import check_book

    with printing.progress():
        report = check_book(options.book)
    if options.json:
        as_json.print_json({"problems": as_json.problems_json(report)})
    else:
        printing.print_check(report, options.lang)
    return _problems_code(report.failed, options.book)


def _problems_code(failed: bool, book: Path) -> int:  # noqa: FBT001 the one question
    if not failed:
        return DONE
    _say_why(f"{book.name} has problems; correct the cells that are listed and run again.")
    return PROBLEMS


def _say_why(line: str) -> None:
    """Say on standard error, in one line, what to do."""
    print(f"keyaccount: {line}", file=sys.stderr)  # noqa: T201 the one line of an error


def _run(options: argparse.Namespace) -> int:
    from keyaccount.periods import Period
    from keyaccount.settlement import check_kind

    try:
        period = Period.parse(options.period)
    except ValueError as malformed:
        raise UsageError(f"{malformed}.") from None
    check_kind(options.command, period)
    from keyaccount import as_json, printing
    from keyaccount.commands import run_book

    stamp = _stamp()
    with printing.progress():
        report = run_book(
            options.book,
            options.command,
            period,
            stamp,
            out=options.out,
            preview=options.preview,
            language=options.lang,
        )
    if options.json:
        as_json.print_json(as_json.run_json(report))
    else:
        printing.print_run(report, options.command, options.lang, preview=options.preview)
    return _problems_code(report.failed, options.book)


def _regenerate(options: argparse.Namespace) -> int:
    from keyaccount import as_json, printing
    from keyaccount.commands import regenerate_book

    codes = set()
    results: list[dict[str, object]] = []
    books = [book for given in options.books for book in _workbooks(given)]
    if not books:
        raise FileProblem("There is no workbook (.xlsx, .xlsm) to regenerate.", "Check the folder's name.")
    for book in books:
        try:
            report = regenerate_book(book, check=options.check, language=options.lang)
        except KeyAccountError as problem:
            codes.add(problem.exit_code)
            results.append(printing.regenerated(book, None, problem, options))
            continue
        changed = report.saved is not None
        codes.add(PROBLEMS if report.failed else UNVERIFIED if changed and options.check else DONE)
        results.append(printing.regenerated(book, report, None, options))
    if options.json:
        as_json.print_json({"books": results})
    code = next((code for code in PRECEDENCE if code in codes), DONE)
    if code != DONE:
        differing = sum(bool(one["changed"]) for one in results) if options.check else 0
        _say_why(f"of {len(books)} workbooks {differing} differ; each is named with what is to be done.")
    return code


def _workbooks(given: Path) -> list[Path]:
    if not given.is_dir():
        return [given]
    return sorted(
        path
        for path in given.rglob("*")
        if path.suffix.lower() in WORKBOOKS and not path.name.startswith(("~$", "."))
    )


def _verify(options: argparse.Namespace) -> int:
    from keyaccount import as_json, printing
    from keyaccount.verification import verify_book

    with printing.progress():
        verdict = verify_book(options.book)
    if options.json:
        as_json.print_json(as_json.verdict_json(verdict))
    else:
        printing.print_verdict(options.book, verdict, options.lang)
    if verdict.findings:
        line = "what is listed is not what the program wrote; compare with a copy, or regenerate."
        _say_why(f"{options.book.name}: {line}")
        return UNVERIFIED
    return _problems_code(verdict.failed, options.book)


if __name__ == "__main__":
    sys.exit(main())
