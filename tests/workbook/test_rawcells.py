"""Raw cells as sheet parts hold them, and formats that show dates."""

from __future__ import annotations

import pytest

from keyaccount.workbook.formats import is_date_format
from keyaccount.workbook.rawcells import Cell, Decoder, decode_escapes


@pytest.mark.parametrize(
    ("code", "dated"),
    [
        ("yyyy-mm-dd", True),
        ('[$-804]yyyy"年"m"月"d"日"', True),
        ("[h]:mm", True),
        ("mmm\\-yy", True),
        ("General", False),
        ("0.00%", False),
        ("#,##0.00_);[Red](#,##0.00)", False),
        ('0 "days"', False),
        ("0\\d", False),
        ("@", False),
        ("[$¥-804]#,##0.00", False),
        ("0.00E+00", False),
        ("[DBNum1]yyyy", True),
        ("0_d", False),
    ],
)
def test_date_formats_are_told_from_number_formats(code: str, dated: bool) -> None:  # noqa: FBT001 under test
    assert is_date_format(code) is dated


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a_x000D_b", "a\rb"),
        ("_x0041_", "A"),
        ("_x005F_x0041_", "_x0041_"),
        ("_x0000_", "_x0000_"),
        ("_x00_", "_x00_"),
        ("_xD83D__xDE00_", "😀"),
        ("_xd83d_", "�"),
    ],
)
def test_escaped_characters_are_decoded_as_excel_does(written: str, meant: str) -> None:
    assert decode_escapes(written) == meant


@pytest.mark.parametrize(
    ("tag", "content", "cell"),
    [
        (b"", b"1", Cell("number", "1")),
        (b' s="1"', b"1", Cell("number", "1", dated=True)),
        (b" s='1' t='n' ", b"1", Cell("number", "1", dated=True)),
        (b' t="s"', b"1", Cell("text", "b")),
        (b' t="s"', b"2", Cell("broken", "2")),
        (b' t="s"', b"-1", Cell("broken", "-1")),
        (b' t="str"', b"#DIV/0!", Cell("error", "#DIV/0!")),
        (b' t="inlineStr"', b"#DIV/0!", Cell("text", "#DIV/0!")),
        (b' t="str"', b"&lt;&#20013;&#x4E2d;&amp;", Cell("text", "<中中&")),
        (b' t="b"', b"1", Cell("boolean", "TRUE")),
        (b' t="b"', b"2", Cell("broken", "2")),
        (b' t="e"', b"#N/A", Cell("error", "#N/A")),
        (b' t="d"', b"2026-01-01", Cell("date", "2026-01-01")),
        (b' t="unheard"', b"1", Cell("broken", "1")),
        (b' s="77"', b"", None),
        (b' t="str"', b"", None),
    ],
)
def test_raw_cells_are_decoded(tag: bytes, content: bytes, cell: Cell | None) -> None:
    assert Decoder(["a", "b"], frozenset({1})).cell(tag, content) == cell


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (b' t="n', b"1"),
        (b"", b"&nbsp;"),
        (b"", b"a & b"),
        (b"", b"\xff"),
        (b"", b"&#xD800;"),
        (b"", b"&#0;"),
        (b"", b"a\x01"),
    ],
)
def test_damaged_cells_are_value_errors(tag: bytes, content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Decoder([], frozenset()).cell(tag, content)
