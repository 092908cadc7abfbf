"""The generated VBA modules: the cell functions' wrappers with their help, and the texts of the ribbon.

The stock generator of xlwings returns an error's text as the cell's value, passes the active workbook instead
of the calling cell's, and gives the function wizard no help. Here a wrapper is one line; KeyAccountCalls does
the rest for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount.addin.ribbon import TEXTS
from keyaccount.addin.vbatext import literal, statement
from keyaccount.excel.catalogue import ERROR_MARK, ERRORS, FUNCTIONS, MODULE, Argument, CellFunction
from keyaccount.translation import translated

FUNCTIONS_MODULE, TEXTS_MODULE = "KeyAccountFunctions", "KeyAccountTexts"
CATALOGUE_MODULE = "KeyAccountCatalogue"
_CATALOGUE, _RIBBON = "python/keyaccount/excel/catalogue.py", "python/keyaccount/addin/ribbon.py"
_ASCII = str.maketrans({"×": "x", "−": "-"})
_LONGEST_HELP = 255
"""What Application.MacroOptions takes for a description."""


def generated() -> dict[str, str]:
    """Give the generated modules by name."""
    return {
        FUNCTIONS_MODULE: _functions_module(),
        CATALOGUE_MODULE: _catalogue_module(),
        TEXTS_MODULE: _texts_module(),
    }


def _head(name: str, source: str, *, shown: bool = False) -> list[str]:
    """Begin a module; only one that is shown has its functions in Excel's function wizard."""
    return [
        f'Attribute VB_Name = "{name}"',
        f"'Written by addin/build.py from {source}; do not edit.",
        "Option Explicit",
        *([] if shown else ["Option Private Module"]),
    ]


def _functions_module() -> str:
    """The cell functions, and nothing else that the function wizard could list."""
    lines = _head(FUNCTIONS_MODULE, _CATALOGUE, shown=True)
    for function in FUNCTIONS:
        lines += ["", *_wrapper(function)]
    return "\n".join([*lines, ""])


def _catalogue_module() -> str:
    """What is said of the cell functions, and the cell errors."""
    lines = [
        *_head(CATALOGUE_MODULE, _CATALOGUE),
        "",
        f"Public Const KeyAccountModule As String = {literal(MODULE)}",
        f"Public Const KeyAccountErrorMark As Long = &H{ord(ERROR_MARK):04X}&",
        "",
        *_error_numbers(),
        "",
        "Public Sub KeyAccountDescribeAll()",
        *(_description(function) for function in FUNCTIONS),
        "End Sub",
        "",
    ]
    return "\n".join(lines)


def _texts_module() -> str:
    """The ribbon's texts in both languages."""
    lines = [
        *_head(TEXTS_MODULE, _RIBBON),
        "",
        "Public Function KeyAccountText(ByVal key As String) As String",
        "    Select Case key",
    ]
    for key, english in TEXTS.items():
        said = _said(english, translated(english, "zh"), "        KeyAccountText = ")
        lines += [f"    Case {literal(key)}", said]
    return "\n".join([*lines, "    End Select", "End Function", ""])


def _wrapper(function: CellFunction) -> Iterator[str]:
    """A function as Excel sees it; its English description stands in it for when no help can be set."""
    name = function.name
    given = ", ".join(argument.vba_name for argument in function.arguments)
    yield statement([f"Public Function {name}(", *_parameters(function.arguments)])
    yield f"Attribute {name}.VB_Description = {literal(function.en.translate(_ASCII))}"
    yield f'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n14"'
    yield f"    {name} = KeyAccountCall({literal(name)}, Array({given}))"
    yield "End Function"


def _parameters(arguments: tuple[Argument, ...]) -> Iterator[str]:
    for argument in arguments:
        kind = "Optional ByVal" if argument.optional else "ByVal"
        end = ") As Variant" if argument is arguments[-1] else ","
        yield f"        {kind} {argument.vba_name} As Variant{end}"


def _error_numbers() -> Iterator[str]:
    yield "Public Function KeyAccountErrorNumber(ByVal text As String) As Long"
    yield "    Select Case text"
    for text, number in ERRORS.items():
        yield f"    Case {literal(text)}: KeyAccountErrorNumber = {number}"
    yield f"    Case Else: KeyAccountErrorNumber = {ERRORS['#VALUE!']}"
    yield "    End Select"
    yield "End Function"


def _description(function: CellFunction) -> str:
    """The statement that gives the function wizard its help."""
    told = [_said(argument.en, argument.zh, "            ") for argument in function.arguments]
    return statement(
        [
            f"    KeyAccountDescribe {literal(function.name)},",
            _said(function.en, function.zh, "        ") + ",",
            "        Array(",
            *(f"{each}," for each in told[:-1]),
            f"{told[-1]})",
        ]
    )


def _said(english: str, chinese: str, before: str) -> str:
    for text in (english, chinese):
        if not 0 < len(text) <= _LONGEST_HELP:
            raise ValueError(f"{len(text)} characters where Excel takes 1 to {_LONGEST_HELP}: {text}")
    return f"{before}KeyAccountSaid({literal(english)}, {literal(chinese)})"
