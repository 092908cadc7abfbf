"""Mutators of parts: XML that is damaged, odd, hostile, or means something else than it seems."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from tests.campaigns.fuzzing.books import Base
from tests.campaigns.fuzzing.editing import places, variant, with_cell, with_text
from tests.campaigns.fuzzing.judge import Variant
from tests.workbook.reading import MAIN

Mutator = Callable[[Random, Base], Variant]
Tokens = list[str]
_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_ATTRIBUTE = re.compile(r"""\s([\w:]+)=("[^"]*"|'[^']*')""")
MOST_EDITS = 4
VALUES = (
    *(
        "0",
        "1",
        "-1",
        "2",
        "7",
        "99",
        "1048576",
        "1048577",
        "4294967296",
        "9" * 30,
        "1e400",
        "NaN",
        "",
        " ",
        "x",
    ),
    *("A1", "B2", "D3", "XFD1048576", "ZZZZ9", "a1", "$A$1", "A1:B2", "true", "s", "n", "b", "e", "d", "str"),
    *(
        "inlineStr",
        "rId1",
        "rId2",
        "sheet",
        "hidden",
        "Sales",
        "销售明细",
        "xl/workbook.xml",
        "/",
        "../..",
        "\u0000",
    ),
)
NOISE = "<>&\"'/= 0159.,-+eE[]!?;:#xA\u00a0\u200b\u3000\ufeff\u0000\u0007𝟙１"
INSERTS = (
    "<!-- 9999 -->",
    "<?x 9999?>",
    "<![CDATA[9999]]>",
    "<![CDATA[]]>",
    "&#57;",
    "&amp;",
    "&x;",
    "&#0;",
    "&#xD800;",
    "<v>9999</v>",
    "<f>1+1</f>",
    '<c r="A1"><v>9999</v></c>',
    '<row r="3"><c r="D3"><v>9999</v></c></row>',
    "<is><t>9999</t></is>",
    "<extLst><ext><v>9999</v></ext></extLst>",
    '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><v>9999</v></mc:Choice></mc:AlternateContent>',
    "<sheetData/>",
    "</sheetData><sheetData>",
    '<x:v xmlns:x="urn:other">9999</x:v>',
    "\n",
    "9",
    " ",
)


def tags_and_texts(random: Random, base: Base) -> Variant:
    """Tags and texts dropped, doubled, exchanged, nested, filled with what does not belong there."""
    part = _part(random, base)
    tokens: Tokens = _TOKEN.findall(base.parts[part].decode())
    told = [random.choice(EDITS)(random, tokens) for _ in range(random.randint(1, MOST_EDITS))]
    return variant(base.parts | {part: "".join(tokens).encode("utf-8", "replace")}, f"{part}: {told}")


def _dropped(random: Random, tokens: Tokens) -> str:
    place = random.randrange(len(tokens))
    return f"dropped {tokens.pop(place)!r}" if len(tokens) > 1 else "nothing"


def _doubled(random: Random, tokens: Tokens) -> str:
    start = random.randrange(len(tokens))
    end = start + random.choice((1, 1, 2, 3, 5, 9))
    piece = tokens[start:end]
    tokens[end:end] = piece
    return f"doubled {''.join(piece)!r}"


def _exchanged(random: Random, tokens: Tokens) -> str:
    one, other = random.randrange(len(tokens)), random.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]
    return f"exchanged {tokens[one]!r} and {tokens[other]!r}"


def _inserted(random: Random, tokens: Tokens) -> str:
    place, piece = random.randrange(len(tokens)), random.choice(INSERTS)
    if tokens[place].startswith("<"):
        tokens.insert(place, piece)
    else:
        cut = random.randint(0, len(tokens[place]))
        tokens[place] = f"{tokens[place][:cut]}{piece}{tokens[place][cut:]}"
    return f"inserted {piece!r} at {''.join(tokens[max(0, place - 1) : place + 2])!r}"


def _nested(random: Random, tokens: Tokens) -> str:
    place = random.randrange(len(tokens))
    name = random.choice(("c", "row", "v", "t", "is", "x", "sheetData", "r", "si", "rPh"))
    tokens.insert(min(len(tokens), place + random.randint(1, 4)), f"</{name}>")
    tokens.insert(place, f"<{name}>")
    return f"nested in {name}: {''.join(tokens[place : place + 4])!r}"


def _attribute(random: Random, tokens: Tokens) -> str:
    tags = [index for index, token in enumerate(tokens) if _ATTRIBUTE.search(token)]
    if not tags:
        return "nothing"
    place = random.choice(tags)
    before = tokens[place]
    found = random.choice([*_ATTRIBUTE.finditer(before)])
    value = random.choice(VALUES)
    made = random.choice(
        (
            "",
            f'{found[0]} {found[1]}="{value}"',
            f' {found[1]}="{value}"',
            f' {found[1]}="{value}"',
            f' {found[1]}="{value}"',
            f" {found[1]} = '{value}'",
            f" x:{found[1]}={found[2]}",
            f" {found[1].upper()}={found[2]}",
            f' {found[1]}=" {found[2][1:-1]} "',
        )
    )
    tokens[place] = before[: found.start()] + made + before[found.end() :]
    return f"{before!r} became {tokens[place]!r}"


