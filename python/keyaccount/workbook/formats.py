"""Which cell formats of a workbook show a number as a date."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import attribute, local_name

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)))
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTER = re.compile("[ymdhs]", re.IGNORECASE)


def dated_styles(package: Package) -> frozenset[int]:
    """Give the numbers of the cell formats (the ``s`` of a cell) that show dates or times."""
    part = next(
        (
            relationship.target
            for relationship in package.relationships(package.workbook_part).values()
            if relationship.kind == "styles" and relationship.target in package
        ),
        "",
    )
    return _dated(package.parse(part)) if part else frozenset()


def _dated(styles: Element) -> frozenset[int]:
    codes: dict[str, str] = {}
    formats: list[str] = []
    for group in styles:
        name = local_name(group)
        if name == "numFmts":
            codes = {attribute(code, "numFmtId"): attribute(code, "formatCode") for code in group}
        elif name == "cellXfs":
            formats = [attribute(xf, "numFmtId") for xf in group if local_name(xf) == "xf"]
    dated = {number: _shows_date(number, codes) for number in set(formats)}
    return frozenset(index for index, number in enumerate(formats) if dated[number])


def _shows_date(number: str, codes: dict[str, str]) -> bool:
    if number in codes:
        return is_date_format(codes[number])
    return number.isascii() and number.isdigit() and int(number[:6]) in _BUILT_IN_DATES


def is_date_format(code: str) -> bool:
    """Tell whether a number format shows a date or time: a y, m, d, h or s outside literals and colours."""
    first_section = code.partition(";")[0]
    return code.lower() != "general" and bool(_DATE_LETTER.search(_NOT_SHOWN.sub("", first_section)))
