"""``statements``: a PDF and a workbook for each salesperson of a period, with only their own data."""

from keyaccount.outputs.statements.making import StatementsReport, Written, make_statements, write_statements

__all__ = ["StatementsReport", "Written", "make_statements", "write_statements"]
