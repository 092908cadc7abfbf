"""What ``--json`` prints: one object to standard output (spec, "Options of every run")."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from keyaccount.money import yuan

if TYPE_CHECKING:
    from keyaccount.book import Finding
    from keyaccount.commands import Report
    from keyaccount.ledger import Entry
    from keyaccount.verification import Verdict, Wanted


def print_json(value: Mapping[str, object]) -> None:
    """Print one JSON object to standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 this is what prints


def problems_json(report: Report) -> list[dict[str, str]]:
    """Give the problems as the JSON lists them."""
    return findings_json(report.problems)


def findings_json(problems: Iterable[Finding]) -> list[dict[str, str]]:
    """Give findings as the JSON lists them."""
    return [_finding_json(finding) for finding in problems]


def _finding_json(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "value": finding.value,
        "problem": finding.problem,
        "remedy": finding.remedy,
    }


def run_json(report: Report) -> dict[str, object]:
    """Give a run as its JSON object: amounts as strings with two decimals (spec, "Options of every run")."""
    return {
        "period": report.period,
        "booked": bool(report.booked),
        "entries": report.booked,
        "salespeople": [
            {
                "salesperson_id": figures.salesperson_id,
                "net_sales": yuan(figures.net_sales),
                "commission": yuan(figures.commission),
                "paid": yuan(figures.paid),
                "withheld": yuan(figures.withheld),
                "carried": yuan(figures.carried),
            }
            for figures in report.figures
        ],
        "problems": problems_json(report),
    }


def verdict_json(verdict: Verdict, wanted: Wanted) -> dict[str, object]:
    """Give a verification as its JSON object; who signed and the chain's head where that matters."""
    signed = any(each.state != "unsigned" for each in verdict.seals)
    more: dict[str, object] = {}
    if wanted.keys or signed:
        more["signatures"] = [{"run": s.run, "state": s.state, "key": s.key} for s in verdict.seals]
    if wanted.head or more:
        more["head"] = _head_json(verdict.head)
    if wanted.head:
        more["kept"] = _head_json(verdict.kept)
    return more | {
        "ok": not verdict.findings and not verdict.failed,
        "findings": [
            {
                "sheet": finding.sheet,
                "cell": finding.cell,
                "expected": finding.expected,
                "found": finding.found,
            }
            for finding in verdict.findings
        ]
        + [
            {"sheet": p.sheet, "cell": p.cell, "expected": p.remedy, "found": p.value or p.problem}
            for p in verdict.problems
        ],
    }


def _head_json(entry: Entry | None) -> dict[str, object] | None:
    return {"entry": entry.entry, "run": entry.run, "digest": entry.digest} if entry else None


def failure_json(sentence: str, remedy: str) -> list[dict[str, str]]:
    """Give what stopped a command as the one problem that the JSON lists."""
    nowhere = {"sheet": "", "cell": "", "value": ""}
    return [{"severity": "error", **nowhere, "problem": sentence, "remedy": remedy}]


def failed_json(command: str, period: str, sentence: str, remedy: str) -> dict[str, object]:
    """Give the object of a command that something stopped."""
    if command == "verify":
        nowhere = {"sheet": "", "cell": ""}
        finding = {**nowhere, "expected": remedy, "found": sentence}
        return {"ok": False, "findings": [finding]}
    listed: dict[str, object] = {"problems": failure_json(sentence, remedy)}
    nothing: dict[str, dict[str, object]] = {
        "addin": {},
        "key": {},
        "check": {},
        "what-if": {"period": period, "booked": False, "plans": []},
        "explain": {"wanted": period, "moved": False, "explained": []},
        "regenerate": {"books": []},
        "statements": {"period": period, "statements": []},
        "export": {"period": period, "rows": 0},
        "approve": {"period": period, "approved": False, "added": False},
        "due": {"day": "", "salespeople": []},
        "batch": {"period": period, "workbooks": []},
        "anonymise": {"saved": "", "rows": 0, "entries": 0, "left_out": []},
        "import": {"sheet": "", "rows": 0, "added": 0, "same": 0, "kept": 0},
    }
    run: dict[str, object] = {"period": period, "booked": False, "entries": 0, "salespeople": []}
    return nothing.get(command, run) | listed
