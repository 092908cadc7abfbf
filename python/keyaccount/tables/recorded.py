"""Which input values are recorded at each booking run, so that Changes can say what changed (§Controls)."""

from __future__ import annotations

from keyaccount.tables import inputs
from keyaccount.tables.columns import Column, Table

_LEFT_OUT: dict[str, frozenset[str]] = {
    inputs.POLICIES.name: frozenset({"note"}),
    inputs.ACCOUNTS.name: frozenset(
        {"contact", "phone", "preferences", "special_needs", "business_needs", "support_contact"}
    ),
    inputs.MAINTENANCE.name: frozenset({"channel", "priority", "outcome"}),
    inputs.OBJECTIONS.name: frozenset({"text", "answer"}),
}
"""Personal contact fields and free text: nothing is paid by them."""
DATED = {inputs.SALES.name: "date", inputs.ADJUSTMENTS.name: "date", inputs.MAINTENANCE.name: "date"}
"""The tables that grow with every month, and the day of a row."""


def recorded_columns(table: Table) -> tuple[Column, ...]:
    """Give the columns of a table whose values are recorded."""
    left_out = _LEFT_OUT.get(table.name, frozenset())
    return tuple(column for column in table.columns if column.field not in left_out)


assert all(  # noqa: S101 a declaration checks itself
    fields <= {column.field for column in inputs.TABLE[name].columns} for name, fields in _LEFT_OUT.items()
)
