"""What all tests share: how long hypothesis searches, and that messages are English wherever they run."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

os.environ["LANGUAGE"] = "en"
# Two workers share two cores: a slow moment is no failure. What failed is printed, to be replayed.
settings.register_profile(
    "quick", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", settings.get_profile("quick"), max_examples=5000)
settings.load_profile(os.environ.get("KEYACCOUNT_SEARCH", "quick"))
