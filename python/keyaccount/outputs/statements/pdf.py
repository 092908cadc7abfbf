"""A statement as PDF: set by typst, archival (PDF/A-2b: every font embedded), the same bytes each time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from keyaccount.money import number_text, yuan_grouped
from keyaccount.outputs.statements.paper import Bars, Paper, PaperLine, PaperTable
from keyaccount.outputs.text import printable
from keyaccount.problems import FileProblem, Phrase
from keyaccount.translation import Language, localised

TEMPLATE = Path(__file__).with_name("statement.typ")
LATIN = "Libertinus Serif"
"""Comes with typst: English statements look the same on every machine."""
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "DengXian",
    "Heiti SC",
    "STHeiti",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Songti SC",
    "SimSun",
)
"""Fonts with Chinese letters, the best first: what Linux, Windows and macOS bring or can be given."""
_LETTERS = 8.0
_SMALLEST = 5.0
_DIGIT = 0.56
"""A digit's width in parts of the letters' size."""
_MM_PER_POINT = 25.4 / 72
_HIGHLIGHT = 13.0
_HIGHLIGHT_ROOM = 13
"""Letters of an amount that fit a highlight at full size."""
_NUMERIC = frozenset({"amount", "part", "rate", "share"})
_MISSING = re.compile('the text `"(.*)"` could not be displayed', re.DOTALL)


class Typesetter:
    """Sets papers; template and fonts are read once for all of them."""

    def __init__(self) -> None:
        """Look for the machine's fonts."""
        import typst

        found = typst.Fonts()
        self._chinese = [name for name in CHINESE_FONTS if name in set(found.families())][:1]
        self._compiler = typst.Compiler(str(TEMPLATE), font_paths=found)

    def pdf(self, paper: Paper, identifier: str, made_at: datetime) -> bytes:
        """Give a paper as PDF. Raises ``FileProblem`` (exit 5) where no font shows one of its letters."""
        import typst

        data = {**_data(paper, identifier), "fonts": self._fonts(paper.language)}
        try:
            made = self._compiler.compile(
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards=["a-2b"],
                timestamp=int(made_at.timestamp()),
            )
        except typst.TypstError as reason:
            raise _no_font(str(reason)) from reason
        assert isinstance(made, bytes)  # noqa: S101 one document is asked for
        return made

    def _fonts(self, language: Language) -> list[str]:
        """Give the fonts of a language: Chinese throughout, or the Latin one and Chinese for names."""
        return [*self._chinese, LATIN] if language == "zh" else [LATIN, *self._chinese]


def _no_font(reason: str) -> FileProblem:
    missing = _MISSING.search(reason)
    if missing is None:
        return FileProblem(
            "The statement could not be set ({what}).",
            "Report what is printed here, with the workbook's version.",
            what=reason.splitlines()[0] if reason else Phrase("no reason given"),
        )
    return FileProblem(
        "No font on this machine shows “{letters}”.",
        "Install a font with Chinese letters, such as {font} ({system}: {command}).",
        font=CHINESE_FONTS[0],
        system="Debian, Ubuntu",
        command="apt install fonts-noto-cjk",
        letters=missing[1],
    )


def _data(paper: Paper, identifier: str) -> dict[str, Any]:
    chinese = paper.language == "zh"
    highlights = [(name, yuan_grouped(amount), amount < 0) for name, amount in paper.highlights]
    longest = max(len(text) for _, text, _ in highlights)
    return {
        "lang": paper.language,
        "region": "cn" if chinese else "us",
        "id": printable(identifier),
        "author": printable(paper.company) or "keyaccount",
        "title": paper.title,
        "company": printable(paper.company),
        "subtitle": paper.subtitle,
        "unit": paper.unit,
        "mark": paper.mark,
        "page": localised("Page {page} of {pages}", paper.language, page="{page}", pages="{pages}"),
        "head": [[name, printable(value)] for name, value in paper.head],
        "highlights": [{"name": n, "text": text, "negative": negative} for n, text, negative in highlights],
        "highlight_size": _HIGHLIGHT * min(1, _HIGHLIGHT_ROOM / longest),
        "tables": [_table(table) for table in paper.tables],
        "chain_heading": paper.chain_heading,
        "chain": [
            {
                "mark": link.mark,
                "name": link.name,
                "rule": link.rule,
                "text": yuan_grouped(link.amount),
                "negative": link.amount < 0,
                "strong": link.strong,
            }
            for link in paper.chain
        ],
        "bars": _bars(paper.bars),
        "notes_heading": paper.notes_heading,
        "notes": list(paper.notes),
        "after": [_table(table) for table in paper.after],
        "signatures": list(paper.signatures),
        "foot": printable(paper.foot),
    }


