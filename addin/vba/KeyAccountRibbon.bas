Attribute VB_Name = "KeyAccountRibbon"
'The ribbon's callbacks: what it shows, in the language of Excel, and what its buttons do.
Option Explicit

Public Sub KeyAccountLabel(control As IRibbonControl, ByRef returnedVal)
    returnedVal = KeyAccountText(control.ID & ".label")
End Sub

Public Sub KeyAccountScreentip(control As IRibbonControl, ByRef returnedVal)
    returnedVal = KeyAccountText(control.ID & ".screentip")
End Sub

Public Sub KeyAccountSupertip(control As IRibbonControl, ByRef returnedVal)
    returnedVal = KeyAccountText(control.ID & ".supertip")
End Sub

Public Sub KeyAccountCheckData(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.check_data()"
End Sub

Public Sub KeyAccountAdvance(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.run_monthly_advance()"
End Sub

Public Sub KeyAccountQuarter(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.run_quarterly_settlement()"
End Sub

Public Sub KeyAccountYearEnd(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.run_year_end()"
End Sub

Public Sub KeyAccountPreview(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.preview()"
End Sub

Public Sub KeyAccountExplain(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.explain_selection()"
End Sub

Public Sub KeyAccountStatements(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.statements()"
End Sub

Public Sub KeyAccountApprove(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.approve()"
End Sub

Public Sub KeyAccountWhatIf(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.what_if()"
End Sub

Public Sub KeyAccountVerify(control As IRibbonControl)
    If KeyAccountReady() Then RunPython "import keyaccount.excel.macros as m; m.verify()"
End Sub

Public Sub KeyAccountRestart(control As IRibbonControl)
    'Ends Python and starts it again: after new code, or when it does not answer.
    #If Mac Then
        KeyAccountSay KeyAccountText("KeyAccountRestart.mac")
    #Else
        On Error GoTo Failed
        KeyAccountPause = 0
        KillPy
        Application.Wait Now + TimeSerial(0, 0, 1) 'until it is gone: Windows would hand out the dying one
        KeyAccountStartPython
        KeyAccountSay KeyAccountText("KeyAccountRestart.done")
        Exit Sub
Failed:
        KeyAccountSay Err.Description
    #End If
End Sub

Private Function KeyAccountReady() As Boolean
    If ActiveWorkbook Is Nothing Then
        KeyAccountSay KeyAccountText("KeyAccountTab.open")
        Exit Function
    End If
    #If Not Mac Then
        If KeyAccountReached(True) Is Nothing Then Exit Function
    #End If
    'A run over a million lines is silent for a while; without this Excel would say that it waits for another
    'program. Excel sets it back by itself when the macro ends.
    Application.DisplayAlerts = False
    KeyAccountReady = True
End Function
