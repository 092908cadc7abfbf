"""What is written is what is read: any amount, day, ID or text, in every way of writing and of reading."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH

from keyaccount.periods import from_number
from keyaccount.workbook import sheetxml
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawcells import Cell, Decoder
from keyaccount.workbook.rawrows import RowFault
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.texts import trim
from tests.workbook.reading import SALES_HEADER, openpyxl_book, problems, read, sheet, with_sales, xml_book

AMOUNTS = st.integers(-(10**13), 10**13)
DAYS = st.dates(date(1900, 3, 1), date(9999, 12, 31))
IDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1
).filter(lambda id_: bool(trim(id_)) and "_x" not in id_ and not id_.startswith("="))


@settings(max_examples=40)
@given(st.lists(st.tuples(IDS, DAYS, AMOUNTS, AMOUNTS | st.none()), min_size=1, max_size=30))
def test_sales_survive_openpyxl(rows: list[tuple[str, date, int, int | None]]) -> None:
    written = [
        [id_, day, "A01", Decimal(gross) / 100, None if discount is None else discount / 100]
        for id_, day, gross, discount in rows
    ]
    with TemporaryDirectory() as folder:
        book = read(openpyxl_book(Path(folder) / "a.xlsx", with_sales(written)))
    assert not problems(book)
    sales = book.inputs.sales
    assert sales.sale_id.tolist() == [trim(id_) for id_, *_ in rows]
    assert [from_number(number) for number in sales.date.tolist()] == [day for _, day, *_ in rows]
    assert sales.gross.tolist() == [gross for _, _, gross, _ in rows]
    assert sales.discount.tolist() == [discount or 0 for *_, discount in rows]


@settings(max_examples=20)
@given(st.lists(DAYS.filter(lambda day: day.year >= 1904), min_size=1), st.booleans())
def test_days_survive_in_both_date_systems(days: list[date], date1904: bool) -> None:  # noqa: FBT001 a drawn value
    book = Workbook()
    if date1904:
        book.epoch = MAC_EPOCH
    book.active.title = "Sales"
    book.active.append(SALES_HEADER)
    for day in days:
        book.active.append(["X", day, "A01", 1, 0])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        book.save(path)
        numbers = read(path).inputs.sales.date.tolist()
    assert [from_number(number) for number in numbers] == days


CONTENTS = st.sampled_from(["1", "1.5", "", " ", "x", "&amp;", "-2", "1E3", "#N/A", "0"])
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' s="1"',
        ' t="n"',
        ' s="2" t="str"',
        ' t="s"',
        ' t="inlineStr"',
        " t='b'",
        ' t="e" s="1"',
        ' cm="1"',
    ]
)
BODIES = st.one_of(
    st.builds("<v>{}</v>".format, CONTENTS),
    st.builds("<is><t>{}</t></is>".format, CONTENTS),
    st.builds('<is><t xml:space="preserve">{}</t></is>'.format, CONTENTS),
    st.builds("<is><r><t>{}</t></r><r><t>{}</t></r></is>".format, CONTENTS, CONTENTS),
    st.builds("<f>{}</f><v>{}</v>".format, CONTENTS, CONTENTS),
    st.builds('<f t="shared" si="0"/><v>{}</v>'.format, CONTENTS),
    st.sampled_from(["", "<v/>", "<f>A1</f>", "<f>A1</f><v/>", "<is><t/></is>", "<v>1<!-- x -->2</v>"]),
)


@st.composite
def rows_of_xml(draw: st.DrawFn) -> str:
    """Draw the rows of a sheet: mostly alike, some odd, a few contradicting themselves."""
    rows = []
    number = 0
    for _ in range(draw(st.integers(0, 12))):
        number += draw(st.sampled_from([1, 1, 1, 1, 2, 0, -1, 1_048_576]))
        cells = ""
        for letter in draw(
            st.sampled_from(["ABCDE", "ABCDE", "ABC", "ACE", "BAD", "ABZ", "AA", "ABCDEFG", ""])
        ):
            tag = f'<c r="{letter}{number}"' if draw(st.integers(0, 9)) else "<c"
            attributes, body = draw(ATTRIBUTES), draw(BODIES)
            cells += f"{tag}{attributes}>{body}</c>" if draw(st.integers(0, 5)) else f"{tag}{attributes}/>"
        start = draw(st.sampled_from([f'<row r="{number}"'] * 9 + ["<row"]))
        start += draw(st.sampled_from(["", "", "", ' spans="1:5"', ' hidden="1"', " hidden='true' ht='3'"]))
        rows.append(f"{start}>{cells}</row>" if draw(st.integers(0, 9)) else f"{start}/>")
        rows.append(draw(st.sampled_from(["", "", "", "", "\n ", "<!-- a -->"])))
    return "".join(rows)


Grid = tuple[list[tuple[int, tuple[Cell | None, ...]]], set[int], list[RowFault]]


def grid(path: Path, small_part: int) -> Grid:
    """Read columns A, B, D and F of a sheet, by pattern or exactly."""
    decoder = Decoder(["shared"], frozenset({1}))
    rows: list[tuple[int, tuple[Cell | None, ...]]] = []
    hidden: set[int] = set()
    with patch.object(sheetxml, "SMALL_PART", small_part), Package.open(path) as package:
        part = SheetXml(package, package.sheets[0].part)
        for batch in part.batches([4, 1, 2, 6]):
            for index, number in enumerate(batch.numbers):
                raw = [(each.tag(index), each.contents[index]) for each in batch.columns]
                cells = tuple(decoder.cell(tag, content) if content else None for tag, content in raw)
                if any(cells):
                    rows.append((number, cells))
            hidden |= batch.hidden
    return sorted(rows, key=repr), hidden & {number for number, _ in rows}, sorted(part.faults)


@settings(max_examples=150)
@given(rows_of_xml(), st.integers(1, 40))
def test_reading_by_pattern_gives_what_the_exact_way_gives(rows: str, times: int) -> None:
    with TemporaryDirectory() as folder, patch.object(sheetxml, "BATCH_BYTES", 500):
        path = xml_book(Path(folder) / "a.xlsx", {"Sales": sheet(rows * times)})
        assert grid(path, 0) == grid(path, 1 << 40)
