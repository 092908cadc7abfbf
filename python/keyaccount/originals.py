"""Which cells of the ledger were changed, and what stood there: found from the digests alone.

An entry's digest proves what was booked. Where putting one other value into an entry gives its digest again,
that value is what was booked; otherwise the run's digests of its columns, in the Run Log, tell where.
Source: plan, Controls; spec, ``verify``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from keyaccount.ledger import FIRST_DIGEST, Entry, digest_of, fields_of
from keyaccount.money import times, yuan
from keyaccount.proofs import Disproof, disprove
from keyaccount.seals import BOOKED, SHORT, Seal, column_digests

MOST_SEARCHED = 20
"""Entries for which what was booked is searched; beyond, only their place is said."""
FIELDS = (
    "entry",
    "run",
    "booked_at",
    "period",
    "kind",
    "salesperson_id",
    "account_id",
    "month",
    "origin_month",
    "net_sales",
    "rate",
    "amount",
    "clause",
    "reference",
)
"""The entry's fields in the order of the Ledger's columns."""
_AMOUNTS = frozenset({"net_sales", "amount"})
_BLANK: dict[str, set[Any]] = {"net_sales": {None}, "rate": {None}, "amount": set()}
"""What a blank cell is, where it is not a text without letters."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell of the ledger that is not as booked; ``column`` "": anywhere in the entry's row."""

    index: int
    column: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What is wrong with the ledger; ``whole``: the entries as booked, None where that is unknown."""

    changed: tuple[Changed, ...]
    whole: tuple[Entry, ...] | None


def examine(
    ledger: Sequence[Entry],
    seals: Mapping[int, Seal],
    heads: Mapping[int, str],
    words: Mapping[str, set[Any]],
) -> Examined:
    """Find every cell of the ledger that is not as booked, and what stood there where that can be proved.

    ``seals``: by run, of the Run Log's rows that are as written; ``heads``: by run, their Ledger Digests;
    ``words``: by field, more values that may have stood there.
    """
    search = _Search(ledger, seals, heads, words)
    changed = [*search.changed()]
    if changed:
        whole = tuple(search.whole) if search.proved else None
        return Examined(tuple(changed), whole)
    sums = [Changed(each.index, each.column, each.expected, each.found) for each in disprove(ledger)]
    rewritten = [*_rewritten(ledger, seals, heads)]
    return Examined((*rewritten, *sums), None if rewritten or sums else tuple(ledger))


def _rewritten(
    ledger: Sequence[Entry], seals: Mapping[int, Seal], heads: Mapping[int, str]
) -> Iterator[Changed]:
    """Find the first run whose entries were made anew: digests that fit each other, but not the Run Log."""
    for run, entries in _by_run(ledger).items():
        index, last = entries[-1]
        if run in heads and heads[run] != last.digest:
            yield Changed(index, "Digest", heads[run], last.digest)
            for column in _columns(seals.get(run), [entry for _, entry in entries]):
                first = entries[0][0]
                yield Changed(first, column, _of_digest(heads[run]), "")
            return


def _by_run(ledger: Sequence[Entry]) -> dict[int, list[tuple[int, Entry]]]:
    runs: dict[int, list[tuple[int, Entry]]] = defaultdict(list)
    for index, entry in enumerate(ledger):
        runs[entry.run].append((index, entry))
    return runs


def _columns(seal: Seal | None, entries: Sequence[Entry]) -> list[str]:
    """Name the columns of a run's entries that are not as the Run Log says."""
    if seal is None:
        return []
    pairs = zip(BOOKED, seal.columns, column_digests(entries), strict=True)
    return [name for name, kept, now in pairs if kept != now]


