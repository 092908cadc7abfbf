Attribute VB_Name = "KeyAccountDialogs"
'What Python asks of the user, through Application.Run (for which the module is not private). VBA's MsgBox and
'InputBox know the code page only; these show every character.
Option Explicit

#If Mac Then
#ElseIf VBA7 Then
    Private Declare PtrSafe Function MessageBoxW Lib "user32" (ByVal window As LongPtr, ByVal text As LongPtr, _
        ByVal title As LongPtr, ByVal kind As Long) As Long
#Else
    Private Declare Function MessageBoxW Lib "user32" (ByVal window As Long, ByVal text As Long, _
        ByVal title As Long, ByVal kind As Long) As Long
#End If

Private Const LONGEST_PROMPT As Long = 250 'Application.InputBox fails beyond 255

Public Function KeyAccountAsk(ByVal prompt As String, ByVal title As String, ByVal proposed As String) As String
    'The text that was typed, or "" when the user cancelled.
    Dim answer As Variant
    answer = Application.InputBox(Left$(prompt, LONGEST_PROMPT), Left$(title, LONGEST_PROMPT), proposed, Type:=2)
    If VarType(answer) <> vbBoolean Then KeyAccountAsk = Trim$(CStr(answer))
End Function

Public Function KeyAccountFolder(ByVal title As String) As String
    'The folder that was chosen, or "" when the user cancelled.
    #If Mac Then
        On Error Resume Next
        KeyAccountFolder = MacScript("return POSIX path of (choose folder with prompt """ & title & """)")
    #Else
        With Application.FileDialog(4) '4: a folder
            .title = title
            .AllowMultiSelect = False
            If .Show = -1 Then KeyAccountFolder = .SelectedItems(1)
        End With
    #End If
End Function

Public Sub KeyAccountSay(ByVal text As String)
    #If Mac Then
        MsgBox text, vbInformation, KeyAccountText("KeyAccountTab.label")
    #Else
        Dim title As String
        title = KeyAccountText("KeyAccountTab.label")
        MessageBoxW Application.Hwnd, StrPtr(text), StrPtr(title), vbInformation
    #End If
End Sub
