"""What an anonymised copy leaves out of the workbook it is made from: listed, so that nobody looks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from keyaccount.problems import N_, Listed
from keyaccount.translation import Language
from keyaccount.workbook.create import START, template_path
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.headers import match_header
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import Relationship
from keyaccount.workbook.reader import head_reader
from keyaccount.workbook.sheetentries import SheetEntry
from keyaccount.workbook.shipped import EXTRAS

_PARTS = (
    (r"/(threadedcomments|comments)[^/]*(/[^/]*)?\.xml$", N_("comments (parts: {count})")),
    (r"/persons/", N_("the list of those who commented")),
    (r"/media/", N_("pictures (files: {count})")),
    (r"/pivot(cache|tables)/", N_("pivot tables and their copies of data (parts: {count})")),
    (r"/externallinks/externallink[^/]*\.xml$", N_("links to other workbooks (parts: {count})")),
    (r"vbaproject", N_("macros")),
    (r"^customxml/|^docprops/custom", N_("properties of your own (parts: {count})")),
    (r"^docprops/(core|app)", N_("title, author and company in the file's properties")),
    (r"/(connections|querytables/)", N_("data connections (parts: {count})")),
    (r"/printersettings/", N_("printer settings (parts: {count})")),
    (r"/embeddings/|/activex/|/ctrlprops/", N_("embedded files and form controls (parts: {count})")),
    (r"/slicer|/timeline", N_("slicers and timelines (parts: {count})")),
)
"""Patterns of part names, and what they hold."""
_HEAD = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]+)")
_NAME = re.compile(rb"""<(?:\w+:)?definedName\s[^>]*?name="([^"]*)\"""")
LISTS = {"en": "Lists", "zh": "列表"}
"""The template's hidden sheet of lists."""
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\s")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One kind of thing that was left out: an English template and its details."""

    template: str
    details: Mapping[str, str] = field(default_factory=dict)


def own_sheets_of(
    package: Package, places: Mapping[str, FoundTable], results: Mapping[str, str], language: Language
) -> tuple[SheetEntry, ...]:
    """Give the sheets that are neither the template's nor a table's nor one of these results."""
    known = {place.sheet.title for place in places.values()} | {START[language], LISTS[language]}
    return tuple(sheet for sheet in package.sheets if sheet.title not in known | set(results.values()))


def left_out(
    package: Package,
    places: Mapping[str, FoundTable],
    results: Mapping[str, str],
    own: Sequence[SheetEntry],
    language: Language,
    *,
    kept: bool = False,
) -> tuple[LeftOut, ...]:
    """List what the copy does not take over; ``own``: the user's sheets, of which the values are ``kept``."""
    return tuple(_left_out(package, places, results, own, language, kept=kept))


def _left_out(
    package: Package,
    places: Mapping[str, FoundTable],
    results: Mapping[str, str],
    own: Sequence[SheetEntry],
    language: Language,
    *,
    kept: bool,
) -> Iterator[LeftOut]:
    if own:
        said = N_("formats and formulas of your own sheets: {titles}")
        titles = Listed(sheet.title for sheet in own)
        yield LeftOut(said if kept else N_("sheets of your own: {titles}"), {"titles": titles})
    columns = list(_own_columns(package, places))
    if columns:
        yield LeftOut(N_("columns of your own: {columns}"), {"columns": Listed(columns)})
    names = [name.replace("\\", "/").casefold() for name in package.names]
    for pattern, template in _PARTS:
        count = sum(bool(re.search(pattern, name)) for name in names)
        if count:
            yield LeftOut(template, {"count": str(count)})
    inputs = [sheet for sheet in package.sheets if sheet.title not in results.values()]
    with Package.open(template_path(language)) as shipped:
        yield from _of_your_own(package, inputs, shipped)


def _of_your_own(package: Package, sheets: Sequence[SheetEntry], template: Package) -> Iterator[LeftOut]:
    """List names, printed texts and links, as far as the template does not have them."""
    drawings = [each for sheet in sheets for each in package.relationships(sheet.part).values()]
    drawn = [one for each in drawings if each.kind == "drawing" for one in _related(package, each.target)]
    if charts := sum(one.kind == "chart" for one in drawn):
        yield LeftOut(N_("charts of your own: {count}"), {"count": str(charts)})
    shipped = [template.read(sheet.part) for sheet in template.sheets]
    there = [package.read(sheet.part) for sheet in sheets]
    built_in = set(_NAME.findall(template.read(template.workbook_part)))
    defined = set(_NAME.findall(package.read(package.workbook_part))) - built_in
    if own := [name for name in defined if not name.startswith(b"_xlnm.")]:
        yield LeftOut(N_("names of your own: {count}"), {"count": str(len(own))})
    printed = {text for data in shipped for text in _HEAD.findall(data)}
    if headed := sum(bool(set(_HEAD.findall(data)) - printed) for data in there):
        yield LeftOut(N_("printed headers and footers of your own (sheets: {count})"), {"count": str(headed)})
    usual = sum(len(_LINK.findall(data)) for data in shipped)
    if (linked := sum(len(_LINK.findall(data)) for data in there) - usual) > 0:
        yield LeftOut(N_("links in cells of your own: {count}"), {"count": str(linked)})


def _related(package: Package, part: str) -> list[Relationship]:
    return list(package.relationships(part).values()) if part in package else []


def _own_columns(package: Package, places: Mapping[str, FoundTable]) -> Iterator[str]:
    read_head = head_reader(package)
    for place in places.values():
        texts = read_head(place.sheet, place.header_row).get(place.header_row, {})
        matched = match_header(place.table, place.header_row, texts)
        known = {number for found in matched.candidates.values() for number in found}
        added = {name for _, *names in EXTRAS.get(place.table.name, ()) for name in names}
        yield from (
            f"{place.sheet.title}!{text}"
            for number, text in texts.items()
            if number not in known and text not in added
        )