def _noise(random: Random, tokens: Tokens) -> str:
    place = random.randrange(len(tokens))
    at = random.randrange(len(tokens[place]) or 1)
    before, character = tokens[place], random.choice(NOISE)
    tokens[place] = before[:at] + character + before[at + random.randint(0, 1) :]
    return f"{before!r} became {tokens[place]!r}"


EDITS = (
    _dropped,
    _doubled,
    _exchanged,
    _inserted,
    _inserted,
    _nested,
    _attribute,
    _attribute,
    _attribute,
    _noise,
)


def bytes_in_a_part(random: Random, base: Base) -> Variant:
    """Bytes of a part are others, and its checksum is right: nothing but its content tells."""
    part = _part(random, base)
    data = bytearray(base.parts[part])
    places_ = [random.randrange(len(data)) for _ in range(random.randint(1, MOST_EDITS))]
    for place in places_:
        data[place] = random.choice((random.randrange(256), ord("0") + random.randrange(10)))
    return variant(base.parts | {part: bytes(data)}, f"{part}: bytes at {places_}")


def digits_in_a_part(random: Random, base: Base) -> Variant:
    """Digits of a part are others: amounts, days, addresses, numbers of strings and formats."""
    part = _part(random, base)
    text = base.parts[part].decode()
    found = [each.start() for each in re.finditer("[0-9]", text)]
    made = [*text]
    chosen = random.sample(found, min(len(found), random.randint(1, MOST_EDITS)))
    for place in chosen:
        made[place] = random.choice("0123456789")
    return variant(base.parts | {part: "".join(made).encode()}, f"{part}: digits at {chosen}")


def hostile_declarations(random: Random, base: Base) -> Variant:
    """A DOCTYPE, in any encoding, before any part: refused."""
    part = _part(random, base)
    text = base.parts[part].decode()
    inside = random.choice(
        (
            "",
            ' [<!ENTITY a "9999">]',
            ' [<!ENTITY a "9"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]',
            ' SYSTEM "file:///etc/hostname"',
            ' [<!ENTITY a SYSTEM "file:///etc/hostname">]',
            ' [<!ATTLIST c t CDATA "s">]',
        )
    )
    before = random.choice(("", " " * 5000, "<!-- x -->" * 300))
    made = text.replace("?>\n", f"?>\n{before}<!DOCTYPE worksheet{inside}>", 1)
    if " a " in inside:
        made = re.sub("<v>[^<]*</v>", "<v>&a;</v>", made, count=1)
    encoding = random.choice(("utf-8", "utf-8", "utf-16", "utf-16-be"))
    data = made.replace("UTF-8", encoding[:6]).encode(encoding)
    return variant(base.parts | {part: data}, f"{part}: DOCTYPE{inside} in {encoding}", "error")


def encodings(random: Random, base: Base) -> Variant:
    """A part in another encoding, rightly or wrongly declared."""
    part = _part(random, base)
    text = base.parts[part].decode()
    encoding = random.choice(
        ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "latin-1", "ascii")
    )
    said = random.choice((encoding, "utf-8", "UTF-16", "gb2312", "latin-1", "x-unknown", ""))
    declaration = f' encoding="{said}"' if said else ""
    made = text.replace(' encoding="UTF-8"', declaration, 1).encode(encoding, "replace")
    return variant(base.parts | {part: made}, f"{part}: in {encoding}, declared {said}")


def prefixes(random: Random, base: Base) -> Variant:
    """Every element of a sheet bears a prefix, as some programs write: the same."""
    sheets = [name for name in base.parts if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    part = random.choice([*sheets, "xl/sharedStrings.xml", "xl/workbook.xml"])
    text = base.parts[part].decode()
    made = re.sub(r"<(/?)([a-zA-Z]\w*)(?=[\s/>])", r"<\1x:\2", text).replace("xmlns=", "xmlns:x=", 1)
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    made = made.replace(f'"{MAIN}"', f'"{strict}"') if random.random() < 0.2 else made
    return variant(
        base.parts | {part: made.encode()}, f"{part}: prefixes", "same", or_error=part == "xl/workbook.xml"
    )


def the_date_system(random: Random, base: Base) -> Variant:
    """The workbook says that it counts days from 1904, or says it unclearly."""
    said = random.choice(("1", "true", "0", "false", "TRUE", "yes", "", "2", " 1 "))
    parts = with_text(
        base.parts, "xl/workbook.xml", re.compile("<workbookPr[^>]*/>"), f'<workbookPr date1904="{said}"/>'
    )
    return variant(parts, f"date1904={said!r}")


def relations_and_lists(random: Random, base: Base) -> Variant:
    """Relationships and the list of sheets lead elsewhere, twice, or nowhere."""
    part = random.choice(
        ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "[Content_Types].xml")
    )
    tokens: Tokens = _TOKEN.findall(base.parts[part].decode())
    listed = [index for index, each in enumerate(tokens) if each.startswith(("<sheet ", "<Rel", "<Over"))]
    one, other = random.choice(listed), random.choice(listed)
    way = random.randrange(5)
    if way == 0:
        tokens.insert(other, tokens[one])
    elif way == 1:
        del tokens[one]
    elif way == 2:
        first, second = (re.search(r'(?:Target|name)="[^"]*"', tokens[each]) for each in (one, other))
        if first and second:
            left, right = tokens[one], tokens[other]
            tokens[one] = left.replace(first[0], second[0])
            tokens[other] = right.replace(second[0], first[0]) if one != other else tokens[one]
    elif way == 3:
        tokens[one] = tokens[one].replace("/>", ' TargetMode="External"/>')
    else:
        return tags_and_texts_of(random, base, part)
    return variant(
        base.parts | {part: "".join(tokens).encode()}, f"{part}: way {way}, {tokens[one]!r}, {other}"
    )


