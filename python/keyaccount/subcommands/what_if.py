"""``keyaccount what-if``: today's plan beside changed ones."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from pathlib import Path

from keyaccount.problems import N_
from keyaccount.subcommands.asked import wanted_period
from keyaccount.terminal import DONE, console, spoken
from keyaccount.translation import localised

HELP = N_("compare today's plan with a changed one; books nothing")


class _InOrder(argparse.Action):
    """Keeps several options in the order in which they are given."""

    def __call__(
        self, _parser: object, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        name = (option or self.option_strings[0]).lstrip("-")
        setattr(namespace, self.dest, [*(getattr(namespace, self.dest) or []), (name, str(values))])


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("book", type=Path, metavar=_("BOOK"))
    parser.add_argument("period", metavar=_("PERIOD"), help=_("such as {period}").format(period="2026Q1"))
    for option, metavar, said in (
        (
            "--set",
            _("NAME=VALUE"),
            _("set a policy, tier, band or weight: tiers.core=0.018, advance_rate=70%%@2026-07-01"),
        ),
        ("--plan", _("FILE"), _("changes as a workbook with sheets Policies, Tiers, Scorecard, Bands")),
        ("--scenario", _("NAME"), _("begin a scenario; --set and --plan behind it belong to it")),
    ):
        parser.add_argument(option, action=_InOrder, dest="changes", metavar=metavar, help=said)
    parser.add_argument("--out", type=Path, metavar=_("FILE"), help=_("write the comparison as a workbook"))


def run(options: argparse.Namespace) -> int:
    """Compare plans; writes nothing but the comparison's own workbook."""
    from keyaccount import as_json, printing
    from keyaccount.book import open_book
    from keyaccount.clock import stamp
    from keyaccount.outputs.what_if import what_if, write_comparison
    from keyaccount.outputs.what_if.options import scenarios_of

    period = wanted_period(options.period)
    with printing.progress(spoken(options)), open_book(options.book) as book:
        language = spoken(options, book.read.language)
        comparison = what_if(book, period, scenarios_of(options.changes or [], language), stamp(), language)
    if options.out is not None:
        write_comparison(comparison, options.out, options.book)
    if options.json:
        as_json.print_json(comparison.as_json())
        return DONE
    screen = console()
    comparison.print_to(screen)
    if options.out is not None:
        screen.print(localised("Saved: {path}", language, path=options.out), soft_wrap=True, markup=False)
    return DONE
