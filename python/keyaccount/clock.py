"""The program's one clock, and who runs it where."""

from __future__ import annotations

import getpass
import os
import platform
from datetime import UTC, date, datetime

from keyaccount.book import Stamp
from keyaccount.problems import UsageError
from keyaccount.signing import configured_key


def now() -> datetime:
    """Give the time of the run: the clock's, or SOURCE_DATE_EPOCH for reproducible output."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            "SOURCE_DATE_EPOCH is no time: {epoch}.",
            "Set it to seconds since 1970, such as 1767225600.",
            epoch=epoch,
        ) from None


def today() -> date:
    """Give the day of ``now`` where the computer stands, as a person writes it on paper."""
    return now().astimezone().date()


def stamp() -> Stamp:
    """Say who runs what when, as the Run Log keeps it, and which key signs, where one is configured."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    return Stamp(now().strftime("%Y-%m-%dT%H:%M:%SZ"), user, platform.node(), configured_key())
