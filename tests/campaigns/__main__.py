"""``python -m tests.campaigns NAME``: run or resume a campaign, or replay one of its numbers."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.campaigns import frame

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
JOURNALS = ROOT / ".campaigns"
NOT_CAMPAIGNS = {"__init__", "__main__", "frame", "journal"}
EVERY = 5.0  # seconds between two lines of progress


def names() -> list[str]:
    """Name the campaigns: the modules here that declare one."""
    files = sorted(path for path in HERE.glob("*.py") if path.stem not in NOT_CAMPAIGNS)
    return [path.stem for path in files if "\ncampaign" in path.read_text(encoding="utf-8")]


def main(words: list[str] | None = None) -> int:
    """Run the campaign that was asked for; 0: nothing failed, 1: something did."""
    options = _options(words)
    campaign: frame.Campaign = importlib.import_module(f"tests.campaigns.{options.name}").campaign
    if options.input is not None:
        return _judge(options.input)
    if options.only is not None:
        return _replay(campaign, options.seed, options.only)
    count = options.count or campaign.default_count
    JOURNALS.mkdir(exist_ok=True)
    journal = JOURNALS / f"{options.name}-{options.seed}.jsonl"
    if options.anew:
        journal.unlink(missing_ok=True)
    frame.niced()
    started = time.monotonic()
    shown = [0.0]

    def say(report: frame.Report) -> None:
        now = time.monotonic()
        if now - shown[0] >= EVERY:
            shown[0] = now
            print(f"{report.tried:,} {campaign.unit}, {len(report.failures)} failed", flush=True)

    report = frame.resumed(
        campaign, seed=options.seed, count=count, jobs=options.jobs, journal=journal, say=say
    )
    _print(campaign, report, options, time.monotonic() - started)
    return 1 if report.failures else 0


def _replay(campaign: frame.Campaign, seed: int, number: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        outcome = campaign.prepare(seed, Path(folder)).one(number)
    print(dict(outcome.counted))
    print(outcome.failed or "nothing failed")
    return 1 if outcome.failed else 0


def _judge(path: Path) -> int:
    """Read an input that a guided campaign found again, and say what is wrong about it."""
    from tests.campaigns.guiding.oracles import wrong_about

    with tempfile.TemporaryDirectory() as folder:
        wrong = wrong_about(path.read_bytes(), Path(folder))
    print(wrong or "nothing failed")
    return 1 if wrong else 0


def _print(
    campaign: frame.Campaign, report: frame.Report, options: argparse.Namespace, seconds: float
) -> None:
    print(f"{campaign.title}: {report.tried:,} {campaign.unit}, seed {options.seed}")
    for name, number in sorted(report.counted.items()):
        print(f"  {name}: {number:,}")
    for line in getattr(campaign, "summary", lambda _: ())(report):
        print(f"  {line}")
    for failure in report.failures:
        print(f"  FAILED {failure.number}: {failure.why}")
        print(f"    again: dev.py campaign {options.name} --seed {options.seed} --only {failure.number}")
    print(f"{len(report.failures)} failed; {seconds:.0f} s in this call")


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="campaign", description=__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, help="how many trials (left out: a whole campaign)")
    parser.add_argument("--jobs", type=int, default=2, help="workers beside each other")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="replay one number")
    parser.add_argument("--input", type=Path, metavar="FILE", help="judge what guided found once more")
    parser.add_argument("--anew", action="store_true", help="forget what was tried with this seed before")
    return parser.parse_args(words)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the workers are ended too
    sys.exit(main())
