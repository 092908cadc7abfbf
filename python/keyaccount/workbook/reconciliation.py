"""The Reconciliation sheet: formulas of the workbook add up inputs and ledger again, beside what was written.

Control totals by month from Sales and Adjustments (§Controls), commission by quarter and what was paid from
the Ledger (§3.3). Each formula is written with the sum that is expected of it, taken from the inputs and the
ledger themselves, so that a program that does not calculate shows figures too. Ranges reach ROOM rows beyond
the data: what is typed below shows as a difference until the next run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from keyaccount import tables
from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import EARNINGS, PAYMENTS, Entry
from keyaccount.money import yuan
from keyaccount.periods import Period, month_text
from keyaccount.results import Results, Row
from keyaccount.tables import RECONCILIATION, Count, Formula, ReadBook, ResultSheet, ResultTable
from keyaccount.workbook.controltotals import COUNTS, FORMULA, NOTES, Check, control_totals
from keyaccount.workbook.ranges import Area, column_letters_of, told_apart

_HEAD = 5
_FORMULA, _PROGRAM, _DIFFERENCE = FORMULA, "E", "F"
_WORDS = {"en": ("yes", "no"), "zh": ("是", "否")}


class Reconciliation:
    """The checks of a workbook, from what was read of it and what is written into it."""

    def __init__(
        self,
        made: Iterable[ResultTable],
        results: Results,
        read: ReadBook,
        language: str,
        titles: Mapping[str, str],
    ) -> None:
        """Take the result tables as they are written; ``titles``: those of the sheets that the book has."""
        self.made = {table.sheet.name: table for table in made}
        self.results, self.read, self.language, self.titles = results, read, language, titles
        self.notes = NOTES[language]

    def rows(self) -> list[Row]:
        """Give the sheet's rows."""
        totals = control_totals(self.made[tables.NET_SALES.name], self.results, self.read, self.notes)
        checks = [*totals, *self._quarters(), *self._people()]
        return [self._row(number, check) for number, check in enumerate(checks, start=_HEAD + 1)]

    def _row(self, number: int, check: Check) -> Row:
        start = (check.name, check.period, check.person or None)
        figure = Count if check.name in COUNTS else int
        if not check.formula:
            return (*start, None, figure(check.program), None, None, check.note)
        yes, no = _WORDS[self.language]
        difference = check.expected - check.program
        formula, program, missing = (f"{letter}{number}" for letter in (_FORMULA, _PROGRAM, _DIFFERENCE))
        return (
            *start,
            Formula(f"ROUND({_at(check.formula, number)},2)", figure(check.expected)),
            figure(check.program),
            Formula(f"ROUND({formula}-{program},2)", figure(difference)),
            Formula(f'IF({missing}=0,"{yes}","{no}")', no if difference else yes),
            check.note or None,
        )

    def _area(self, sheet: ResultSheet) -> Area:
        """Give the rows of a result sheet, as they are written now."""
        head = _HEAD if sheet.titled else 2 if self.language == "zh" else 1
        title = self.titles.get(sheet.name) or (sheet.zh[0] if self.language == "zh" else sheet.name)
        rows = len(self.made[sheet.name].rows)
        return Area(title, head + 1, head + rows, column_letters_of(column.en for column in sheet.columns))

    def _values(self, sheet: ResultSheet, *headers: str) -> Iterator[tuple[object, ...]]:
        places = [next(i for i, column in enumerate(sheet.columns) if column.en == name) for name in headers]
        return (tuple(row[place] for place in places) for row in self.made[sheet.name].rows)

    # --- §3.3.1: commission by quarter -----------------------------------------------------------

    def _quarters(self) -> Iterator[Check]:
        """Check each settled quarter: the Ledger's entries against Quarterly Settlement."""
        ledger = self._area(tables.LEDGER)
        settled: dict[str, list[int]] = {}
        columns = ("Quarter", "Commission", "Corrections")
        for quarter, commission, corrections in self._values(tables.QUARTERLY_SETTLEMENT, *columns):
            sums = settled.setdefault(str(quarter), [0, 0])
            sums[0] += _fen(commission)
            sums[1] += _fen(corrections)
        for quarter, (commission, corrections) in sorted(settled.items()):
            booked = self._booked("commission", [quarter])
            yield Check("Commission", quarter, commission, _booked(ledger, "commission", quarter), booked)
            of = Period.parse(quarter)
            periods = [quarter, *(month_text(month) for month in range(of.first_month, of.last_month + 1))]
            corrected = self._booked("correction", periods)
            if corrections or corrected:
                formula = "+".join(_booked(ledger, "correction", period) for period in periods)
                yield Check("Corrections", quarter, corrections, formula, corrected)

    def _booked(self, kind: str, periods: list[str]) -> int:
        return sum(e.amount for e in self.results.ledger if e.kind == kind and e.period in periods)

    # --- §3.3: what was earned is paid, withheld or carried --------------------------------------

    def _people(self) -> Iterator[Check]:
        """Check each salesperson and plan year: paid by the Ledger + withheld + carried = earned."""
        last: dict[tuple[int, str], Entry] = {}
        everyone: dict[str, None] = {}
        for entry in self.results.ledger:
            everyone[entry.salesperson_id] = None
            if entry.marks_run:
                last[entry.year, entry.salesperson_id] = entry
        distinct = told_apart(everyone, ())
        for (year, person), entry in sorted(last.items()):
            yield from (
                self._person(year, person, entry)
                if distinct
                else [
                    Check(
                        _CONSERVATION, str(year), self._earned(entry), person=person, note=self.notes["alike"]
                    )
                ]
            )

    def _person(self, year: int, person: str, entry: Entry) -> Iterator[Check]:
        balances = self.results.balances
        earned = self._earned(entry)
        figures = Figures.kept(entry, entry.amount)
        ledger = self._area(tables.LEDGER)
        parts = [_of_person(ledger, PAYMENTS), *self._left(entry, figures)]
        expected = balances.paid(person, year) + figures.withheld + figures.carried
        yield Check(_CONSERVATION, str(year), earned, "+".join(parts), expected, person)
        if self._all_booked(entry):
            booked = balances.earned(person, year)
            yield Check("Earned, as booked", str(year), earned, _of_person(ledger, EARNINGS), booked, person)

    def _left(self, entry: Entry, figures: Figures) -> Iterator[str]:
        """Write what is withheld and carried: where the run's sheet has it, an exit run's as its figures."""
        sheet = _SHEET_OF.get(entry.kind)
        if sheet is None:
            yield f"({yuan(figures.withheld + figures.carried)})"
            return
        stands = self._area(sheet)
        period = next(column.en for column in sheet.columns if column.en in ("Month", "Quarter", "Year"))
        on_row = f'{stands.column(period)},"{entry.period}*",{stands.column("Salesperson ID")},$C{{row}}'
        left = (name for name in ("Withheld", "Carried") if name in stands)
        yield from (f"SUMIFS({stands.column(name)},{on_row})" for name in left)

    def _earned(self, entry: Entry) -> int:
        """Give what was earned to date: E, P and opening balance; after the year end all that is due."""
        kept = Figures.kept(entry, entry.amount)
        if entry.kind == "year_end_payment":
            return kept.due
        return kept.earned + kept.prior + kept.opening

    def _all_booked(self, entry: Entry) -> bool:
        """Tell whether all that the run counts as earned is in the ledger: no month is open."""
        closed = self.results.balances.closed_through(entry.year)
        return entry.kind == "year_end_payment" or (
            entry.kind == "quarter_payment" and self.results.through <= closed
        )


