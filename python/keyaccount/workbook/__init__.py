"""Workbooks as files, without Excel: reading tables and ledger, writing result sheets."""
