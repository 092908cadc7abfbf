"""What the ribbon tab says: labels, screen tips and super tips, and the few messages of its VBA.

English stands here, Chinese in the catalogue of texts; addin/ribbon.xml holds the controls of these names.
"""

from __future__ import annotations

from keyaccount.problems import N_

TEXTS: dict[str, str] = {
    "KeyAccountTab.label": N_("Key Accounts"),
    "KeyAccountTab.open": N_("Open the workbook of your commission plan first."),
    "KeyAccountTab.unreachable": N_(
        "Excel does not reach Python. Close Excel and run in a console: keyaccount addin doctor"
    ),
    "KeyAccountRuns.label": N_("Settle"),
    "KeyAccountAnswers.label": N_("Explain and hand out"),
    "KeyAccountCheckData.label": N_("Check data"),
    "KeyAccountCheckData.screentip": N_("Check the data of this workbook"),
    "KeyAccountCheckData.supertip": N_(
        "Looks for missing, doubtful and contradictory entries and lists them on the Problems sheet, each"
        " with its cell and what to do. Books nothing."
    ),
    "KeyAccountAdvance.label": N_("Run monthly advance"),
    "KeyAccountAdvance.screentip": N_("Run a month's advance (§3.3.2)"),
    "KeyAccountAdvance.supertip": N_(
        "Asks for the month, works out what each salesperson is paid in advance, books it in the Ledger"
        " and shows Monthly Advances."
    ),
    "KeyAccountQuarter.label": N_("Run quarterly settlement"),
    "KeyAccountQuarter.screentip": N_("Settle a quarter (§3.3.1)"),
    "KeyAccountQuarter.supertip": N_(
        "Asks for the quarter, books its commission and the difference to what was advanced, and closes"
        " it. Shows Quarterly Settlement."
    ),
    "KeyAccountYearEnd.label": N_("Run year end"),
    "KeyAccountYearEnd.screentip": N_("Finish a year (§3.3.2, §3.3.4)"),
    "KeyAccountYearEnd.supertip": N_(
        "Applies the approved coefficients and the target bonus, and pays what was withheld. Q4 must be"
        " settled first. Shows Year-End Settlement."
    ),
    "KeyAccountPreview.label": N_("Preview"),
    "KeyAccountPreview.screentip": N_("Calculate without booking"),
    "KeyAccountPreview.supertip": N_("Asks for a period and shows what a run would pay. Books nothing."),
    "KeyAccountExplain.label": N_("Explain selection"),
    "KeyAccountExplain.screentip": N_("Where does this figure come from?"),
    "KeyAccountExplain.supertip": N_(
        "Select an amount on a result sheet or a line of the Ledger: it is followed down to its sales,"
        " with their cells and the arithmetic."
    ),
    "KeyAccountStatements.label": N_("Statements"),
    "KeyAccountStatements.screentip": N_("Write the statements of a period"),
    "KeyAccountStatements.supertip": N_(
        "One PDF and one workbook for each salesperson, with only their own data, in a folder that you"
        " choose."
    ),
    "KeyAccountMore.label": N_("More"),
    "KeyAccountMore.screentip": N_("Approval, what-if, verification, restart"),
    "KeyAccountMore.supertip": N_("What is needed now and then."),
    "KeyAccountApprove.label": N_("Approve…"),
    "KeyAccountApprove.screentip": N_("Enter who approved a period"),
    "KeyAccountApprove.supertip": N_(
        "Asks for the period and for who prepared, reviewed and approved it, and writes that on sheet"
        " Approvals with the Ledger Digest of its run. The documents bear it."
    ),
    "KeyAccountWhatIf.label": N_("What-if"),
    "KeyAccountWhatIf.screentip": N_("What would another plan pay?"),
    "KeyAccountWhatIf.supertip": N_(
        "Asks for a period and for changed rates or policies and puts the changed plan beside today's,"
        " for each salesperson. Books nothing."
    ),
    "KeyAccountVerify.label": N_("Verify"),
    "KeyAccountVerify.screentip": N_("Was the ledger or a result sheet altered?"),
    "KeyAccountVerify.supertip": N_(
        "Checks the chain of digests, the sums of the Ledger, and every result sheet against a fresh"
        " calculation."
    ),
    "KeyAccountRestart.label": N_("Restart Python"),
    "KeyAccountRestart.screentip": N_("End Python and start it again"),
    "KeyAccountRestart.supertip": N_("After an update of the program, or when Excel and Python got stuck."),
    "KeyAccountRestart.done": N_("Python was started again. Ctrl+Alt+F9 recalculates all cells."),
    "KeyAccountRestart.mac": N_("There is nothing to restart on a Mac: every button starts Python anew."),
}
"""Every text by the control's name and the kind of text."""
