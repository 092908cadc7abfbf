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


@pytest.fixture(autouse=True)
def _written_workbooks_are_sound(request: pytest.FixtureRequest) -> Iterator[None]:
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is not None:
        WATCHER.note_folder(folder)
    complaints = WATCHER.complaints()
    assert not complaints, "The program wrote a workbook that is not sound:\n" + "\n".join(complaints)
