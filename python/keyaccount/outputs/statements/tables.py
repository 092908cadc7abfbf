"""The tables of a statement: commission row by row, why its rates, clawbacks, objections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from keyaccount.ledger import Entry
from keyaccount.money import round_share
from keyaccount.outputs.statements.detail import DetailRow, Reason
from keyaccount.outputs.statements.figures import Deduction, Statement
from keyaccount.outputs.statements.paper import CellKind, PaperColumn, PaperLine, PaperTable
from keyaccount.periods import month_text
from keyaccount.problems import N_
from keyaccount.tables import WORDS
from keyaccount.translation import Language, localised, translated

_AMOUNT_WIDTH = 14
_EVENTS = {"new": N_("new key account"), "upgrade": N_("upgrade")}
_PARTS = 6


def column(heading: str, language: Language, kind: CellKind = "text", width: float = 12) -> PaperColumn:
    """Head a column in a language."""
    return PaperColumn(translated(heading, language), kind, width)


def _word(vocabulary: str, word: str, language: Language) -> str:
    """Give a vocabulary's word as it is shown: English with a capital and spaces, or Chinese."""
    parts = word.split("/")
    words = WORDS[vocabulary]
    if language == "zh":
        return "/".join(words[part][0] if part in words else part for part in parts)
    return "/".join(part.replace("_", " ").capitalize() if part in words else part for part in parts)


def entry_numbers(entries: Iterable[int]) -> str:
    """Write ledger entries as a statement names them: #17, #18."""
    return ", ".join(f"#{entry}" for entry in entries)


class _Detail:
    """The lines of the first table."""

    def __init__(self, statement: Statement, language: Language) -> None:
        self.statement, self.language = statement, language

    def lines(self) -> Iterator[PaperLine]:
        one = self.statement
        for row in one.rows:
            yield self._row(row)
        if one.changed_net or one.changed_commission:
            yield self._difference()
        if one.rows or one.earlier_years or one.changed_commission:
            base = sum(row.base for row in one.rows)
            net = base if one.earlier_years else one.figures.net_sales
            label = localised("Commission of the period", self.language)
            yield self._sum(label, net, one.figures.commission)
        if one.earlier_years:
            yield self._group(
                N_("Reversals of earlier years' sales (with that year's coefficient and bonus, §3.3.3)")
            )
            for row in one.earlier_years:
                yield self._row(row)
            label = localised("Prior-year corrections, with coefficient and bonus", self.language)
            yield self._sum(label, sum(row.base for row in one.earlier_years), one.prior)
        if one.corrections:
            yield self._group(
                N_("Corrections booked in this period for earlier ones (in “earned to date”, §3.3)")
            )
            for entry in one.corrections:
                yield self._correction(entry)
            label = localised("Corrections", self.language)
            yield self._sum(
                label,
                sum(entry.net_sales or 0 for entry in one.corrections),
                sum(entry.amount for entry in one.corrections),
            )

    def _row(self, row: DetailRow) -> PaperLine:
        parts: tuple[int | None, ...] = (None,) * _PARTS
        net = None
        if row.parts is not None:
            gross, discount, returns, bad_debts, recoveries, later = row.parts
            parts = (gross, -discount, -returns, -bad_debts, -later, recoveries)
            net = sum(row.parts)
        uplift = next(iter(row.uplifts)) if len(row.uplifts) == 1 else Decimal(0)
        return PaperLine(
            (
                month_text(row.key.month),
                "" if row.key.origin == row.key.month else month_text(row.key.origin),
                self._account(row.key.account_id),
                _word("tier", row.tier, self.language),
                *parts,
                net,
                _share(row.share),
                row.base,
                row.key.rate,
                uplift or None,
                row.commission,
                entry_numbers(row.entries),
            )
        )

    def _account(self, account_id: str) -> str:
        name = self.statement.account_names.get(account_id, "")
        return f"{name} ({account_id})" if name and name != account_id else account_id

    def _correction(self, entry: Entry) -> PaperLine:
        origin = "" if entry.origin_month == entry.month else entry.origin_month
        before = (entry.month, origin, self._account(entry.account_id), "")
        after = (entry.net_sales, entry.rate, None, entry.amount, entry_numbers((entry.entry,)))
        return PaperLine((*before, *(None,) * _PARTS, None, None, *after))

    def _difference(self) -> PaperLine:
        one = self.statement
        said = localised("Data changed since the run", self.language)
        after = (one.changed_net, None, None, one.changed_commission, "")
        return PaperLine(("", "", said, "", *(None,) * _PARTS, None, None, *after))

    def _sum(self, label: str, base: int, amount: int) -> PaperLine:
        after = (base, None, None, amount, "")
        return PaperLine((label, "", "", "", *(None,) * _PARTS, None, None, *after), "total")

    def _group(self, template: str) -> PaperLine:
        return PaperLine((translated(template, self.language), *(None,) * 16), "group")


def _share(share: Fraction | None) -> Decimal | None:
    """Give a share to 6 decimals, as shares are kept (§3.2)."""
    if share is None:
        return None
    return round_share(Decimal(share.numerator) / Decimal(share.denominator))


