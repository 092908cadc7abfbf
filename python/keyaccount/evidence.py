"""What the workbook itself proves: the ledger's chain, the Run Log's seals, the record of the inputs.

Each gives the cells that are not as a run wrote them. Source: plan, Controls; spec, ``verify``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

from keyaccount import __version__, tables
from keyaccount.book import MADE_ANEW, NOT_SIGNED, Book, Finding
from keyaccount.ledger import FIRST_DIGEST, Entry, digest_of
from keyaccount.originals import Changed, Examined, examine
from keyaccount.problems import N_
from keyaccount.seals import LOGGED, Seal, cell_digests, checksum_holds, digest_of_text
from keyaccount.signing import fingerprint, holds
from keyaccount.translation import Language, localised, translated
from keyaccount.workbook.properties import LEDGER_DIGEST, RUN, SIGNATURE, own_properties
from keyaccount.workbook.rawrows import column_letters

State = Literal["signed", "unsigned", "missing", "broken"]
LogRow = tuple[object, ...]
_SIGNED_BY, _A_SIGNATURE = N_("signed with {key}"), N_("a signature or checksum of the run")
_SIGNED_WITH_GIVEN, _UNSIGNED = N_("signed with a key that is given"), N_("not signed")
_KNOWN = {"Run": 0, "Booked At": 1, "Period": 5, "Ledger Digest": 8}
"""The Run Log's columns that the ledger says too, and their places."""
_KEPT_ELSEWHERE = tuple(place for place, name in enumerate(LOGGED) if name not in _KNOWN)
_INPUT_DIGEST, _VERSION = LOGGED.index("Input Digest"), LOGGED.index("Program Version")
_SHOWN = 8
_OTHER_INPUTS = N_("The inputs have changed since run {run} was booked.")
_OTHER_RESULTS = N_(
    "From the same inputs and ledger other results follow now than run {run} showed: was it another program?"
)
_LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is not as the program would write it."""

    sheet: str
    cell: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know that is no finding: an English template and its details."""

    text: str
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunSeal:
    """How a run is signed: with which key (its fingerprint), not at all, no longer, or not as written."""

    run: int
    state: State
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Logged:
    """A row of the Run Log beside what the ledger says of its run; ``altered``: its cells, by place."""

    row: int
    values: LogRow
    last: Entry
    seal: Seal | None
    state: State
    altered: dict[int, str] = field(default_factory=dict)


