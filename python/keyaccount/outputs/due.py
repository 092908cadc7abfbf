"""``due``: each salesperson's reminders as of a day, in words, as JSON and as calendar entries (§4, §5).

No contact, phone or preference is in any of them: of an account only its ID and name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from keyaccount import tables
from keyaccount.book import Book, Finding
from keyaccount.clauses.reminders import Kind, Reminder, Reminders
from keyaccount.outputs.text import printable
from keyaccount.problems import N_, HeaderName, Listed, UsageError
from keyaccount.settlement import look_again
from keyaccount.tables import Table
from keyaccount.translation import Language, localised, translated
from keyaccount.wording import Wording

if TYPE_CHECKING:
    from icalendar import Event

KIND_TEXTS: Mapping[Kind, str] = {
    "review": N_("Monthly business review"),
    "profile": N_("Account file"),
    "response": N_("First answer to an issue"),
    "resolution": N_("Closing of an issue"),
    "feedback": N_("Follow-up of feedback"),
    "objection": N_("Answer to an objection"),
}
_PLACES: Mapping[Kind, tuple[Table, str]] = {
    "profile": (tables.ACCOUNTS, "Account ID"),
    "objection": (tables.OBJECTIONS, "Entry"),
}
"""The sheet and column to which a reminder points; all others: the log's date."""
_NEEDED = frozenset(
    table.name
    for table in (
        tables.TIERS,
        tables.ACCOUNTS,
        tables.ACCOUNT_TIERS,
        tables.SALESPEOPLE,
        tables.ASSIGNMENTS,
        tables.MAINTENANCE,
        tables.SCORECARD,
        tables.OBJECTIONS,
    )
)
"""The sheets whose errors stand in the way; a wrong sale does not."""


