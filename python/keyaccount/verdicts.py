"""What ``verify`` says in words: findings as a table; the chain's head; who signed; what else is known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from keyaccount.logged import RunSeal, State
from keyaccount.problems import N_
from keyaccount.terminal import console, table
from keyaccount.translation import Language, localised
from keyaccount.verification import Verdict, Wanted

_LISTED = 200
_HEADINGS = (N_("Cell"), N_("Expected"), N_("Found"))
GOOD = N_("Verified: the ledger is whole, its sums agree, the result sheets follow from it.")
_HEAD = N_("Head of the chain: {digest} (entry {entry}, run {run}).")
_EMPTY = N_("The ledger is empty: nothing has been run in this workbook yet.")
_STILL = N_("The digest that you kept is this ledger's head now.")
_OLDER = N_(
    "The digest that you kept is the ledger at entry {entry}, run {run};"
    " {count} entries have been booked since."
)
_SEALS: dict[State, str] = {
    "signed": N_("Signed: runs {runs}, with the key {key}."),
    "unsigned": N_("Not signed, checksums only: runs {runs}."),
    "missing": N_("Signature missing (the row was made again from the ledger, or is a copy's): runs {runs}."),
    "broken": N_("Signature broken: runs {runs}."),
}
_COMPARE = N_("Whose key that is, only its fingerprint tells: name the one that you trust with --key.")


def print_verdict(book: Path, verdict: Verdict, wanted: Wanted, language: Language) -> None:
    """Print what a verification found, below the problems."""
    from rich.text import Text

    out = console()
    if verdict.findings:
        cell, expected, found = (localised(each, language) for each in _HEADINGS)
        listed = table(book.name, [(cell, "left"), (expected, "left"), (found, "left")])
        for finding in verdict.findings[:_LISTED]:
            place = f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
            listed.add_row(*map(Text, (place, finding.expected, finding.found)))
        out.print(listed)
        if len(verdict.findings) > _LISTED:
            count = len(verdict.findings) - _LISTED
            out.print(localised("… and {count} more (--json)", language, count=count))
    elif verdict.head and not verdict.failed:
        out.print(localised(GOOD, language), style="green")
    for line in known(verdict, wanted, language):
        out.print(line, markup=False, soft_wrap=True)


def known(verdict: Verdict, wanted: Wanted, language: Language) -> Iterator[str]:
    """Say where the chain ends, where a head that was kept stood, who signed, and what else is known."""
    head = verdict.head
    if head is None:
        yield localised(_EMPTY, language)
    else:
        yield localised(_HEAD, language, digest=head.digest, entry=head.entry, run=head.run)
    if verdict.kept is not None and head is not None:
        since = head.entry - verdict.kept.entry
        where = {"entry": verdict.kept.entry, "run": verdict.kept.run, "count": since}
        yield localised(_OLDER if since else _STILL, language, **where)
    yield from _signatures(verdict.seals, wanted, language)
    for note in verdict.notes:
        yield localised(note.text, language, **note.details)


def _signatures(seals: tuple[RunSeal, ...], wanted: Wanted, language: Language) -> Iterator[str]:
    for (state, key), group in groupby(seals, key=lambda each: (each.state, each.key)):
        runs = [each.run for each in group]
        shown = str(runs[0]) if len(runs) == 1 else f"{runs[0]}–{runs[-1]}"
        yield localised(_SEALS[state], language, runs=shown, key=key)
    if not wanted.keys and any(each.state == "signed" for each in seals):
        yield localised(_COMPARE, language)
