"""An independent slow reference of §2.2, §3.1-§3.4 and the policies: plain integers, fractions and dicts.

It is written from the plan's text alone and shares nothing with the program but the input containers of
``keyaccount.tables``. It is meant to be obviously right, not quick: the core has to agree with it.
"""

from tests.reference.model import SHOWN as SHOWN_FIGURES
from tests.reference.model import Result, run

__all__ = ["SHOWN_FIGURES", "Result", "run"]
