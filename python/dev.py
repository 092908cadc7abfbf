#!/usr/bin/env python3
"""Everything a fresh clone needs, with the standard library alone: ``dev.py demo``, ``dev.py test``.

Sets up ``.venv`` beside the checkout (exact versions from constraints.txt) and runs the command in it.
The exit code is that of the tool that failed, 2 for wrong usage, 5 where the machine lacks something.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "keyaccount-setup.json"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
OLDEST = (3, 11)
MACHINE_LACKS = 5
APT = "Debian, Ubuntu: sudo apt install"


class Lacking(Exception):
    """The machine lacks something; the message says what to install."""


def say(text: str) -> None:
    """Print a line at once, also into a log file."""
    print(text, flush=True)


def run(*command: str | Path, quiet: bool = False, env: dict[str, str] | None = None) -> int:
    """Run a command in the checkout and give its exit code; ``quiet`` shows its output only when it fails."""
    words = [str(word) for word in command]
    output = subprocess.PIPE if quiet else None
    merged = {**os.environ, **(env or {})}
    done = subprocess.run(
        words, cwd=ROOT, env=merged, stdout=output, stderr=subprocess.STDOUT if quiet else None, check=False
    )
    if quiet and done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
    return done.returncode


# --- set-up ---------------------------------------------------------------------------------------


def wanted_digest() -> str:
    """Give the digest of what set-up depends on: of pyproject.toml the package, not the tools' settings."""
    import tomllib  # only where the Python is known to be new enough

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    package = json.dumps([declared["build-system"], declared["project"]], sort_keys=True)
    return hashlib.sha256(package.encode() + (ROOT / "constraints.txt").read_bytes()).hexdigest()


def installed_extras() -> tuple[set[str], bool]:
    """Give the extras that were asked for until now, and whether .venv holds them as they are today."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set(), False
    if stamp.get("root") != str(ROOT):
        return set(), False
    current = stamp.get("digest") == wanted_digest() and (BIN / f"python{SUFFIX}").exists()
    return set(stamp.get("extras", [])), current


def require_python() -> None:
    """Check that this Python is new enough and can make an environment; raises Lacking."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise Lacking(
            f"Python {needed} or newer is needed, this is {version} ({sys.executable}).\n"
            f"{APT} python3 python3-venv python3-pip, then start again with the new Python."
        )
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise Lacking(
            f"Python {version} ({sys.executable}) lacks {' and '.join(missing)}, which it needs here.\n"
            f"{APT} python3-venv python3-pip (or python{version}-venv), then start again."
        )


