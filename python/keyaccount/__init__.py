"""keyaccount: commission on key accounts, from the finance workbook to the ledger and back."""

__version__ = "0.1.0"
