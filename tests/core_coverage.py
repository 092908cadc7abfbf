"""The core's tests under coverage.py: each line of the core runs, and each branch goes both ways.

``dev.py coverage`` starts it. The tests are those that call the core itself, a second or two each; what a
workbook, Excel or another process does is not needed to reach all of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.core_modules import core_modules, file_of

ROOT = Path(__file__).resolve().parent.parent
TESTS = tuple(
    ROOT / "tests" / f"test_{name}.py"
    for name in (
        "plan_cases",
        "plan_cases_shown",
        "money",
        "periods",
        "net_sales",
        "faults_of_small_tables",
        "clauses",
        "clauses_of_keeping",
        "checks_at_edges",
        "clawbacks",
        "log_checks",
        "objections",
        "approvals",
        "reminders",
        "ledger",
        "proofs",
        "next_due",
        "settlement",
        "results",
        "overview",
        "sights",
        "tables",
    )
)
"""In the order in which a change of the plan would break them."""


def main(words: list[str]) -> int:
    """Run the tests, report what is not reached; 0: all passed and all was reached."""
    import coverage

    files = [str(file_of(module)) for module in core_modules()]
    measured = coverage.Coverage(branch=True, include=files, data_file=None, config_file=False)
    measured.exclude("if TYPE_CHECKING:")
    measured.start()  # before anything of the program is imported
    import pytest

    failed = int(pytest.main(["-p", "no:xdist", "-q", *words, *map(str, TESTS)]))
    measured.stop()
    reached = measured.report(show_missing=True, skip_covered=True)
    print(f"Branch coverage of the core ({len(files)} modules): {reached:.2f} %")
    return failed or int(reached < 100)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
