"""The quick way is counted a second time: what it loses, shifts or changes stops the run."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook import secondcount
from keyaccount.workbook.alikerows import AlikeRows
from keyaccount.workbook.rawrows import Batch, RawColumn, RawRow
from keyaccount.workbook.rowpatterns import UsualRows
from keyaccount.workbook.secondcount import Counted, SecondCount, Summed, plain_count
from tests.workbook.reading import found, number, read_sales, sale, text

ROWS = 6_000
Defect = Callable[[Batch], Batch]


def sales(amount: Callable[[int], str]) -> str:
    return "".join(sale(row, D=number(f"D{row}", amount(row))) for row in range(2, ROWS))


def with_column(batch: Batch, place: int, contents: list[bytes | None]) -> Batch:
    batch.columns[place] = RawColumn(batch.columns[place].tags, contents)
    return batch


def row_dropped(batch: Batch) -> Batch:
    columns = [
        RawColumn(tags if isinstance(tags, bytes) else tags[1:], contents[1:])
        for tags, contents in batch.columns
    ]
    return Batch(batch.numbers[1:], columns, batch.hidden)


def column_shifted(batch: Batch) -> Batch:
    return with_column(batch, 4, list(batch.columns[3].contents))


def cell_lost(batch: Batch) -> Batch:
    contents: list[bytes | None] = list(batch.columns[3].contents)
    contents[-1] = None
    return with_column(batch, 4, contents)


def digit_changed(batch: Batch) -> Batch:
    contents = list(batch.columns[3].contents)
    contents[-1] = (contents[-1] or b"").replace(b"7", b"8", 1)
    return with_column(batch, 3, contents)


def day_changed(batch: Batch) -> Batch:
    contents = list(batch.columns[1].contents)
    contents[-1] = b"46119"
    return with_column(batch, 1, contents)


def plant(monkeypatch: pytest.MonkeyPatch, defect: Defect) -> None:
    """Plant a defect into the pattern that reads most rows."""
    sound = AlikeRows.read

    def unsound(self: AlikeRows, rows: bytes) -> tuple[Batch, bytes]:
        batch, left = sound(self, rows)
        return (defect(batch) if batch.numbers else batch), left

    monkeypatch.setattr(AlikeRows, "read", unsound)


@pytest.mark.parametrize(
    ("defect", "column", "what"),
    [
        (row_dropped, "A", "filled cells"),
        (column_shifted, "E", "filled cells"),
        (cell_lost, "E", "filled cells"),
        (digit_changed, "D", "sum"),
        (day_changed, "B", "sum"),
    ],
)
@pytest.mark.parametrize("amount", ["{}7.5", "-{}7.25", "{}7.10000000000001"])
def test_a_defect_of_the_quick_way_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, defect: Defect, column: str, what: str, amount: str
) -> None:
    plant(monkeypatch, defect)
    with pytest.raises(FileProblem) as caught:
        read_sales(tmp_path / "a.xlsx", sales(amount.format))
    assert f"sheet Sales, column {column}, {what}: " in caught.value.message
    assert " ≠ " in caught.value.message


def test_a_sheet_of_which_the_quick_way_takes_nothing_is_read_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(self: UsualRows, rows: bytes) -> tuple[Batch, bytes]:
        return Batch([], [RawColumn([], []) for _ in self.columns]), rows

    monkeypatch.setattr(UsualRows, "read", nothing)
    book = read_sales(tmp_path / "a.xlsx", sales("{}.5".format))
    assert book.inputs.sales.row.tolist() == list(range(2, ROWS))


@pytest.mark.parametrize(
    "amount",
    [
        "{}.5",
        "{}",
        "-{}.05",
        "{}.100000000000001",  # as Excel writes what it calculated
        "{}.5E2",
        "0",
    ],
)
def test_usual_sheets_need_no_exact_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, amount: str
) -> None:
    compared: list[int] = []
    sound = SecondCount._compare

    def noted(self: SecondCount, read: Sequence[Counted], rows: Sequence[RawRow]) -> None:
        compared.append(len(rows))
        sound(self, read, rows)

    monkeypatch.setattr(SecondCount, "_compare", noted)
    book = read_sales(tmp_path / "a.xlsx", sales(amount.format))
    assert found(book, "Sales") == []
    assert sum(compared) < 600  # the piece with the headers


def test_odd_cells_among_usual_ones_are_counted_right(tmp_path: Path) -> None:
    """Whatever the bytes look like, the exact parser has the last word: nothing is stopped wrongly."""
    odd = {
        10: {"D": text("D10", "1,000.00")},
        11: {"E": '<c r="E11"/>'},
        12: {"E": '<c r="E12"><v></v></c>'},
        13: {"E": '<c r="E13"><v/></c>'},
        14: {"C": '<c r="C14" t="inlineStr"><is><r><t>A</t></r><r><t>01</t></r></is></c>'},
        15: {"D": "<c r='D15'><v>5</v></c>"},
        16: {"D": '<c  r="D16"  ><v>5</v></c>'},
        17: {"D": "<c><v>5</v></c>"},
        18: {"E": '<c r="AB18"><v>5</v></c>'},
        19: {"E": '<c r="XFD19"><v>5</v></c>'},
        20: {"D": '<c r="D20"><v> 5 </v></c>'},
        21: {"E": '<c r="E21"><f>1</f><v>1</v></c>'},
        22: {"B": text("B22", "2026-01-31")},
        23: {"B": number("B23", "46027.75", 1)},
    }
    rows = "".join(
        sale(row, **{k: v.replace(str(row % 900), str(row)) for k, v in odd.get(row - 900, {}).items()})
        for row in range(2, ROWS)
    )
    book = read_sales(tmp_path / "a.xlsx", rows)
    assert found(book, "Sales") == []
    assert book.inputs.sales.row.tolist() == list(range(2, ROWS))


def test_rows_in_error_are_reported_as_ever(tmp_path: Path) -> None:
    rows = "".join(
        sale(row, D=text(f"D{row}", "x") if row == 5_000 else number(f"D{row}", 5)) for row in range(2, ROWS)
    )
    assert found(read_sales(tmp_path / "a.xlsx", rows), "Sales") == [("Sales", "D5000", "x")]


def test_sums_are_exact_whatever_the_amounts_look_like() -> None:
    chance = random.Random(8)
    forms = ("{:.2f}", "{:.1f}", "{:.0f}", "{:.2f}0", "-{:.2f}", "{:.2f}000000001", "{:.2f}E0", "+{:.2f}")
    for _ in range(200):
        amounts = [
            chance.choice(forms).format(chance.randrange(10 ** chance.randrange(1, 13)) / 100)
            for _ in range(chance.randrange(1, 60))
        ]
        rows = "".join(
            f'<row r="{row}"><c r="A{row}"><v>{amount}</v></c></row>' for row, amount in enumerate(amounts, 2)
        )
        total = sum(int(Decimal(amount) * 100) for amount in amounts)
        assert plain_count(rows.encode(), [(1, Summed(2))]) == [Counted(len(amounts), total)]


def test_what_cannot_be_summed_for_sure_is_left_to_the_exact_parser() -> None:
    for content in ("x", "1e400", "NaN", "99999999999999999", "1." + "0" * 24):
        rows = f'<row r="2"><c r="A2"><v>{content}</v></c></row>'.encode()
        assert plain_count(rows, [(1, Summed(2))]) == [Counted(1, None)]
    assert plain_count(b"<row r='2'><c r='A2'><v>1</v></c></row>", [(1, Summed(2))]) is None
    assert secondcount.plain_count(b"", [(1, None)]) is None
