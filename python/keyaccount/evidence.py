"""What the workbook itself proves: the ledger's chain, the record of the inputs, the document properties.

Each gives the cells that are not as a run wrote them. Source: plan, Controls; spec, ``verify``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from keyaccount import __version__, tables
from keyaccount.book import Book, Finding
from keyaccount.ledger import FIRST_DIGEST, Entry, digest_of
from keyaccount.logged import KNOWN, Difference, LogEvidence, sound_seal
from keyaccount.originals import Changed, Examined, examine
from keyaccount.problems import N_
from keyaccount.seals import LOGGED
from keyaccount.translation import Language, localised
from keyaccount.workbook.properties import LEDGER_DIGEST, RUN, SIGNATURE, own_properties

_INPUT_DIGEST, _VERSION = LOGGED.index("Input Digest"), LOGGED.index("Program Version")
_OTHER_INPUTS = N_("The inputs have changed since run {run} was booked.")
_OTHER_RESULTS = N_(
    "From the same inputs and ledger other results follow now than run {run} showed: was it another program?"
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know that is no finding: an English template and its details."""

    text: str
    details: dict[str, object] = field(default_factory=dict)


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
        rows = [(values, seal) for values in self._book.read.run_log_rows if (seal := sound_seal(values))]
        seals = {int(str(values[0])): seal for values, seal in rows}
        heads = {int(str(values[0])): str(values[KNOWN["Ledger Digest"]]) for values, _ in rows}
        words: dict[str, set[Any]] = {
            "booked_at": {values[KNOWN["Booked At"]] for values, _ in rows},
            "period": {values[KNOWN["Period"]] for values, _ in rows},
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

    @cached_property
    def log(self) -> LogEvidence:
        """Look at the Run Log beside the ledger."""
        return LogEvidence(self._book, self.booked, self._language)

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
        last = self.log.rows[-1] if self.log.rows else None
        if last and last.seal and last.last is ledger[-1]:
            known[SIGNATURE] = last.seal.proof
        for name, found in known.items():
            if kept.get(name, "") != found:
                yield Difference(title, name, kept.get(name, ""), found)

    def record(self) -> Iterator[Difference]:
        """Give the cells of Input Snapshot that are not as a run wrote them (§Controls)."""
        place = self._book.read.located.get(tables.SNAPSHOT.name)
        if place is None or any(each.table == tables.SNAPSHOT.name for each in self._book.read.problems):
            return
        for index, column, expected, found in self._book.change_log.altered():
            yield Difference(place.title, place.cell(place.header_row + 1 + index, column), expected, found)

    def notes(self, results: str) -> Iterator[Note]:
        """Say what has changed since the last run; ``results``: the digest of the results that follow now."""
        last = self.log.rows[-1] if self.log.rows else None
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
