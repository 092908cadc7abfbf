Attribute VB_Name = "KeyAccountPython"
'Which Python runs, and how it is started. GetConfig and XLPyCommand stand in for those of xlwings.bas
'(addin/build.py takes them out there):
'- settings come from the add-in's own sheet alone, so that no workbook that somebody sends can choose the program
'  that runs; they are read once, not dozens of times for each cell; and names beyond the code page survive.
'- one Python serves all workbooks: xlwings' DLL starts a new one for every new command line, and the stock
'  command line holds the active workbook's name.
'- Python starts with -E and -P: a PYTHONHOME or PYTHONPATH that another program left behind does not break it, and
'  it takes no code from the folder that Excel happens to be in.
Option Explicit
Option Private Module

Private Const SHEET As String = "keyaccount.conf"

Public Function GetConfig(configKey As String, Optional default As String = "", _
        Optional source As String = "") As Variant
    GetConfig = default
    On Error Resume Next 'a Collection has no other way to say that a key is absent
    GetConfig = KeyAccountKnown().Item(UCase$(configKey))
End Function

Private Function KeyAccountKnown() As Collection
    Static known As Collection
    Dim row As Long
    If known Is Nothing Then
        Set known = New Collection
        row = 1
        With ThisWorkbook.Worksheets(SHEET)
            Do While CStr(.Cells(row, 1).Value) <> ""
                If CStr(.Cells(row, 2).Value) <> "" Then
                    known.Add CStr(.Cells(row, 2).Value), UCase$(CStr(.Cells(row, 1).Value))
                End If
                row = row + 1
            Loop
        End With
    End If
    Set KeyAccountKnown = known
End Function

Public Function XLPyCommand() As String
    XLPyCommand = KeyAccountCommand(GetConfig("INTERPRETER_WIN", "python"), GetConfig("PYTHONPATH"), _
        GetConfig("CONDA PATH"), GetConfig("CONDA ENV"), "import xlwings;xlwings.serve('$(CLSID)')")
End Function

Public Function KeyAccountCommand(ByVal interpreter As String, ByVal folders As String, ByVal conda As String, _
        ByVal environment As String, ByVal code As String) As String
    'Where conda is given, its environment is activated first: its libraries lie outside of Python's folder.
    Dim python As String
    If folders <> "" Then
        folders = Replace(Replace(folders, "\", "\\"), "'", "\'")
        code = "import sys;sys.path[:0]='" & folders & "'.split(';');" & code
    End If
    python = KeyAccountQuoted(interpreter) & " -E -P -c " & KeyAccountQuoted(code)
    If conda = "" Or environment = "" Then
        KeyAccountCommand = python
    Else
        KeyAccountCommand = "cmd.exe /C " & KeyAccountQuoted(KeyAccountQuoted(conda & "\condabin\conda.bat") & _
            " activate " & KeyAccountQuoted(environment) & " && " & python)
    End If
End Function

Private Function KeyAccountQuoted(ByVal text As String) As String
    KeyAccountQuoted = Chr$(34) & text & Chr$(34)
End Function