def tags_and_texts_of(random: Random, base: Base, part: str) -> Variant:
    """Edit one part."""
    tokens: Tokens = _TOKEN.findall(base.parts[part].decode())
    told = [_attribute(random, tokens) for _ in range(random.randint(1, 2))]
    return variant(base.parts | {part: "".join(tokens).encode("utf-8", "replace")}, f"{part}: {told}")


def odd_values_in_cells(random: Random, base: Base) -> Variant:
    """A cell with two values, a value beside a text, elements of others, or where no value belongs."""
    place = random.choice(places(base, "amount", "day", "id", "rate"))
    address, first = place.address, random.choice(("11.11", "46030", "0", "1"))
    xml = random.choice(
        (
            '<c r="{a}"><v>{n}</v><v>99</v></c>',
            '<c r="{a}"><v>{n}</v><v/></c>',
            '<c r="{a}" t="inlineStr"><is><t>{n}</t></is><is><t>99</t></is></c>',
            '<c r="{a}" t="inlineStr"><is><t>{n}</t></is><v>99</v></c>',
            '<c r="{a}" t="inlineStr"><is><t>{n}</t><t>99</t></is></c>',
            '<c r="{a}"><is><t>{n}</t></is></c>',
            '<c r="{a}" t="s"><is><t>{n}</t></is></c>',
            '<c r="{a}"><v><x>{n}</x></v></c>',
            '<c r="{a}"><v>{n}<x>99</x></v></c>',
            '<c r="{a}"><x><v>{n}</v></x></c>',
            '<c r="{a}"><f><v>{n}</v></f></c>',
            '<c r="{a}"><v>{n}</v><c r="{a}"><v>99</v></c></c>',
            '<c r="{a}"><v><v>{n}</v>99</v></c>',
            '<c r="{a}" t="inlineStr"><is><rPh><t>{n}</t></rPh></is></c>',
            '<c r="{a}" t="inlineStr"><is><r><rPh><t>99</t></rPh><t>{n}</t></r></is></c>',
            '<c r="{a}"><is><t>{n}</t></is><v>99</v></c>',
            '<x:c xmlns:x="urn:other" r="{a}"><v>{n}</v></x:c>',
            '<c r="{a}"><x:v xmlns:x="urn:other">{n}</x:v></c>',
            '<c r="{a}" x:r="{a}" xmlns:x="urn:other"><v>{n}</v></c>',
            '<c r="{a}" t="n" s="1e0"><v>{n}</v></c>',
            '<c r="{a}" s="99"><v>{n}</v></c>',
            '<c r="{a}" s="-1"><v>{n}</v></c>',
            '<c r="{l}"><v>{n}</v></c>',
            "<c><v>{n}</v></c>",
            '<c r="${a}"><v>{n}</v></c>',
            '</row><c r="{a}"><v>{n}</v></c><row>',
        )
    ).format(a=address, n=first, l=address.lower())
    return variant(with_cell(base.parts, place, xml), f"{place.table} {address}: {xml}")


def _part(random: Random, base: Base) -> str:
    """Choose a part, those with the money more often."""
    big = [base.sheet_part("Sales"), base.sheet_part("Adjustments"), base.sheet_part("Assignments")]
    parts = [
        name for name in base.parts if name.endswith((".xml", ".rels")) and len(base.parts[name]) < 60_000
    ]
    return random.choice(big) if random.random() < 0.4 else random.choice(parts)


MARKUP: tuple[Mutator, ...] = (
    tags_and_texts,
    tags_and_texts,
    tags_and_texts,
    bytes_in_a_part,
    digits_in_a_part,
    digits_in_a_part,
    hostile_declarations,
    encodings,
    prefixes,
    the_date_system,
    relations_and_lists,
    odd_values_in_cells,
    odd_values_in_cells,
)
