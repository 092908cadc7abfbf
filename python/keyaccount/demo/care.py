"""The demo's maintenance log: reviews, issues, events and the like, kept well, badly and not at all.

S07, who took two accounts over in September, has logged nothing: no score, nothing proposed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from keyaccount.demo.company import ASSIGNED
from keyaccount.demo.words import Row, Said, Speaker, working_day

REVIEWED: dict[str, str] = {  # the months with a business review
    "A01": "1 2 3 4 5 6 7 8 9 10 11 12",
    "A02": "1 2 3 4 5 6 7 9 10 11 12",
    "A03": "1 2 3 4 5 6 7 9 10 11 12",
    "A04": "1 2 4 7 8 9 10 11 12",
    "A05": "1 2 3 4 5 6 8 9 10",
    "A06": "1 2 4 5 8 9 11",
    "A07": "3 4 5 6",
    "A08": "1 2 3 5 6 7 8",
}
REVIEW_DAY = 20


@dataclass(frozen=True)
class _Issue:
    """An issue: when it was raised, after how many hours answered and days closed, and how it was judged."""

    account_id: str
    opened: str
    answered_hours: int | None
    closed_days: int | None
    satisfaction: int | None = None


ISSUES = (
    _Issue("A01", "02-10 09:30", 2, 3, 5),
    _Issue("A01", "08-18 14:00", 24, 7, 4),  # in time, both to the minute
    _Issue("A02", "05-13 10:15", 5, 4, 5),
    _Issue("A03", "03-11 16:40", 18, 6, 4),
    _Issue("A03", "10-21 11:05", 26, 2, 4),
    _Issue("A04", "03-24 08:50", 49, 12, 2),
    _Issue("A04", "09-09 13:30", 6, 5, 4),
    _Issue("A05", "04-16 15:20", 20, 9, 3),
    _Issue("A05", "11-05 09:10", 4, 3, 4),
    _Issue("A06", "05-20 10:00", 22, 6, 3),
    _Issue("A06", "10-14 17:25", 30, None),  # never closed
    _Issue("A07", "06-17 09:00", 23, 15, 2),
    _Issue("A08", "04-08 11:45", 8, 5, 4),
)
ACTS: tuple[tuple[str, str, str, int | None], ...] = (  # account, day, kind, satisfaction
    ("A01", "04-22", "event", None),
    ("A01", "09-16", "joint_marketing", None),
    ("A01", "06-12", "feedback", 5),
    ("A01", "12-04", "feedback", 5),
    ("A01", "03-18", "custom_solution", 5),
    ("A01", "07-08", "training", None),
    ("A01", "10-28", "joint_development", None),
    ("A02", "04-22", "event", None),
    ("A02", "11-18", "event", None),
    ("A02", "06-24", "feedback", 4),
    ("A02", "09-23", "upgrade_service", None),
    ("A02", "05-27", "training", None),
    ("A02", "08-12", "bid", None),
    ("A03", "04-22", "event", None),
    ("A03", "06-10", "joint_marketing", None),
    ("A03", "07-15", "feedback", 5),
    ("A03", "02-25", "training", None),
    ("A03", "05-06", "custom_solution", 5),
    ("A03", "09-30", "opportunity", None),
    ("A04", "02-11", "visit", None),
    ("A04", "05-15", "event", None),
    ("A04", "06-03", "feedback", 3),
    ("A04", "10-20", "event", None),
    ("A04", "08-26", "training", None),
    ("A04", "11-25", "feedback", 5),
    ("A05", "03-12", "training", None),
    ("A05", "05-15", "event", None),
    ("A05", "07-22", "feedback", 4),
    ("A05", "10-20", "event", None),
    ("A05", "12-02", "upgrade_service", None),
    ("A05", "08-07", "visit", None),
    ("A06", "06-04", "feedback", 3),
    ("A06", "09-17", "event", None),
    ("A06", "07-09", "training", None),
    ("A07", "03-04", "visit", None),
    ("A07", "05-21", "feedback", 3),
    ("A08", "03-05", "event", None),
    ("A08", "05-07", "feedback", 4),
    ("A08", "06-18", "training", None),
    ("A08", "07-24", "visit", None),
)
DONE: dict[str, tuple[Said, Said]] = {  # how they talked, and what came of it
    "review": (("visit", "拜访"), ("Month reviewed with the customer", "与客户回顾本月业务")),
    "visit": (("visit", "拜访"), ("Visited the customer", "走访客户")),
    "event": (("visit", "拜访"), ("Customer event", "客户活动")),
    "joint_marketing": (("visit", "拜访"), ("Campaign agreed on", "商定联合推广")),
    "feedback": (("phone", "电话"), ("Feedback taken down", "记录客户反馈")),
    "issue": (("message", "微信"), ("Handled by sales support", "由销售支持组处理")),
    "training": (("video call", "视频会议"), ("Users trained", "完成使用培训")),
    "upgrade_service": (("visit", "拜访"), ("Service upgraded", "完成升级维护")),
    "custom_solution": (("visit", "拜访"), ("Solution delivered", "交付定制化方案")),
    "bid": (("e-mail", "邮件"), ("Bid handed in", "提交投标文件")),
    "opportunity": (("phone", "电话"), ("Opportunity followed up", "跟进商机")),
    "joint_development": (("visit", "拜访"), ("Development begun", "启动联合开发")),
}


class Care:
    """The maintenance log of one year."""

    def __init__(self, speaker: Speaker) -> None:
        """Keep year and language."""
        self.speaker = speaker

    def rows(self) -> dict[str, list[Row]]:
        """Give Maintenance by day."""
        rows = [*self.reviews(), *self.issues(), *self.acts()]
        return {"Maintenance": sorted(rows, key=lambda row: (str(row["date"]), str(row["account_id"])))}

    def reviews(self) -> Iterator[Row]:
        """Give the business reviews (§4.1.2)."""
        for account, months in REVIEWED.items():
            for month in map(int, months.split()):
                yield self.row(account, f"{month:02d}-{REVIEW_DAY}", "review")

    def issues(self) -> Iterator[Row]:
        """Give the issues with their times (§4.2.3, §5.2)."""
        for issue in ISSUES:
            day, time = issue.opened.split()
            opened = datetime.fromisoformat(f"{self.speaker.day(day)} {time}")
            answered, closed = issue.answered_hours, issue.closed_days
            yield self.row(issue.account_id, day, "issue", move=False) | {
                "opened": opened,
                "first_response": None if answered is None else opened + timedelta(hours=answered),
                "closed": None if closed is None else opened + timedelta(days=closed),
                "satisfaction": issue.satisfaction,
                "priority": self.speaker.say(("normal", "中")),
            }

    def acts(self) -> Iterator[Row]:
        """Give everything else (§4.1.3, §4.2, §4.3)."""
        for account, day, kind, satisfaction in ACTS:
            yield self.row(account, day, kind) | {"satisfaction": satisfaction}

    def row(self, account: str, month_and_day: str, kind: str, *, move: bool = True) -> Row:
        """Give a row: on a working day, by whoever has the account, those who share it in turn."""
        day = self.speaker.day(month_and_day)
        channel, outcome = DONE[kind]
        return {
            "date": working_day(day) if move else day,
            "account_id": account,
            "salesperson_id": _keeper(account, month_and_day),
            "kind": kind,
            "channel": self.speaker.say(channel),
            "outcome": self.speaker.say(outcome),
        }


def _keeper(account: str, month_and_day: str) -> str:
    keepers = [
        person
        for of_account, person, _, start, end in ASSIGNED
        if of_account == account and start <= month_and_day <= (end or "12-31")
    ]
    return keepers[int(month_and_day[:2]) % len(keepers)]
