"""Mutators of rows, columns, headers, sheets and Excel tables, of which each knows what it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from random import Random

from tests.campaigns.fuzzing.books import Base, column, header, title
from tests.campaigns.fuzzing.editing import sheet_anew, variant, with_entry, with_relation, with_text
from tests.campaigns.fuzzing.judge import Variant
from tests.campaigns.fuzzing.rows import TABLES, Row

Mutator = Callable[[Random, Base], Variant]
BIG = ("Sales", "Adjustments")
_ROW = re.compile(r'<row r="(\d+)"[^>]*>.*?</row>', re.DOTALL)


def laid_out_otherwise(random: Random, base: Base) -> Variant:
    """Columns in any order, from any row and column on, blank rows between, a column of nobody's beside."""
    table = random.choice([*TABLES])
    order = random.sample(TABLES[table], len(TABLES[table]))
    top, left = random.randint(1, 9), random.randint(1, 30)
    gaps = {index: random.randint(0, 3) for index in range(len(base.rows[table]))}
    beside = random.choice(("", "9999.99", "a note"))
    parts = sheet_anew(
        base, table, base.rows[table], order=order, top=top, left=left, gaps=gaps, beside=beside
    )
    return variant(parts, f"laid out otherwise: {table} {order} from row {top}, column {left}", "same")


def headers_written_otherwise(random: Random, base: Base) -> Variant:
    """Headers in the other language, another case, with spaces: the same columns."""
    table = random.choice([*TABLES])
    headers = {}
    for field in TABLES[table]:
        each = column(table, field)
        name = random.choice(
            (each.en, each.zh[0], each.en.upper(), f" {each.en}\u00a0", f"{each.zh[0]}\u3000")
        )
        headers[field] = name
    parts = sheet_anew(base, table, base.rows[table], headers=headers)
    return variant(parts, f"headers: {headers}", "same")


def a_header_that_is_wrong(random: Random, base: Base) -> Variant:
    """A required header missing, misspelt or there twice, over a column of other amounts."""
    table = random.choice([each for each in TABLES if each != "Policies"])
    needed = [field for field in TABLES[table] if column(table, field).required]
    field = random.choice(needed)
    name = header(column(table, field), base.language)
    wrong = random.choice(("", f"{name}s", name[:-1], "x", "twice"))
    if wrong != "twice":
        parts = sheet_anew(base, table, base.rows[table], headers={field: wrong})
        return variant(parts, f"header of {table} {field}: {wrong!r}", "error")
    order = [*TABLES[table], field]
    parts = sheet_anew(base, table, base.rows[table], order=order)
    return variant(parts, f"header of {table} {field} twice", "error")


def rows_in_another_order(random: Random, base: Base) -> Variant:
    """The same rows, typed in another order."""
    table = random.choice([*TABLES])
    rows = base.rows[table]
    shuffled = random.sample(rows, len(rows))
    parts = sheet_anew(base, table, shuffled)
    return variant(parts, f"rows of {table} in another order", "edited", base.rows | {table: shuffled})


def a_row_more_or_less(random: Random, base: Base) -> Variant:
    """A row deleted, doubled, or one more with a new number: what is left counts."""
    table = random.choice((*BIG, *BIG, "Assignments", "Account Tiers", "Tiers", "Opening Balances"))
    rows: list[Row] = [*base.rows[table]]
    index = random.randrange(len(rows))
    way = random.choice(("deleted", "doubled", "added"))
    if way == "deleted":
        del rows[index]
    else:
        again = dict(rows[index])
        if way == "added" and table in BIG:
            key = TABLES[table][0]
            again[key] = f"{again[key][:-1]}X"
            amount = "gross" if table == "Sales" else "amount"
            again[amount] = Decimal(random.randint(1, 999_999)).scaleb(-2)
            again |= {"discount": None} if table == "Sales" else {}
        rows.insert(random.randint(0, len(rows)), again)
    parts = sheet_anew(base, table, rows)
    changed = base.rows | {table: rows}
    return variant(parts, f"a row of {table} {way}: {index}", "edited", changed, or_error=way != "deleted")


def rows_out_of_order_in_the_part(random: Random, base: Base) -> Variant:
    """Row elements stand in another order than their numbers, or without numbers: the same rows."""
    table = random.choice([*TABLES])
    part = base.sheet_part(table)
    text = base.parts[part].decode()
    found = [each[0] for each in _ROW.finditer(text)]
    way = random.choice(("shuffled", "no row numbers", "no addresses"))
    if way == "shuffled":
        made = random.sample(found, len(found))
    elif way == "no row numbers":
        made = [re.sub(r'<row r="\d+"', "<row", each) for each in found]
    else:
        whole = [each for each in found if each.count("<c ") == len(TABLES[table])]
        made = [re.sub(r' r="[A-Z]+\d+"', "", each) if each in whole else each for each in found]
    start, end = text.index("<sheetData>") + 11, text.index("</sheetData>")
    text = text[:start] + "".join(made) + text[end:]
    return variant(base.parts | {part: text.encode()}, f"rows of {table}: {way}", "same", or_error=True)


