"""What a macro says and asks: Excel's message boxes, and the add-in's own input boxes."""

from __future__ import annotations

import tempfile
import traceback
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount import __version__
from keyaccount.clock import now
from keyaccount.excel.native import is_busy, native
from keyaccount.periods import Period
from keyaccount.problems import N_, FileProblem, KeyAccountError
from keyaccount.translation import Language, environment_language, localised, sentences
from keyaccount.wording import failure

if TYPE_CHECKING:
    import xlwings as xw

ADD_IN = "keyaccount.xlam"
LOG = "keyaccount.log"
_LONGEST, _LONGEST_PROMPT = 1000, 250
"""What a message box and an input box show for sure."""


class Dialog:
    """Speaks with the user of one Excel; in the workbook's language as soon as it is known."""

    def __init__(self, app: xw.App) -> None:
        """Take the Excel that called; no other is ever spoken to."""
        self.app = app
        self.language: Language = native().language(app) or environment_language()

    @property
    def title(self) -> str:
        """The boxes' title."""
        return localised("Key Accounts", self.language)

    def say(self, text: str, *, bad: bool = False) -> None:
        """Show a message and wait until it is read."""
        if len(text) > _LONGEST:
            text = f"{text[: _LONGEST - 1]}…"
        self.app.alert(text, title=self.title, buttons="ok", mode="critical" if bad else "info")

    def ask(self, prompt: str, proposed: str = "") -> str:
        """Ask for a line of text; nothing when the user cancels."""
        answer = self._call("KeyAccountAsk", prompt[:_LONGEST_PROMPT], self.title, proposed)
        return unicodedata.normalize("NFKC", answer).strip()

    def ask_folder(self) -> Path | None:
        """Ask for a folder; None when the user cancels."""
        answer = self._call("KeyAccountFolder", self.title)
        return Path(answer) if answer else None

    def _call(self, name: str, *arguments: str) -> str:
        """Call one of the add-in's own dialogs."""
        try:
            return str(self.app.macro(f"'{ADD_IN}'!{name}")(*arguments) or "")
        except Exception as problem:
            if is_busy(problem):
                raise
            raise FileProblem(
                "The add-in {file} does not answer: it is not loaded, or of another version.",
                "Run `keyaccount addin doctor`; it says what to do.",
                file=ADD_IN,
            ) from problem

    def ask_period(self, kinds: Collection[str], proposed: Period | None) -> Period | None:
        """Ask for a period until it is of one of these kinds; None when the user cancels."""
        questions: dict[tuple[str, ...], str] = {
            ("month",): N_("Which month? (such as 2026-01)"),
            ("quarter",): N_("Which quarter? (such as 2026Q1)"),
            ("year",): N_("Which year? (such as 2026)"),
        }
        any_kind = N_("Which period? (a month such as 2026-01, a quarter 2026Q1, a year 2026)")
        question = prompt = localised(questions.get(tuple(kinds), any_kind), self.language)
        answer = str(proposed or "")
        while answer := self.ask(prompt, answer).upper():
            with suppress(ValueError):
                period = Period.parse(answer)
                if period.kind in kinds:
                    return period
            wrong = localised("{answer} is none.", self.language, answer=answer)
            prompt = sentences(self.language, wrong, question)
        return None

    def show_workbook(self, content: bytes, name: str) -> None:
        """Show a new workbook beside the user's own: it may be read, printed, saved or thrown away."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = Path(folder) / f"{name}.xlsx"
            path.write_bytes(content)
            native().open_unsaved(self.app, path)

    def failed(self, problem: BaseException) -> None:
        """Say what stopped a macro, and what to do."""
        problem = _known(problem)
        language = problem.language or self.language
        sentence, remedy = failure(problem, language)
        self.say(f"{sentence}\n\n{remedy}" if remedy else sentence, bad=True)


def _known(problem: BaseException) -> KeyAccountError:
    """Put whatever stopped a macro into a sentence and a remedy."""
    if isinstance(problem, KeyAccountError):
        return problem
    if isinstance(problem, KeyboardInterrupt):
        return FileProblem("Stopped by the user.", "Nothing was booked; run it again.")
    if isinstance(problem, MemoryError):
        return FileProblem("The machine's memory is used up.", "Close other programs.")
    if is_busy(problem):
        return FileProblem(
            "Excel is busy: a cell is being edited, or a dialog is open. Nothing was changed.",
            "Press Enter or Esc, close the dialog, and press the button again.",
        )
    what = f"{type(problem).__name__}: {problem}".splitlines()[0]
    log = _logged(problem)
    if log is None:
        return FileProblem(
            "Something unforeseen happened ({what}).",
            "The workbook is as before. Try again; report it when it stays.",
            what=what,
        )
    return FileProblem(
        "Something unforeseen happened ({what}).",
        "The workbook is as before. Try again; report it when it stays, with the file {log}.",
        what=what,
        log=log,
    )


def _logged(problem: BaseException) -> Path | None:
    """Write the details down; gives the file, or None where none can be written."""
    path = Path(tempfile.gettempdir()) / LOG
    details = "".join(traceback.format_exception(problem))
    with suppress(OSError, KeyAccountError):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{now().isoformat(timespec='seconds')} keyaccount {__version__}\n{details}\n")
        return path
    return None