_ROW = re.compile(r"\{row(-[0-9]+)?\}")
"""In a formula: the number of the row where it stands, or of one above."""
_CONSERVATION = "Paid + withheld + carried = earned"
_SHEET_OF = {
    "advance": tables.MONTHLY_ADVANCES,
    "quarter_payment": tables.QUARTERLY_SETTLEMENT,
    "year_end_payment": tables.YEAR_END_SETTLEMENT,
}


def _at(formula: str, number: int) -> str:
    return _ROW.sub(lambda found: str(number + int(found[1] or 0)), formula)


def _booked(ledger: Area, kind: str, period: str) -> str:
    """Write the sum of the Ledger's entries of a kind and Period (starred: 2026-01 is no date)."""
    conditions = f'{ledger.column("Kind")},"{kind}",{ledger.column("Period")},"{period}*"'
    return f"SUMIFS({ledger.column('Amount')},{conditions})"


def _of_person(ledger: Area, kinds: Iterable[str]) -> str:
    """Write the sum of the Ledger's entries of these kinds, of the row's salesperson and year."""
    listed = ",".join(f'"{kind}"' for kind in sorted(kinds))
    conditions = (
        f'{ledger.column("Salesperson ID")},$C{{row}},{ledger.column("Period")},$B{{row}}&"*"'
        f",{ledger.column('Kind')},{{{listed}}}"
    )
    return f"SUMPRODUCT(SUMIFS({ledger.column('Amount')},{conditions}))"


def _fen(value: object) -> int:
    return value if isinstance(value, int) else 0


def reconciliation_rows(
    made: Iterable[ResultTable], results: Results, read: ReadBook, language: str, titles: Mapping[str, str]
) -> list[Row]:
    """Give the Reconciliation sheet's rows; no formula where its ranges are not there."""
    assert RECONCILIATION.columns[3].kind == "formula"  # noqa: S101 the letters above
    return Reconciliation(made, results, read, language, titles).rows()