def a_row_twice(random: Random, base: Base) -> Variant:
    """A row's number is there twice, with another amount: which one counts is nobody's guess."""
    table = random.choice(BIG)
    part = base.sheet_part(table)
    text = base.parts[part].decode()
    found = [each for each in _ROW.finditer(text) if each[1] != "1"]
    row = random.choice(found)
    again = re.sub(r"<v>[0-9.]+</v>(?=</c>(?:<c|</row>))", "<v>12.34</v>", row[0])
    where = random.choice((row.end(), text.index("</sheetData>"), text.index("<sheetData>") + 11))
    text = text[:where] + (again if random.random() < 0.7 else row[0]) + text[where:]
    return variant(base.parts | {part: text.encode()}, f"row {row[1]} of {table} twice", "error")


def hidden_or_wrong_about_itself(random: Random, base: Base) -> Variant:
    """Rows, columns and sheets hidden or filtered, a dimension and spans that lie: everything counts."""
    table = random.choice([*TABLES])
    part = base.sheet_part(table)
    text = base.parts[part].decode()
    lies = random.sample(range(6), random.randint(1, 3))
    parts = base.parts
    if 0 in lies:
        area = random.choice(("A1", "A1:A1", "B2:C3", "A1:XFD1048576", "", "x", "C9:A1"))
        text = re.sub('<dimension ref="[^"]*"/>', f'<dimension ref="{area}"/>', text)
    if 1 in lies:
        text = re.sub(r'<row r="(\d+)"', r'<row hidden="1" r="\1" spans="1:1"', text)
    if 2 in lies:
        text = text.replace("<sheetData>", '<cols><col min="1" max="9" hidden="1"/></cols><sheetData>')
    if 3 in lies and table in BIG:
        text = text.replace("</sheetData>", '</sheetData><autoFilter ref="A1:B2"/>')
    if 4 in lies:
        state = random.choice(("hidden", "veryHidden"))
        name = title(table, base.language)
        parts = with_text(
            parts, "xl/workbook.xml", f'<sheet name="{name}"', f'<sheet state="{state}" name="{name}"'
        )
    if 5 in lies:
        text = text.replace("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A2:B4"/></mergeCells>')
    return variant(parts | {part: text.encode()}, f"hidden or lying: {table} {lies}", "same")


def excel_table_that_lies(random: Random, base: Base) -> Variant:
    """An Excel table whose area cuts rows or columns off, or that bears another's name: no row is lost."""
    table = random.choice(BIG)
    number = [*TABLES].index(table) + 1
    part = f"xl/tables/table{number}.xml"
    last = len(base.rows[table]) + 1
    letter = random.choice("ABCDEFGHZ")
    area = f"{random.choice('AB')}{random.choice((1, 1, 1, 2, 3))}:{letter}{random.randint(1, last + 5)}"
    text = re.sub(' ref="[^"]*"', f' ref="{area}"', base.parts[part].decode())
    way = random.random()
    if way < 0.2:
        text = text.replace("<table ", f'<table totalsRowCount="{random.randint(1, 3)}" ', 1)
    elif way < 0.4:
        text = text.replace("<table ", '<table headerRowCount="0" ', 1)
    elif way < 0.5:
        other = random.choice(("Tiers", "Adjustments", "Sales", "AccountTiers", "x"))
        text = re.sub('ame="[^"]*"', f'ame="{other}"', text, count=2)
    return variant(base.parts | {part: text.encode()}, f"table {table}: {text[80:240]}")


def two_sheets_for_one(random: Random, base: Base) -> Variant:
    """Two sheets that could be the same table: the same title, or its name in the other language."""
    table = random.choice([*TABLES])
    english = base.language == "zh"
    name = title(table, "en" if english else "zh") if random.random() < 0.7 else title(table, base.language)
    text = base.parts[base.sheet_part(table)].decode()
    text = re.sub(r"<tableParts.*?</tableParts>", "", text)
    if random.random() < 0.5:
        text = re.sub(r"<v>[0-9]+\.[0-9]+</v>", "<v>77.77</v>", text)
    parts = base.parts | {"xl/worksheets/again.xml": text.encode()}
    parts = with_relation(parts, "rIdAgain", "worksheet", "worksheets/again.xml")
    parts = with_entry(parts, f'<sheet name="{name}" sheetId="99" r:id="rIdAgain"/>')
    return variant(parts, f"two sheets for {table}: {name}", "error")


SHEETS: tuple[Mutator, ...] = (
    laid_out_otherwise,
    headers_written_otherwise,
    a_header_that_is_wrong,
    rows_in_another_order,
    a_row_more_or_less,
    rows_out_of_order_in_the_part,
    a_row_twice,
    hidden_or_wrong_about_itself,
    excel_table_that_lies,
    two_sheets_for_one,
)
