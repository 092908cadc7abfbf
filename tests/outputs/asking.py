"""Questions to ``explain``, and what every answer has to stand up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.book import Book, open_book
from keyaccount.outputs.explain import Explaining, Explanation
from keyaccount.translation import Language
from tests.outputs.pocket_calculator import equations
from tests.workbook.demo_books import demo_book, year_of_runs

if TYPE_CHECKING:
    import pytest

Answer = Callable[[str], Explanation]


@contextmanager
def asked(path: Path, language: Language | None = None) -> Iterator[tuple[Book, Answer]]:
    with open_book(path) as book:
        yield book, Explaining(book, language or book.read.language).answer


def check_arithmetic(explanation: Explanation) -> int:
    """Do every printed equation again; none of the tree's may be missing from the print."""
    done = list(equations(explanation.text(rows=True)))
    assert [line for line, left, right in done if left != right] == []
    calculated = [node for node in explanation.walk() if node.term is not None and node.term.operator]
    assert len(done) == len(calculated)
    return len(done)


_MADE: list[Path] = []


def english(folders: pytest.TempPathFactory) -> Path:
    """Make the demo, run through its year, once."""
    if not _MADE:
        _MADE.append(demo_book(folders.mktemp("explain") / "english.xlsx", "en", year_of_runs()))
    return _MADE[0]
