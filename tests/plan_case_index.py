"""The index of the cases for plan_cases/README.md: ``python -m tests.plan_case_index`` writes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import yaml

from tests.plan_case import CASES, Case, all_cases

START, END = "<!-- index -->", "<!-- end of index -->"


def sentences() -> dict[str, list[str]]:
    """Read the sentences of the plan that have cases: heading -> first words."""
    text = (CASES / "sentences.yaml").read_text("utf-8")
    return {str(heading): [str(item) for item in listed] for heading, listed in yaml.safe_load(text).items()}


def index(cases: Sequence[Case]) -> str:
    """Write the index: per heading each sentence with the names of its cases."""
    by_sentence: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for sentence in case.covers:
            by_sentence[sentence].append(case)
    lines = [START, ""]
    for heading, listed in sentences().items():
        lines += [f"### {heading}", ""]
        for sentence in listed:
            lines.append(f"- {sentence.strip('|').strip().replace('|', '·')}")
            lines += [f"  - {case.name} ({case.file})" for case in by_sentence[sentence]]
        lines.append("")
    return "\n".join([*lines, END])


def main() -> None:
    """Put the current index into README.md."""
    readme = CASES / "README.md"
    text = readme.read_text("utf-8")
    before, rest = text.split(START, 1)
    readme.write_text(before + index(all_cases()) + rest.split(END, 1)[1], "utf-8")


if __name__ == "__main__":
    main()
