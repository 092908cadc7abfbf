"""The ledger and the run log of an anonymised copy: the same amounts, aliases, the chain of digests anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import get_args

from keyaccount.book import MADE_ANEW
from keyaccount.ledger import Entry, append, changes_named
from keyaccount.outputs.anonymise.aliases import Aliases
from keyaccount.periods import Period
from keyaccount.results import Row
from keyaccount.settlement import Command
from keyaccount.translation import localised

_FIGURES = re.compile(r"E=[-0-9.;=a-zA-Z]*")
_VERSION = re.compile(r"[0-9]+(\.[0-9a-z]+)*")


def anonymous_ledger(ledger: Sequence[Entry], aliases: Aliases) -> list[Entry]:
    """Give the entries with aliases, numbered and chained as before; amounts, rates and months stay."""
    made: list[Entry] = []
    for _run, entries in groupby(ledger, key=lambda entry: entry.run):
        run = list(entries)
        drafts = [_entry(entry, aliases) for entry in run]
        made += append(made, drafts, run[0].booked_at)
    return made


def _entry(entry: Entry, aliases: Aliases) -> Entry:
    return Entry(
        entry.entry,
        entry.run,
        entry.booked_at,
        entry.period,
        entry.kind,
        aliases.id("salesperson", entry.salesperson_id),
        entry.amount,
        aliases.id("account", entry.account_id),
        entry.month,
        entry.origin_month,
        entry.net_sales,
        entry.rate,
        entry.clause,
        _reference(entry.reference, aliases),
    )


def _reference(text: str, aliases: Aliases) -> str:
    """Keep a run's figures and the runs of changes; anything else is a voucher or document."""
    return text if _FIGURES.fullmatch(text) or changes_named(text) else aliases.other("document", text)


def digests_of(ledger: Iterable[Entry], copy: Iterable[Entry]) -> dict[str, str]:
    """Give each digest of the ledger and the copy's in its place."""
    return {one.digest: other.digest for one, other in zip(ledger, copy, strict=True)}


def anonymous_log(log: Sequence[Row], copy: Sequence[Entry], aliases: Aliases) -> list[Row]:
    """Give the Run Log: users and computers by number, digests those of the copy, no signature."""
    last = {entry.run: entry for entry in copy}
    signed = localised(MADE_ANEW, aliases.language)
    made: list[Row] = []
    for run, _at, user, computer, command, _period, version, *_ in log:
        entry = last[run] if isinstance(run, int) and run in last else None
        if entry is None:
            continue
        made.append(
            (
                entry.run,
                entry.booked_at,
                aliases.other("user", str(user or "")) or None,
                aliases.other("computer", str(computer or "")) or None,
                _command(str(command or ""), aliases) or None,
                entry.period,
                version if _VERSION.fullmatch(str(version)) else None,
                None,
                entry.digest,
                signed,
            )
        )
    return made


def _command(text: str, aliases: Aliases) -> str:
    """Keep a command and its period; a salesperson that it names by their alias."""
    command, *rest = text.split()[:3] or [""]
    if command not in get_args(Command):
        return ""
    people = aliases.ids["salesperson"]
    return " ".join(
        (command, *(people.get(each, each) for each in rest if each in people or _is_period(each)))
    )


def _is_period(text: str) -> bool:
    try:
        Period.parse(text)
    except ValueError:
        return False
    return True