class Evidence:
    """What is proved of an open workbook; ``language`` is that of the words in the findings."""

    def __init__(self, book: Book, language: Language) -> None:
        """Take the workbook; nothing is calculated yet."""
        self._book, self._language = book, language

    # --- sheets that cannot be read ---------------------------------------------------------------

    @cached_property
    def unreadable(self) -> tuple[Difference, ...]:
        """Give the cells of Ledger, Run Log and Input Snapshot that hold nothing a run could have written."""
        own = {tables.LEDGER.name, tables.RUN_LOG.name, tables.SNAPSHOT.name}
        found = [problem for problem in self._book.read.problems if problem.table in own]
        return tuple(map(_unreadable, self._book.findings(found, self._language)))

    # --- the ledger -------------------------------------------------------------------------------

    @cached_property
    def examined(self) -> Examined:
        """Look at the ledger: what is not as booked, and the entries as they were."""
        rows = [(values, seal) for values in self._book.read.run_log_rows if (seal := _sound(values))]
        seals = {int(str(values[0])): seal for values, seal in rows}
        heads = {int(str(values[0])): str(values[_KNOWN["Ledger Digest"]]) for values, _ in rows}
        words: dict[str, set[Any]] = {
            "booked_at": {values[_KNOWN["Booked At"]] for values, _ in rows},
            "period": {values[_KNOWN["Period"]] for values, _ in rows},
        }
        return examine(self._book.ledger, seals, heads, words)

    @cached_property
    def booked(self) -> Sequence[Entry]:
        """The ledger as it was booked where that is known, else as it stands."""
        whole = self.examined.whole
        return self._book.ledger if whole is None else whole

    def ledger(self) -> Iterator[Difference]:
        """Give the ledger's cells that are not as booked; last, where they are not, the head of the chain."""
        for each in self.examined.changed:
            yield self._of_entry(each)
        ledger = self._book.ledger
        if self.examined.whole is None and ledger:
            head = _head(ledger)
            if head != ledger[-1].digest:
                yield self._of_entry(Changed(len(ledger) - 1, "Digest", ledger[-1].digest, head))

    def _of_entry(self, changed: Changed) -> Difference:
        read = self._book.read
        place = read.located.get(tables.LEDGER.name)
        letters = place.letters if place else {}
        cell = f"{letters.get(changed.column, 'A')}{read.ledger_first_row + changed.index}"
        return Difference(self._title(tables.LEDGER.name), cell, changed.expected, changed.found)

    def _title(self, name: str) -> str:
        return self._book.read.result_titles.get(name, name)

    # --- the Run Log ------------------------------------------------------------------------------

    @cached_property
    def _log(self) -> tuple[_Logged, ...]:
        """The Run Log's rows beside the runs that they are of."""
        read = self._book.read
        runs = sorted({entry.run: entry for entry in self.booked}.values(), key=lambda each: each.run)
        place = read.located.get(tables.RUN_LOG.name)
        first = place.header_row + 1 if place else 1
        rows = list(enumerate(read.run_log_rows, start=first))
        if len(rows) != len(runs):  # a row is missing or added: they are told by their numbers
            numbered = {values[0]: (row, values) for row, values in rows}
            pairs = [(numbered[last.run], last) for last in runs if last.run in numbered]
        else:
            pairs = list(zip(rows, runs, strict=True))
        return tuple(self._logged(row, values, last) for (row, values), last in pairs)

    def _logged(self, row: int, values: LogRow, last: Entry) -> _Logged:
        text = str(values[-1] or "")
        seal = Seal.parse(text)
        if seal is None:
            rebuilt, anew = _standing_for(NOT_SIGNED), _standing_for(MADE_ANEW)
            altered = {place: "" for place in _KEPT_ELSEWHERE if values[place] and text in rebuilt}
            return _Logged(
                row, values, last, None, "missing" if text in rebuilt | anew else "broken", altered
            )
        pairs = enumerate(zip(seal.cells, cell_digests(values), strict=True))
        altered = {place: f"(digest {kept}…)" for place, (kept, there) in pairs if kept != there}
        made: State = "signed" if seal.signed else "unsigned"
        state = made if _proved(seal, values) else "broken"
        return _Logged(row, values, last, seal, state, altered)

    def run_log(self) -> Iterator[Difference]:
        """Give the Run Log's cells that are not as a run wrote them, or that the ledger contradicts."""
        for index, each in enumerate(self._log):
            yield from self._altered(each)
            after = self._log[index + 1] if index + 1 < len(self._log) else None
            if after and each.state != "broken" and each.seal and not _linked(each, after):
                yield self._signature(each, f"(digest {_before(after)[:_SHOWN]}…)")
        yield from self._rows()

    def _altered(self, each: _Logged) -> Iterator[Difference]:
        known = _said_by(each.last)
        altered = dict(each.altered)
        if each.state in ("missing", "broken"):  # else the ledger is what was changed, and says so
            for name, place in _KNOWN.items():
                if each.values[place] != known[name]:
                    altered[place] = str(known[name])
        for place, expected in sorted(altered.items()):
            said = str(known[LOGGED[place]]) if LOGGED[place] in known else expected
            found = str(each.values[place] or "")
            if said != found:
                yield self._cell(each.row, place, said, found)
        if each.state == "broken" and not altered:
            yield self._signature(each, localised(_A_SIGNATURE, self._language))

    def _rows(self) -> Iterator[Difference]:
        """Give runs that have no row, and rows without a run."""
        if not self._book.read.located.get(tables.RUN_LOG.name) or self._unread(tables.RUN_LOG.name):
            return
        there = {each.row for each in self._log}
        place = self._book.read.located[tables.RUN_LOG.name]
        rows = list(enumerate(self._book.read.run_log_rows, start=place.header_row + 1))
        for row, values in rows:
            if row not in there:
                yield self._cell(row, 0, "", str(values[0]))
        logged = {each.last.run for each in self._log}
        for run in sorted({entry.run for entry in self.booked} - logged):
            yield self._cell(place.header_row + len(rows) + 1, 0, str(run), "")

    def _unread(self, name: str) -> bool:
        return any(problem.table == name for problem in self._book.read.problems)

    def _signature(self, each: _Logged, expected: str) -> Difference:
        return self._cell(each.row, len(LOGGED), expected, str(each.values[-1] or ""))

    def _cell(self, row: int, place: int, expected: str, found: str) -> Difference:
        cell = f"{column_letters(place + 1)}{row}"
        return Difference(self._title(tables.RUN_LOG.name), cell, expected, found)

    # --- who signed -------------------------------------------------------------------------------

    @cached_property
    def seals(self) -> tuple[RunSeal, ...]:
        """Say of every run whether and with which key it is signed."""
        logged = {each.last.run: each for each in self._log}
        return tuple(_run_seal(run, logged.get(run)) for run in sorted({entry.run for entry in self.booked}))

    def untrusted(self, keys: frozenset[str]) -> Iterator[Difference]:
        """Give the runs that none of the keys given has signed, from the first signed one on.

        What was run before the first signature is proved by it; with no signature at all, the last run.
        """
        signed = [each.run for each in self.seals if each.state in ("signed", "broken")]
        first = min(signed, default=max((each.run for each in self.seals), default=0))
        rows = {each.last.run: each.row for each in self._log}
        for each in self.seals:
            if each.run < first or each.key in keys or each.state == "broken":
                continue
            found = localised(_SIGNED_BY, self._language, key=each.key) if each.key else self._not(each)
            wanted = localised(_SIGNED_WITH_GIVEN, self._language)
            if each.run in rows:
                yield self._cell(rows[each.run], len(LOGGED), wanted, found)
            else:
                yield Difference(self._title(tables.RUN_LOG.name), "", wanted, found)

    def _not(self, each: RunSeal) -> str:
        return translated(_UNSIGNED if each.state == "unsigned" else NOT_SIGNED, self._language)

    # --- document properties, record of the inputs, the head --------------------------------------

    def properties(self) -> Iterator[Difference]:
        """Compare what the last run left in the document properties with the ledger and the Run Log."""
        kept, ledger = own_properties(self._book.package), self.booked
        if not kept:
            return
        title = localised("document properties", self._language)
        known = {RUN: "", LEDGER_DIGEST: ""}
        if ledger:
            known = {RUN: str(ledger[-1].run), LEDGER_DIGEST: ledger[-1].digest}
        last = self._log[-1] if self._log else None
        if last and last.seal and last.last is ledger[-1]:
            known[SIGNATURE] = last.seal.proof
        for name, found in known.items():
            if kept.get(name, "") != found:
                yield Difference(title, name, kept.get(name, ""), found)

    def record(self) -> Iterator[Difference]:
        """Give the cells of Input Snapshot that are not as a run wrote them (§Controls)."""
        place = self._book.read.located.get(tables.SNAPSHOT.name)
        if place is None or self._unread(tables.SNAPSHOT.name):
            return
        for index, column, expected, found in self._book.change_log.altered():
            yield Difference(place.title, place.cell(place.header_row + 1 + index, column), expected, found)

    def notes(self, results: str) -> Iterator[Note]:
        """Say what has changed since the last run; ``results``: the digest of the results that follow now."""
        last = self._log[-1] if self._log else None
        if last is None or last.seal is None or last.state == "broken":
            return
        if last.values[_INPUT_DIGEST] != self._book.read.input_digest:
            yield Note(_OTHER_INPUTS, {"run": last.last.run})
        elif last.values[_VERSION] == __version__ and last.seal.results != results:
            yield Note(_OTHER_RESULTS, {"run": last.last.run})

    def kept_head(self, digits: str) -> Entry | None:
        """Give the entry at which a chain head stood that was kept elsewhere; None: not in this ledger."""
        before = FIRST_DIGEST
        for entry in self._book.ledger:
            before = digest_of(entry, before)
            if before.startswith(digits):
                return entry
        return None

    def other_head(self, digits: str) -> Difference:
        """Say that a head that was kept elsewhere is none of this ledger's."""
        ledger = self._book.ledger
        if not ledger:
            return Difference(self._title(tables.LEDGER.name), "", digits, "")
        return self._of_entry(Changed(len(ledger) - 1, "Digest", digits, ledger[-1].digest))


