"""The command line ``keyaccount``: one command a line, exit codes that a script can trust.

Heavy imports are made inside the commands, so that ``--help`` answers at once. What is printed is in the
language of ``--lang``, else of the workbook, else (help, wrong usage, unreadable files) of the environment.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

from keyaccount.arguments import parser, wished_language
from keyaccount.child import go_on_in_a_child
from keyaccount.problems import N_, FileProblem, KeyAccountError
from keyaccount.subcommands import MODULES
from keyaccount.subcommands.asked import given_password, wanted_period
from keyaccount.terminal import DONE, PRECEDENCE, PROBLEMS, UNVERIFIED, USAGE, ended
from keyaccount.terminal import say_why as _say_why
from keyaccount.terminal import spoken as _language
from keyaccount.translation import Language, environment_language, localised, sentences, speaking
from keyaccount.workbook.encryption import opening_with
from keyaccount.workbook.interrupts import too_late_once_written
from keyaccount.workbook.sidefiles import workbooks_in

_WITHOUT_A_CHILD = frozenset({"key", "new", "addin"})
"""Commands that read no workbook."""
_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""A command's objects live as long as it does: looking for unused ones finds hardly any."""
_ON_MANY = frozenset({"batch", "regenerate"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code (spec, "Command line").

    Without ``arguments`` this is the program itself, and a command on a workbook goes on in a child process.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    given = sys.argv[1:] if arguments is None else list(arguments)
    with speaking(wished_language(given) or environment_language()):
        options = _parser().parse_args(given)
    if arguments is None:
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    if arguments is None and options.command not in _WITHOUT_A_CHILD:
        code = go_on_in_a_child(_file_names(options), partial(_failed, options))
        if code is not None:
            return code
    return _worked(options)


def _worked(options: argparse.Namespace) -> int:
    """Do the work; whatever stops it is said in a line, never in a traceback."""
    try:
        with opening_with(given_password(options)), _stoppable(options):
            return int(options.run(options))
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
                "Something unforeseen happened ({what}).",
                "The workbook is as before. Set KEYACCOUNT_DEBUG=1 and report what is printed then.",
                what=what,
            ),
        )


def _stoppable(options: argparse.Namespace) -> AbstractContextManager[None]:
    """Let Ctrl-C stop a command until it has written; one on many workbooks stops between two of them."""
    return nullcontext() if options.command in _ON_MANY else too_late_once_written()


def _file_names(options: argparse.Namespace) -> str:
    books: list[Path] = getattr(options, "books", None) or [options.book]
    return ", ".join(book.name for book in books)


def _parser() -> argparse.ArgumentParser:
    return parser(
        {
            "new": _new,
            "check": _check,
            "advance": _run,
            "settle": _run,
            "year-end": _run,
            "settle-leaver": _run,
            "regenerate": _regenerate,
            "verify": _verify,
            **{name: module.run for name, module in MODULES.items()},
        }
    )


def _failed(options: argparse.Namespace, problem: KeyAccountError) -> int:
    """Say in one line what is wrong and what to do; with ``--json`` also as an object."""
    from keyaccount.wording import failure

    language = _language(options, problem.language)
    sentence, remedy = failure(problem, language)
    if getattr(options, "json", False) and problem.exit_code != USAGE:
        from keyaccount.as_json import failed_json, print_json

        print_json(failed_json(options.command, _asked_for(options), sentence, remedy))
    _say_why(sentences(language, sentence, remedy))
    return problem.exit_code


def _asked_for(options: argparse.Namespace) -> str:
    asked = " ".join(getattr(options, "wanted", [])) or getattr(options, "period", "")
    return asked or getattr(options, "salesperson", "")


def _new(options: argparse.Namespace) -> int:
    from keyaccount.clock import now
    from keyaccount.workbook.create import create_workbook, refuse_other_ending

    year = options.year or now().year
    language: Language = options.lang or "en"
    rows = None
    if options.demo:
        from keyaccount.demo import demo_rows

        rows = demo_rows(year, language)
    refuse_other_ending(options.book)
    create_workbook(options.book, language, year, rows)
    from keyaccount import printing

    printing.say_new(options.book, year, language, demo=options.demo)
    return DONE


def _check(options: argparse.Namespace) -> int:
    from keyaccount import as_json, printing
    from keyaccount.commands import check_book

    with printing.progress(_language(options)):
        report = check_book(options.book, options.lang)
    if options.json:
        as_json.print_json({"problems": as_json.problems_json(report)})
    else:
        printing.print_check(report, options.lang)
    return ended(report, options)


def _run(options: argparse.Namespace) -> int:
    from keyaccount.settlement import check_kind

    what = getattr(options, "salesperson", None) or wanted_period(options.period)
    if not isinstance(what, str):
        check_kind(options.command, what)
    from keyaccount import as_json, printing
    from keyaccount.clock import stamp
    from keyaccount.commands import run_book

    with printing.progress(_language(options)):
        report = run_book(
            options.book,
            options.command,
            what,
            stamp(),
            out=options.out,
            preview=options.preview,
            language=options.lang,
            backups=options.backup,
        )
    if options.json:
        as_json.print_json(as_json.run_json(report))
    else:
        printing.print_run(report, options.command, options.lang, preview=options.preview)
    return ended(report, options)


def _regenerate(options: argparse.Namespace) -> int:
    from keyaccount import as_json, printing
    from keyaccount.commands import regenerate_book

    codes = set()
    results: list[dict[str, object]] = []
    books = [book for given in options.books for book in workbooks_in(given)]
    if not books:
        raise FileProblem("There is no workbook (.xlsx, .xlsm) to regenerate.", "Check the folder's name.")
    for book in books:
        try:
            report = regenerate_book(book, check=options.check, language=options.lang, backups=options.backup)
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
        said = N_("of {count} workbooks {differing} differ; each is named with what is to be done.")
        _say_why(localised(said, _language(options), count=len(books), differing=differing))
    return code


def _verify(options: argparse.Namespace) -> int:
    from keyaccount import as_json, printing
    from keyaccount.verdicts import print_verdict
    from keyaccount.verification import Wanted, verify_book

    wanted = Wanted.of(options.key, options.head)
    with printing.progress(_language(options)):
        verdict = verify_book(options.book, options.lang, wanted)
    if options.json:
        as_json.print_json(as_json.verdict_json(verdict, wanted))
    else:
        language = _language(options, verdict.language)
        printing.print_problems(verdict.problems, language)
        print_verdict(options.book, verdict, wanted, language)
    if verdict.findings:
        said = N_("{file}: what is listed is not what the program wrote; compare with a copy, or regenerate.")
        _say_why(localised(said, _language(options, verdict.language), file=options.book.name))
        return UNVERIFIED
    return ended(verdict, options)


if __name__ == "__main__":
    sys.exit(main())