def detail_table(statement: Statement, language: Language) -> PaperTable:
    """一、提成明细: what was sold and undone, the person's share, base, rate and commission (§3.1, §3.2)."""
    amounts = [
        N_("Sales"),
        N_("Discount"),
        N_("Returns"),
        N_("Bad debts"),
        N_("Later discounts"),
        N_("Recoveries"),
    ]
    columns = (
        column(N_("Month"), language, width=9),
        column(N_("Of sales in"), language, width=9),
        column(N_("Account"), language, width=22),
        column(N_("Tier"), language, width=11),
        *(column(name, language, "part", _AMOUNT_WIDTH) for name in amounts),
        column(N_("Account's net sales"), language, "amount", _AMOUNT_WIDTH),
        column(N_("Share"), language, "share", 9),
        column(N_("Base"), language, "amount", _AMOUNT_WIDTH),
        column(N_("Rate"), language, "rate", 8),
        column(N_("of it uplift"), language, "rate", 8),
        column(N_("Commission earned"), language, "amount", _AMOUNT_WIDTH),
        column(N_("Ledger entry"), language, width=11),
    )
    return PaperTable(
        translated(N_("1. Commission"), language),
        columns,
        tuple(_Detail(statement, language).lines()),
        stacked=((0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11), (12, 13, 14), (15, 16)),
        widths=(15, 38, 23, 21, 21, 23, 25, 20),
        nothing=translated(N_("No sales in this period."), language),
    )


def reason_table(statement: Statement, language: Language) -> PaperTable:
    """Why each rate is what it is: the tier since when, and the uplift (§3.2, §3.4.2)."""
    return PaperTable(
        translated(N_("Rates and why"), language),
        (
            column(N_("Account"), language, width=22),
            column(N_("Tier"), language, width=11),
            column(N_("since"), language, "day", 11),
            column(N_("Rate of the tier"), language, "rate", 8),
            column(N_("Uplift"), language, "rate", 8),
            column(N_("Rate"), language, "rate", 8),
            column(N_("because of"), language, width=30),
        ),
        tuple(_reason(statement, reason, language) for reason in statement.reasons),
        stacked=((0,), (1,), (2,), (3,), (4,), (5,), (6,)),
        widths=(44, 22, 20, 20, 14, 16, 50),
    )


def _reason(statement: Statement, reason: Reason, language: Language) -> PaperLine:
    said = ""
    if reason.event and reason.start and reason.end:
        said = localised(
            "{event} on {start}, until before {end} (§3.4.2)",
            language,
            event=translated(_EVENTS[reason.event], language),
            start=reason.start.isoformat(),
            end=reason.end.isoformat(),
        )
    name = statement.account_names.get(reason.account_id, "")
    return PaperLine(
        (
            f"{name} ({reason.account_id})" if name else reason.account_id,
            _word("tier", reason.tier, language),
            reason.since,
            reason.tier_rate,
            reason.uplift or None,
            (reason.tier_rate + reason.uplift).normalize(),
            said,
        )
    )


def clawback_table(statement: Statement, language: Language) -> PaperTable:
    """二、扣回明细: each reversal with the sale that it undoes, its rate and what had been paid (§3.3.3)."""
    now = [each for each in statement.deductions if not each.corrected]
    corrected = [each for each in statement.deductions if each.corrected]
    lines = [_deduction(each, statement, language) for each in now]
    if now:
        total = localised("Total", language)
        lines.append(
            PaperLine(
                (
                    total,
                    *("",) * 5,
                    sum(each.line.amount for each in now),
                    None,
                    sum(each.line.commission for each in now),
                    sum(each.line.from_pay for each in now),
                ),
                "total",
            )
        )
    if corrected:
        said = N_("Behind the corrections above (they may stand on an earlier statement too)")
        lines.append(PaperLine((translated(said, language), *(None,) * 9), "group"))
        lines += [_deduction(each, statement, language) for each in corrected]
    return PaperTable(
        translated(N_("2. Clawbacks: commission reversed and recovered"), language),
        (
            column(N_("Adjustment"), language, width=12),
            column(N_("Type"), language, width=13),
            column(N_("Date"), language, "day", 11),
            column(N_("Account"), language, width=22),
            column(N_("Original sale"), language, width=13),
            column(N_("of"), language, "day", 11),
            column(N_("Amount (your share)"), language, "amount", _AMOUNT_WIDTH),
            column(N_("Original rate"), language, "rate", 9),
            column(N_("Commission reversed"), language, "amount", _AMOUNT_WIDTH),
            column(N_("of it from pay"), language, "amount", _AMOUNT_WIDTH),
        ),
        tuple(lines),
        stacked=((0, 1), (2,), (3,), (4, 5), (6,), (7,), (8,), (9,)),
        widths=(25, 19, 36, 24, 26, 14, 22, 20),
        nothing=translated(N_("No return, bad debt, later discount or recovery in this period."), language),
    )


def _deduction(each: Deduction, statement: Statement, language: Language) -> PaperLine:
    line = each.line
    name = statement.account_names.get(line.account_id, "")
    return PaperLine(
        (
            line.adjustment_id,
            _word("adjustment", line.type, language),
            line.day,
            f"{name} ({line.account_id})" if name else line.account_id,
            each.sale_id or "–",
            line.origin,
            line.amount,
            line.rate,
            line.commission,
            line.from_pay,
        )
    )
