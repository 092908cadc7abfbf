Attribute VB_Name = "KeyAccountCatalogue"
'Written by addin/build.py from python/keyaccount/excel/catalogue.py; do not edit.
Option Explicit
Option Private Module

Public Const KeyAccountModule As String = "keyaccount.excel.functions"
Public Const KeyAccountErrorMark As Long = &HE000&

Public Function KeyAccountErrorNumber(ByVal text As String) As Long
    Select Case text
    Case "#NULL!": KeyAccountErrorNumber = 2000
    Case "#DIV/0!": KeyAccountErrorNumber = 2007
    Case "#VALUE!": KeyAccountErrorNumber = 2015
    Case "#REF!": KeyAccountErrorNumber = 2023
    Case "#NAME?": KeyAccountErrorNumber = 2029
    Case "#NUM!": KeyAccountErrorNumber = 2036
    Case "#N/A": KeyAccountErrorNumber = 2042
    Case "#GETTING_DATA": KeyAccountErrorNumber = 2043
    Case "#SPILL!": KeyAccountErrorNumber = 2045
    Case "#CONNECT!": KeyAccountErrorNumber = 2046
    Case "#BLOCKED!": KeyAccountErrorNumber = 2047
    Case "#UNKNOWN!": KeyAccountErrorNumber = 2048
    Case "#FIELD!": KeyAccountErrorNumber = 2049
    Case "#CALC!": KeyAccountErrorNumber = 2050
    Case Else: KeyAccountErrorNumber = 2015
    End Select
End Function

