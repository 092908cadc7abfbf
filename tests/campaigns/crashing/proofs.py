"""What a command comes to is sound: it opens, verify finds nothing, the ledger goes on from the old one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from keyaccount.book import open_book
from keyaccount.ledger import Entry
from keyaccount.verification import Difference, verify_book
from keyaccount.workbook.encryption import opening_with
from tests.campaigns.crashing.scenes import PASSWORD
from tests.campaigns.crashing.trials import Played

WITHOUT_LEDGER = ("statements", "export")
UNSHOWN = ("import", "new")


def proved(play: Played) -> None:
    """Look at each workbook that a command changed, once: those of the trials are these, byte for byte."""
    if play.scene.command[0] in WITHOUT_LEDGER:
        return
    olds = [found.content for name, found in play.before.items() if name.endswith((".xlsx", ".xlsm"))]
    booked = [
        _booked(name, found.content, olds, shown=play.scene.command[0] not in UNSHOWN)
        for name, found in play.after.items()
        if found.mode and name.endswith((".xlsx", ".xlsm")) and found != play.before.get(name)
    ]
    assert booked, play.scene.name


def _booked(name: str, content: bytes, olds: list[bytes], *, shown: bool) -> int:
    """Give how many entries a workbook has beyond an old one's; all of them are of one run.

    ``shown``: its result sheets follow from its inputs; not yet where rows were imported, or it is new.
    """
    if content in olds:  # a backup
        return 0
    ledger, wrong = _ledger(content, name, proved=shown)
    assert not wrong, f"verify finds something in {name}: {wrong}"
    for old in olds:
        before, _ = _ledger(old, name, proved=False)
        if ledger[: len(before)] == before:
            assert len({entry.run for entry in ledger[len(before) :]}) <= 1, name
            return len(ledger) - len(before)
    assert not ledger, name
    return 0


def _ledger(content: bytes, name: str, *, proved: bool = True) -> tuple[list[Entry], tuple[Difference, ...]]:
    with tempfile.TemporaryDirectory() as folder, opening_with(PASSWORD):
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        if not content.startswith((b"PK", b"\xd0\xcf")):
            return [], ()
        with open_book(path) as book:
            ledger = list(book.ledger)
        return ledger, verify_book(path).findings if proved else ()
