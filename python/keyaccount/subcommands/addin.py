"""``keyaccount addin build|install|doctor|uninstall``: the Excel add-in."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.problems import N_
from keyaccount.terminal import DONE, PROBLEMS, console, spoken
from keyaccount.translation import Language, localised, translated

if TYPE_CHECKING:
    from keyaccount.addin.doctor import Check
    from keyaccount.addin.install import Installed
    from keyaccount.addin.machine import Machine

HELP = N_("build, install, examine or take away the Excel add-in")
_TITLE = "Key Accounts"
"""As Excel lists the add-in, in every language: the file's title."""
_OK, _BAD = N_("ok"), N_("BAD")
_WINDOWS = (
    N_("Start Excel: the tab Key Accounts is behind Help."),
    N_("If it is not: File > Options > Add-ins > Manage: Excel Add-ins > Go, and tick {addin}."),
    N_("If anything fails: keyaccount addin doctor."),
)
_MAC = (
    N_("Start Excel: Tools > Excel Add-ins, and tick {addin} (Browse, if it is not in the list)."),
    N_("The buttons of the tab Key Accounts work on a Mac; cell functions such as =COMMISSION need Windows."),
    N_("If anything fails: keyaccount addin doctor."),
)
_FOLDER = (
    N_("In Excel: File > Options > Add-ins > Manage: Excel Add-ins > Go > Browse, and choose this file."),
)
"""What is left to do for the user, by where the add-in was installed."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "action",
        choices=("build", "install", "doctor", "uninstall"),
        help=_("doctor finds out why Excel does not reach the program, and says what to do"),
    )
    parser.add_argument(
        "--folder", type=Path, metavar=_("FOLDER"), help=_("there, instead of Excel's own folder of add-ins")
    )


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for; gives the exit code. Raises FileProblem."""
    from keyaccount.addin import install
    from keyaccount.addin.install import Installed
    from keyaccount.addin.machine import this_machine

    machine, language = this_machine(), spoken(options)
    if options.action == "doctor":
        return _examine(machine, options.folder, language, as_json=options.json)
    if options.action == "build":
        done, said = Installed((install.write_built(options.folder or Path()),)), N_("Built: {file}")
        steps: tuple[str, ...] = ()
    elif options.action == "install":
        done, said = install.install(machine, options.folder), N_("Installed: {file}")
        steps = _FOLDER if options.folder else {"windows": _WINDOWS, "mac": _MAC, "other": ()}[machine.kind]
    else:
        done, said = install.uninstall(machine, options.folder), N_("Taken away: {file}")
        steps = () if done.files or done.versions else (N_("There was nothing to take away."),)
    _tell(done, said, steps, language, as_json=options.json)
    return DONE


def _tell(done: Installed, said: str, steps: tuple[str, ...], language: Language, *, as_json: bool) -> None:
    from keyaccount.as_json import print_json

    told = [localised(step, language, addin=_TITLE) for step in steps]
    if as_json:
        files = [str(file) for file in done.files]
        print_json({"files": files, "excel_versions": list(done.versions), "steps": told})
        return
    for file in done.files:
        _say(localised(said, language, file=file))
    if done.versions:
        _say(localised("Excel {versions} was told.", language, versions=", ".join(done.versions)))
    for line in told:
        _say(line)


def _examine(machine: Machine, folder: Path | None, language: Language, *, as_json: bool) -> int:
    from keyaccount.addin import doctor
    from keyaccount.as_json import print_json

    checks = doctor.examine(machine, folder)
    ok = all(check.ok for check in checks)
    if as_json:
        print_json({"ok": ok, "checks": [_check_json(check, language) for check in checks]})
    else:
        for check in checks:
            told = _check_json(check, language)
            _say(f"{translated(_OK if check.ok else _BAD, language)}  {told['check']}: {told['found']}")
            if told["remedy"]:
                _say(f"    {told['remedy']}")
    return DONE if ok else PROBLEMS


def _check_json(check: Check, language: Language) -> dict[str, object]:
    return {
        "check": translated(check.name, language),
        "ok": check.ok,
        "found": localised(check.found, language, **check.details),
        "remedy": "" if check.ok else localised(check.remedy, language, **check.details),
    }


def _say(line: str) -> None:
    console().print(line, soft_wrap=True, markup=False)
