"""Rows that are taken many at once are those that the exact parser reads; every other row is handed back."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook.alikerows import AlikeRows
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawcells import unescape
from keyaccount.workbook.rawrows import Batch, RawRow
from keyaccount.workbook.rowparser import RowParser
from keyaccount.workbook.sheetxml import AllColumns

WANTED = (4, 1, 2, 5)
ROW = re.compile(rb"<row .*?</row>", re.DOTALL)


def row(number: int, *, spans: str = ' spans="1:7"', discount: str = "", note: str = "") -> str:
    cells = (
        f'<c r="A{number}" t="s"><v>{number}</v></c>'
        f'<c r="B{number}" s="1"><v>{46_000 + number % 90}</v></c>'
        f'<c r="C{number}" t="inlineStr"><is><t>A{number % 7} &amp; Co</t></is></c>'
        f'<c r="D{number}"><f>C{number}*2&gt;1</f><v>{number}.25</v></c>'
        f'{discount}<c r="F{number}"><f t="shared" si="0"/><v>1</v></c>{note}'
    )
    return f'<row r="{number}"{spans}>{cells}</row>'


def rows(numbers: range, chance: random.Random) -> list[str]:
    """Give rows of one look: a discount in some, a styled blank one in others, a note that nobody wants."""
    made = []
    for number in numbers:
        discount = chance.choice(("", f'<c r="E{number}" s="3"/>', f'<c r="E{number}" s="3"><v>-0.5</v></c>'))
        note = chance.choice(("", f'<c r="G{number}" t="s"><v>3</v></c>'))
        made.append(row(number, discount=discount, note=note))
    return made


def exactly(data: bytes) -> dict[int, RawRow]:
    """Read rows with the exact parser."""
    parser = RowParser(cast("Package", _Nothing()), "sheet1.xml", AllColumns())
    parser.feed(b"<worksheet><sheetData>")
    parser.feed(data)
    assert not parser.faults
    return {each.number: each for each in parser.take()}


class _Nothing:
    path = Path("a.xlsx")


def same(batch: Batch, expected: dict[int, RawRow]) -> None:
    for index, number in enumerate(batch.numbers):
        cells = expected[number].cells
        for column, raw in zip(WANTED, batch.columns, strict=True):
            tag, content = cells.get(column, (b"", b""))
            text = unescape((raw.contents[index] or b"").decode())
            assert text == unescape(content.decode()), (number, column)
            assert not text or raw.tag(index).split() == tag.split()


@pytest.mark.parametrize("first", [2, 95, 990, 99_990, 999_990])
def test_every_row_of_the_learnt_look_is_taken_with_its_contents(first: int) -> None:
    chance = random.Random(first)
    data = "".join(rows(range(first, first + 200), chance)).encode()
    batch, left = AlikeRows(WANTED, data).read(data)
    assert left == b""
    assert batch.numbers == list(range(first, first + 200))
    same(batch, exactly(data))


def test_a_row_that_looks_otherwise_is_handed_back_whole() -> None:
    chance = random.Random(1)
    made = rows(range(2, 60), chance)
    odd = {
        5: row(5, spans=' spans="1:7" hidden="1"'),
        9: row(9).replace('<c r="A9"', '<c r="A8"'),
        12: row(12).replace("<v>12.25</v>", "<v>12.25</v><v>1</v>"),
        17: row(17).replace(' t="s"', ""),
        20: row(20).replace("</row>", '<c r="D20"><v>1</v></c></row>'),
        26: row(26).replace("<v>26.25</v>", "<v></v>"),
        31: row(31).replace('r="31"', 'r="031"', 1),
        40: row(40) + "<!-- -->",
    }
    learnt = "".join(made).encode()
    for number, text in odd.items():
        made[number - 2] = text
    batch, left = AlikeRows(WANTED, learnt).read("".join(made).encode())
    assert left == "".join(odd.values()).encode()
    assert batch.numbers == [number for number in range(2, 60) if number not in odd]


def test_whatever_byte_is_changed_a_row_that_is_taken_is_read_as_the_exact_parser_reads_it() -> None:
    chance = random.Random(2)
    made = rows(range(95, 125), chance)
    learnt = "".join(made).encode()
    alike = AlikeRows(WANTED, learnt)
    fewer = compared = 0
    for _ in range(500):
        data = bytearray(learnt)
        at = chance.randrange(len(data))
        data[at : at + chance.randrange(3)] = chance.choice(
            (b"", b"<", b">", b'"', b"7", b"&lt;", b" ", b"</v>")
        )
        batch, left = alike.read(bytes(data))
        fewer += len(batch) < len(made)
        assert len(batch) >= len(made) - 2
        taken = [piece for piece in ROW.findall(bytes(data)) if piece not in left]
        assert len(taken) == len(batch)
        with suppress(FileProblem):  # an entity cut short: what takes the contents refuses it
            same(batch, exactly(b"".join(taken)))
            compared += 1
    assert fewer > 150 < compared