def set_up(extras: set[str]) -> None:
    """Make or complete .venv; at once where nothing has changed. Raises Lacking or SystemExit."""
    require_python()
    present, current = installed_extras()
    if current and extras <= present:
        return
    started = time.monotonic()
    extras = extras | present
    say(f"Setting up {VENV} (once; about a minute) …")
    if not current and run(sys.executable, "-m", "venv", "--clear", VENV, quiet=True):
        raise Lacking(
            f"The environment {VENV} could not be made (see above).\n"
            f"{APT} python3-venv python3-pip, then start again."
        )
    pip = (BIN / f"python{SUFFIX}", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    exact = ("--constraint", "constraints.txt")
    target = f".[{','.join(sorted(extras))}]" if extras else "."
    steps = (
        (*pip, *exact, "hatchling", "editables"),
        (*pip, *exact, "--no-build-isolation", "--editable", target),
    )
    for step in steps:
        if code := run(*step, quiet=True):
            say("The packages could not be installed (see above): is the package index within reach?")
            raise SystemExit(code)
    stamp = {"digest": wanted_digest(), "root": str(ROOT), "extras": sorted(extras)}
    STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    say(f"Set up in {time.monotonic() - started:.0f} s.")


def tool(name: str) -> Path:
    """Give the path of a command in .venv."""
    return BIN / f"{name}{SUFFIX}"


# --- commands -------------------------------------------------------------------------------------


def steps(named: list[tuple[str, list[str | Path]]], *, stop: bool) -> int:
    """Run named commands, tell how each ended, and give the first exit code that was not 0."""
    first = 0
    for name, command in named:
        say(f"== {name}")
        started = time.monotonic()
        code = run(*command)
        verdict = "passed" if code == 0 else f"FAILED (exit {code})"
        say(f"   {name}: {verdict}, {time.monotonic() - started:.0f} s")
        first = first or code
        if code and stop:
            break
    return first


def static_steps() -> list[tuple[str, list[str | Path]]]:
    """List the checks that run nothing of the program."""
    return [
        ("format", [tool("ruff"), "format", "--check", "."]),
        ("lint", [tool("ruff"), "check", "."]),
        ("types", [tool("mypy"), "addin", "python", "tests", "docs", "workbook_templates"]),
        ("layers", [tool("lint-imports"), "--no-logo"]),
        ("texts", [tool("python"), "python/texts.py", "--check"]),
    ]


def check(_: argparse.Namespace) -> int:
    """Check format, lint, types and import layers."""
    set_up({"test"})
    return steps(static_steps(), stop=False)


def test(options: argparse.Namespace) -> int:
    """Set up and run every check and every test."""
    set_up({"test"})
    pytest: list[str | Path] = [tool("pytest"), "-n", "2", "--dist", "loadgroup", *options.arguments]
    if options.arguments:
        code = steps([*static_steps(), ("tests", pytest)], stop=False)
    else:
        from dev_beside import Beside

        core = Beside("tests of the core, all branches", core_coverage(), ROOT)
        with core:  # the checks need one processor of two
            code = steps(static_steps(), stop=False)
        rest = steps([("all other tests", [*pytest, "--without-core"])], stop=False)
        code = code or core.code or rest
    say("All checks and tests passed." if code == 0 else "Something failed, see above.")
    return code


def core_coverage() -> list[str | Path]:
    """Give the command that runs the core's tests and fails below 100 % of branches."""
    return [tool("python"), "-m", "tests.core_coverage"]


def coverage(_: argparse.Namespace) -> int:
    """Run the tests of the core; fails where one does, or where they leave a branch of it out."""
    set_up({"test"})
    return run(*core_coverage())


def demo(options: argparse.Namespace) -> int:
    """Set up, make the demo workbook, run and settle the first quarter, with what comes late, then April."""
    set_up(set())
    import dev_demo

    folder = ROOT / "demo"
    book = folder / f"keyaccount-demo-{options.lang}.xlsx"
    folder.mkdir(exist_ok=True)
    book.unlink(missing_ok=True)
    for words in dev_demo.commands(book, options.year, options.lang):
        say("\n$ keyaccount " + " ".join(str(word) for word in words))
        if code := run(tool("keyaccount"), *words):
            return code
    say(f"\nThe demo workbook lies at {book}\nOpen it in Excel or LibreOffice; each call makes it anew.")
    return 0


def bench(options: argparse.Namespace) -> int:
    """Run the benchmark of runs, functions, batch, lines, peers or a year, and print the figures."""
    name, *rest = options.arguments or ["run"]
    if name not in ("run", "functions", "batch", "lines", "peers", "year"):
        name, rest = "run", options.arguments
    set_up({"test", "bench"} | ({"peers"} if name == "peers" else set()))
    return run(tool("python"), f"tests/benchmarks/{name}.py", *rest)


def campaign(options: argparse.Namespace) -> int:
    """Run or resume a long test engine (fuzz, crashes, years, mutants, cells …), or replay one number."""
    set_up({"test"})
    return run(tool("python"), "-m", "tests.campaigns", options.name, *options.arguments)


def docs(_: argparse.Namespace) -> int:
    """Write the reference pages from the declarations (docs/)."""
    set_up(set())
    return run(tool("python"), "docs/build.py")


def addin(_: argparse.Namespace) -> int:
    """Build the Excel add-in, and the VBA that is generated for it (addin/)."""
    set_up(set())
    return run(tool("python"), "addin/build.py")


def texts(options: argparse.Namespace) -> int:
    """Collect the texts of the source, update the Chinese catalogue and compile it (locale/)."""
    set_up({"test"})
    return run(tool("python"), "python/texts.py", *(["--check"] if options.check else []))


def real_data(options: argparse.Namespace) -> int:
    """Make a plan workbook of UCI Online Retail (Parquet) and run all of 2011 in it."""
    set_up({"test"})
    book = ROOT / "demo" / "online-retail.xlsx"
    return run(tool("python"), "-m", "tests.real_data.play", Path(options.parquet).resolve(), book)


def setup(_: argparse.Namespace) -> int:
    """Set up .venv with all extras and do nothing else."""
    set_up({"test", "bench"})
    say(f"Ready: {tool('keyaccount')}")
    return 0


def pictures(options: argparse.Namespace) -> int:
    """Print a workbook through LibreOffice to PDF, and each page to a PNG file."""
    book = Path(options.book).resolve()
    if not book.is_file():
        raise Lacking(f"No such workbook: {book}")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    painter = shutil.which("pdftoppm")
    if office is None or painter is None:
        raise Lacking(
            "Pictures need LibreOffice and poppler: sudo apt install libreoffice-calc poppler-utils"
        )
    folder = Path(options.folder or ROOT / "demo" / "pictures" / book.stem).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as profile:
        headless = [office, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        if code := run(*headless, "--convert-to", "pdf", "--outdir", folder, book, quiet=True):
            return code
    pdf = folder / f"{book.stem}.pdf"
    if not pdf.exists():
        raise Lacking(f"LibreOffice could not print {book}")
    code = run(painter, "-png", "-r", str(options.dpi), pdf, folder / "page", quiet=True)
    say(f"{len(list(folder.glob('page*.png')))} pictures in {folder}")
    return code


def parser() -> argparse.ArgumentParser:
    """Declare the commands."""
    top = argparse.ArgumentParser(
        prog="dev.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, action: object) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=action.__doc__, description=action.__doc__)
        command.set_defaults(action=action)
        return command

    one = add("demo", demo)
    one.add_argument("--year", type=int, default=2026)
    one.add_argument("--lang", choices=("en", "zh"), default="en")
    add("test", test).add_argument("arguments", nargs="*", help="handed to pytest (after --)")
    add("check", check)
    add("coverage", coverage)
    add("bench", bench).add_argument("arguments", nargs="*")
    one = add("campaign", campaign)
    one.add_argument("name", help="a module of tests/campaigns")
    one.add_argument("arguments", nargs=argparse.REMAINDER, help="--seed, --count, --jobs, --only, --anew")
    add("docs", docs)
    add("addin", addin)
    add("texts", texts).add_argument("--check", action="store_true", help="only say what is missing")
    add("real-data", real_data).add_argument("parquet")
    add("setup", setup)
    one = add("pictures", pictures)
    one.add_argument("book")
    one.add_argument("folder", nargs="?")
    one.add_argument("--dpi", type=int, default=80)
    return top


def main() -> int:
    """Run the command that was asked for."""
    options = parser().parse_args()
    try:
        code: int = options.action(options)
    except Lacking as lacking:
        sys.stderr.write(f"{lacking}\n")
        return MACHINE_LACKS
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
