"""``keyaccount anonymise``: a copy without personal data that still settles to the same amounts."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.problems import N_
from keyaccount.terminal import console, ended, spoken
from keyaccount.translation import Language, localised, sentences

if TYPE_CHECKING:
    from keyaccount.outputs.anonymise import Anonymised

HELP = N_("write a copy without personal data that settles to the same amounts (§5.1)")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("book", type=Path, metavar=_("BOOK"))
    parser.add_argument(
        "--out", type=Path, required=True, metavar=_("FILE"), help=_("the copy; never overwrites")
    )
    parser.add_argument(
        "--keep-ids",
        action="store_true",
        help=_("keep the IDs of accounts, salespeople, sales and adjustments"),
    )
    parser.add_argument(
        "--keep-sheets",
        action="store_true",
        help=_("take over your own sheets: their values, with aliases for what the input sheets hold"),
    )


def run(options: argparse.Namespace) -> int:
    """Write the copy, and say what is not in it."""
    from keyaccount import as_json, printing
    from keyaccount.outputs.anonymise import anonymise_file
    from keyaccount.workbook.create import refuse_other_ending

    refuse_other_ending(options.out)
    with printing.progress(spoken(options)):
        done = anonymise_file(
            options.book,
            options.out,
            keep_ids=options.keep_ids,
            keep_sheets=options.keep_sheets,
            language=options.lang,
        )
    language = spoken(options, done.language)
    if options.json:
        as_json.print_json(_json(done, language))
    elif done.failed:
        printing.print_problems(done.problems, language)
    else:
        _print(done, language, keep_ids=options.keep_ids)
    return ended(done, options)


def _left_out(done: Anonymised, language: Language) -> list[str]:
    from keyaccount.wording import Wording

    wording = Wording(language)
    return [wording.text(each.template, each.details) for each in done.left_out]


def _json(done: Anonymised, language: Language) -> dict[str, object]:
    from keyaccount.as_json import findings_json

    return {
        "saved": str(done.saved or ""),
        "rows": done.rows,
        "entries": done.entries,
        "accounts": done.accounts,
        "salespeople": done.salespeople,
        "own_sheets": list(done.own_sheets),
        "left_out": _left_out(done, language),
        "problems": findings_json(done.problems),
    }


def _print(done: Anonymised, language: Language, *, keep_ids: bool) -> None:
    screen = console()
    said = [
        localised(
            "{rows} rows of inputs and {entries} entries, with aliases for {accounts} accounts and"
            " {salespeople} salespeople.",
            language,
            rows=f"{done.rows:,}",
            entries=f"{done.entries:,}",
            accounts=done.accounts,
            salespeople=done.salespeople,
        ),
        localised("Amounts, rates and dates are the original's.", language),
    ]
    if keep_ids:
        said.append(localised("IDs are the original's too, as you asked.", language))
    if done.entries:
        said.append(localised("The ledger's digests were made anew: the copy proves nothing.", language))
    screen.print(sentences(language, *said), markup=False, soft_wrap=True)
    if done.own_sheets:
        warned = N_(
            "Your own sheets are in it as values. Texts that stand on no input sheet could not be known:"
            " read these sheets before you hand the copy on."
        )
        screen.print(localised(warned, language), style="yellow", soft_wrap=True)
    listed = _left_out(done, language)
    if listed:
        screen.print(localised("Not in the copy:", language), style="bold")
        for each in listed:
            screen.print(f"  {each}", markup=False, soft_wrap=True)
    screen.print(localised("Saved: {path}", language, path=done.saved), markup=False, soft_wrap=True)
