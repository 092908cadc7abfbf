"""Excel with xlwings: the cell functions and the ribbon's macros; nothing below knows of it."""
