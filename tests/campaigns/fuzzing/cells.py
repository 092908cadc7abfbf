"""Mutators of cells, of which each knows what it means: the same, another amount, or an error."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.campaigns.fuzzing.books import (
    AMOUNT_STYLE,
    DATE_STYLE,
    Base,
    Parts,
    Place,
    cell,
    column,
    said,
    serial,
)
from tests.campaigns.fuzzing.editing import (
    cell_of,
    places,
    some,
    variant,
    with_cell,
    with_string,
    with_text,
    with_value,
)
from tests.campaigns.fuzzing.judge import Variant

Mutator = Callable[[Random, Base], Variant]
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
SPACES = ("\u00a0", "\u3000", "\u200b", "\ufeff", " ", "\t")
NUMBERS = (
    '<c r="{a}"><v> {n}\n</v></c>',
    '<c r="{a}"><v><![CDATA[{n}]]></v></c>',
    '<c r="{a}"><v>{n0}<!-- {m} -->{n1}</v></c>',
    '<c r="{a}"><v>{n0}<?say {m}?>{n1}</v></c>',
    '<c r="{a}"><v>{refs}</v></c>',
    '<c r="{a}" t="n" s="2"><v>{n}</v></c>',
    "<c r='{a}' s='2'><v>{n}</v></c>",
    '<c\n s="2"   r="{a}" ><v>{n}</v></c >',
    '<c r="{a}"><v xml:space="preserve">{n}</v></c>',
    '<c r="{a}"><v>{n}</v><extLst><ext uri="urn:x"/></extLst></c>',
    '<c r="{a}"><f>1+{m}</f><v>{n}</v></c>',
    '<c r="{a}" t="str"><f>TEXT({m})</f><v>{n}</v></c>',
    '<c r="{a}" t="inlineStr"><is><t>{n}</t></is></c>',
    '<c r="{a}" t="inlineStr"><is><t>{grouped}</t></is></c>',
    '<c r="{a}" t="inlineStr"><is><t>{wide}</t></is></c>',
    '<c r="{a}" t="inlineStr"><is><t xml:space="preserve"> {n}\u3000</t></is></c>',
    '<c r="{a}" t="inlineStr"><is><r><t>{n0}</t></r><r><t>{n1}</t></r></is></c>',
    '<c r="{a}" t="inlineStr"><is><t>{n}</t><rPh sb="0" eb="1"><t>{m}</t></rPh></is></c>',
)
"""Ways of writing a number; ``m`` is another one, which must not count."""
AMOUNTS = (
    '<c r="{a}"><v>{n}000</v></c>',
    '<c r="{a}"><v>{noise}</v></c>',
    '<c r="{a}"><v>{exponent}</v></c>',
    '<c r="{a}" t="inlineStr"><is><t>¥{grouped}</t></is></c>',
)
"""More ways for amounts with two decimals."""
NO_AMOUNTS = (
    '<c r="{a}" t="e"><v>#N/A</v></c>',
    '<c r="{a}" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c r="{a}" t="str"><f>1/0</f><v>#REF!</v></c>',
    '<c r="{a}" t="b"><v>1</v></c>',
    '<c r="{a}"><f>{n}</f></c>',
    '<c r="{a}"><f>{n}</f><v/></c>',
    '<c r="{a}"><v>1e400</v></c>',
    '<c r="{a}"><v>NaN</v></c>',
    '<c r="{a}"><v>INF</v></c>',
    '<c r="{a}"><v>{n}5</v></c>',
    '<c r="{a}"><v>1_000</v></c>',
    '<c r="{a}"><v>{wide}</v></c>',
    '<c r="{a}"><v>{n} {m}</v></c>',
    '<c r="{a}"><v>{n}x</v></c>',
    '<c r="{a}"><v>12345678901234567</v></c>',
    '<c r="{a}"><v>--{n}</v></c>',
    '<c r="{a}"><v>0x{n0}</v></c>',
    '<c r="{a}" s="1"><v>{m}</v></c>',
    '<c r="{a}" t="s"><v>99999</v></c>',
    '<c r="{a}" t="s"><v>-1</v></c>',
    '<c r="{a}" t="zz"><v>{n}</v></c>',
    '<c r="{a}" t="inlineStr"><is><t>{n} or {m}</t></is></c>',
    '<c r="{a}" t="inlineStr"><is><t>{n}.{m}</t></is></c>',
    '<c r="{a}" t="d"><v>2026-01-31</v></c>',
    '<c r="{a}"><v>{n}</v></c><c r="{a}"><v>{m}</v></c>',
    '<c r="{a}"><v>-{n}</v></c>',
)
"""What is no amount of a sale or an adjustment, or says two."""


def _forms(place: Place, text: str, other: int) -> dict[str, str]:
    """Give the pieces that the ways of writing are filled with."""
    half = len(text) // 2
    number = Decimal(text)
    digits = "".join(map(str, number.as_tuple().digits))
    return {
        "a": place.address,
        "n": text,
        "n0": text[:half],
        "n1": text[half:],
        "m": str(other),
        "refs": "".join(f"&#{ord(character)};" for character in text),
        "wide": text.translate(FULL_WIDTH),
        "grouped": f"{number:,}",
        "noise": f"{text}{'0' * max(0, 16 - len(digits))}1",
        "exponent": f"{number:.{max(1, len(digits) - 1)}E}",
    }


def _other(random: Random) -> int:
    return random.randint(1, 99_999)


def _written(random: Random, place: Place, value: Decimal) -> str:
    """Write a number in one of the ways that mean it."""
    amount = column(place.table, place.field).kind == "amount"
    text = f"{value:.2f}" if amount else str(value)
    ways = NUMBERS + AMOUNTS if amount else NUMBERS
    return random.choice(ways).format(**_forms(place, text, _other(random)))


def numbers_written_otherwise(random: Random, base: Base) -> Variant:
    """Amounts, rates and shares, as many programs write them."""
    parts, told = base.parts, []
    for place in some(random, places(base, "amount", "rate"), 5):
        xml = _written(random, place, place.value)
        parts = with_cell(parts, place, xml)
        told.append(xml)
    return variant(parts, f"numbers written otherwise: {told}", "same")


def days_written_otherwise(random: Random, base: Base) -> Variant:
    """Dates as text, with a time of day, of type d, by formula."""
    parts, told = base.parts, []
    for place in some(random, places(base, "day"), 5):
        day: date = place.value
        way = random.choice(
            (
                '<c r="{a}" t="inlineStr"><is><t>{iso}</t></is></c>',
                '<c r="{a}" t="d"><v>{iso}</v></c>',
                '<c r="{a}" t="d"><v>{iso}T23:59:59</v></c>',
                '<c r="{a}" s="1"><v>{n}.99999</v></c>',
                '<c r="{a}" s="1"><v>{n}.0</v></c>',
                '<c r="{a}" s="1"><f>TODAY()</f><v>{n}</v></c>',
                '<c r="{a}" s="1"><v><![CDATA[{n}]]></v></c>',
                '<c r="{a}" t="inlineStr"><is><t xml:space="preserve"> {iso}\u00a0</t></is></c>',
                '<c r="{a}" t="str"><f>TEXT(1)</f><v>{iso} 08:30</v></c>',
            )
        )
        xml = way.format(a=place.address, iso=day.isoformat(), n=serial(day))
        parts = with_cell(parts, place, xml)
        told.append(xml)
    return variant(parts, f"days written otherwise: {told}", "same")


def texts_written_otherwise(random: Random, base: Base) -> Variant:
    """IDs and words with odd spaces, as rich text, with a pronunciation, as shared strings."""
    parts, told = base.parts, []
    for place in some(random, places(base, "id", "word", "tier"), 5):
        text = str(said(column(place.table, place.field), place.value, base.language))
        left, right, space = text[:1], text[1:], random.choice(SPACES)
        way = random.randrange(6)
        if way == 0:
            parts, index = with_string(parts, f"{space}{text}{space}")
            xml = f'<c r="{place.address}" t="s"><v>{index}</v></c>'
        elif way == 1:
            runs = f"<r><rPr><b/></rPr><t>{left}</t></r><r><t>{right}</t></r>"
            parts = with_text(parts, "xl/sharedStrings.xml", "</sst>", f"<si>{runs}</si></sst>")
            index = len(re.findall("<si>", parts["xl/sharedStrings.xml"].decode())) - 1
            xml = f'<c r="{place.address}" t="s"><v>{index}</v></c>'
        else:
            inside = (
                f'<is><t xml:space="preserve">{space}{text}{space}</t></is>',
                f"<is><t>{left}<!-- no -->{right}</t><rPh sb='0' eb='1'><t>no</t></rPh></is>",
                f"<is><t><![CDATA[{text}]]></t></is>",
                f"<is><t>&#{ord(left)};{right}</t></is>",
            )[way - 2]
            xml = f'<c r="{place.address}" t="inlineStr">{inside}</c>'
        parts = with_cell(parts, place, xml)
        told.append(xml)
    return variant(parts, f"texts written otherwise: {told}", "same")


def another_amount(random: Random, base: Base) -> Variant:
    """Other amounts, written in any way: the change must show."""
    parts, rows, told = base.parts, base.rows, []
    found = [each for each in places(base, "amount", filled=False) if each.field != "discount" or each.value]
    for place in some(random, found, 2):
        value = Decimal(random.choice((random.randint(1, 9_999), random.randint(1, 99_999_999)))).scaleb(-2)
        xml = _written(random, place, value)
        parts, rows = with_cell(parts, place, xml), with_value(rows, place, value)
        told.append(xml)
    return variant(parts, f"other amounts: {told}", "edited", rows)


def another_value(random: Random, base: Base) -> Variant:
    """Another date, rate, share, account, salesperson, tier or type, plainly written."""
    place = random.choice(places(base, "day", "rate", "id", "word", "tier", "setting"))
    same = [each.value for each in base.places if each.field == place.field and each.value is not None]
    value = random.choice(same)
    if isinstance(value, date):
        value += timedelta(days=random.randint(-40, 40))
    elif isinstance(value, Decimal) and random.random() < 0.5:
        value = Decimal(random.randint(0, 100)).scaleb(-2)
    xml = cell(place.address, said(column(place.table, place.field), value, base.language))
    rows = with_value(base.rows, place, value)
    return variant(with_cell(base.parts, place, xml), f"another value: {xml}", "edited", rows, or_error=True)


def no_amount(random: Random, base: Base) -> Variant:
    """An amount that is none, or that is there twice."""
    found = [each for each in places(base, "amount") if each.table in {"Sales", "Adjustments"}]
    place = random.choice([each for each in found if each.value])
    way = random.choice(NO_AMOUNTS)
    xml = way.format(**_forms(place, f"{place.value:.2f}", _other(random)))
    return variant(with_cell(base.parts, place, xml), f"no amount: {xml}", "error")


def no_day(random: Random, base: Base) -> Variant:
    """A date that is none."""
    place = random.choice([each for each in places(base, "day") if each.field in {"date", "start"}])
    content = random.choice(
        (
            f"<v>{serial(place.value)}</v>",  # a number without a date's format
            "<v>60</v>",
            "<v>-1</v>",
            "<v>2958466</v>",
            "<v>NaN</v>",
            "<v>1e9</v>",
        )
    )
    style = 0 if serial(place.value) in map(int, re.findall(r"<v>(\d+)</v>", content)) else DATE_STYLE
    xml = f'<c r="{place.address}" s="{style}">{content}</c>'
    if random.random() < 0.3:
        text = random.choice(("31/01/2026", "2026-02-30", "20260131", "Jan 2026", "2026-1", "1899-01-01"))
        xml = cell(place.address, text)
    return variant(with_cell(base.parts, place, xml), f"no day: {xml}", "error")


def blank_where_none_may_be(random: Random, base: Base) -> Variant:
    """A required cell emptied, in one of the ways a cell can be empty."""
    found = places(base, "amount", "day", "id", "rate")
    needed = [each for each in found if column(each.table, each.field).filled]
    place = random.choice(needed)
    xml = random.choice(
        (
            "",
            f'<c r="{place.address}"/>',
            f'<c r="{place.address}" s="{AMOUNT_STYLE}"><v></v></c>',
            f'<c r="{place.address}" t="inlineStr"><is><t>\u3000</t></is></c>',
            f'<c r="{place.address}" t="inlineStr"><is/></c>',
            f'<c r="{place.address}" t="str"><f>""</f><v></v></c>',
        )
    )
    return variant(with_cell(base.parts, place, xml), f"blank: {place.table} {place.address} {xml}", "error")


def amounts_exchanged(random: Random, base: Base) -> Variant:
    """The contents of two cells of a column change places: sums stay, what is paid may not."""
    field = random.choice((("Sales", "gross"), ("Sales", "account_id"), ("Sales", "date"), ("Tiers", "rate")))
    one, other = random.sample([each for each in base.places if (each.table, each.field) == field], 2)
    parts: Parts = base.parts
    first, second = cell_of(parts, one), cell_of(parts, other)
    parts = with_cell(parts, one, second.replace(other.address, one.address))
    parts = with_cell(parts, other, first.replace(one.address, other.address))
    rows = with_value(with_value(base.rows, one, other.value), other, one.value)
    return variant(parts, f"exchanged: {one.table} {one.address} {other.address}", "edited", rows)


CELLS: tuple[Mutator, ...] = (
    numbers_written_otherwise,
    days_written_otherwise,
    texts_written_otherwise,
    another_amount,
    another_amount,
    another_value,
    no_amount,
    no_day,
    blank_where_none_may_be,
    amounts_exchanged,
)
