Attribute VB_Name = "KeyAccountTexts"
'Written by addin/build.py from python/keyaccount/addin/ribbon.py; do not edit.
Option Explicit
Option Private Module

Public Function KeyAccountText(ByVal key As String) As String
    Select Case key
    Case "KeyAccountTab.label"
        KeyAccountText = KeyAccountSaid("Key Accounts", "\u5927\u5BA2\u6237\u63D0\u6210")
    Case "KeyAccountTab.open"
        KeyAccountText = KeyAccountSaid("Open the workbook of your commission plan first.", "\u8BF7\u5148\u6253\u5F00\u63D0\u6210\u5DE5\u4F5C\u7C3F\u3002")
    Case "KeyAccountTab.unreachable"
        KeyAccountText = KeyAccountSaid("Excel does not reach Python. Close Excel and run in a console: keyaccount addin doctor", "Excel \u65E0\u6CD5\u8C03\u7528 Python\u3002\u8BF7\u5173\u95ED Excel\uFF0C\u5E76\u5728\u547D\u4EE4\u884C\u8FD0\u884C\uFF1Akeyaccount addin doctor")
    Case "KeyAccountRuns.label"
        KeyAccountText = KeyAccountSaid("Settle", "\u6838\u7B97\u4E0E\u7ED3\u7B97")
    Case "KeyAccountAnswers.label"
        KeyAccountText = KeyAccountSaid("Explain and hand out", "\u89E3\u91CA\u4E0E\u53D1\u653E")
    Case "KeyAccountCheckData.label"
        KeyAccountText = KeyAccountSaid("Check data", "\u68C0\u67E5\u6570\u636E")
    Case "KeyAccountCheckData.screentip"
        KeyAccountText = KeyAccountSaid("Check the data of this workbook", "\u68C0\u67E5\u672C\u5DE5\u4F5C\u7C3F\u7684\u6570\u636E")
    Case "KeyAccountCheckData.supertip"
        KeyAccountText = KeyAccountSaid("Looks for missing, doubtful and contradictory entries and lists them on the Problems sheet, each with its cell and what to do. Books nothing.", "\u67E5\u627E\u7F3A\u5931\u3001\u53EF\u7591\u53CA\u76F8\u4E92\u77DB\u76FE\u7684\u6570\u636E\uFF0C\u9010\u6761\u5217\u5165\u201C\u6570\u636E\u68C0\u67E5\u7ED3\u679C\u201D\u8868\uFF0C\u6CE8\u660E\u5355\u5143\u683C\u548C\u5904\u7406\u529E\u6CD5\u3002\u4E0D\u5165\u8D26\u3002")
    Case "KeyAccountAdvance.label"
        KeyAccountText = KeyAccountSaid("Run monthly advance", "\u6708\u5EA6\u9884\u53D1")
    Case "KeyAccountAdvance.screentip"
        KeyAccountText = KeyAccountSaid("Run a month's advance (\u00A73.3.2)", "\u529E\u7406\u67D0\u6708\u9884\u53D1\uFF08\u00A73.3.2\uFF09")
    Case "KeyAccountAdvance.supertip"
        KeyAccountText = KeyAccountSaid("Asks for the month, works out what each salesperson is paid in advance, books it in the Ledger and shows Monthly Advances.", "\u8BE2\u95EE\u6708\u4EFD\uFF0C\u8BA1\u7B97\u6BCF\u4F4D\u9500\u552E\u5458\u7684\u9884\u53D1\u91D1\u989D\uFF0C\u8BB0\u5165\u201C\u63D0\u6210\u53F0\u8D26\u201D\uFF0C\u5E76\u663E\u793A\u201C\u6708\u5EA6\u9884\u53D1\u201D\u8868\u3002")
    Case "KeyAccountQuarter.label"
        KeyAccountText = KeyAccountSaid("Run quarterly settlement", "\u5B63\u5EA6\u6838\u7B97")
    Case "KeyAccountQuarter.screentip"
        KeyAccountText = KeyAccountSaid("Settle a quarter (\u00A73.3.1)", "\u6838\u7B97\u67D0\u5B63\u5EA6\uFF08\u00A73.3.1\uFF09")
    Case "KeyAccountQuarter.supertip"
        KeyAccountText = KeyAccountSaid("Asks for the quarter, books its commission and the difference to what was advanced, and closes it. Shows Quarterly Settlement.", "\u8BE2\u95EE\u5B63\u5EA6\uFF0C\u5C06\u8BE5\u5B63\u63D0\u6210\u53CA\u4E0E\u5DF2\u9884\u53D1\u7684\u5DEE\u989D\u5165\u8D26\u5E76\u5173\u8D26\uFF0C\u663E\u793A\u201C\u5B63\u5EA6\u6838\u7B97\u201D\u8868\u3002")
    Case "KeyAccountYearEnd.label"
        KeyAccountText = KeyAccountSaid("Run year end", "\u5E74\u7EC8\u7ED3\u7B97")
    Case "KeyAccountYearEnd.screentip"
        KeyAccountText = KeyAccountSaid("Finish a year (\u00A73.3.2, \u00A73.3.4)", "\u529E\u7406\u5E74\u7EC8\u7ED3\u7B97\uFF08\u00A73.3.2\u3001\u00A73.3.4\uFF09")
    Case "KeyAccountYearEnd.supertip"
        KeyAccountText = KeyAccountSaid("Applies the approved coefficients and the target bonus, and pays what was withheld. Q4 must be settled first. Shows Year-End Settlement.", "\u6309\u6279\u51C6\u7684\u5E74\u7EC8\u8C03\u6574\u7CFB\u6570\u548C\u76EE\u6807\u8FBE\u6210\u5956\u8BA1\u7B97\uFF0C\u8865\u53D1\u5E74\u7EC8\u5F85\u8865\u53D1\u90E8\u5206\u3002\u987B\u5148\u6838\u7B97\u7B2C\u56DB\u5B63\u5EA6\u3002\u663E\u793A\u201C\u5E74\u7EC8\u7ED3\u7B97\u201D\u8868\u3002")
    Case "KeyAccountPreview.label"
        KeyAccountText = KeyAccountSaid("Preview", "\u9884\u89C8")
    Case "KeyAccountPreview.screentip"
        KeyAccountText = KeyAccountSaid("Calculate without booking", "\u53EA\u8BA1\u7B97\uFF0C\u4E0D\u5165\u8D26")
    Case "KeyAccountPreview.supertip"
        KeyAccountText = KeyAccountSaid("Asks for a period and shows what a run would pay. Books nothing.", "\u8BE2\u95EE\u671F\u95F4\uFF0C\u663E\u793A\u8BE5\u671F\u5E94\u53D1\u91D1\u989D\u3002\u4E0D\u5165\u8D26\u3002")
    Case "KeyAccountExplain.label"
        KeyAccountText = KeyAccountSaid("Explain selection", "\u89E3\u91CA\u6240\u9009")
    Case "KeyAccountExplain.screentip"
        KeyAccountText = KeyAccountSaid("Where does this figure come from?", "\u8FD9\u4E2A\u6570\u5B57\u4ECE\u54EA\u91CC\u6765\uFF1F")
    Case "KeyAccountExplain.supertip"
        KeyAccountText = KeyAccountSaid("Select an amount on a result sheet or a line of the Ledger: it is followed down to its sales, with their cells and the arithmetic.", "\u9009\u4E2D\u7ED3\u679C\u8868\u7684\u91D1\u989D\u6216\u53F0\u8D26\u7684\u4E00\u884C\uFF0C\u5373\u53EF\u9010\u5C42\u8FFD\u6EAF\u5230\u9500\u552E\u660E\u7EC6\uFF0C\u5217\u51FA\u5355\u5143\u683C\u548C\u7B97\u5F0F\u3002")
    Case "KeyAccountStatements.label"
        KeyAccountText = KeyAccountSaid("Statements", "\u4E2A\u4EBA\u5BF9\u8D26\u5355")
    Case "KeyAccountStatements.screentip"
        KeyAccountText = KeyAccountSaid("Write the statements of a period", "\u751F\u6210\u67D0\u671F\u95F4\u7684\u4E2A\u4EBA\u63D0\u6210\u5BF9\u8D26\u5355")
    Case "KeyAccountStatements.supertip"
        KeyAccountText = KeyAccountSaid("One PDF and one workbook for each salesperson, with only their own data, in a folder that you choose.", "\u4E3A\u6BCF\u4F4D\u9500\u552E\u5458\u5404\u751F\u6210\u4E00\u4EFD PDF \u548C\u4E00\u4EFD\u5DE5\u4F5C\u7C3F\uFF0C\u4EC5\u542B\u672C\u4EBA\u6570\u636E\uFF0C\u5B58\u5165\u6240\u9009\u6587\u4EF6\u5939\u3002")
    Case "KeyAccountMore.label"
        KeyAccountText = KeyAccountSaid("More", "\u66F4\u591A")
    Case "KeyAccountMore.screentip"
        KeyAccountText = KeyAccountSaid("Approval, what-if, verification, restart", "\u5BA1\u6279\u3001\u8BD5\u7B97\u3001\u9A8C\u8BC1\u3001\u91CD\u542F")
    Case "KeyAccountMore.supertip"
        KeyAccountText = KeyAccountSaid("What is needed now and then.", "\u4E0D\u5E38\u7528\u7684\u529F\u80FD\u3002")
    Case "KeyAccountApprove.label"
        KeyAccountText = KeyAccountSaid("Approve\u2026", "\u5BA1\u6279\u2026")
    Case "KeyAccountApprove.screentip"
        KeyAccountText = KeyAccountSaid("Enter who approved a period", "\u767B\u8BB0\u67D0\u671F\u95F4\u7684\u5BA1\u6279")
    Case "KeyAccountApprove.supertip"
        KeyAccountText = KeyAccountSaid("Asks for the period and for who prepared, reviewed and approved it, and writes that on sheet Approvals with the Ledger Digest of its run. The documents bear it.", "\u8BE2\u95EE\u671F\u95F4\u53CA\u5236\u8868\u3001\u5BA1\u6838\u3001\u6279\u51C6\u4EBA\uFF0C\u8FDE\u540C\u8BE5\u6279\u6B21\u7684\u53F0\u8D26\u6821\u9A8C\u7801\u767B\u8BB0\u5230\u201C\u5BA1\u6279\u8BB0\u5F55\u201D\u8868\uFF0C\u5E76\u4F53\u73B0\u5728\u5355\u636E\u4E0A\u3002")
    Case "KeyAccountWhatIf.label"
        KeyAccountText = KeyAccountSaid("What-if", "\u8BD5\u7B97")
    Case "KeyAccountWhatIf.screentip"
        KeyAccountText = KeyAccountSaid("What would another plan pay?", "\u6362\u4E00\u79CD\u65B9\u6848\u4F1A\u53D1\u591A\u5C11\uFF1F")
    Case "KeyAccountWhatIf.supertip"
        KeyAccountText = KeyAccountSaid("Asks for a period and for changed rates or policies and puts the changed plan beside today's, for each salesperson. Books nothing.", "\u8BE2\u95EE\u671F\u95F4\u53CA\u8981\u6539\u52A8\u7684\u6BD4\u4F8B\u6216\u53C2\u6570\uFF0C\u9010\u4EBA\u5BF9\u6BD4\u73B0\u884C\u65B9\u6848\u4E0E\u6539\u52A8\u540E\u7684\u65B9\u6848\u3002\u4E0D\u5165\u8D26\u3002")
    Case "KeyAccountVerify.label"
        KeyAccountText = KeyAccountSaid("Verify", "\u9A8C\u8BC1")
    Case "KeyAccountVerify.screentip"
        KeyAccountText = KeyAccountSaid("Was the ledger or a result sheet altered?", "\u53F0\u8D26\u6216\u7ED3\u679C\u8868\u662F\u5426\u88AB\u6539\u52A8\uFF1F")
    Case "KeyAccountVerify.supertip"
        KeyAccountText = KeyAccountSaid("Checks the chain of digests, the sums of the Ledger, and every result sheet against a fresh calculation.", "\u68C0\u67E5\u53F0\u8D26\u6821\u9A8C\u7801\u94FE\u548C\u5408\u8BA1\uFF0C\u5E76\u5C06\u5404\u7ED3\u679C\u8868\u4E0E\u91CD\u65B0\u8BA1\u7B97\u7684\u7ED3\u679C\u6838\u5BF9\u3002")
    Case "KeyAccountRestart.label"
        KeyAccountText = KeyAccountSaid("Restart Python", "\u91CD\u542F Python")
    Case "KeyAccountRestart.screentip"
        KeyAccountText = KeyAccountSaid("End Python and start it again", "\u7ED3\u675F Python \u5E76\u91CD\u65B0\u542F\u52A8")
    Case "KeyAccountRestart.supertip"
        KeyAccountText = KeyAccountSaid("After an update of the program, or when Excel and Python got stuck.", "\u7A0B\u5E8F\u66F4\u65B0\u4E4B\u540E\uFF0C\u6216 Excel \u4E0E Python \u5931\u53BB\u54CD\u5E94\u65F6\u4F7F\u7528\u3002")
    Case "KeyAccountRestart.done"
        KeyAccountText = KeyAccountSaid("Python was started again. Ctrl+Alt+F9 recalculates all cells.", "Python \u5DF2\u91CD\u65B0\u542F\u52A8\u3002\u6309 Ctrl+Alt+F9 \u91CD\u65B0\u8BA1\u7B97\u6240\u6709\u5355\u5143\u683C\u3002")
    Case "KeyAccountRestart.mac"
        KeyAccountText = KeyAccountSaid("There is nothing to restart on a Mac: every button starts Python anew.", "Mac \u4E0A\u65E0\u9700\u91CD\u542F\uFF1A\u6BCF\u6B21\u70B9\u51FB\u6309\u94AE\u90FD\u4F1A\u91CD\u65B0\u542F\u52A8 Python\u3002")
    End Select
End Function
