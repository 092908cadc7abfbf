"""``import``: rows of a CSV file or of another workbook into an input table; all of them, or none."""

from keyaccount.outputs.importing.run import Imported, Options, import_file, input_table

__all__ = ["Imported", "Options", "import_file", "input_table"]
