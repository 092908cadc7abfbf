"""Result sheets brought into the workbook that is open in Excel: all of them, or none.

The writer's sheets are opened as a small workbook of their own, and Excel copies them: a new one with its
sheet, one that is there with all its cells in a single step, so that texts stay texts and looks, widths and
links come along. What was there is kept in a second workbook until all is well, and put back when anything
fails. A sheet takes some 30 calls of Excel, however many rows it has.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.excel.native import native
from keyaccount.excel.snapshot import emptied
from keyaccount.problems import FileProblem
from keyaccount.workbook.formulas import formula_texts
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import attribute, local_name
from keyaccount.workbook.save import changed_package

if TYPE_CHECKING:
    import xlwings as xw

Cells = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class _State:
    """What a sheet has beside its cells: formulas, filter, page, page breaks, charts."""

    formulas: Cells
    filtered: str
    page: dict[str, object]
    breaks: tuple[int, ...]
    charts: tuple[str, ...]


@dataclass(slots=True)
class _Before:
    """A sheet as it was: its copy's number in the other workbook, its state, its protection."""

    copy: int
    state: _State
    protected: bool
    changed: bool = False


def transplant(
    book: xw.Book,
    before: Package,
    after: Package,
    titles: Sequence[str],
    locked: Sequence[str],
    check: Callable[[], None],
) -> None:
    """Bring the sheets with these titles from ``after`` into the open workbook, which held ``before``.

    ``locked``: the titles of those among them that are to be protected. ``check`` looks at the outcome; what
    it raises, or anything else, puts everything back. Raises ``FileProblem`` where the workbook cannot take
    the sheets; it is then as it was.
    """
    refuse(book, titles)
    with _opened(book.app, changed_package(after, emptied(after, titles))) as source:
        copies = book.app.books.add()
        try:
            with _all_or_nothing(book, copies, before, titles, locked) as writing:
                for title in titles:
                    writing.place(source.sheets[title], after)
                writing.calculated(after)
                writing.show(_sights(before, after))
                check()
        finally:
            with suppress(Exception):
                copies.close()


def _sights(before: Package, after: Package) -> dict[str, bool]:
    """Give the user's sheets that come into sight (True) or go out of it."""
    was = {entry.title: entry.state == "visible" for entry in before.sheets}
    now = {entry.title: entry.state == "visible" for entry in after.sheets}
    return {title: seen for title, seen in now.items() if was.get(title, seen) != seen}


def refuse(book: xw.Book, titles: Sequence[str]) -> None:
    """Raise ``FileProblem`` for a workbook that is read-only, or cannot take the sheets that are new."""
    if native().read_only(book):
        raise FileProblem(
            "The workbook {file} is open read-only: what is booked could not be saved.",
            "Close it wherever else it is open, or save it under a new name, and run again.",
            file=book.name,
        )
    present = {sheet.name for sheet in book.sheets}
    if native().fixed_structure(book) and not present.issuperset(titles):
        raise FileProblem(
            "The structure of the workbook {file} is protected: no sheet can be added.",
            "Lift the protection (Review, Protect Workbook), run again, then protect it again.",
            file=book.name,
        )


