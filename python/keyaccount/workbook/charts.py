"""Native charts as chart parts: bars over ranges of the Dashboard, in the colours of the result sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keyaccount.tables import ChartKind
from keyaccount.workbook.markup import escape

MAIN_NAMESPACES = {
    False: "http://schemas.openxmlformats.org/drawingml/2006",
    True: "http://purl.oclc.org/ooxml/drawingml",
}
"""DrawingML's namespaces begin like this; True: in a strict workbook."""
COLOURS = ("1F3864", "2F75B5", "9DC3E6", "A6A6A6", "70AD47", "BF9000", "7F6084", "3B7D7A")
ONE_COLOUR = "2F75B5"
INK, SOFT_INK, LINE = "1F3864", "595959", "D9D9D9"
_CATEGORIES, _VALUES = 111_111_111, 222_222_222
"""The axes' numbers, which need to differ within a chart only."""
_APART = 95_250
"""The space between two charts side by side (a tenth of an inch)."""


@dataclass(frozen=True, slots=True)
class Series:
    """A series: its name and values, where they stand, its colour."""

    name: str
    name_at: str
    values: tuple[str, ...]
    values_at: str
    colour: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart: its texts, categories and series; ``label_format`` of the values at the bars' ends, if any."""

    name: str
    kind: ChartKind
    title: str
    across: str
    measure: str
    categories: tuple[str, ...]
    categories_at: str
    series: tuple[Series, ...]
    number_format: str
    label_format: str = ""


def chart_xml(plot: Plot, *, strict: bool, relationships: str) -> bytes:
    """Write a chart part."""
    base = MAIN_NAMESPACES[strict]
    bars = "".join(_series(index, series, plot) for index, series in enumerate(plot.series))
    stacked = plot.kind == "stacked"
    lying = plot.kind == "bars"
    parts = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<c:chartSpace xmlns:c="{base}/chart" xmlns:a="{base}/main" xmlns:r="{relationships}">',
        '<c:roundedCorners val="0"/><c:chart>',
        _title(plot.title, size=1200, bold=True, colour=INK),
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart>',
        f'<c:barDir val="{"bar" if lying else "col"}"/>',
        f'<c:grouping val="{"stacked" if stacked else "clustered"}"/><c:varyColors val="0"/>{bars}',
        '<c:gapWidth val="60"/><c:overlap val="100"/>' if stacked else '<c:gapWidth val="60"/>',
        f'<c:axId val="{_CATEGORIES}"/><c:axId val="{_VALUES}"/></c:barChart>',
        _category_axis(plot, lying=lying),
        _value_axis(plot, lying=lying),
        "<c:spPr><a:noFill/></c:spPr></c:plotArea>",
        _legend() if len(plot.series) > 1 else "",
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>',
        f'<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>{_stroke(LINE)}</c:spPr>',
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p>{_paragraph(900, SOFT_INK)}",
        '<a:endParaRPr lang="en-US"/></a:p></c:txPr>',
        "</c:chartSpace>",
    )
    return "".join(parts).encode()


def _series(index: int, series: Series, plot: Plot) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>' for place, value in enumerate(series.values) if value
    )
    values = (
        f"<c:numRef><c:f>{escape(series.values_at)}</c:f><c:numCache>"
        f"<c:formatCode>{escape(plot.number_format)}</c:formatCode>"
        f'<c:ptCount val="{len(series.values)}"/>{points}</c:numCache></c:numRef>'
    )
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>'
        f"<c:tx>{_texts(series.name_at, [series.name])}</c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{series.colour}"/></a:solidFill></c:spPr>'
        f'<c:invertIfNegative val="0"/>{_labels(plot)}'
        f"<c:cat>{_texts(plot.categories_at, plot.categories)}</c:cat><c:val>{values}</c:val></c:ser>"
    )


def _texts(at: str, texts: Sequence[str]) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{escape(text)}</c:v></c:pt>' for place, text in enumerate(texts)
    )
    return (
        f"<c:strRef><c:f>{escape(at)}</c:f><c:strCache>"
        f'<c:ptCount val="{len(texts)}"/>{points}</c:strCache></c:strRef>'
    )


