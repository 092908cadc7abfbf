"""Why a rate is what it is: the account's tier, the tier's rate, an uplift (§2.2, §3.2, §3.4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from keyaccount.clauses.incentives import Uplift
from keyaccount.clauses.rates import Credit
from keyaccount.ledger import CellKey
from keyaccount.outputs.arithmetic import percent, percent_text, plus
from keyaccount.outputs.explain.rows import SoldRow
from keyaccount.outputs.explain.source import Source
from keyaccount.outputs.explain.tree import Node
from keyaccount.problems import N_

_UPLIFT_EVENTS = {"new": N_("new key account"), "upgrade": N_("upgrade")}


class RateTelling:
    """Tells why a salesperson's rate of an account on a day is what it is."""

    def __init__(self, source: Source) -> None:
        """Take the workbook."""
        self.source, self.company = source, source.company

    def node(self, key: CellKey, rows: Iterable[SoldRow]) -> Node | None:
        """Tell why the rate of a cell's rows is what it is today, ``None`` where there are none."""
        reasons: dict[tuple[object, ...], Node] = {}
        for row in rows:
            part = next(p for p in row.credit.parts if p.salesperson_id == key.salesperson_id)
            known = (row.credit.tier, row.credit.tier_rate, part.uplift)
            if known not in reasons:
                reasons[known] = self._reason(key, row.credit, row.origin, part.uplift)
        if not reasons:
            return None
        if len(reasons) == 1:
            return next(iter(reasons.values()))
        said = self.source.localised("rate {rate}, for several reasons", rate=percent_text(key.rate))
        return Node(said, "reason", clause="§3.2", children=tuple(reasons.values()))

    def _reason(self, key: CellKey, credit: Credit, day: date, uplift: Decimal) -> Node:
        _ = self.source.localised
        if not credit.tier:
            said = _(
                "rate 0%: {account} has no tier on {day} and earns nothing",
                account=credit.account_id,
                day=day,
            )
            return Node(said, "reason", clause="§3.2", children=tuple(self._tier_row(credit, day)))
        base = credit.tier_rate or Decimal(0)
        children = [*self._tier_row(credit, day), *self._rate_row(credit, day)]
        if not uplift:
            said = _(
                "rate {rate}: tier {tier} on {day}",
                rate=percent_text(key.rate),
                tier=self.source.tier(credit.tier),
                day=day,
            )
            return Node(said, "reason", clause="§3.2", children=tuple(children))
        children += self._uplift_row(key, credit, day, uplift)
        said = _("rate of the tier {tier} and uplift", tier=self.source.tier(credit.tier))
        return Node(
            said, "reason", plus(percent(base), percent(uplift)), clause="§3.4.2", children=tuple(children)
        )

    def _tier_row(self, credit: Credit, day: date) -> Iterator[Node]:
        history = self.company.credits.histories.get(credit.account_id, ())
        change = next((each for each in reversed(history) if each.day <= day), None)
        if change is None:
            return
        said = self.source.localised(
            "{account} is {tier} from {start}",
            account=self.source.account(credit.account_id),
            tier=self.source.tier(change.tier) or "–",
            start=change.day,
        )
        place = self.source.place("Account Tiers", change.row, "Tier")
        yield Node(said, "reason", clause="§2.2", places=(place,))

    def _rate_row(self, credit: Credit, day: date) -> Iterator[Node]:
        found = [
            row
            for row in self.source.inputs.tiers
            if row.tier == credit.tier and (row.effective_from or date.min) <= day
        ]
        row = max(found, key=lambda each: each.effective_from or date.min)
        said = self.source.localised(
            "tier {tier} earns {rate}", tier=self.source.tier(row.tier), rate=percent_text(row.rate)
        )
        if row.effective_from is not None:
            said = self.source.localised(
                "tier {tier} earns {rate} from {start}",
                tier=self.source.tier(row.tier),
                rate=percent_text(row.rate),
                start=row.effective_from,
            )
        yield Node(said, "reason", clause="§3.2", places=(self.source.place("Tiers", row.row, "Rate"),))

    def _uplift_row(self, key: CellKey, credit: Credit, day: date, points: Decimal) -> Iterator[Node]:
        window = next(
            each
            for each in self.company.credits.windows[credit.account_id]
            if each.points == points
            and each.start <= day < each.end
            and key.salesperson_id in each.salespeople
        )
        yield Node(
            self._window(window, key.salesperson_id),
            "reason",
            clause="§3.4.2",
            places=(self.source.place("Account Tiers", window.row, "Effective From"),),
        )

    def _window(self, window: Uplift, person: str) -> str:
        return self.source.localised(
            "uplift of {points} points for {person}: {event} on {start}, for sales through {end}",
            points=f"{window.points * 100:f}".rstrip("0").rstrip("."),
            person=person,
            event=self.source.localised(_UPLIFT_EVENTS[window.event]),
            start=window.start,
            end=window.end - timedelta(days=1),
        )
