"""What the add-in's VBA meets in Excel, for an interpreter: written in VBA too, as small as it can be.

``interpreter(**facts)`` gives pyOpenVBA's interpreter with the add-in's own modules, unchanged but for the
Attribute lines, which it does not read; xlwings' module and the dialogs, which declare Windows' DLLs, are
stood in for.
"""

from __future__ import annotations

import re
from typing import Any

from pyopenvba.interpreter import HostBridge, Interpreter

from keyaccount.addin import sources

_STANDARD = """
Public Const xlErrNA As Long = 2042
Public Const xlErrValue As Long = 2015
Public Const xlCountryCode As Long = 1
Public Const vbInformation As Long = 64
Public Const vbHide As Long = 0
Public Said As String
Public Started As String
Public AddinIsBook As Boolean
Public Function Application() As Object
    Set Application = New HostApplication
End Function
Public Function ThisWorkbook() As Object
    Set ThisWorkbook = New HostWorkbook
End Function
Public Function ActiveWorkbook() As Object
    {active}
End Function
Public Function RunPython(ByVal command As String) As Long
    Started = command
End Function
Public Sub KillPy()
    Said = Said & "killed "
End Sub
Public Sub KeyAccountSay(ByVal text As String)
    Said = Said & text & vbLf
End Sub
Public Function XLPy() As Object
    {python}
    Set XLPy = New HostPython
End Function
"""
_APPLICATION = """
Public DisplayAlerts As Boolean
Public ScreenUpdating As Boolean
Public Sub Wait(ByVal until As Variant)
    Said = Said & "waited "
End Sub
Public Sub OnTime(ByVal until As Variant, ByVal Macro As String)
    Said = Said & Macro & " "
End Sub
Public Property Get Caller() As Variant
    {caller}
End Property
Public Property Get LanguageSettings() As Object
    Set LanguageSettings = Me
End Property
Public Function LanguageID(ByVal which As Long) As Long
    {language}
End Function
Public Function International(ByVal which As Long) As Long
    International = {country}
End Function
Public Function CommandBars(ByVal name As String) As Object
    Set CommandBars = Me
End Function
Public Function Controls(ByVal which As Long) As Object
    Set Controls = Me
End Function
Public Property Get Enabled() As Boolean
    Enabled = {enabled}
End Property
Public Sub MacroOptions(ByVal Macro As String, ByVal Description As String, ByVal Category As String, _
        ByVal ArgumentDescriptions As Variant)
    Dim one As Variant
    If {refusing} And Not AddinIsBook Then Err.Raise 1004, , "Cannot edit a macro on a hidden workbook."
    Said = Said & Macro & "|" & Category & "|" & Description
    For Each one In ArgumentDescriptions
        Said = Said & "|" & one
    Next one
    Said = Said & vbLf
End Sub
"""
_RANGE = """
Public Property Get Worksheet() As Object
    Set Worksheet = Me
End Property
Public Property Get Parent() As Object
    Set Parent = New HostWorkbook
    Parent.Title = "Calling.xlsx"
End Property
"""
_WORKBOOK = """
Public Title As String
Public Saved As Boolean
Public Sub Activate()
End Sub
Public Property Let IsAddin(ByVal yes As Boolean)
    AddinIsBook = Not yes
    Said = Said & IIf(yes, "[add-in]", "[workbook]") & vbLf
End Property
Public Property Get Name() As String
    Name = IIf(Title = "", "keyaccount.xlam", Title)
End Property
Public Function Worksheets(ByVal name As String) As Object
    If name <> "keyaccount.conf" Then Err.Raise 9
    Set Worksheets = Me
End Function
Public Function Cells(ByVal row As Long, ByVal column As Long) As Object
    Set Cells = New HostCell
    Cells.Value = ""
    {cells}
End Function
"""
_CELL = "Public Value As Variant\n"
_PYTHON = """
Public Sub Exec(ByVal statement As String)
    Started = statement
End Sub
Public Function CallUDF(ByVal module As String, ByVal name As String, ByVal arguments As Variant, _
        ByVal book As Variant, ByVal cell As Variant) As Variant
    Dim result As Variant, given As String, one As Variant
    For Each one In arguments
        given = given & IIf(IsMissing(one), "missing", one) & ";"
    Next one
    Started = module & "." & name & "(" & given & ") " & book.Name & " " & TypeName(cell)
    {result}
    CallUDF = result
End Function
"""
_PROBE = """
Public Function Told() As String
    Told = Said
End Function
Public Function Called() As String
    Called = Started
End Function
"""


def interpreter(  # noqa: PLR0913 what Excel may be like
    *,
    caller: str = "Set Caller = New Range",
    language: str = "LanguageID = 2052",
    country: int = 1,
    enabled: bool = True,
    python: str = "",
    result: str = "",
    settings: tuple[tuple[str, str], ...] = (),
    refusing: bool = False,
    active: bool = True,
    host: HostBridge | None = None,
) -> Any:  # noqa: ANN401 the interpreter's values have no common type
    """Give an interpreter; the arguments are lines of VBA, or values in them.

    With ``host``, Python itself answers as HostPython.
    """
    vba = Interpreter(host)
    book = 'Set ActiveWorkbook = New HostWorkbook\n    ActiveWorkbook.Title = "Active.xlsx"'
    cells = "\n    ".join(
        f'If row = {row} And column = {column} Then Cells.Value = "{text}"'
        for row, pair in enumerate(settings, start=1)
        for column, text in enumerate(pair, start=1)
    )
    vba.add_module(
        _STANDARD.format(active=book if active else "Set ActiveWorkbook = Nothing", python=python),
        name="Host",
    )
    for name, source in {
        "HostApplication": _APPLICATION.format(
            caller=caller, language=language, country=country, enabled=enabled, refusing=refusing
        ),
        "Range": _RANGE,
        "HostWorkbook": _WORKBOOK.format(cells=cells),
        "HostCell": _CELL,
        "HostPython": _PYTHON.format(result=result),
    }.items():
        if name == "HostPython" and host is not None:
            continue
        vba.add_module(source, name=name, kind="class")
    vba.add_module(_PROBE, name="Probe")
    for name, source in sources.modules().items():
        if name not in ("xlwings", "KeyAccountDialogs"):
            vba.add_module(re.sub(r"^Attribute .*\n", "", source, flags=re.MULTILINE), name=name)
    return vba
