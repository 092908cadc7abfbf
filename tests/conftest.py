"""What all tests share.

How long hypothesis searches, that messages are English wherever they run, and that every workbook that the
program writes is validated (``tests.written``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.core_coverage import TESTS
from tests.written import WATCHER, watch

os.environ["LANGUAGE"] = "en"
os.environ["KEYACCOUNT_KEY"] = ""  # whoever has a key of their own: no test signs with it
# Two workers share two cores: a slow moment is no failure. What failed is printed, to be replayed.
settings.register_profile(
    "quick", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", settings.get_profile("quick"), max_examples=5000)
settings.load_profile(os.environ.get("KEYACCOUNT_SEARCH", "quick"))
watch()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare ``--without-core``: ``dev.py test`` runs those tests beside it, under coverage."""
    parser.addoption("--without-core", action="store_true", help="leave out what dev.py coverage runs")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the core's tests where they run elsewhere."""
    return True if config.getoption("--without-core") and collection_path in TESTS else None


@pytest.fixture(autouse=True)
def _written_workbooks_are_sound(request: pytest.FixtureRequest) -> Iterator[None]:
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is not None:
        WATCHER.note_folder(folder)
    complaints = WATCHER.complaints()
    assert not complaints, "The program wrote a workbook that is not sound:\n" + "\n".join(complaints)
