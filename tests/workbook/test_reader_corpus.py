"""Odd and hostile workbooks of other projects' test suites end in a sentence, never in a traceback."""

from __future__ import annotations

import time

import pytest

from keyaccount.problems import FileProblem
from tests.corpus import CORPUS, workbooks
from tests.workbook.reading import problems, read

LONGEST_SECONDS = 15

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no corpus (KEYACCOUNT_CORPUS)")


def test_every_workbook_is_refused_or_has_errors_in_time() -> None:
    paths = workbooks()
    assert paths
    for path in paths:
        start = time.perf_counter()
        try:
            outcome = bool(problems(read(path)))
        except FileProblem as refusal:
            outcome = bool(refusal.message and refusal.remedy)
        assert outcome, path.name
        assert time.perf_counter() - start < LONGEST_SECONDS, path.name
