Attribute VB_Name = "KeyAccountWords"
'Texts in the language of Excel. VBA keeps its source in a code page, so all characters beyond ASCII are written
'as \uXXXX and put together when the text is asked for: the same on a Chinese, an English and any other Windows.
Option Explicit
Option Private Module

Public Function KeyAccountSaid(ByVal english As String, ByVal chinese As String) As String
    KeyAccountSaid = KeyAccountPlain(IIf(KeyAccountChinese(), chinese, english))
End Function

Public Function KeyAccountChinese() As Boolean
    'Excel's own language: 2052, 1028, 3076, 4100 and 5124 are the Chinese ones.
    Static asked As Boolean, answer As Boolean
    Dim language As Long
    If Not asked Then
        On Error Resume Next
        language = Application.LanguageSettings.LanguageID(2) '2: the user interface
        If language = 0 Then language = IIf(Application.International(xlCountryCode) = 86, 2052, 1033)
        answer = (language And 1023) = 4
        asked = True
    End If
    KeyAccountChinese = answer
End Function

Public Function KeyAccountPlain(ByVal escaped As String) As String
    Dim pieces As Variant, piece As Long, code As Long
    pieces = Split(escaped, "\u")
    KeyAccountPlain = pieces(0)
    For piece = 1 To UBound(pieces)
        code = CLng("&H" & Left$(pieces(piece), 4)) 'from &H8000 on, VBA takes the text for a negative Integer
        If code < 0 Then code = code + 65536
        KeyAccountPlain = KeyAccountPlain & ChrW$(code) & Mid$(pieces(piece), 5)
    Next piece
End Function
