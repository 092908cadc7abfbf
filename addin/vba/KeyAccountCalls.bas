Attribute VB_Name = "KeyAccountCalls"
'The way of a cell function to Python and back. The functions themselves stand in KeyAccountFunctions.
Option Explicit
Option Private Module

Public KeyAccountPause As Date 'until then nobody asks again for a Python that could not be reached

Public Function KeyAccountCall(ByVal name As String, ByVal arguments As Variant) As Variant
    #If Mac Then
        KeyAccountCall = CVErr(xlErrNA) 'cell functions need Windows
    #Else
        Dim book As Workbook, cell As Object, python As Object
        If KeyAccountInWizard() Then
            KeyAccountCall = ""
            Exit Function
        End If
        KeyAccountCall = CVErr(xlErrValue)
        Set python = KeyAccountReached(False)
        If python Is Nothing Then Exit Function
        On Error GoTo Failed
        If TypeName(Application.Caller) = "Range" Then
            Set cell = Application.Caller
            Set book = cell.Worksheet.Parent
        Else
            Set book = ActiveWorkbook
        End If
        KeyAccountCall = KeyAccountErrors( _
            python.CallUDF(GetConfig("UDF MODULES", KeyAccountModule), name, arguments, book, cell))
Failed:
    #End If
End Function

Public Function KeyAccountReached(ByVal button As Boolean) As Object
    'Python, or Nothing where it does not start. A button tries and says so each time; a thousand cells do it once.
    Static told As Boolean
    Dim why As String
    #If Not Mac Then
        If Now < KeyAccountPause And Not button Then Exit Function
        On Error GoTo Unreachable
        Set KeyAccountReached = XLPy
        Exit Function
Unreachable:
        why = Err.Description 'the next On Error anywhere clears it
        KeyAccountPause = Now + TimeSerial(0, 0, 10)
        If button Or Not told Then
            told = True
            KeyAccountSay KeyAccountText("KeyAccountTab.unreachable") & vbLf & vbLf & why
        End If
    #End If
End Function

Private Function KeyAccountInWizard() As Boolean
    'While the function wizard is open, Excel asks for the result at each keystroke.
    On Error Resume Next
    KeyAccountInWizard = Not Application.CommandBars("Standard").Controls(1).Enabled
End Function

Public Function KeyAccountErrors(ByVal result As Variant) As Variant
    'A text that begins with the mark is a cell error, alone or anywhere in an array.
    Dim row As Long, column As Long
    Select Case KeyAccountDimensions(result)
    Case 0
        KeyAccountErrors = KeyAccountElement(result)
        Exit Function
    Case 1
        For column = LBound(result) To UBound(result)
            result(column) = KeyAccountElement(result(column))
        Next column
    Case Else
        For row = LBound(result, 1) To UBound(result, 1)
            For column = LBound(result, 2) To UBound(result, 2)
                result(row, column) = KeyAccountElement(result(row, column))
            Next column
        Next row
    End Select
    KeyAccountErrors = result
End Function

Public Function KeyAccountDimensions(ByVal result As Variant) As Long
    Dim last As Long
    If Not IsArray(result) Then Exit Function
    KeyAccountDimensions = 1
    On Error GoTo Flat
    last = UBound(result, 2)
    KeyAccountDimensions = 2
Flat:
End Function

Private Function KeyAccountElement(ByVal value As Variant) As Variant
    KeyAccountElement = value
    If IsNull(value) Then
        KeyAccountElement = "" 'Python's None: Excel would take Null for an error
    ElseIf VarType(value) = vbString Then
        If Left$(value, 1) = ChrW$(KeyAccountErrorMark) Then
            KeyAccountElement = CVErr(KeyAccountErrorNumber(Mid$(value, 2)))
        End If
    End If
End Function