def _table(table: PaperTable) -> dict[str, Any]:
    kinds = [column.kind for column in table.columns]
    rows = [_row(line, table, kinds) for line in table.lines]
    numbers = _LETTERS
    columns: list[dict[str, Any]] = []
    for place, (stack, width) in enumerate(zip(table.stacked, table.widths, strict=True)):
        numeric = kinds[stack[0]] in _NUMERIC
        texts = [part["text"] for row in rows for part in (row["cells"][place] if row["cells"] else ())]
        columns.append(
            {
                "width": width,
                "numeric": numeric,
                "heading": _headings(table, stack),
            }
        )
        if numeric:
            numbers = min(numbers, _size(max(map(len, texts), default=0), width))
    for column in columns:
        column["size"] = numbers if column["numeric"] else _LETTERS
    return {"heading": table.heading, "columns": columns, "rows": rows, "nothing": table.nothing}


def _headings(table: PaperTable, stack: Sequence[int]) -> list[str]:
    """Give the headings of a stack; a rate and its uplift share a line."""
    names = [table.columns[place].heading for place in stack]
    rates = [table.columns[place].kind == "rate" for place in stack]
    joined = names[:1]
    for name, (before, now) in zip(names[1:], pairwise(rates), strict=True):
        if before and now:
            joined[-1] += f" ({name})"
        else:
            joined.append(name)
    return joined


def _size(letters: int, width: float) -> float:
    """Give the size at which so many digits fit a column's width."""
    room = (width - 2.2) / _MM_PER_POINT
    fitting = room / (letters * _DIGIT) if letters else _LETTERS
    return max(_SMALLEST, min(_LETTERS, fitting))


def _row(line: PaperLine, table: PaperTable, kinds: Sequence[str]) -> dict[str, Any]:
    if line.look in ("group", "note"):
        return {"look": line.look, "label": str(line.values[0]), "cells": [], "span": 0}
    cells = [list(_stack(line, stack, kinds)) for stack in table.stacked]
    filled = [place for place, cell in enumerate(cells) if place and any(part["text"] for part in cell)]
    span = min(filled, default=len(cells)) if line.look == "total" else 0
    return {"look": line.look, "label": str(line.values[0] or ""), "cells": cells, "span": span}


def _stack(line: PaperLine, stack: Sequence[int], kinds: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Give the lines of a stacked cell; an uplift stands behind its rate."""
    shown: list[dict[str, Any]] = []
    before = ""
    for place in stack:
        value, kind = line.values[place], kinds[place]
        text = _shown(value, kind)
        if kind == before == "rate":
            shown[-1]["text"] += f" ({text})" if text else ""
        else:
            shown.append({"text": text, "negative": isinstance(value, int) and value < 0})
        before = kind
    yield from shown


def _shown(value: object, kind: str) -> str:
    if value is None or value == "":
        return ""
    match value:
        case 0 if kind == "part":
            return "–"
        case int():
            return yuan_grouped(value)
        case Decimal():
            return f"{number_text(value * 100)}%"
        case _:
            return printable(str(value))


def _bars(bars: Bars) -> dict[str, Any]:
    amounts = [amount for values in bars.values for amount in values]
    low, high, step = _scale(min(0, *amounts), max(0, *amounts))
    room = high - low
    ticks = [
        {
            "at": (tick - low) / room,
            "zero": tick == 0,
            "text": f"{tick // 100:,}",
        }
        for tick in range(low, high + 1, step)
    ]
    values = [
        [{"top": (max(0, amount) - low) / room, "bottom": (min(0, amount) - low) / room} for amount in series]
        for series in bars.values
    ]
    return {
        "heading": bars.heading,
        "names": list(bars.names),
        "months": list(bars.months),
        "ticks": ticks,
        "values": values,
    }


def _scale(lowest: int, highest: int) -> tuple[int, int, int]:
    """Give bounds and step of an axis in whole yuan (fen): 1, 2 or 5 times a power of ten, few steps."""
    step = 100
    for power in range(16):
        for leading in (1, 2, 5):
            step = leading * 10**power * 100
            low, high = lowest // step * step, -(-highest // step) * step
            if (high - low) // step <= 4:  # noqa: PLR2004 that many lines can be told apart
                return low, max(high, low + step), step
    return lowest, highest + 1, step