def _unreadable(finding: Finding) -> Difference:
    return Difference(finding.sheet, finding.cell, finding.problem, finding.value)


def _head(ledger: Sequence[Entry]) -> str:
    """Chain the entries as they stand."""
    digest = FIRST_DIGEST
    for entry in ledger:
        digest = digest_of(entry, digest)
    return digest


def _said_by(last: Entry) -> Mapping[str, object]:
    """Give what the ledger says of a run, by the Run Log's columns."""
    return {"Run": last.run, "Booked At": last.booked_at, "Period": last.period, "Ledger Digest": last.digest}


def _before(each: _Logged) -> str:
    return each.seal.before if each.seal else ""


def _linked(each: _Logged, after: _Logged) -> bool:
    """Tell whether a row was sealed behind this one as it stands."""
    return after.seal is None or after.seal.before == digest_of_text(str(each.values[-1] or ""))


def _run_seal(run: int, logged: _Logged | None) -> RunSeal:
    if logged is None:
        return RunSeal(run, "missing")
    key = fingerprint(logged.seal.key) if logged.seal and logged.state == "signed" else ""
    return RunSeal(run, logged.state, key)


def _sound(values: LogRow) -> Seal | None:
    """Give a row's seal where the row is as it was written."""
    seal = Seal.parse(str(values[-1] or ""))
    return seal if seal and _proved(seal, values) else None


def _proved(seal: Seal, values: LogRow) -> bool:
    return holds(seal.key, seal.message(values), seal.proof) if seal.signed else checksum_holds(seal, values)


@cache
def _standing_for(said: str) -> frozenset[str]:
    """Give what stands in a Signature for a text, in any language of a workbook."""
    return frozenset(translated(said, language) for language in _LANGUAGES)
