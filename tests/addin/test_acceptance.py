"""ACCEPTANCE.md: short enough to be done; each step says what is seen, in the words of the screen."""

from __future__ import annotations

import re
from pathlib import Path

from keyaccount.addin.ribbon import TEXTS
from keyaccount.translation import translated

PAGE = (Path(__file__).resolve().parents[2] / "addin" / "ACCEPTANCE.md").read_text(encoding="utf-8")
STEPS = re.split(r"^\d+\. ", PAGE, flags=re.MULTILINE)[1:]


def test_it_has_at_most_thirty_numbered_steps() -> None:
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", PAGE, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) <= 30


def test_each_step_says_what_is_to_be_seen() -> None:
    assert [step for step in STEPS if "→" not in step] == []


def test_it_says_that_it_is_pending() -> None:
    assert "**pending**" in PAGE.split("## ")[0]


def test_it_names_every_button_as_it_is_labelled() -> None:
    said = " ".join(STEPS[4].split())
    for key, english in TEXTS.items():
        if key.endswith(".label") and key not in ("KeyAccountRuns.label", "KeyAccountAnswers.label"):
            assert english in said
            assert translated(english, "zh") in said
