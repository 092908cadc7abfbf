"""Result sheets on paper: the page, and the foot of a document that people sign."""

from __future__ import annotations

from keyaccount.money import yuan_grouped
from keyaccount.tables import ResultTable
from keyaccount.workbook.markup import escape
from keyaccount.workbook.words_of_amounts import amount_in_words

LONGEST_FOOT = 255
"""What Excel takes as a header or footer, its codes included."""
_SHORT_DIGEST = 12
_LINE = "__________"
_READABLE, _LARGEST = 9, 24
_FOOT = 0.3  # inches below the foot
_FOOT_LINES = 4  # three lines and their gaps
_PAGE_WIDTH = 149
"""The column widths that A4 landscape holds between these margins without shrinking (7 of 96 dots each)."""
_GAP = "   "
_RED, _GREY = "C00000", "595959"
_TEXTS = {
    "en": {
        "page": "Page &P of &N",
        "total": "Total payable {period}: {amount} yuan",
        "run": "Run {run}",
        "digest": "Ledger {digest}",
        "approved": "{period}: approved by {by}, {on}{number}",
        "number": ", No. {}",
        "not approved": "Not approved: {period}",
    },
    "zh": {
        "page": "第&P页 共&N页",
        "total": "合计大写({period} 本期应发):人民币{words}(¥{amount})",
        "run": "批次号:{run}",
        "digest": "台账校验码:{digest}",
        "approved": "{period} 已批准:{by} {on}{number}",
        "number": "(审批单号 {})",
        "not approved": "未审批:{period}",
    },
}
_SIGNED = {
    "en": ("Prepared: ", "Reviewed (Finance): ", "Head of Sales: ", "Approved (General Manager): ", "Date: "),
    "zh": ("制表:", "审核(财务):", "销售负责人:", "批准(总经理):", "日期:"),
}


def page(table: ResultTable, language: str, width: float) -> str:
    """Write the page: A4 landscape, one page wide, page X of Y at the foot.

    A document has the total and the signature lines there, other sheets their name. ``width``: all
    columns' widths; where the table shrinks to the page, the letters of the document's foot shrink with it
    to a size that can be read.
    """
    texts = _TEXTS[language]
    signed = table.sheet.signed and table.rows
    letters = _letters(width)
    size = f"&{letters}" if signed else ""
    sections = f"&L{size}{foot(table, language) if signed else '&A'}&R{size}{texts['page']}"
    bottom = _FOOT + letters * _FOOT_LINES / 72 if signed else 0.6
    header = f"<oddHeader>{escape(approval(table, language))}</oddHeader>" if signed else ""
    top = 0.6 if signed else 0.5
    return (
        '<printOptions horizontalCentered="1"/>'
        f'<pageMargins left="0.4" right="0.4" top="{top}" bottom="{bottom:.2f}"'
        f' header="0.3" footer="{_FOOT}"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter>{header}<oddFooter>{escape(sections)}</oddFooter></headerFooter>"
    )


def approval(table: ResultTable, language: str) -> str:
    """Give a document's print header: who approved its latest period, else that nobody did (§Controls).

    It stands on paper only: an approval that comes after the run changes no cell.
    """
    texts, given = _TEXTS[language], table.approval
    period, _ = latest_total(table)
    if given is None:
        return f'&C&"-,Bold"&K{_RED}&12{texts["not approved"].format(period=period)}'
    number = texts["number"].format(given.document_no) if given.document_no else ""
    said = texts["approved"].format(period=period, by=given.approved_by, on=given.approved_on, number=number)
    return f"&R&K{_GREY}{said.replace('&', '&&')}"[:LONGEST_FOOT]


def _letters(width: float) -> int:
    """Give the foot's size in points that comes out readable once the page has shrunk."""
    shrunk = min(1, _PAGE_WIDTH / width) if width else 1
    return max(_READABLE, min(_LARGEST, round(_READABLE / shrunk)))


def foot(table: ResultTable, language: str) -> str:
    """Give a document's foot: the latest period's total, run, ledger digest; below, the signature lines."""
    texts = _TEXTS[language]
    period, total = latest_total(table)
    stated = {
        "period": period,
        "words": amount_in_words(total),
        "amount": yuan_grouped(total),
        "run": table.run,
        "digest": table.digest[:_SHORT_DIGEST],
    }
    parts = ("total", "run", "digest") if table.digest else ("total",)
    first = _GAP.join(texts[part].format(**stated) for part in parts)
    signed = _GAP.join(f"{name}{_LINE}" for name in _SIGNED[language])
    return f"{first}\n\n{signed}".replace("&", "&&")


def latest_total(table: ResultTable) -> tuple[str, int]:
    """Give the latest period of a document and the total of its main column, in fen."""
    headers = [column.en for column in table.sheet.columns]
    main = next(index for index, column in enumerate(table.sheet.columns) if column.main)
    period = headers.index(table.sheet.apart)
    latest = table.rows[-1][period]
    amounts = (row[main] for row in table.rows if row[period] == latest)
    return str(latest), sum(amount for amount in amounts if isinstance(amount, int))
