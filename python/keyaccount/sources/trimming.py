"""Texts of a source trimmed as those of a sheet are: of no-break, full-width and zero-width spaces too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keyaccount.workbook.spaces import SPACES, ZERO_WIDTH

if TYPE_CHECKING:
    import ibis.expr.types as ir

_ODD = "".join(f"{sign}" for sign in SPACES + ZERO_WIDTH)
_AT_AN_END = f"^[{_ODD}]|[{_ODD}]$"
_ENDS = f"^[{_ODD}]+|[{_ODD}]+$"


def trimmed(text: ir.StringColumn) -> ir.StringColumn:
    """Trim a text; few need it, and to see which do is far quicker than to trim them all."""
    import ibis

    return ibis.ifelse(text.re_search(_AT_AN_END), text.re_replace(_ENDS, ""), text)