class _Search:
    """The ledger while its changed cells are looked for."""

    def __init__(
        self,
        ledger: Sequence[Entry],
        seals: Mapping[int, Seal],
        heads: Mapping[int, str],
        words: Mapping[str, set[Any]],
    ) -> None:
        self.ledger, self._seals, self._heads = ledger, seals, heads
        self.whole: list[Entry] = []
        self.proved = True
        self._words = words
        self._searched = 0

    def changed(self) -> Iterator[Changed]:
        """Go through the entries; each is linked to what the one before it was when it was booked."""
        before = FIRST_DIGEST
        for index, entry in enumerate(self.ledger):
            now, in_order = digest_of(entry, before), entry.entry == self._number
            if now == entry.digest and in_order:
                self.whole.append(entry)
            elif in_order and self._only_digest(index, now):
                self.whole.append(replace(entry, digest=now))
                yield Changed(index, "Digest", now, entry.digest)
            else:
                yield from self._entry(index, before, now)
            before = self.whole[-1].digest

    @property
    def _number(self) -> int:
        """The number that the next entry has: below one that is missing the others are still in order."""
        return self.whole[-1].entry + 1 if self.whole else 1

    def _only_digest(self, index: int, now: str) -> bool:
        """Tell whether what follows was linked to another digest than the one that stands here."""
        entry = self.ledger[index]
        if index + 1 < len(self.ledger):
            after = self.ledger[index + 1]
            return digest_of(after, now) == after.digest
        return self._heads.get(entry.run) == now

    def _entry(self, index: int, before: str, now: str) -> Iterator[Changed]:
        entry, number = self.ledger[index], self._number
        found = self._original(index, before)
        if found is not None:
            self.whole.append(found)
            texts = zip(BOOKED, FIELDS, fields_of(found), fields_of(entry), strict=True)
            for column, field, expected, there in texts:
                if expected != there:
                    yield Changed(
                        index, column, *(_shown(field, getattr(each, field)) for each in (found, entry))
                    )
            return
        self.whole.append(entry)
        self.proved = False
        yield from self._somewhere(index, now, number)

    def _somewhere(self, index: int, now: str, number: int) -> Iterator[Changed]:
        """Name the column by the run's digests, else the whole row."""
        entry = self.ledger[index]
        expected = _of_digest(entry.digest)
        if entry.entry != number:
            yield Changed(index, "Entry", str(number), str(entry.entry))
            return
        columns = _columns(self._seals.get(entry.run), [e for e in self.ledger if e.run == entry.run])
        texts = dict(zip(BOOKED, FIELDS, strict=True))
        for column in columns:
            yield Changed(index, column, expected, _shown(texts[column], getattr(entry, texts[column])))
        if not columns:
            yield Changed(index, "Digest", now, entry.digest)

    # --- what was booked --------------------------------------------------------------------------

    def _original(self, index: int, before: str) -> Entry | None:
        """Give the entry as booked where one other value in it gives its digest again."""
        entry = self.ledger[index]
        self._searched += 1
        if self._searched > MOST_SEARCHED:
            return None
        for field in FIELDS:
            for value in self._candidates(index, field):
                tried = replace(entry, **{field: value})
                if digest_of(tried, before) == entry.digest:
                    return tried
        return None

    def _candidates(self, index: int, field: str) -> Iterable[Any]:
        entry = self.ledger[index]
        if field == "entry":
            return {self._number}
        if field == "run":
            near = [e.run for e in self.ledger[max(0, index - 1) : index + 2]]
            return {each + step for each in near for step in (-1, 0, 1)}
        known = self._values[field]
        if field == "amount":
            rate, net = entry.rate or Decimal(0), entry.net_sales or 0
            gaps = {gap for each in self._gaps for gap in (entry.amount + each, entry.amount - each)}
            return known | gaps | {times(net, rate)}
        return known

    @cached_property
    def _values(self) -> dict[str, set[Any]]:
        """What stands in each column anywhere, and blank."""
        return {
            field: {getattr(entry, field) for entry in self.ledger}
            | _BLANK.get(field, {""})
            | self._words.get(field, set())
            for field in FIELDS
        }

    @cached_property
    def _gaps(self) -> set[int]:
        """By how much the sums of the ledger and what its payments keep differ, in fen."""
        with suppress(ValueError):  # a period that is none
            return {gap for each in disprove(self.ledger) if (gap := _gap(each))}
        return set()


def _gap(disproof: Disproof) -> int:
    if disproof.column != "Reference":
        return 0
    expected, found = (text.partition("=")[2] for text in (disproof.expected, disproof.found))
    return round(Decimal(expected) * 100) - round(Decimal(found) * 100)


def _of_digest(digest: str) -> str:
    """Say of a value that nobody knows any more what is known of it."""
    return f"(digest {digest[:SHORT]}…)"


def _shown(field: str, value: Any) -> str:  # noqa: ANN401 a field's value
    """Write a field as its cell shows it."""
    if value is None:
        return ""
    return yuan(value) if field in _AMOUNTS else str(value)
