from __future__ import annotations

import io
import time
import warnings
import zipfile
from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook.package import Package
from keyaccount.workbook.sheetentries import SheetEntry
from tests.workbook.reading import ENGLISH, MAIN, OFFICE, PACKAGE, openpyxl_book, sheet, xml_book

SALES = {"Sales": sheet("")}
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def refusal(path: Path) -> str:
    """Open what cannot be opened; give the sentence and the remedy."""
    with pytest.raises(FileProblem) as caught:
        Package.open(path)
    assert caught.value.remedy
    return f"{caught.value.message} {caught.value.remedy}"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def repacked(path: Path, replaced: dict[str, bytes]) -> Path:
    """Replace or add members of a package."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (members | replaced).items():
            archive.writestr(name, content)
    return path


def test_a_workbook_lists_its_sheets_in_order(tmp_path: Path) -> None:
    with Package.open(openpyxl_book(tmp_path / "a.xlsx", ENGLISH)) as package:
        assert [entry.title for entry in package.sheets] == list(ENGLISH)
        assert package.workbook_part == "xl/workbook.xml"
        assert not package.date1904
        assert not package.macro_enabled
        assert package.names == tuple(info.filename for info in package.infos)
        assert package.read(package.sheets[0].part).startswith(b"<worksheet")


def test_a_small_workbook_opens_in_a_few_milliseconds(tmp_path: Path) -> None:
    path = openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Notes": [["text", 1]] * 2000})
    times = []
    for _ in range(5):
        start = time.perf_counter()
        Package.open(path).close()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02


def test_sheet_states_and_ids_are_kept_and_chart_sheets_left_out(tmp_path: Path) -> None:
    sheets = (
        '<sheet name="A" sheetId="7" r:id="a" state="veryHidden"/><sheet name="Chart" sheetId="8" r:id="c"/>'
        '<sheet name="B" sheetId="9" r:id="b" state="hidden"/>'
    )
    path = xml_book(
        tmp_path / "a.xlsx",
        {"x": sheet("")},
        parts={
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:q="{OFFICE}"><sheets>'
            f"{sheets.replace('r:id', 'q:id')}</sheets></workbook>".encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="a" Type="{OFFICE}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
            f'<Relationship Id="b" Type="{OFFICE}/worksheet" Target="../xl/./worksheets/sheet%202.xml"/>'
            f'<Relationship Id="c" Type="{OFFICE}/chartsheet" Target="chart.xml"/></Relationships>'.encode(),
            "xl/worksheets/sheet 2.xml": sheet("").encode(),
            "xl/chart.xml": b"<chartsheet/>",
        },
    )
    with Package.open(path) as package:
        assert package.sheets == (
            SheetEntry("A", "xl/worksheets/sheet1.xml", "veryHidden", 7, "a"),
            SheetEntry("B", "xl/worksheets/sheet 2.xml", "hidden", 9, "b"),
        )


def test_the_workbook_part_is_found_through_the_relationships(tmp_path: Path) -> None:
    path = xml_book(tmp_path / "a.xlsx", SALES)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    moved = {name.replace("xl/", "Daten\\"): content for name, content in members.items()}
    moved = {
        name.replace("\\_rels/workbook.xml", "\\_rels\\Mappe.xml"): content for name, content in moved.items()
    }
    moved = {name.replace("\\workbook.xml", "\\mappe.XML"): content for name, content in moved.items()}
    moved["_rels/.rels"] = members["_rels/.rels"].replace(b"xl/workbook.xml", b"/daten/Mappe.xml")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in moved.items():
            archive.writestr(name, content)
    with Package.open(path) as package:
        assert package.workbook_part == "Daten\\mappe.XML"
        assert [entry.title for entry in package.sheets] == ["Sales"]


def test_a_strict_workbook_reads_like_any_other(tmp_path: Path) -> None:
    path = xml_book(tmp_path / "a.xlsx", SALES, workbook='<workbookPr date1904="true"/>')
    with zipfile.ZipFile(path) as archive:
        strict = {
            name: archive.read(name)
            .replace(OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")
            .replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            for name in archive.namelist()
        }
    with Package.open(repacked(path, strict)) as package:
        assert [entry.title for entry in package.sheets] == ["Sales"]
        assert package.date1904


def test_macros_show_in_the_content_type(tmp_path: Path) -> None:
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml"'
        ' ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    )
    path = xml_book(tmp_path / "a.xlsm", SALES, parts={"[Content_Types].xml": types.encode()})
    with Package.open(path) as package:
        assert package.macro_enabled


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty (0 bytes)"),
        (
            OLE2 + "EncryptedPackage".encode("utf-16-le"),
            "is encrypted with a password. Give the password on standard input with --password-stdin, or",
        ),
        (OLE2 + "Workbook".encode("utf-16-le"), "an old Excel workbook (.xls), or an encrypted one"),
        (OLE2, "encrypted workbook or an old Office file"),
        (b"Sale ID,Date\nX1,2026-01-05\n", "a text file (such as CSV)"),
        ("单号,日期\n".encode("gb18030"), "a text file (such as CSV)"),
        ("单号\t日期\n".encode("utf-16"), "a text file (such as CSV)"),
        (b"\xef\xbb\xbf\n <!DOCTYPE HTML><table>", "a web page (HTML)"),
        (b"%PDF-1.7", "a PDF document"),
        (b'<?xml version="1.0"?><Workbook/>', "an XML file"),
        (b"\x09\x08\x10\x00\x00\x06", "a very old Excel workbook (.xls)"),
        (bytes(range(256)), "something else"),
        (b"PK\x03\x04 but no more", "is damaged or cut off"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_seems_to_be(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in refusal(written(tmp_path / "a.xlsx", content))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "none.xlsx")
    assert "is a folder" in refusal(tmp_path)


def test_a_cut_file_is_damaged(tmp_path: Path) -> None:
    content = xml_book(tmp_path / "a.xlsx", SALES).read_bytes()
    for length in range(4, len(content), 97):
        assert "damaged or cut off" in refusal(written(tmp_path / "cut.xlsx", content[:length]))


def test_a_changed_byte_is_found_and_its_part_named(tmp_path: Path) -> None:
    path = xml_book(tmp_path / "a.xlsx", {"Sales": sheet("<row/>" * 40)})
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 0xFF
    assert "damaged in its part xl/worksheets/sheet1.xml" in refusal(written(path, bytes(content)))


def test_a_part_of_another_length_than_declared_is_damaged(tmp_path: Path) -> None:
    path = xml_book(tmp_path / "a.xlsx", SALES)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    content = path.read_bytes()
    directory = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/worksheets/sheet1.xml"))
    longer = (info.file_size + 1).to_bytes(4, "little")
    written(path, content[: directory + 24] + longer + content[directory + 28 :])
    with Package.open(path) as package, pytest.raises(FileProblem, match="cut off"):
        package.read("xl/worksheets/sheet1.xml")


def test_other_spreadsheets_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "OpenDocument file (such as .ods)" in refusal(path)
    xml_book(path, SALES)
    with zipfile.ZipFile(path) as archive:
        relationships = archive.read("_rels/.rels")
    repacked(path, {"_rels/.rels": relationships.replace(b"workbook.xml", b"workbook.bin")})
    assert "binary Excel workbook (.xlsb)" in refusal(path)
    xml_book(path, SALES, parts={"xl/workbook.xml": b"<document/>"})
    assert "a file of another Office program" in refusal(path)


def test_a_zip_without_workbook_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert "no workbook in it" in refusal(path)


def test_a_listed_sheet_that_is_not_there_is_damage(tmp_path: Path) -> None:
    path = xml_book(tmp_path / "a.xlsx", SALES)
    with zipfile.ZipFile(path) as archive:
        relationships = archive.read("xl/_rels/workbook.xml.rels")
    repacked(path, {"xl/_rels/workbook.xml.rels": relationships.replace(b"sheet1.xml", b"sheet9.xml")})
    assert "the sheet “Sales” it lists is not in the file" in refusal(path)


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "XL/Worksheets/Sheet1.XML"])
def test_a_part_that_is_there_twice_is_refused(tmp_path: Path, name: str) -> None:
    path = xml_book(tmp_path / "a.xlsx", SALES)
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(name, sheet(""))
    assert "twice: which one counts is unclear" in refusal(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/app.xml"])
def test_a_doctype_is_refused_wherever_it_is(tmp_path: Path, name: str, encoding: str) -> None:
    evil = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    path = xml_book(tmp_path / "a.xlsx", SALES, parts={name: evil.encode(encoding)})
    assert "has a DOCTYPE" in refusal(path)


def test_a_doctype_behind_a_long_comment_is_refused_when_the_part_is_read(tmp_path: Path) -> None:
    hidden = f"<!--{' ' * 5000}--><!DOCTYPE a><Relationships/>"
    path = xml_book(tmp_path / "a.xlsx", SALES, parts={"xl/_rels/workbook.xml.rels": hidden.encode()})
    assert "has a DOCTYPE" in refusal(path)


def test_a_part_that_swells_too_much_is_refused(tmp_path: Path) -> None:
    bomb = sheet(" " * (8 << 20))
    assert "would swell" in refusal(xml_book(tmp_path / "a.xlsx", {"Sales": bomb}))


def test_parts_that_are_too_big_together_are_refused(tmp_path: Path) -> None:
    path = xml_book(tmp_path / "a.xlsx", SALES)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("big.bin", b"x" * 1000)
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(b"big.bin"))
    content[place + 20 : place + 28] = (2 << 30).to_bytes(4, "little") * 2
    assert "too big" in refusal(written(path, bytes(content)))


def test_an_encrypted_member_is_called_encrypted(tmp_path: Path) -> None:
    content = bytearray(xml_book(tmp_path / "a.xlsx", SALES).read_bytes())
    for place in range(len(content) - 4):
        if content[place : place + 4] == b"PK\x01\x02":
            content[place + 8] |= 1
    assert "is encrypted" in refusal(written(tmp_path / "a.xlsx", bytes(content)))


@pytest.mark.parametrize(
    "damage",
    [
        b"<workbook><sheets>",
        b"",
        b"\x00\x01",
        b"<workbook>&nbsp;</workbook>",
        b"<?xml version='1.0' encoding='x-none'?><a/>",
    ],
)
def test_damaged_xml_is_named_and_never_a_traceback(tmp_path: Path, damage: bytes) -> None:
    path = xml_book(tmp_path / "a.xlsx", SALES, parts={"xl/workbook.xml": damage})
    assert "damaged in its part xl/workbook.xml" in refusal(path)


def test_a_file_may_be_opened_again_after_a_refusal(tmp_path: Path) -> None:
    path = xml_book(tmp_path / "a.xlsx", SALES, parts={"xl/workbook.xml": b"<a/>"})
    refusal(path)
    path.unlink()  # nothing holds it open
    assert zipfile.ZipFile(io.BytesIO(xml_book(path, SALES).read_bytes())).testzip() is None