Public Sub KeyAccountDescribeAll()
    KeyAccountDescribe "COMMISSION", _
        KeyAccountSaid("Commission on net sales: net sales \u00D7 rate of the tier, rounded to the fen.", "\u6309\u51C0\u9500\u552E\u989D\u8BA1\u7B97\u63D0\u6210:\u51C0\u9500\u552E\u989D \u00D7 \u7B49\u7EA7\u63D0\u6210\u6BD4\u4F8B,\u56DB\u820D\u4E94\u5165\u5230\u5206\u3002"), _
        Array( _
            KeyAccountSaid("Net sales in yuan, without VAT.", "\u51C0\u9500\u552E\u989D(\u5143,\u4E0D\u542B\u7A0E)\u3002"), _
            KeyAccountSaid("Tier, in English or Chinese: strategic, core, important, or a name of your own.", "\u7B49\u7EA7,\u4E2D\u82F1\u6587\u5747\u53EF:\u6218\u7565\u5BA2\u6237\u3001\u6838\u5FC3\u5BA2\u6237\u3001\u91CD\u8981\u5BA2\u6237\u6216\u81EA\u5B9A\u4E49\u540D\u79F0\u3002"), _
            KeyAccountSaid("Date of the sale: a date, or the text 2026-01-31. Left out: the tier's latest rate.", "\u9500\u552E\u65E5\u671F:\u65E5\u671F\u6216\u6587\u672C 2026-01-31\u3002\u7701\u7565:\u53D6\u8BE5\u7B49\u7EA7\u6700\u65B0\u4E00\u884C\u7684\u6BD4\u4F8B\u3002"), _
            KeyAccountSaid("The Tiers table as a range (Tier, Rate, Effective From). Left out: this workbook's Tiers sheet.", "\u7B49\u7EA7\u63D0\u6210\u6BD4\u4F8B\u8868\u533A\u57DF(\u7B49\u7EA7\u3001\u63D0\u6210\u6BD4\u4F8B\u3001\u751F\u6548\u65E5\u671F)\u3002\u7701\u7565:\u672C\u5DE5\u4F5C\u7C3F\u7684\u7B49\u7EA7\u63D0\u6210\u6BD4\u4F8B\u8868\u3002"), _
            KeyAccountSaid("Points that raise the rate, 0.005 for half a point (\u00A73.4.2). Left out: none.", "\u4E0A\u6D6E\u767E\u5206\u70B9,0.5 \u4E2A\u767E\u5206\u70B9\u586B 0.005(\u00A73.4.2)\u3002\u7701\u7565:\u4E0D\u4E0A\u6D6E\u3002"))
    KeyAccountDescribe "COMMISSIONRATE", _
        KeyAccountSaid("The rate of a tier in force on a date, with uplift.", "\u67D0\u65E5\u6709\u6548\u7684\u7B49\u7EA7\u63D0\u6210\u6BD4\u4F8B(\u542B\u4E0A\u6D6E)\u3002"), _
        Array( _
            KeyAccountSaid("Tier, in English or Chinese: strategic, core, important, or a name of your own.", "\u7B49\u7EA7,\u4E2D\u82F1\u6587\u5747\u53EF:\u6218\u7565\u5BA2\u6237\u3001\u6838\u5FC3\u5BA2\u6237\u3001\u91CD\u8981\u5BA2\u6237\u6216\u81EA\u5B9A\u4E49\u540D\u79F0\u3002"), _
            KeyAccountSaid("Date of the sale: a date, or the text 2026-01-31. Left out: the tier's latest rate.", "\u9500\u552E\u65E5\u671F:\u65E5\u671F\u6216\u6587\u672C 2026-01-31\u3002\u7701\u7565:\u53D6\u8BE5\u7B49\u7EA7\u6700\u65B0\u4E00\u884C\u7684\u6BD4\u4F8B\u3002"), _
            KeyAccountSaid("The Tiers table as a range (Tier, Rate, Effective From). Left out: this workbook's Tiers sheet.", "\u7B49\u7EA7\u63D0\u6210\u6BD4\u4F8B\u8868\u533A\u57DF(\u7B49\u7EA7\u3001\u63D0\u6210\u6BD4\u4F8B\u3001\u751F\u6548\u65E5\u671F)\u3002\u7701\u7565:\u672C\u5DE5\u4F5C\u7C3F\u7684\u7B49\u7EA7\u63D0\u6210\u6BD4\u4F8B\u8868\u3002"), _
            KeyAccountSaid("Points that raise the rate, 0.005 for half a point (\u00A73.4.2). Left out: none.", "\u4E0A\u6D6E\u767E\u5206\u70B9,0.5 \u4E2A\u767E\u5206\u70B9\u586B 0.005(\u00A73.4.2)\u3002\u7701\u7565:\u4E0D\u4E0A\u6D6E\u3002"))
    KeyAccountDescribe "NETSALES", _
        KeyAccountSaid("Net sales: gross \u2212 discount \u2212 returns \u2212 bad debts + recoveries.", "\u51C0\u9500\u552E\u989D = \u9500\u552E\u989D \u2212 \u6298\u6263 \u2212 \u9000\u8D27 \u2212 \u574F\u8D26\u6838\u9500 + \u574F\u8D26\u6536\u56DE\u3002"), _
        Array( _
            KeyAccountSaid("Gross sales in yuan, without VAT.", "\u9500\u552E\u989D(\u5143,\u4E0D\u542B\u7A0E)\u3002"), _
            KeyAccountSaid("Discounts, later ones too.", "\u6298\u6263\u989D(\u542B\u4E8B\u540E\u6298\u8BA9)\u3002"), _
            KeyAccountSaid("Returns.", "\u9500\u552E\u9000\u8D27\u3002"), _
            KeyAccountSaid("Bad debts written off.", "\u5DF2\u6838\u9500\u574F\u8D26\u3002"), _
            KeyAccountSaid("Bad debts recovered.", "\u5DF2\u6838\u9500\u574F\u8D26\u6536\u56DE\u3002"))
    KeyAccountDescribe "ADVANCE", _
        KeyAccountSaid("The part of a commission that is paid in advance, 80 %, to the fen.", "\u63D0\u6210\u4E2D\u6BCF\u6708\u9884\u53D1\u7684\u90E8\u5206(80%),\u56DB\u820D\u4E94\u5165\u5230\u5206\u3002"), _
        Array( _
            KeyAccountSaid("Commission in yuan.", "\u63D0\u6210(\u5143)\u3002"), _
            KeyAccountSaid("Part paid in advance, from 0 to 1. Left out: 80 %.", "\u9884\u53D1\u6BD4\u4F8B,0 \u81F3 1\u3002\u7701\u7565:80%\u3002"))
    KeyAccountDescribe "WITHHELD", _
        KeyAccountSaid("The part of a commission that waits for the year end: commission \u2212 advance.", "\u5E74\u7EC8\u5F85\u8865\u53D1:\u63D0\u6210 \u2212 \u9884\u53D1\u3002"), _
        Array( _
            KeyAccountSaid("Commission in yuan.", "\u63D0\u6210(\u5143)\u3002"), _
            KeyAccountSaid("Part paid in advance, from 0 to 1. Left out: 80 %.", "\u9884\u53D1\u6BD4\u4F8B,0 \u81F3 1\u3002\u7701\u7565:80%\u3002"))
    KeyAccountDescribe "CLAWBACK", _
        KeyAccountSaid("The part of a reversed commission to take from pay: paid share \u00D7 (amount \u00D7 rate), both to the fen.", "\u6263\u56DE:\u4ECE\u5DF2\u53D1\u63D0\u6210\u4E2D\u6263\u56DE\u7684\u90E8\u5206 = \u5DF2\u53D1\u6BD4\u4F8B \u00D7 (\u91D1\u989D \u00D7 \u539F\u63D0\u6210\u6BD4\u4F8B),\u5747\u56DB\u820D\u4E94\u5165\u5230\u5206\u3002"), _
        Array( _
            KeyAccountSaid("Amount of the return or bad debt, without VAT.", "\u9000\u8D27\u6216\u574F\u8D26\u91D1\u989D(\u5143,\u4E0D\u542B\u7A0E)\u3002"), _
            KeyAccountSaid("Rate of the sale that is undone.", "\u539F\u9500\u552E\u7684\u63D0\u6210\u6BD4\u4F8B\u3002"), _
            KeyAccountSaid("Part already paid, from 0 to 1. Left out: 80 %.", "\u5DF2\u53D1\u6BD4\u4F8B,0 \u81F3 1\u3002\u7701\u7565:80%\u3002"))
    KeyAccountDescribe "TARGETBONUS", _
        KeyAccountSaid("The target bonus of a year: 10 % of the final commission when net sales reach the target, else 0.", "\u76EE\u6807\u8FBE\u6210\u5956:\u5168\u5E74\u51C0\u9500\u552E\u989D\u8FBE\u5230\u76EE\u6807\u65F6\u4E3A\u6700\u7EC8\u63D0\u6210\u7684 10%,\u5426\u5219\u4E3A 0\u3002"), _
        Array( _
            KeyAccountSaid("Net sales of the year in yuan.", "\u5168\u5E74\u51C0\u9500\u552E\u989D(\u5143)\u3002"), _
            KeyAccountSaid("Target of the year; blank: none, no bonus.", "\u5E74\u5EA6\u76EE\u6807;\u7A7A\u767D:\u65E0\u76EE\u6807,\u4E0D\u53D1\u5956\u91D1\u3002"), _
            KeyAccountSaid("Final commission of the year.", "\u5E74\u7EC8\u8C03\u6574\u540E\u7684\u5168\u5E74\u63D0\u6210(\u5143)\u3002"), _
            KeyAccountSaid("Rate of the bonus. Left out: 10 %.", "\u5956\u91D1\u6BD4\u4F8B\u3002\u7701\u7565:10%\u3002"))
    KeyAccountDescribe "KEYACCOUNTSHARE", _
        KeyAccountSaid("An account's share of the company's net sales, not rounded.", "\u5BA2\u6237\u51C0\u9500\u552E\u989D\u5360\u516C\u53F8\u51C0\u9500\u552E\u603B\u989D\u7684\u6BD4\u4F8B(\u4E0D\u820D\u5165)\u3002"), _
        Array( _
            KeyAccountSaid("Net sales of the account, previous year.", "\u8BE5\u5BA2\u6237\u4E0A\u4E00\u5E74\u5EA6\u51C0\u9500\u552E\u989D(\u5143)\u3002"), _
            KeyAccountSaid("Net sales of the company, that year.", "\u516C\u53F8\u8BE5\u5E74\u5EA6\u51C0\u9500\u552E\u603B\u989D(\u5143)\u3002"))
    KeyAccountDescribe "ISKEYACCOUNT", _
        KeyAccountSaid("Whether an account's share reaches the threshold, 5 % included; compared exactly.", "\u662F\u5426\u8FBE\u5230\u5927\u5BA2\u6237\u6807\u51C6(\u542B 5%),\u7CBE\u786E\u6BD4\u8F83\u3002"), _
        Array( _
            KeyAccountSaid("Net sales of the account, previous year.", "\u8BE5\u5BA2\u6237\u4E0A\u4E00\u5E74\u5EA6\u51C0\u9500\u552E\u989D(\u5143)\u3002"), _
            KeyAccountSaid("Net sales of the company, that year.", "\u516C\u53F8\u8BE5\u5E74\u5EA6\u51C0\u9500\u552E\u603B\u989D(\u5143)\u3002"), _
            KeyAccountSaid("Threshold, from 0 to 1. Left out: 5 %.", "\u8BA4\u5B9A\u6BD4\u4F8B,0 \u81F3 1\u3002\u7701\u7565:5%\u3002"))
    KeyAccountDescribe "SETTLEMENT", _
        KeyAccountSaid("The ledger's lines of a salesperson and a period, with headers, spilled.", "\u67D0\u9500\u552E\u5458\u67D0\u671F\u95F4\u7684\u53F0\u8D26\u660E\u7EC6(\u542B\u6807\u9898,\u81EA\u52A8\u6EA2\u51FA)\u3002"), _
        Array( _
            KeyAccountSaid("Salesperson ID.", "\u9500\u552E\u5458\u7F16\u53F7\u3002"), _
            KeyAccountSaid("Period: 2026-01, 2026Q1 or 2026.", "\u671F\u95F4:2026-01\u30012026Q1 \u6216 2026\u3002"))
End Sub
