"""Odd and hostile workbooks of other projects' test suites end in a sentence, never in a traceback."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from tests.workbook.reading import problems, read

CORPUS = Path(os.environ.get("KEYACCOUNT_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
LONGEST_SECONDS = 15

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no corpus (KEYACCOUNT_CORPUS)")


def test_every_workbook_is_refused_or_has_errors_in_time() -> None:
    paths = sorted(path for path in CORPUS.rglob("*.xls*") if path.is_file())
    assert paths
    for path in paths:
        start = time.perf_counter()
        try:
            outcome = bool(problems(read(path)))
        except FileProblem as refusal:
            outcome = bool(refusal.message and refusal.remedy)
        assert outcome, path.name
        assert time.perf_counter() - start < LONGEST_SECONDS, path.name
