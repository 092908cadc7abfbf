"""The command line's declaration: commands, options and their help, in the language of gettext."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any

from keyaccount import __version__
from keyaccount.problems import N_
from keyaccount.subcommands import MODULES
from keyaccount.subcommands.asked import declare_backup
from keyaccount.translation import Language

Run = Callable[[argparse.Namespace], int]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_EPILOG = N_("""exit codes:
  0 done, or done before   1 problems in the workbook   2 wrong usage
  3 refused (closed period, wrong order)   4 verification failed
  5 the file cannot be read or written
On any exit but 0 the workbook is as it was before.""")


def wished_language(given: Sequence[str]) -> Language | None:
    """Look for ``--lang`` before the arguments are parsed: help and usage errors follow it too."""
    for index, argument in enumerate(given):
        option, _equals, value = argument.partition("=")
        if option == "--lang":
            value = value or "".join(given[index + 1 : index + 2])
            return next((language for language in LANGUAGES if language == value), None)
    return None


def parser(run: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Declare the command line; ``run`` says what each command does. Texts are in gettext's language."""
    top = argparse.ArgumentParser(
        prog="keyaccount",
        description=_("Commission on key accounts: settles a finance workbook, exact to the fen."),
        epilog=_(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument(
        "--version",
        action="version",
        version=f"keyaccount {__version__}",
        help=_("show program's version number and exit"),
    )
    top.add_argument("--lang", choices=LANGUAGES, help=_("language of what is printed"))
    commands = top.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    _add_new(commands, run)
    check = _add(commands, "check", _("validate a workbook and list its problems; writes nothing"), run)
    check.add_argument("book", type=Path, metavar=_("BOOK"))
    for name, period, text in (
        ("advance", "2026-01", _("run a month: 80 %% of what was earned so far is advanced (§3.3.2)")),
        ("settle", "2026Q1", _("settle a quarter: book its commission, true up what was paid (§3.3.1)")),
        ("year-end", "2026", _("finish a year: coefficient, target bonus, the rest is paid (§3.3.2)")),
    ):
        one = _add(commands, name, text, run)
        one.add_argument("book", type=Path, metavar=_("BOOK"))
        one.add_argument("period", metavar=_("PERIOD"), help=_("such as {period}").format(period=period))
        _add_run_options(one)
    leaver = _add(commands, "settle-leaver", _("pay a leaver at once what was earned and withheld"), run)
    leaver.add_argument("book", type=Path, metavar=_("BOOK"))
    leaver.add_argument("salesperson", metavar=_("SALESPERSON"), help=_("the ID on sheet Salespeople"))
    _add_run_options(leaver)
    regenerate = _add(
        commands, "regenerate", _("rewrite result sheets from inputs and ledger; books nothing"), run
    )
    regenerate.add_argument("books", type=Path, nargs="+", metavar=_("BOOK-OR-FOLDER"))
    regenerate.add_argument(
        "--check", action="store_true", help=_("write nothing; exit 4 where something would change")
    )
    declare_backup(regenerate)
    verify = _add(commands, "verify", _("check the ledger's chain, its sums and every result sheet"), run)
    verify.add_argument("book", type=Path, metavar=_("BOOK"))
    verify.add_argument(
        "--key",
        action="append",
        default=[],
        metavar=_("KEY"),
        help=_("a public key that must have signed: its file, its text or its fingerprint; may be repeated"),
    )
    verify.add_argument(
        "--head",
        default="",
        metavar=_("DIGEST"),
        help=_("a ledger digest kept elsewhere, 12 digits (as on statements) or more: was it this ledger's?"),
    )
    for name, module in MODULES.items():
        module.declare(_add(commands, name, _(module.HELP), run))
    return top


def _add_run_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("--out", type=Path, metavar=_("FILE"), help=_("write a copy instead of in place"))
    declare_backup(one)
    one.add_argument("--preview", action="store_true", help=_("calculate and print; book nothing"))


def _add(
    commands: Any,  # noqa: ANN401 argparse does not name its type
    name: str,
    text: str,
    run: Mapping[str, Run],
) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text,
        description=_("{sentence}.").format(sentence=f"{text[0].upper()}{text[1:]}").replace("%%", "%"),
        epilog=_(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_language(one, _("language of what is printed"))
    one.add_argument("--json", action="store_true", help=_("print one JSON object to standard output"))
    if name not in ("addin", "key"):
        one.add_argument(
            "--password-stdin",
            action="store_true",
            help=_("open an encrypted workbook: its password is the first line of standard input"),
        )
    one.set_defaults(run=run[name], command=name)
    return one


def _add_language(parser: argparse.ArgumentParser, text: str) -> None:
    """Take ``--lang`` after the command too; left out there, what stands before the command counts."""
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=text)


def _add_new(commands: Any, run: Mapping[str, Run]) -> None:  # noqa: ANN401 argparse does not name its type
    new = commands.add_parser("new", help=_("make a workbook from the template; never overwrites"))
    new.add_argument("book", type=Path, metavar=_("BOOK"))
    _add_language(new, _("language of the workbook"))
    new.add_argument("--year", type=_year, metavar=_("YEAR"), help=_("the plan year (default: this year)"))
    new.add_argument("--demo", action="store_true", help=_("filled with a year of sample data"))
    new.set_defaults(run=run["new"], command="new")


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1901 <= int(text) <= 9998):  # noqa: PLR2004 Excel's years
        raise argparse.ArgumentTypeError(_("expected a year such as 2026 ≠ found {text}").format(text=text))
    return int(text)
