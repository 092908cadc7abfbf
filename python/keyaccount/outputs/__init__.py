"""What a workbook answers beside its result sheets: explanations, comparisons, statements."""
