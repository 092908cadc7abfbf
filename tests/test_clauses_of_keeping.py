"""Rules of keeping accounts at their edges (§2.1, §4): company sales, the log, measures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from keyaccount.clauses import scorecard as scorecard_of_plan
from keyaccount.clauses.account_review import AccountReviews, Attention
from keyaccount.clauses.company_sales import check_company_sales
from keyaccount.clauses.log import Log, YearOfLog
from keyaccount.clauses.maintenance import Scores, Value, assigned_months, times_a_year
from keyaccount.clauses.scorecard import Scorecard
from keyaccount.company import Company
from keyaccount.money import number_text
from keyaccount.periods import month_from_text
from keyaccount.tables import AssignmentRow
from tests.small_company import found, said, workbook


def assignment(person: str, share: str, end: date | None = None) -> AssignmentRow:
    return AssignmentRow(0, "A1", person, Decimal(share), date(2026, 1, 1), end)


# --- company sales (§2.1) -----------------------------------------------------------------------------


def test_months_of_sales_without_company_sales_are_named_at_the_years_first_row() -> None:
    inputs = workbook(Company_Sales=["2025-03 9.00", "2025-01 9.00", "2024-12 9.00"])
    net = {month_from_text(text): 1 for text in ("2025-02", "2025-01", "2024-11", "2023-05", "2026-01")}
    told = [one.split(" The shares")[0] for one in said(check_company_sales(inputs, net, date(2026, 3, 31)))]
    lack = "The company's net sales of {} lack months in which accounts here have sales: {}."
    assert told == [
        f"warning Company Sales 4 Month 2024-12: {lack.format(2024, '2024-11')}",
        f"warning Company Sales 3 Month 2025-01: {lack.format(2025, '2025-02')}",
    ]
    assert [one.split(" The shares")[0] for one in said(check_company_sales(inputs, net, None))] == told
    assert check_company_sales(inputs, {}, None) == []
    of_2024 = said(check_company_sales(inputs, net, date(2025, 12, 31)))
    assert [one.split(":")[0] for one in of_2024] == ["warning Company Sales 4 Month 2024-12"]


def test_years_that_lack_months_are_told_from_the_first_on() -> None:
    inputs = workbook(Company_Sales=["2024-01 9.00", "2023-01 9.00"])
    net = {month_from_text(text): 1 for text in ("2023-03", "2023-02", "2024-02")}
    told = said(check_company_sales(inputs, net, date(2026, 3, 31)))
    assert [one.split(":")[0] for one in told] == [
        "warning Company Sales 3 Month 2023-01",
        "warning Company Sales 2 Month 2024-01",
    ]
    assert "sales: 2023-02, 2023-03." in told[0]


def test_an_account_may_have_a_share_of_the_smallest_sales_there_are() -> None:
    inputs = workbook(Company_Sales=["2025-01 0.01"], Sales=["S1 2025-01-10 A1 0.01"])
    company = Company(inputs)
    reviews = AccountReviews(inputs, company.lines, company.credits, company.scores, company.policies)
    test = reviews.share_test("A1", 2025)
    assert (test.net, test.company_net, test.share, test.qualifies) == (1, 1, Fraction(1), True)
    assert test.above is not None
    none = workbook(Company_Sales=["2025-01 0.00"], Sales=["S1 2025-01-10 A1 0.01"])
    reviews = AccountReviews(none, company.lines, company.credits, company.scores, company.policies)
    test = reviews.share_test("A1", 2025)
    assert (test.share, test.qualifies, test.above) == (None, False, None)


# --- measures and weights (§4, §5) --------------------------------------------------------------------


def test_a_measure_without_a_threshold_has_none_and_a_row_counts_from_its_day() -> None:
    texts = ["profile 10 from 2026-12-31 threshold 90", "feedback 20 from 2027-01-01"]
    scorecard = Scorecard(workbook(Scorecard=texts).scorecard, ())

    def rule(measure: str, day: date) -> str:
        found = scorecard.rules(day)[measure]
        return f"weight {number_text(found.weight)} threshold {number_text(found.threshold)}"

    assert rule("profile", date(2026, 12, 30)) == "weight 15 threshold 180"
    assert rule("profile", date(2026, 12, 31)) == "weight 10 threshold 90"
    assert rule("monthly review", date(2026, 12, 31)) == "weight 20 threshold 0"
    assert rule("feedback", date(2026, 12, 31)) == "weight 15 threshold 0"
    assert rule("feedback", date(2027, 1, 1)) == "weight 20 threshold 0"


def test_every_measure_names_its_clauses_of_the_plan() -> None:
    for name in Scorecard((), ()).rules(date(2026, 12, 31)):
        measure = scorecard_of_plan.MEASURES[name]
        assert re.fullmatch(r"§(4\.[123](\.[123])?|5\.2)( §5\.[12])?", measure.clause), measure


def test_of_two_rows_in_force_the_later_one_counts_whatever_order_they_have() -> None:
    of_a_year = workbook(
        Scorecard=["profile 10 from 2026-02-01", "profile 20"],
        Bands=["90 1.04 from 2026-02-01", "90 1.02", "0 0.9"],
    )
    scorecard, day = Scorecard(of_a_year.scorecard, of_a_year.bands), date(2026, 12, 31)
    assert scorecard.rules(day)["profile"].weight == 10
    assert scorecard.proposed(Fraction(90), day) == Decimal("1.04")
    assert scorecard.proposed(Fraction(90), date(2026, 1, 31)) == Decimal("1.02")
    assert scorecard.proposed(Fraction(8999, 100), day) == Decimal("0.9")


def test_an_account_of_which_nobody_has_a_share_weighs_nothing() -> None:
    inputs = workbook(Assignments=["A1 S01 0% from 2020-01-01", "A2 S02 100% from 2020-01-01"])
    of_year = Scores(inputs, ("A1", "A2")).of_year(2026, date(2026, 12, 31))
    assert {person: score.weight for person, score in of_year.items()} == {"S01": 0, "S02": 12}
    assert [len(account.months) for account in of_year["S01"].accounts] == [12]


def test_an_issue_is_answered_and_closed_in_time_to_the_second() -> None:
    def in_time(answered: str, closed: str) -> tuple[int, int]:
        act = f"2026-03-05 A1 S01 issue opened 2026-03-05T10:00 answered {answered} closed {closed}"
        log = Log(workbook(Maintenance=[act]).maintenance, ("A1",))
        of_year = log.year(2026, date(2026, 12, 31), Scorecard((), ()).rules(date(2026, 12, 31)))
        march = [month_from_text("2026-03")]
        return of_year.good("response", "A1", march), of_year.good("resolution", "A1", march)

    assert in_time("2026-03-06T10:00:00", "2026-03-12T10:00:00") == (1, 1)
    assert in_time("2026-03-06T10:00:01", "2026-03-12T10:00:01") == (0, 0)


def test_a_closing_at_the_hour_of_the_opening_may_still_be_before_the_answer() -> None:
    act = "2026-03-05 A1 S01 issue opened 2026-03-05T10:00 answered 2026-03-05T12:00 closed 2026-03-05T10:00"
    assert [one.split(":")[0] for one in found(Maintenance=[act])] == [
        "warning Maintenance 2 Closed 2026-03-05 10"
    ]


# --- keeping the account (§4) -------------------------------------------------------------------------


def test_a_measure_that_asks_for_nothing_is_met() -> None:
    assert times_a_year(0, Decimal(0), 12) == Value(0, Fraction(0), Fraction(1))
    assert times_a_year(1, Decimal(2), 12) == Value(1, Fraction(2), Fraction(1, 2))
    assert times_a_year(3, Decimal(2), 6) == Value(3, Fraction(1), Fraction(1))
    assert times_a_year(3, Decimal(2), 6).halved is False


def test_a_month_is_kept_to_its_end_or_to_the_last_day_that_is_assigned() -> None:
    january, march = month_from_text("2026-01"), month_from_text("2026-03")
    rows = [
        assignment("S01", "1", date(2026, 2, 10)),
        replace(assignment("S01", "1"), start=date(2026, 3, 5)),
    ]
    days = {january: date(2026, 1, 31), january + 1: date(2026, 2, 10), march: date(2026, 3, 31)}
    assert [*assigned_months(rows, january, march).items()] == [*days.items()]
    assert [*assigned_months([*reversed(rows)], january, march).items()] == [*days.items()]


def attention(*acts: str, until: date) -> Attention:
    inputs = workbook(Maintenance=list(acts))
    return Attention(Log(inputs.maintenance, ("A1", "A2")), until, Decimal(7))


def test_an_issue_is_overdue_after_seven_days_from_its_hour_or_from_the_start_of_its_day() -> None:
    by_the_day = "2026-03-05 A1 S01 issue"
    assert attention(by_the_day, until=date(2026, 3, 11)).overdue("A1") == 0
    assert attention(by_the_day, until=date(2026, 3, 12)).overdue("A1") == 1
    by_the_hour = "2026-03-05 A1 S01 issue opened 2026-03-05T00:00"
    assert attention(by_the_hour, until=date(2026, 3, 11)).overdue("A1") == 0
    late = attention(by_the_hour, by_the_hour, until=date(2026, 3, 12))
    assert (late.overdue("A1"), late.overdue("A2")) == (2, 0)
    closed = f"{by_the_hour} closed 2026-03-12T23:59"
    assert attention(closed, until=date(2026, 3, 12)).overdue("A1") == 0
    assert attention(f"{by_the_hour} closed 2026-03-13T00:00", until=date(2026, 3, 12)).overdue("A1") == 1


def test_the_last_review_is_the_latest_whatever_order_the_rows_have() -> None:
    log = ["2026-03-05 A1 S01 review", "2026-03-02 A1 S01 review", "2026-03-09 A1 S01 visit"]
    assert attention(*log, until=date(2026, 3, 31)).last_review("A1") == date(2026, 3, 5)
    assert attention(*log, until=date(2026, 3, 4)).last_review("A1") == date(2026, 3, 2)
    assert attention(*log, until=date(2026, 3, 31)).last_review("A2") is None
    assert not attention(*log, until=date(2026, 3, 1)).in_use


def test_rows_of_one_account_and_month_stay_in_the_order_of_the_sheet() -> None:
    acts = [f"2026-0{1 + number % 2}-10 A{2 - number % 2} S01 visit" for number in range(200)]
    log = Log(workbook(Maintenance=acts).maintenance, ("A1", "A2"))
    of_year = YearOfLog(log, 2026 * 12, np.arange(200), Scorecard((), ()).rules(date(2026, 12, 31)))
    assert of_year._places.tolist() == [*range(1, 200, 2), *range(0, 200, 2)]


def test_a_warning_of_the_periods_last_day_comes_with_it() -> None:
    def told(day: str) -> list[str]:
        return [one.split(":")[0] for one in found(Maintenance=[f"{day} A1 S01 feedback"])]

    assert told("2026-03-31") == ["warning Maintenance 2 Satisfaction "]
    assert told("2026-04-01") == []


def test_a_closing_before_the_opening_is_said_once() -> None:
    act = "2026-03-05 A1 S01 issue opened 2026-03-05T10:00 answered 2026-03-05T12:00 closed 2026-03-05T09:00"
    assert [one.split(":")[0] for one in found(Maintenance=[act])] == [
        "error Maintenance 2 Closed 2026-03-05 09"
    ]
    unopened = act.replace("opened 2026-03-05T10:00 ", "")
    assert [one.split(":")[0] for one in found(Maintenance=[unopened])] == [
        "warning Maintenance 2 Closed 2026-03-05 09",
        "warning Maintenance 2 Opened ",
    ]
