"""``keyaccount explain``: where a figure comes from, down to the sales rows."""

from __future__ import annotations

import argparse
import sys
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.problems import N_
from keyaccount.terminal import DONE, console, harmless, spoken

if TYPE_CHECKING:
    from keyaccount.outputs.explain import Explanation

HELP = N_("say where a figure comes from, down to the sales rows, with the arithmetic")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("book", type=Path, metavar=_("BOOK"))
    parser.add_argument(
        "wanted",
        nargs="+",
        metavar=_("ENTRY"),
        help=_("an entry's number, a salesperson and a period (S01 2026Q1), or a result's cell (Sheet!N6)"),
    )
    parser.add_argument("--rows", action="store_true", help=_("list the rows below every cell, however many"))


def run(options: argparse.Namespace) -> int:
    """Explain a figure; writes nothing."""
    from keyaccount import as_json, printing
    from keyaccount.book import open_book
    from keyaccount.outputs.explain import explain

    with printing.progress(spoken(options)), open_book(options.book) as book:
        explanation = explain(book, " ".join(options.wanted), options.lang)
    if options.json:
        as_json.print_json(explanation.as_json())
    else:
        _print(explanation, rows=options.rows or None)
    return DONE


def _print(explanation: Explanation, *, rows: bool | None) -> None:
    """Print an explanation: a tree on a terminal, elsewhere its plain text."""
    if not sys.stdout.isatty():
        print(harmless(explanation.text(rows=rows)))  # noqa: T201 this is what prints
        return
    screen = console()
    for tree in explanation.trees(rows=rows):
        screen.print(tree)
