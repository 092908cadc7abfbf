Attribute VB_Name = "KeyAccountStart"
'Start-up, in three steps, none of which Excel waits for while it opens: the files that Python will need are read
'in the background; the function wizard learns its help; and a little later, when Excel is idle, Python is started.
Option Explicit

Private Const IMPORTS As String = "import keyaccount.excel.functions,keyaccount.excel.calculations,keyaccount.excel.macros"

Public Sub KeyAccountOpened()
    KeyAccountReadAhead
    KeyAccountLater 2, "KeyAccountHelp"
    KeyAccountLater 8, "KeyAccountWarmUp"
End Sub

Private Sub KeyAccountLater(ByVal seconds As Long, ByVal macro As String)
    On Error Resume Next
    Application.OnTime Now + TimeSerial(0, 0, seconds), "'" & ThisWorkbook.name & "'!" & macro
End Sub

Private Sub KeyAccountReadAhead()
    'Shell does not wait. The first start of a day is slow because of the disk and the virus scanner.
    #If Not Mac Then
        On Error Resume Next
        If GetConfig("CONDA PATH") = "" Then
            Shell KeyAccountCommand(GetConfig("INTERPRETER_WIN", "python"), GetConfig("PYTHONPATH"), "", "", IMPORTS), _
                vbHide
        End If
    #End If
End Sub

Public Sub KeyAccountWarmUp()
    On Error Resume Next 'a Python that does not start is told when somebody needs it, not at each start of Excel
    KeyAccountStartPython
End Sub

Public Sub KeyAccountStartPython()
    'Importing goes on in a thread of Python; Excel waits only until Python answers.
    #If Not Mac Then
        XLPy.Exec "import threading;threading.Thread(target=exec,args=('" & IMPORTS & "',{}),daemon=True).start()"
    #End If
End Sub

Public Sub KeyAccountHelp()
    'Some versions of Excel refuse to change what is said of a hidden workbook's macros: then the add-in is a
    'workbook for a moment.
    Dim book As Workbook
    Set book = ActiveWorkbook
    If book Is Nothing Then 'there is no help to be seen either
        KeyAccountLater 5, "KeyAccountHelp"
        Exit Sub
    End If
    On Error GoTo Refused
    KeyAccountDescribeAll
    ThisWorkbook.Saved = True
    Exit Sub
Refused:
    Resume Shown
Shown:
    On Error Resume Next
    Application.ScreenUpdating = False
    ThisWorkbook.IsAddin = False
    KeyAccountDescribeAll
    ThisWorkbook.IsAddin = True
    ThisWorkbook.Saved = True
    book.Activate
    Application.ScreenUpdating = True
End Sub

Public Sub CleanUp()
    'xlwings calls this on a Mac, where Excel does not wait for Python, when Python has ended.
    #If Mac Then
        Dim errors As String
        errors = Environ("HOME") & "/xlwings.log"
        Application.StatusBar = False
        Application.ScreenUpdating = True
        On Error Resume Next
        If ReadFile(errors) <> "" Then ShowError errors
        Kill errors
    #End If
End Sub

Public Sub KeyAccountDescribe(ByVal name As String, ByVal help As String, ByVal arguments As Variant)
    Application.MacroOptions Macro:="'" & ThisWorkbook.name & "'!" & name, Description:=help, _
        Category:=KeyAccountText("KeyAccountTab.label"), ArgumentDescriptions:=arguments
End Sub
