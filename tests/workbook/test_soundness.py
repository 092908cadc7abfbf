"""Every workbook that tests write is validated (``tests.written``): that this notices what is broken."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.package import Package
from keyaccount.workbook.save import save
from tests.soundness import Opened, faults, shapes
from tests.workbook.books import plain, rewrite, write
from tests.workbook.saving import python
from tests.written import WATCHER, Watcher, Written

Edit = Callable[[str], str]
BOOK, TYPES, RELS = "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"


def replaced(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return edit


BROKEN: dict[str, tuple[str, Edit]] = {
    "leads to xl/gone.xml, which is not there": (RELS, replaced("worksheets/sheet1.xml", "gone.xml")),
    "holds the ID rId1 twice": (RELS, replaced('Id="rId2"', 'Id="rId1"')),
    "names the relationship rId1, which is not there": (RELS, replaced('Id="rId1"', 'Id="rId99"')),
    "has a content type and is not there": (TYPES, replaced("/xl/styles.xml", "/xl/looks.xml")),
    "two sheets have the sheet ID 1": (BOOK, replaced('sheetId="2"', 'sheetId="1"')),
    "two sheets have the title": (BOOK, replaced('name="Policies"', 'name="Tiers"')),
    "the sheet that is shown, 99": (BOOK, replaced('activeTab="0"', 'activeTab="99"')),
    "the style of A1 is not there": ("xl/worksheets/sheet2.xml", replaced(' s="', ' s="9')),
    "stands after row": ("xl/worksheets/sheet2.xml", replaced('<row r="2"', '<row r="1"')),
    "two tables have the id 1": ("xl/tables/table2.xml", replaced(' id="2"', ' id="1"')),
    "cellXfs are counted wrongly": ("xl/styles.xml", replaced('<cellXfs count="', '<cellXfs count="9')),
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    create_workbook(path, "en", 2026)
    return path


@pytest.mark.parametrize("said", BROKEN)
def test_a_broken_rule_between_parts_is_told(book: Path, said: str) -> None:
    part, edit = BROKEN[said]
    assert faults(Opened(book.read_bytes())) == set()
    rewrite(book, {part: edit})
    assert any(said in fault for fault in faults(Opened(book.read_bytes())))


def test_a_text_beyond_the_shared_ones_is_told(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    rewrite(book, {"xl/worksheets/sheet1.xml": replaced('<c r="C1" t="n"><v>12.5', '<c r="C1" t="s"><v>7')})
    assert faults(Opened(book.read_bytes())) == {"xl/worksheets/sheet1.xml: the text of C1 is not there"}


def test_what_excel_would_repair_is_told_though_every_rule_between_parts_holds(book: Path) -> None:
    before = book.read_bytes()
    rewrite(book, {"xl/worksheets/sheet2.xml": replaced("<sheetData>", "<sheetDatum/><sheetData>")})
    watcher = Watcher()
    watcher.waiting = [Written("first.xlsx", before), Written("second.xlsx", book.read_bytes(), before)]
    assert faults(Opened(book.read_bytes())) == set()
    said = watcher.complaints()
    assert any("sheetDatum" in each for each in said)
    assert all(each.startswith("second.xlsx: /xl/worksheets/sheet2.xml: ") for each in said)


def test_a_fault_that_was_there_before_is_not_the_programs(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    rewrite(book, {"xl/worksheets/sheet2.xml": replaced("<sheetData", "<sheetDatum/><sheetData")})
    rewrite(book, {"_rels/.rels": replaced("docProps/app.xml", "docProps/gone.xml")})
    assert write(book)
    assert any("gone" in fault for fault in faults(Opened(book.read_bytes())))


def test_another_look_and_another_order_are_shapes_of_their_own(book: Path) -> None:
    before = shapes(Opened(book.read_bytes()))
    rewrite(book, {"xl/worksheets/sheet2.xml": replaced('<row r="2"', '<row r="2" spans="1:3"')})
    again = shapes(Opened(book.read_bytes()))
    assert len(again - before) == 1


def test_what_the_program_saves_in_a_test_is_noted_with_what_it_was_before(book: Path) -> None:
    before = book.read_bytes()
    write(book)
    noted = WATCHER.waiting[-1]
    assert (noted.name, noted.after, noted.before) == ("book.xlsx", book.read_bytes(), before)
    assert WATCHER.complaints() == []
    assert WATCHER.waiting == []


def test_what_the_program_saves_unsound_in_a_test_is_complained_of(book: Path) -> None:
    with Package.open(book) as package:
        save(
            package,
            {"xl/styles.xml": package.read("xl/styles.xml").replace(b"<dxfs ", b"<dxfs odd='1' ", 1)},
            book,
        )
    assert any("/xl/styles.xml: " in said for said in WATCHER.complaints())
    book.unlink()


@pytest.mark.skipif(os.name == "nt", reason="starts a process as POSIX does")
def test_what_another_process_of_the_program_writes_is_noted_too(book: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from keyaccount.workbook.package import Package\n"
        "from keyaccount.workbook.save import save\n"
        "book = Path(sys.argv[1])\n"
        "with Package.open(book) as package:\n"
        "    save(package, {'xl/odd.bin': b'x'}, book)\n"
    )
    WATCHER.complaints()
    done = python(code, book)
    done.communicate(timeout=60)
    assert done.returncode == 0
    WATCHER.note_folder(book.parent)
    assert any("xl/odd.bin has no content type" in said for said in WATCHER.complaints())
    book.unlink()
