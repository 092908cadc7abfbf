"""``keyaccount addin build|install|doctor|uninstall``: what is done and what is printed."""

from __future__ import annotations

import argparse
from pathlib import Path

from keyaccount.addin import doctor, install, package
from keyaccount.addin.doctor import Check
from keyaccount.addin.install import Installed
from keyaccount.addin.machine import Machine, this_machine
from keyaccount.as_json import print_json
from keyaccount.problems import N_
from keyaccount.translation import Language, environment_language, localised, translated

DONE, FOUND_WANTING = 0, 1
_OK, _BAD = N_("ok"), N_("BAD")
_WINDOWS = (
    N_("Start Excel: the tab Key Accounts is behind Help."),
    N_("If it is not: File > Options > Add-ins > Manage: Excel Add-ins > Go, and tick Key Accounts."),
    N_("If anything fails: keyaccount addin doctor."),
)
_MAC = (
    N_("Start Excel: Tools > Excel Add-ins, and tick Key Accounts (Browse, if it is not in the list)."),
    N_("The buttons of the tab Key Accounts work on a Mac; cell functions such as =COMMISSION need Windows."),
    N_("If anything fails: keyaccount addin doctor."),
)
_FOLDER = (N_("In Excel: File > Options > Add-ins > Manage: Excel Add-ins > Go > Browse, and choose this file."),)
"""What is left to do for the user, by where the add-in was installed."""


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for; gives the exit code. Raises FileProblem."""
    machine = this_machine()
    language: Language = options.lang or environment_language()
    match options.action:
        case "build":
            return _build(options.out, language, as_json=options.json)
        case "install":
            done = install.install(machine, options.folder)
            steps = {"windows": _WINDOWS, "mac": _MAC, "other": _FOLDER}[machine.kind]
            return _tell(done, N_("Installed: {file}"), steps if options.folder is None else _FOLDER, language, options)
        case "uninstall":
            done = install.uninstall(machine, options.folder)
            nothing = () if done.files or done.versions else (N_("There was nothing to take away."),)
            return _tell(done, N_("Taken away: {file}"), nothing, language, options)
        case _:
            return _doctor(machine, options.folder, language, as_json=options.json)