@contextmanager
def _opened(app: xw.App, package: Package) -> Iterator[xw.Book]:
    """Open a package in Excel, out of sight of the list of recent files; close and remove it afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / f"keyaccount-{secrets.token_hex(6)}.xlsx"
        with package, package.content() as content:
            path.write_bytes(content.read())
        source = app.books.open(str(path), update_links=False, read_only=True, add_to_mru=False)
        try:
            yield source
        finally:
            with suppress(Exception):
                source.close()


@contextmanager
def _all_or_nothing(
    book: xw.Book, copies: xw.Book, before: Package, titles: Sequence[str], locked: Sequence[str]
) -> Iterator[_Writing]:
    """Put everything back when the ``with`` block fails, whatever the reason."""
    shown = book.sheets.active.name
    writing = _Writing(book, copies)
    try:
        for title in titles:
            writing.keep(title, before)
        yield writing
        writing.protect(locked)
    except BaseException as problem:
        _put_back(writing, problem)
        with suppress(Exception):
            native().show(book.sheets[shown])
        raise


def _put_back(writing: _Writing, problem: BaseException) -> None:
    try:
        writing.put_back()
    except Exception as second:
        raise FileProblem(
            "The result sheets could not be put back after a failure ({reason}).",
            "Close the workbook WITHOUT saving it and open it again: the file is as it was.",
            reason=str(problem).splitlines()[0] if str(problem) else type(problem).__name__,
        ) from second


class _Writing:
    """The sheets of one workbook while they are written, and how they were."""

    def __init__(self, book: xw.Book, copies: xw.Book) -> None:
        self.book, self._copies = book, copies
        self._titles = [sheet.name for sheet in book.sheets]
        self._before: dict[str, _Before] = {}
        self._added: list[str] = []
        self._sights: dict[str, bool] = {}

    # --- how it was -------------------------------------------------------------------------------

    def keep(self, title: str, package: Package) -> None:
        """Keep a copy of a sheet that is there, its protection lifted; refuses one with a password."""
        if title not in self._titles:
            return
        sheet = self.book.sheets[title]
        state, protected = _state_of(sheet, package), native().is_protected(sheet)
        if protected and not native().unprotect(sheet):
            raise FileProblem(
                "The sheet {title} is protected with a password.",
                "Lift its protection (Review, Unprotect Sheet) and run again: the program protects it"
                " again, without a password.",
                title=title,
            )
        self._before[title] = kept = _Before(0, state, protected)
        if state.charts and not native().copies_charts:
            sheet.copy(after=self._copies.sheets[-1])
        else:
            aside = self._copies.sheets.add(after=self._copies.sheets[-1])
            sheet.cells.copy(aside.range("A1"))
        kept.copy = len(self._copies.sheets) - 1

    def put_back(self) -> None:
        """Make the workbook what it was."""
        for title, seen in self._sights.items():
            self.book.sheets[title].visible = not seen
        present = {sheet.name for sheet in self.book.sheets}
        for title in present.intersection(self._added):
            self.book.sheets[title].delete()
        for title, kept in self._before.items():
            native().unprotect(self.book.sheets[title])
            if kept.changed:
                self._replace(title, self._copies.sheets[kept.copy], kept.state)
                _write_formulas(self.book.sheets[title], kept.state.formulas)
            if kept.protected:
                native().protect(self.book.sheets[title])

    # --- how it gets ------------------------------------------------------------------------------

    def place(self, source: xw.Sheet, package: Package) -> None:
        """Put a sheet into its predecessor's place, or behind the sheet that it follows."""
        title = source.name
        if title in self._before:
            self._before[title].changed = True
            self._replace(title, source, _made_state(source, package))
            return
        order = [entry.title for entry in package.sheets]
        earlier = [each for each in order[: order.index(title)] if each in self._titles]
        self._added.append(title)
        source.copy(after=self.book.sheets[earlier[-1] if earlier else -1])
        self._titles.append(title)
        native().unprotect(self.book.sheets[title])

    def _replace(self, title: str, source: xw.Sheet, state: _State) -> None:
        sheet = self.book.sheets[title]
        drawn = state.charts or native().charts(sheet)
        if drawn and not native().copies_charts:
            self._replace_whole(title, source)
            return
        native().make_plain(sheet)
        if drawn:
            native().delete_charts(sheet)
        sheet.cells.clear()
        source.cells.copy(sheet.range("A1"))
        native().keep_links_inside(sheet)
        if drawn:
            native().keep_charts_inside(sheet, source.book.name, self.book.name)
            if len(native().charts(sheet)) != len(state.charts):
                self._replace_whole(title, source)
                return
            native().break_pages(sheet, state.breaks)
        if state.filtered:
            native().filter(sheet.range(state.filtered))
        native().set_page(sheet, state.page)

    def _replace_whole(self, title: str, source: xw.Sheet) -> None:
        """Put a copy of the whole sheet in the place of one whose charts cannot be copied with its cells."""
        old = self.book.sheets[title]
        new = source.copy(after=old)
        old.delete()
        new.name = title
        native().unprotect(new)

    def calculated(self, package: Package) -> None:
        """Write the formulas again: copied, those that name other sheets point to the copied workbook."""
        for title in (*self._before, *self._added):
            _write_formulas(self.book.sheets[title], _formulas(package, title))

    def show(self, sights: Mapping[str, bool]) -> None:
        """Put sheets into sight or out of it, where the workbook's structure lets us."""
        if not native().fixed_structure(self.book):
            for title, seen in sights.items():
                self._sights[title] = seen
                self.book.sheets[title].visible = seen

    def protect(self, titles: Sequence[str]) -> None:
        """Protect the sheets as the program does."""
        for title in titles:
            native().protect(self.book.sheets[title])


def _state_of(sheet: xw.Sheet, package: Package) -> _State:
    """Look at a sheet in Excel, and at its formulas in the package that it was or will be."""
    charts = tuple(native().charts(sheet))
    return _State(
        _formulas(package, sheet.name),
        native().filtered(sheet),
        native().page(sheet),
        tuple(native().breaks(sheet)) if charts else (),
        charts,
    )


def _made_state(sheet: xw.Sheet, package: Package) -> _State:
    """Look at a sheet that the writer made: Excel tells of page breaks only where it shows them."""
    part = next(entry.part for entry in package.sheets if entry.title == sheet.name)
    found = next((each for each in package.parse(part) if local_name(each) == "rowBreaks"), ())
    return replace(_state_of(sheet, package), breaks=tuple(int(attribute(each, "id")) for each in found))


def _formulas(package: Package, title: str) -> Cells:
    return formula_texts(package, next(entry for entry in package.sheets if entry.title == title))


def _write_formulas(sheet: xw.Sheet, formulas: Cells) -> None:
    """Write formulas in whole ranges: each column's that stand below each other."""
    for column in sorted({column for _, column in formulas}):
        rows = sorted(row for row, of in formulas if of == column)
        run: list[int] = []
        for row in [*rows, 0]:
            if run and row != run[-1] + 1:
                area = sheet.range((run[0], column), (run[-1], column))
                area.formula = [[f"={formulas[each, column]}"] for each in run]
                run = []
            run.append(row)
