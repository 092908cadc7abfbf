"""What the cases say of scores, reviews and recognition, beside the rows of their result sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from keyaccount import tables
from keyaccount.money import fen, shown_number, yuan
from keyaccount.results import Results
from tests.plan_case_rows import CaseError

if TYPE_CHECKING:
    from keyaccount.company import Company
    from keyaccount.ledger import Entry
    from keyaccount.tables import ResultSheet
    from tests.plan_case import Step

Shown = Mapping[str, object]
SCORES = {
    **{name.replace("monthly ", ""): name.title() for name in tables.WORDS["measure"]},
    "score": "Score",
    "proposes": "Proposed Coefficient",
    "approved": "Approved Coefficient",
    "standing": "Standing",
    "paid": "Paid Coefficient",
}
REVIEWS = {
    "net": "Net Sales",
    "share": "Share",
    "traits": "Traits Met",
    "tier": "Tier",
    "suggests": "Suggested Tier",
    "finding": "Finding",
    "above": "Above Threshold",
    "changed": "Changed",
    "neglected": "Neglected",
    "last review": "Last Review",
    "overdue": "Issues Overdue",
}
Difference = tuple[str, str, str]
"""(what, expected, found)."""


def keeping_differences(
    step: Step, company: Company, ledger: Sequence[Entry], year: int
) -> Iterator[Difference]:
    """Compare a step's ``scores``, ``reviews`` and ``recognised`` with the sheets."""
    if not {"scores", "reviews", "recognised"} & set(step.expected):
        return
    made = Results(company, ledger).tables(tables.ResultTable(tables.PROBLEMS, []), [])
    sheets = {table.sheet.name: _by_header(table.sheet, table.rows) for table in made}
    of_year = {name: [row for row in rows if row.get("Year") == str(year)] for name, rows in sheets.items()}
    yield from _lines(step, "scores", SCORES, of_year["Maintenance Scores"], "Salesperson ID")
    yield from _lines(step, "reviews", REVIEWS, of_year["Key Account Review"], "Account ID")
    yield from _details(of_year["Maintenance Scores"], of_year["Score Detail"])
    if "recognised" in step.expected:
        wanted = step.expected["recognised"]
        found = [
            f"{row['Rank']} {row['Salesperson ID']} {row['Finding']}, years {row['Years In A Row']}"
            for row in of_year["Recognition"]
        ]
        listed = [] if wanted == "nobody" else wanted if isinstance(wanted, list) else [wanted]
        yield "recognised", " | ".join(map(str, listed)), " | ".join(found)


def _by_header(sheet: ResultSheet, rows: Sequence[tuple[object, ...]]) -> list[Shown]:
    headers = [column.en for column in sheet.columns]
    return [dict(zip(headers, row, strict=True)) for row in rows]


def _lines(
    step: Step, key: str, names: Mapping[str, str], rows: Sequence[Shown], by: str
) -> Iterator[Difference]:
    expected = step.expected.get(key, {})
    if not isinstance(expected, dict):
        raise CaseError(f"{key} names rows")
    for who, text in expected.items():
        row = next((row for row in rows if row[by] == who), None)
        for part in str(text).split(","):
            name = next((name for name in names if part.strip().startswith(f"{name} ")), "")
            if not name:
                raise CaseError(f"expected one of {', '.join(names)} ≠ found {part.strip()}")
            wanted = part.strip().removeprefix(name).strip()
            found = "no row" if row is None else _text(row[names[name]], name)
            yield f"{who} {name}", _as_shown(wanted, name), found


def _as_shown(wanted: str, name: str) -> str:
    """Give what a sheet shows for ``3/4``, ``none`` or words."""
    if wanted in {"none", "nothing"}:
        return ""
    if name in {"net", "above"}:
        return yuan(fen(wanted))
    try:
        return format(shown_number(Fraction(wanted)), "f")
    except ValueError:
        return wanted


def _text(value: object, name: str) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, int) and name in {"net", "above"}:
        return yuan(value)
    return "" if value is None else str(value)


def _details(scores: Sequence[Shown], details: Sequence[Shown]) -> Iterator[Difference]:
    """The points of Score Detail add up to the score, whatever the case."""
    for row in scores:
        own = [one["Points"] for one in details if one["Salesperson ID"] == row["Salesperson ID"]]
        points = sum((point for point in own if isinstance(point, Decimal)), Decimal(0))
        score = row["Score"]
        if isinstance(score, Decimal):
            wanted, found = round(score, 9).normalize(), round(points, 9).normalize()
            yield f"{row['Salesperson ID']} points", format(wanted, "f"), format(found, "f")
        else:
            yield f"{row['Salesperson ID']} detail rows without a score", "0", str(len(own))
