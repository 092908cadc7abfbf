"""What the Run Log proves: its rows beside the ledger's runs, their seals, who signed them.

Source: plan, Controls; spec, ``verify``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

from keyaccount import tables
from keyaccount.book import MADE_ANEW, NOT_SIGNED, Book
from keyaccount.ledger import Entry
from keyaccount.problems import N_
from keyaccount.seals import LOGGED, Seal, cell_digests, checksum_holds, digest_of_text
from keyaccount.signing import fingerprint, holds
from keyaccount.translation import Language, localised, translated
from keyaccount.workbook.rawrows import column_letters

State = Literal["signed", "unsigned", "missing", "broken"]
LogRow = tuple[object, ...]
_SIGNED_BY, _A_SIGNATURE = N_("signed with {key}"), N_("a signature or checksum of the run")
_SIGNED_WITH_GIVEN, _UNSIGNED = N_("signed with a key that is given"), N_("not signed")
KNOWN = {"Run": 0, "Booked At": 1, "Period": 5, "Ledger Digest": 8}
"""The Run Log's columns that the ledger says too, and their places."""
_KEPT_ELSEWHERE = tuple(place for place, name in enumerate(LOGGED) if name not in KNOWN)
_SHOWN = 8
_LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is not as the program would write it."""

    sheet: str
    cell: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class RunSeal:
    """How a run is signed: with which key (its fingerprint), not at all, no longer, or not as written."""

    run: int
    state: State
    key: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of the Run Log beside what the ledger says of its run; ``altered``: its cells, by place."""

    row: int
    values: LogRow
    last: Entry
    seal: Seal | None
    state: State
    altered: dict[int, str] = field(default_factory=dict)