@dataclass(frozen=True, slots=True)
class Line:
    """A reminder in words, and the cell that it rests on (``""``: none)."""

    reminder: Reminder
    account_name: str
    what: str
    note: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done as of a day: lines by salesperson; with errors among ``problems`` there are none."""

    day: date
    lines: tuple[Line, ...]
    names: Mapping[str, str]
    problems: tuple[Finding, ...]
    language: Language
    company: str = ""

    @property
    def failed(self) -> bool:
        """Whether errors stood in the way."""
        return bool(self.problems)

    def as_json(self) -> dict[str, object]:
        """Give the JSON object; moments are ISO text without a zone."""
        people = list(dict.fromkeys(line.reminder.salesperson_id for line in self.lines))
        return {
            "day": self.day.isoformat(),
            "salespeople": [
                {
                    "salesperson_id": person,
                    "name": self.names.get(person, ""),
                    "reminders": [_json(x) for x in self.lines if x.reminder.salesperson_id == person],
                }
                for person in people
            ],
            "problems": [asdict(problem) for problem in self.problems],
        }

    def calendar(self, made: datetime) -> bytes:
        """Give the reminders as calendar entries (.ics): one a reminder, all day, its UID always the same.

        What is late stands on the day that was asked for. ``made``: the time of the run.
        """
        from icalendar import Calendar

        calendar = Calendar()
        calendar.add("prodid", "-//keyaccount//due//EN")
        calendar.add("version", "2.0")
        seen: dict[str, int] = {}
        for line in self.lines:
            key = f"{self.company}|{_key(line.reminder)}"
            seen[key] = seen.get(key, 0) + 1
            calendar.add_component(self._event(line, f"{key}|{seen[key]}", made))
        written: bytes = calendar.to_ical()
        return written

    def _event(self, line: Line, key: str, made: datetime) -> Event:
        from icalendar import Event

        reminder = line.reminder
        day = max(reminder.due.date(), self.day)
        account = " ".join(filter(None, (reminder.account_id, line.account_name)))
        late = localised("late", self.language)
        event = Event()
        event.add("uid", f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@keyaccount")
        event.add("dtstamp", made)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        what = ": ".join(filter(None, (line.what, account)))
        event.add("summary", printable(f"{what} ({late})" if reminder.overdue else what))
        person = " ".join(filter(None, (reminder.salesperson_id, self.names.get(reminder.salesperson_id))))
        event.add("description", printable(f"{person}\n{line.note}"))
        event.add("categories", [line.what])
        event.add("transp", "TRANSPARENT")
        return event


def due(book: Book, day: date, wished: Language | None = None, only: str = "") -> Due:
    """Give the reminders of a workbook as of a day, of all salespeople or of one.

    ``wished``: the language of the words, None: the workbook's. Raises ``UsageError`` for an unknown person.
    """
    company = look_again(book.read.inputs, book.ledger, None)
    language = wished or book.read.language
    found = [*book.problems, *book.without_followers(company.problems)]
    wrong = [problem for problem in found if problem.severity == "error" and problem.table in _NEEDED]
    names = {row.salesperson_id: row.name for row in company.inputs.salespeople}
    if wrong:
        return Due(day, (), names, book.findings(wrong, wished), language)
    if only and only not in names:
        raise UsageError(
            "There is no salesperson {person} on sheet Salespeople; there are: {people}.",
            "Correct the ID after --salesperson.",
            person=only,
            people=Listed(sorted(names)),
        )
    words = _Words(book, language)
    listed = Reminders(company.inputs, company.credits, company.policies, day).all()
    lines = tuple(words.line(each) for each in listed if only in ("", each.salesperson_id))
    return Due(day, lines, names, (), language, company.policies.word("company", day))


class _Words:
    """Puts reminders into words, with the workbook's own names."""

    def __init__(self, book: Book, language: Language) -> None:
        titles = {name: place.title for name, place in book.read.located.items()}
        self._wording = Wording(language, book.read.language, titles)
        self._located, self._language = book.read.located, language
        self._accounts = {row.account_id: row.name for row in book.read.inputs.accounts}

    def line(self, reminder: Reminder) -> Line:
        table, header = _PLACES.get(reminder.kind, (tables.MAINTENANCE, "Date"))
        place = self._located[table.name]
        cell = place.cell(reminder.row, header)
        name = self._accounts.get(reminder.account_id, "")
        what = translated(KIND_TEXTS[reminder.kind], self._language)
        return Line(reminder, name, what, self._note(reminder), place.title, cell)

    def _note(self, reminder: Reminder) -> str:
        since = reminder.since
        if reminder.kind == "profile":
            return self._file_note(reminder)
        templates: dict[Kind, str] = {
            "review": N_("None in the log for {month} yet."),
            "response": N_("The issue of {moment} has no first answer."),
            "resolution": N_("The issue of {moment} is not closed."),
            "feedback": N_("The feedback of {day} has no answer, no closing and no outcome."),
            "objection": N_("The objection of {day} to ledger entry {entry} has no answer."),
        }
        assert since is not None  # noqa: S101 all of these have a beginning
        details = {"month": f"{since:%Y-%m}", "day": f"{since:%Y-%m-%d}", "moment": f"{since:%Y-%m-%d %H:%M}"}
        details["entry"] = str(reminder.entry)
        return self._wording.text(templates[reminder.kind], details)

    def _file_note(self, reminder: Reminder) -> str:
        notes = []
        if not reminder.row:
            notes.append(self._wording.text("Not on sheet Accounts.", {}))
        elif reminder.missing:
            headers = Listed(map(HeaderName, reminder.missing))
            text = N_("Blank: {headers}.")
            notes.append(self._wording.text(text, {"headers": headers}, tables.ACCOUNTS.name))
        if reminder.since is not None:
            text = N_("Last updated on {day}.")
            notes.append(self._wording.text(text, {"day": f"{reminder.since:%Y-%m-%d}"}))
        elif reminder.row:
            notes.append(self._wording.text(N_("It does not say when it was last updated."), {}))
        return ("" if self._language == "zh" else " ").join(notes)


def _key(reminder: Reminder) -> str:
    """Give what a reminder is about, whatever row it stands in: calendars know it again by that."""
    since = reminder.since.isoformat() if reminder.since else ""
    about = reminder.account_id or reminder.entry
    return f"{reminder.kind}|{reminder.salesperson_id}|{about}|{since}"


def _json(line: Line) -> dict[str, object]:
    reminder = line.reminder
    return {
        "kind": reminder.kind,
        "account_id": reminder.account_id,
        "account_name": line.account_name,
        "due": reminder.due.isoformat(timespec="minutes"),
        "overdue": reminder.overdue,
        "since": reminder.since.isoformat(timespec="minutes") if reminder.since else "",
        "missing": list(reminder.missing),
        "entry": reminder.entry or None,
        "note": line.note,
        "sheet": line.sheet,
        "cell": line.cell,
    }


def counts(lines: Iterable[Line]) -> tuple[int, int]:
    """Count the reminders, and those that are late."""
    listed: Sequence[Line] = list(lines)
    return len(listed), sum(line.reminder.overdue for line in listed)
