"""What ``dev.py demo`` plays: a quarter with what comes late in life, and the month after."""

from __future__ import annotations

from pathlib import Path

_SALE = "Sale ID,Date,Account ID,Gross Amount\n"
_ADJUSTMENT = "Adjustment ID,Date,Type,Account ID,Amount,Original Date\n"
LATE = {
    "late-invoice": ("Sales", _SALE + "INV-{0}-L01,{0}-03-30,A01,84600.00\n"),
    "late-return": ("Adjustments", _ADJUSTMENT + "ADJ-{0}-L01,{0}-03-31,return,A03,12000.00,{0}-02-10\n"),
    "forgotten-invoice": ("Sales", _SALE + "INV-{0}-L02,{0}-02-24,A05,31200.00\n"),
}
"""Reaches finance after the month was paid: two before the quarter is settled, one after it was closed."""


def commands(book: Path, year: int, language: str) -> list[list[str | Path]]:
    """Give the program's commands; the late rows are written beside the workbook as CSV files to import."""
    imports: dict[str, list[str | Path]] = {}
    for name, (sheet, rows) in LATE.items():
        file = book.with_name(f"{name}.csv")
        file.write_text(rows.format(year), encoding="utf-8")
        imports[name] = ["import", book, file, "--sheet", sheet]
    months: list[list[str | Path]] = [["advance", book, f"{year}-0{month}"] for month in (1, 2, 3)]
    return [
        ["new", book, "--demo", "--year", str(year), "--lang", language],
        *months,
        imports["late-invoice"],
        imports["late-return"],
        ["settle", book, f"{year}Q1"],
        imports["forgotten-invoice"],
        ["advance", book, f"{year}-04"],
    ]