def _labels(plot: Plot) -> str:
    """Write the values at the bars' ends, where there is one series to read them of."""
    if not plot.label_format:
        return ""
    shown = "".join(
        f'<c:show{name} val="{int(name == "Val")}"/>'
        for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    )
    return (
        f'<c:dLbls><c:numFmt formatCode="{escape(plot.label_format)}" sourceLinked="0"/>'
        f'<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:dLblPos val="outEnd"/>{shown}</c:dLbls>'
    )


def _category_axis(plot: Plot, *, lying: bool) -> str:
    order = "maxMin" if lying else "minMax"  # lying bars count from the top
    return (
        f'<c:catAx><c:axId val="{_CATEGORIES}"/><c:scaling><c:orientation val="{order}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if lying else "b"}"/>{_title(plot.across, turned=lying)}'
        '<c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr>{_stroke("A6A6A6")}</c:spPr><c:crossAx val="{_VALUES}"/><c:crosses val="autoZero"/>'
        '<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(plot: Plot, *, lying: bool) -> str:
    return (
        f'<c:valAx><c:axId val="{_VALUES}"/>'
        f'<c:scaling><c:orientation val="minMax"/>{_least(plot)}</c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"b" if lying else "l"}"/>'
        f"<c:majorGridlines><c:spPr>{_stroke(LINE)}</c:spPr></c:majorGridlines>"
        f"{_title(plot.measure, turned=not lying)}"
        f'<c:numFmt formatCode="{escape(plot.number_format)}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'<c:spPr><a:ln><a:noFill/></a:ln></c:spPr><c:crossAx val="{_CATEGORIES}"/>'
        f'<c:crosses val="{"max" if lying else "autoZero"}"/><c:crossBetween val="between"/></c:valAx>'
    )


def _least(plot: Plot) -> str:
    """Have the axis begin at nothing, so that the bars' lengths tell the truth; unless some are negative."""
    negative = any(value.startswith("-") for series in plot.series for value in series.values)
    return "" if negative else '<c:min val="0"/>'


def _title(
    text: str, *, size: int = 900, bold: bool = False, colour: str = SOFT_INK, turned: bool = False
) -> str:
    turn = ' rot="-5400000" vert="horz"' if turned else ""
    return (
        f"<c:title><c:tx><c:rich><a:bodyPr{turn}/><a:lstStyle/><a:p>{_paragraph(size, colour, bold=bold)}"
        f'<a:r><a:rPr lang="en-US" sz="{size}" b="{int(bold)}">{_fill(colour)}</a:rPr>'
        f'<a:t>{escape(text)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
    )


def _paragraph(size: int, colour: str, *, bold: bool = False) -> str:
    return f'<a:pPr><a:defRPr sz="{size}" b="{int(bold)}">{_fill(colour)}</a:defRPr></a:pPr>'


def _legend() -> str:
    return '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


def _stroke(colour: str) -> str:
    return f'<a:ln w="9525">{_fill(colour)}</a:ln>'


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chart stands: from a column and row to others, counted from 0."""

    left: int
    top: int
    right: int
    bottom: int


def drawing_xml(charts: Sequence[tuple[Plot, Place, str]], *, strict: bool, relationships: str) -> bytes:
    """Write the drawing part that puts charts on their places; each with the ID of its relationship."""
    base = MAIN_NAMESPACES[strict]
    anchors = "".join(
        _anchor(number, plot, place, key, f"{base}/chart")
        for number, (plot, place, key) in enumerate(charts, start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<xdr:wsDr xmlns:xdr="{base}/spreadsheetDrawing" xmlns:a="{base}/main" xmlns:r="{relationships}">'
        f"{anchors}</xdr:wsDr>"
    ).encode()


def _anchor(number: int, plot: Plot, place: Place, key: str, chart_namespace: str) -> str:
    def corner(name: str, column: int, row: int) -> str:
        apart = _APART if name == "from" and column else 0
        return (
            f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>{apart}</xdr:colOff>"
            f"<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{name}>"
        )

    return (
        f'<xdr:twoCellAnchor editAs="oneCell">{corner("from", place.left, place.top)}'
        f"{corner('to', place.right, place.bottom)}"
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
        f'<xdr:cNvPr id="{number}" name="{escape(plot.name)}" descr="{escape(plot.title)}"/>'
        "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
        f'<a:graphic><a:graphicData uri="{chart_namespace}">'
        f'<c:chart xmlns:c="{chart_namespace}" r:id="{key}"/></a:graphicData></a:graphic>'
        "</xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>"
    )
