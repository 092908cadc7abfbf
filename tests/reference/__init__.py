"""An independent slow reference of §2 to §5 and the policies: plain integers, fractions and dicts.

It is written from the plan's text alone and shares nothing with the program but the input containers of
``keyaccount.tables``. It is meant to be obviously right, not quick: the core has to agree with it.
"""

from tests.reference.keeping import Keeping
from tests.reference.model import SHOWN as SHOWN_FIGURES
from tests.reference.model import Result, run
from tests.reference.plan import Plan

__all__ = ["SHOWN_FIGURES", "Keeping", "Plan", "Result", "run"]
