Attribute VB_Name = "KeyAccountFunctions"
'Written by addin/build.py from python/keyaccount/excel/catalogue.py; do not edit.
Option Explicit

Public Function COMMISSION( _
        ByVal net_sales As Variant, _
        ByVal tier As Variant, _
        Optional ByVal on_date As Variant, _
        Optional ByVal tiers As Variant, _
        Optional ByVal uplift As Variant) As Variant
Attribute COMMISSION.VB_Description = "Commission on net sales: net sales x rate of the tier, rounded to the fen."
Attribute COMMISSION.VB_ProcData.VB_Invoke_Func = " \n14"
    COMMISSION = KeyAccountCall("COMMISSION", Array(net_sales, tier, on_date, tiers, uplift))
End Function

Public Function COMMISSIONRATE( _
        ByVal tier As Variant, _
        Optional ByVal on_date As Variant, _
        Optional ByVal tiers As Variant, _
        Optional ByVal uplift As Variant) As Variant
Attribute COMMISSIONRATE.VB_Description = "The rate of a tier in force on a date, with uplift."
Attribute COMMISSIONRATE.VB_ProcData.VB_Invoke_Func = " \n14"
    COMMISSIONRATE = KeyAccountCall("COMMISSIONRATE", Array(tier, on_date, tiers, uplift))
End Function

Public Function NETSALES( _
        ByVal gross As Variant, _
        Optional ByVal discount As Variant, _
        Optional ByVal returns As Variant, _
        Optional ByVal bad_debts As Variant, _
        Optional ByVal recoveries As Variant) As Variant
Attribute NETSALES.VB_Description = "Net sales: gross - discount - returns - bad debts + recoveries."
Attribute NETSALES.VB_ProcData.VB_Invoke_Func = " \n14"
    NETSALES = KeyAccountCall("NETSALES", Array(gross, discount, returns, bad_debts, recoveries))
End Function

Public Function ADVANCE( _
        ByVal commission_yuan As Variant, _
        Optional ByVal rate As Variant) As Variant
Attribute ADVANCE.VB_Description = "The part of a commission that is paid in advance, 80 %, to the fen."
Attribute ADVANCE.VB_ProcData.VB_Invoke_Func = " \n14"
    ADVANCE = KeyAccountCall("ADVANCE", Array(commission_yuan, rate))
End Function

Public Function WITHHELD( _
        ByVal commission_yuan As Variant, _
        Optional ByVal rate As Variant) As Variant
Attribute WITHHELD.VB_Description = "The part of a commission that waits for the year end: commission - advance."
Attribute WITHHELD.VB_ProcData.VB_Invoke_Func = " \n14"
    WITHHELD = KeyAccountCall("WITHHELD", Array(commission_yuan, rate))
End Function

Public Function CLAWBACK( _
        ByVal amount As Variant, _
        ByVal origin_rate As Variant, _
        Optional ByVal paid_share As Variant) As Variant
Attribute CLAWBACK.VB_Description = "The part of a reversed commission to take from pay: paid share x (amount x rate), both to the fen."
Attribute CLAWBACK.VB_ProcData.VB_Invoke_Func = " \n14"
    CLAWBACK = KeyAccountCall("CLAWBACK", Array(amount, origin_rate, paid_share))
End Function

Public Function TARGETBONUS( _
        ByVal net_sales As Variant, _
        ByVal target As Variant, _
        ByVal final_commission As Variant, _
        Optional ByVal rate As Variant) As Variant
Attribute TARGETBONUS.VB_Description = "The target bonus of a year: 10 % of the final commission when net sales reach the target, else 0."
Attribute TARGETBONUS.VB_ProcData.VB_Invoke_Func = " \n14"
    TARGETBONUS = KeyAccountCall("TARGETBONUS", Array(net_sales, target, final_commission, rate))
End Function

Public Function KEYACCOUNTSHARE( _
        ByVal account_net As Variant, _
        ByVal company_net As Variant) As Variant
Attribute KEYACCOUNTSHARE.VB_Description = "An account's share of the company's net sales, not rounded."
Attribute KEYACCOUNTSHARE.VB_ProcData.VB_Invoke_Func = " \n14"
    KEYACCOUNTSHARE = KeyAccountCall("KEYACCOUNTSHARE", Array(account_net, company_net))
End Function

Public Function ISKEYACCOUNT( _
        ByVal account_net As Variant, _
        ByVal company_net As Variant, _
        Optional ByVal threshold As Variant) As Variant
Attribute ISKEYACCOUNT.VB_Description = "Whether an account's share reaches the threshold, 5 % included; compared exactly."
Attribute ISKEYACCOUNT.VB_ProcData.VB_Invoke_Func = " \n14"
    ISKEYACCOUNT = KeyAccountCall("ISKEYACCOUNT", Array(account_net, company_net, threshold))
End Function

Public Function SETTLEMENT( _
        ByVal salesperson As Variant, _
        ByVal period As Variant) As Variant
Attribute SETTLEMENT.VB_Description = "The ledger's lines of a salesperson and a period, with headers, spilled."
Attribute SETTLEMENT.VB_ProcData.VB_Invoke_Func = " \n14"
    SETTLEMENT = KeyAccountCall("SETTLEMENT", Array(salesperson, period))
End Function
