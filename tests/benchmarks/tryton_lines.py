"""Tryton's module commission over the benchmark's lines: the arithmetic alone (no posting, no settling)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

RATES = ("0.02", "0.015")
spent: list[float] = []
"""Seconds of the arithmetic: setting up Tryton's tables (half a minute) is not what is compared."""


def commission(lines: Sequence[tuple[int, Decimal]]) -> int:
    """Give the commission of (number of the tier, net in yuan) in fen; Tryton keeps four decimals a line."""
    from trytond.modules.company.tests import create_company, set_company
    from trytond.pool import Pool
    from trytond.tests.test_tryton import activate_module
    from trytond.transaction import Transaction

    activate_module("commission")
    with Transaction().start(":memory:", 1, context={}):
        company = create_company()
        with set_company(company):
            invoices = [_invoice(Pool().get, company, rate) for rate in RATES]
            line_of = Pool().get("account.invoice.line")
            started = time.perf_counter()
            total = Decimal(0)
            for tier, net in lines:
                line = line_of(type="line", invoice=invoices[tier], amount=net, product=None, principal=None)
                total += sum((one.amount for one in line.get_commissions()), Decimal(0))
            spent.append(time.perf_counter() - started)
    return round(total * 100)


def _invoice(get: Any, company: Any, rate: str) -> Any:
    """Give an invoice of an agent whose plan pays this rate."""
    (unit,) = get("product.uom").search([("name", "=", "Unit")])
    template = {"name": "Commission", "default_uom": unit, "type": "service", "list_price": Decimal(0)}
    (made,) = get("product.template").create([template])
    (product,) = get("product.product").create([{"template": made}])
    formula = [("create", [{"formula": f"amount * {rate}"}])]
    plan = {"name": rate, "commission_product": product, "commission_method": "posting", "lines": formula}
    (plan,) = get("commission.plan").create([plan])
    (party,) = get("party.party").create([{"name": f"Agent {rate}"}])
    agent = {"party": party, "type_": "agent", "company": company, "currency": company.currency, "plan": plan}
    (agent,) = get("commission.agent").create([agent])
    invoice = get("account.invoice")(company=company, currency=company.currency, agent=agent, type="out")
    invoice.currency_date = invoice.invoice_date = None
    invoice.state = "posted"
    return invoice
