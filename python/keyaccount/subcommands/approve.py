"""``keyaccount approve``: who prepared, reviewed and approved a period's figures (plan, Controls)."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.problems import N_
from keyaccount.subcommands.asked import declare_backup, wanted_period
from keyaccount.terminal import console, ended, spoken
from keyaccount.translation import localised, sentences

if TYPE_CHECKING:
    from keyaccount.outputs.approving import Approved
    from keyaccount.translation import Language

HELP = N_("approve a period as its latest run booked it: a row on sheet Approvals, on the documents too")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("book", type=Path, metavar=_("BOOK"))
    parser.add_argument("period", metavar=_("PERIOD"), help=_("such as {period}").format(period="2026Q1"))
    for option, said in (
        ("--prepared", _("who prepared it")),
        ("--reviewed", _("who reviewed it")),
        ("--approved", _("who approved it; three different persons, none of whom the run pays")),
    ):
        parser.add_argument(option, required=True, metavar=_("NAME"), help=said)
    parser.add_argument("--document", default="", metavar=_("NO"), help=_("the paper's number"))
    parser.add_argument("--out", type=Path, metavar=_("FILE"), help=_("write a copy instead of in place"))
    declare_backup(parser)


def run(options: argparse.Namespace) -> int:
    """Approve the period, and say so."""
    from keyaccount import as_json, printing
    from keyaccount.clock import today
    from keyaccount.outputs.approving import approve_file
    from keyaccount.tables import ApprovalRow

    period = str(wanted_period(options.period))
    names = (options.prepared, options.reviewed, options.approved)
    asked = ApprovalRow(0, period, "", *names, today(), options.document)
    with printing.progress(spoken(options)):
        done = approve_file(
            options.book, asked, out=options.out, language=options.lang, backups=options.backup
        )
    language = spoken(options, done.language)
    if options.json:
        as_json.print_json(_json(done))
    elif done.failed:
        printing.print_problems(done.problems, language)
    else:
        console().print(_said(done, language), markup=False, soft_wrap=True)
    return ended(done, options)


def _said(done: Approved, language: Language) -> str:
    from keyaccount.outputs.looked import approval_said

    assert done.approval is not None  # noqa: S101 it did not fail
    told = localised("{sentence}.", language, sentence=approval_said(done.approval, language))
    if done.row is None:
        before = localised("It was approved so before; nothing was added.", language)
        told = sentences(language, told, before)
    if done.saved is not None:
        told = sentences(language, told, localised("Saved: {path}", language, path=done.saved))
    return told


def _json(done: Approved) -> dict[str, object]:
    from keyaccount.as_json import findings_json

    given = None if done.approval is None else done.approval.row
    return {
        "period": done.period,
        "approved": given is not None,
        "added": done.row is not None,
        "ledger_digest": given.ledger_digest if given else "",
        "prepared_by": given.prepared_by if given else "",
        "reviewed_by": given.reviewed_by if given else "",
        "approved_by": given.approved_by if given else "",
        "approved_on": str(given.approved_on or "") if given else "",
        "document_no": given.document_no if given else "",
        "saved": str(done.saved or ""),
        "problems": findings_json(done.problems),
    }
