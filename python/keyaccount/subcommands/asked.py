"""What several commands ask for: a period, a day, a password."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from gettext import gettext as _

from keyaccount.periods import Period
from keyaccount.problems import UsageError
from keyaccount.terminal import spoken
from keyaccount.translation import localised

MOST_BACKUPS = 999


def declare_backup(parser: argparse.ArgumentParser) -> None:
    """Declare ``--backup``, for every command that writes a workbook in the place of another."""
    parser.add_argument(
        "--backup",
        type=_count,
        default=0,
        metavar=_("N"),
        help=_("keep the last N versions beside the workbook: plan.backup-0001.xlsx and on"),
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 <= int(text) <= MOST_BACKUPS):
        said = _("expected a number from 0 to {most} ≠ found {text}").format(most=MOST_BACKUPS, text=text)
        raise argparse.ArgumentTypeError(said)
    return int(text)


def given_password(options: argparse.Namespace) -> str:
    """Read the password that ``--password-stdin`` announces, ``""`` without; raises ``UsageError`` (exit 2).

    On a terminal it is asked for, and not shown.
    """
    if not getattr(options, "password_stdin", False):
        return ""
    if sys.stdin.isatty():
        from getpass import getpass

        password = getpass(localised("Password: ", spoken(options)))
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UsageError(
            "expected a password in the first line of standard input ≠ found none.",
            "Hand it over like this: {command}",
            command="keyaccount check … --password-stdin < FILE",
        )
    return password


def wanted_period(text: str) -> Period:
    """Read a period of the command line; raises ``UsageError`` (exit 2) for anything else."""
    try:
        return Period.parse(text)
    except ValueError:
        raise UsageError(
            "expected a period such as 2026-01, 2026Q1 or 2026 ≠ found {text}.", text=text
        ) from None


def wanted_day(text: str) -> date:
    """Read a day for argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = _("expected a day such as 2026-05-10 ≠ found {text}").format(text=text)
        raise argparse.ArgumentTypeError(said) from None
