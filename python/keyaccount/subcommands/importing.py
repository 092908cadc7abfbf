"""``keyaccount import``: rows of a CSV file or of another workbook into an input sheet."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.problems import N_, UsageError
from keyaccount.subcommands.asked import declare_backup
from keyaccount.terminal import DONE, PROBLEMS, console, say_why, spoken, table
from keyaccount.translation import Language, localised, sentences

if TYPE_CHECKING:
    from rich.table import Table

    from keyaccount.outputs.importing import Imported

HELP = N_("bring rows of a CSV file or of another workbook into an input sheet; all of them, or none")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("book", type=Path, metavar=_("BOOK"))
    parser.add_argument(
        "file", type=Path, metavar=_("FILE"), help=_("CSV (UTF-8 or GB18030), .xlsx or .xlsm")
    )
    parser.add_argument(
        "--sheet", required=True, metavar=_("SHEET"), help=_("the input sheet, such as Sales")
    )
    parser.add_argument(
        "--map",
        nargs="+",
        action="extend",
        default=[],
        metavar=_("FROM=TO"),
        help=_('the file\'s column = the sheet\'s, such as "Customer=Account ID"; "Note=" leaves it out'),
    )
    parser.add_argument("--out", type=Path, metavar=_("FILE"), help=_("write a copy instead of in place"))
    declare_backup(parser)
    parser.add_argument("--preview", action="store_true", help=_("read and compare; write nothing"))
    parser.add_argument(
        "--skip-existing",
        action="store_true",
        help=_("pass over rows that the workbook has already with other values"),
    )
    parser.add_argument("--encoding", default="", metavar=_("NAME"), help=_("of a CSV file (default: found)"))
    parser.add_argument(
        "--delimiter",
        default="",
        choices=("comma", "semicolon", "tab", "pipe"),
        help=_("of a CSV file (default: found)"),
    )
    parser.add_argument(
        "--from-sheet", default="", metavar=_("SHEET"), help=_("the other workbook's sheet (default: found)")
    )


def run(options: argparse.Namespace) -> int:
    """Import the file, and say how it was read and what became of each row."""
    from keyaccount import as_json, printing
    from keyaccount.outputs.importing import Options, import_file

    asked = Options(
        _maps(options.map), options.skip_existing, options.encoding, options.delimiter, options.from_sheet
    )
    with printing.progress(spoken(options)):
        done = import_file(
            options.book,
            options.file,
            options.sheet,
            asked,
            out=options.out,
            preview=options.preview,
            language=options.lang,
            backups=options.backup,
        )
    if options.json:
        as_json.print_json(_json(done))
    else:
        _print(done, spoken(options, done.language), preview=options.preview)
    if done.failed:
        said = N_("Nothing was imported: correct what is listed and import again.")
        say_why(localised(said, spoken(options, done.language)))
        return PROBLEMS
    return DONE


def _maps(given: list[str]) -> dict[str, str]:
    maps = {}
    for each in given:
        header, sign, wanted = each.partition("=")
        if not sign or not header.strip() or header.strip() in maps:
            raise UsageError(
                "{text} is no mapping of a column.",
                'Write each column once, such as --map "Customer=Account ID".',
                text=each,
            )
        maps[header.strip()] = wanted.strip()
    return maps


def _json(done: Imported) -> dict[str, object]:
    from keyaccount.as_json import findings_json

    return {
        "sheet": done.sheet,
        "encoding": done.encoding,
        "delimiter": done.delimiter,
        "from_sheet": done.from_sheet,
        "columns": [{"file": theirs, "sheet": ours} for theirs, ours in done.columns],
        "blank": list(done.blank),
        "rows": done.rows,
        "added": 0 if done.failed else done.added,
        "same": done.same,
        "kept": done.kept,
        "area": done.area,
        "saved": str(done.saved or ""),
        "problems": findings_json(done.problems),
        "new_rows": findings_json(done.after),
    }


def _print(done: Imported, language: Language, *, preview: bool) -> None:
    from keyaccount import printing

    screen = console()
    screen.print(_how_read(done, language), markup=False, soft_wrap=True)
    if done.columns:
        screen.print(_columns(done, language))
    if done.problems:
        printing.print_problems(done.problems, language)
    if done.failed:
        return
    if done.after:
        said = N_("Checking the workbook with them finds in the new rows:")
        screen.print(localised(said, language), markup=False)
        printing.print_problems(done.after, language)
    screen.print(_outcome(done, language, preview=preview), markup=False, soft_wrap=True)


def _how_read(done: Imported, language: Language) -> str:
    if done.encoding:
        said = N_("{file}: encoding {encoding}, fields separated by {delimiter}.")
        return localised(
            said,
            language,
            file=done.file,
            encoding=done.encoding,
            delimiter=localised(_DELIMITERS[done.delimiter], language),
        )
    return localised("{file}: sheet {sheet}.", language, file=done.file, sheet=done.from_sheet or done.sheet)


_DELIMITERS = {
    "comma": N_("commas"),
    "semicolon": N_("semicolons"),
    "tab": N_("tabs"),
    "pipe": N_("vertical bars"),
}


def _columns(done: Imported, language: Language) -> Table:
    from rich.text import Text

    made = table(
        localised("Columns", language),
        [
            (localised("of the file", language), "left"),
            (localised("on sheet {sheet}", language, sheet=done.sheet), "left"),
        ],
    )
    for theirs, ours in done.columns:
        left_out = Text(localised("not imported", language), style="yellow")
        made.add_row(Text(theirs), Text(ours) if ours else left_out)
    for ours in done.blank:
        made.add_row(Text("–", style="dim"), Text(ours, style="dim"))
    return made


def _outcome(done: Imported, language: Language, *, preview: bool) -> str:
    if preview:
        first = N_("Preview: of {rows} rows {added} would be imported; nothing was.")
    else:
        first = N_("Of {rows} rows {added} were imported.")
    told = [localised(first, language, rows=f"{done.rows:,}", added=f"{done.added:,}")]
    if done.area:
        area = f"{done.sheet}!{done.area}"
        told.append(localised("They stand in {area}.", language, area=area))
    if done.same:
        told.append(localised("{count} were there already.", language, count=f"{done.same:,}"))
    if done.kept:
        said = N_("{count} differ from what is there, which stays.")
        told.append(localised(said, language, count=f"{done.kept:,}"))
    if done.saved:
        told.append(localised("Saved: {path}", language, path=done.saved))
    return sentences(language, *told)