class LogEvidence:
    """The Run Log of an open workbook beside the ledger as it was booked.

    ``language`` is that of the words in the findings.
    """

    def __init__(self, book: Book, booked: Sequence[Entry], language: Language) -> None:
        """Take workbook and ledger; nothing is compared yet."""
        self._book, self._booked, self._language = book, booked, language

    @cached_property
    def rows(self) -> tuple[Logged, ...]:
        """The Run Log's rows beside the runs that they are of."""
        read = self._book.read
        runs = sorted({entry.run: entry for entry in self._booked}.values(), key=lambda each: each.run)
        place = read.located.get(tables.RUN_LOG.name)
        first = place.header_row + 1 if place else 1
        rows = list(enumerate(read.run_log_rows, start=first))
        if len(rows) != len(runs):  # a row is missing or added: they are told by their numbers
            numbered = {values[0]: (row, values) for row, values in rows}
            pairs = [(numbered[last.run], last) for last in runs if last.run in numbered]
        else:
            pairs = list(zip(rows, runs, strict=True))
        return tuple(self._logged(row, values, last) for (row, values), last in pairs)

    def _logged(self, row: int, values: LogRow, last: Entry) -> Logged:
        text = str(values[-1] or "")
        seal = Seal.parse(text)
        if seal is None:
            rebuilt, anew = _standing_for(NOT_SIGNED), _standing_for(MADE_ANEW)
            altered = {place: "" for place in _KEPT_ELSEWHERE if values[place] and text in rebuilt}
            return Logged(row, values, last, None, "missing" if text in rebuilt | anew else "broken", altered)
        pairs = enumerate(zip(seal.cells, cell_digests(values), strict=True))
        altered = {place: f"(digest {kept}…)" for place, (kept, there) in pairs if kept != there}
        made: State = "signed" if seal.signed else "unsigned"
        state = made if _proved(seal, values) else "broken"
        return Logged(row, values, last, seal, state, altered)

    def altered(self) -> Iterator[Difference]:
        """Give the Run Log's cells that are not as a run wrote them, or that the ledger contradicts."""
        for index, each in enumerate(self.rows):
            yield from self._altered(each)
            after = self.rows[index + 1] if index + 1 < len(self.rows) else None
            if after and each.state != "broken" and each.seal and not _linked(each, after):
                yield self._signature(each, f"(digest {_before(after)[:_SHOWN]}…)")
        yield from self._without_each_other()

    def _altered(self, each: Logged) -> Iterator[Difference]:
        known = _said_by(each.last)
        altered = dict(each.altered)
        if each.state in ("missing", "broken"):  # else the ledger is what was changed, and says so
            for name, place in KNOWN.items():
                if each.values[place] != known[name]:
                    altered[place] = str(known[name])
        for place, expected in sorted(altered.items()):
            said = str(known[LOGGED[place]]) if LOGGED[place] in known else expected
            found = str(each.values[place] or "")
            if said != found:
                yield self._cell(each.row, place, said, found)
        if each.state == "broken" and not altered:
            yield self._signature(each, localised(_A_SIGNATURE, self._language))

    def _without_each_other(self) -> Iterator[Difference]:
        """Give runs that have no row, and rows without a run."""
        if not self._book.read.located.get(tables.RUN_LOG.name) or self._unread(tables.RUN_LOG.name):
            return
        there = {each.row for each in self.rows}
        place = self._book.read.located[tables.RUN_LOG.name]
        rows = list(enumerate(self._book.read.run_log_rows, start=place.header_row + 1))
        for row, values in rows:
            if row not in there:
                yield self._cell(row, 0, "", str(values[0]))
        logged = {each.last.run for each in self.rows}
        for run in sorted({entry.run for entry in self._booked} - logged):
            yield self._cell(place.header_row + len(rows) + 1, 0, str(run), "")

    def _unread(self, name: str) -> bool:
        return any(problem.table == name for problem in self._book.read.problems)

    def _signature(self, each: Logged, expected: str) -> Difference:
        return self._cell(each.row, len(LOGGED), expected, str(each.values[-1] or ""))

    def _cell(self, row: int, place: int, expected: str, found: str) -> Difference:
        cell = f"{column_letters(place + 1)}{row}"
        return Difference(self._title, cell, expected, found)

    # --- who signed -------------------------------------------------------------------------------

    @cached_property
    def seals(self) -> tuple[RunSeal, ...]:
        """Say of every run whether and with which key it is signed."""
        logged = {each.last.run: each for each in self.rows}
        return tuple(_run_seal(run, logged.get(run)) for run in sorted({entry.run for entry in self._booked}))

    def untrusted(self, keys: frozenset[str]) -> Iterator[Difference]:
        """Give the runs that none of the keys given has signed, from the first signed one on.

        What was run before the first signature is proved by it; with no signature at all, the last run.
        """
        signed = [each.run for each in self.seals if each.state in ("signed", "broken")]
        first = min(signed, default=max((each.run for each in self.seals), default=0))
        rows = {each.last.run: each.row for each in self.rows}
        for each in self.seals:
            if each.run < first or each.key in keys or each.state == "broken":
                continue
            found = localised(_SIGNED_BY, self._language, key=each.key) if each.key else self._not(each)
            wanted = localised(_SIGNED_WITH_GIVEN, self._language)
            if each.run in rows:
                yield self._cell(rows[each.run], len(LOGGED), wanted, found)
            else:
                yield Difference(self._title, "", wanted, found)

    def _not(self, each: RunSeal) -> str:
        return translated(_UNSIGNED if each.state == "unsigned" else NOT_SIGNED, self._language)

    @property
    def _title(self) -> str:
        return self._book.read.result_titles.get(tables.RUN_LOG.name, tables.RUN_LOG.name)


def _said_by(last: Entry) -> Mapping[str, object]:
    """Give what the ledger says of a run, by the Run Log's columns."""
    return {"Run": last.run, "Booked At": last.booked_at, "Period": last.period, "Ledger Digest": last.digest}


def _before(each: Logged) -> str:
    return each.seal.before if each.seal else ""


def _linked(each: Logged, after: Logged) -> bool:
    """Tell whether a row was sealed behind this one as it stands."""
    return after.seal is None or after.seal.before == digest_of_text(str(each.values[-1] or ""))


def _run_seal(run: int, logged: Logged | None) -> RunSeal:
    if logged is None:
        return RunSeal(run, "missing")
    key = fingerprint(logged.seal.key) if logged.seal and logged.state == "signed" else ""
    return RunSeal(run, logged.state, key)


def sound_seal(values: LogRow) -> Seal | None:
    """Give a row's seal where the row is as it was written."""
    seal = Seal.parse(str(values[-1] or ""))
    return seal if seal and _proved(seal, values) else None


def _proved(seal: Seal, values: LogRow) -> bool:
    return holds(seal.key, seal.message(values), seal.proof) if seal.signed else checksum_holds(seal, values)


@cache
def _standing_for(said: str) -> frozenset[str]:
    """Give what stands in a Signature for a text, in any language of a workbook."""
    return frozenset(translated(said, language) for language in _LANGUAGES)
