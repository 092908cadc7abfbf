"""Opens an add-in in LibreOffice and prints what its VBA functions give; runs in a Python that has uno."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue

MARK = "UNICHAR(57344)"


def _property(name: str, value: object) -> Any:  # noqa: ANN401 uno has no types
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def _connected(pipe: str) -> Any:  # noqa: ANN401 likewise
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(200):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 uno's own exceptions; it is not up yet
            time.sleep(0.2)
    raise TimeoutError("LibreOffice does not answer")


def _results(document: Any) -> dict[str, object]:  # noqa: ANN401 likewise
    libraries = document.BasicLibraries
    library = next(name for name in libraries.getElementNames() if name != "Standard")

    def call(module: str, function: str, *arguments: object) -> object:
        place = f"vnd.sun.star.script:{library}.{module}.{function}?language=Basic&location=document"
        return document.getScriptProvider().getScript(place).invoke(arguments, (), ())[0]

    def shown(formula: str) -> str:
        cell = document.Sheets.getByIndex(0).getCellRangeByName("D1")
        cell.Formula = formula
        return str(cell.String)

    return {
        "modules": sorted(libraries.getByName(library).getElementNames()),
        "plain": call("KeyAccountWords", "KeyAccountPlain", r"a\u5927x\u8D26\uD83D\uDE00 z"),
        "number": call("KeyAccountCatalogue", "KeyAccountErrorNumber", "#SPILL!"),
        "label": call("KeyAccountTexts", "KeyAccountText", "KeyAccountTab.label"),
        "command": call(
            "KeyAccountPython", "KeyAccountCommand", r"C:\p y\python.exe", "", "", "", "import x"
        ),
        "scalar": shown(f'=KEYACCOUNTERRORS({MARK}&"#N/A")'),
        "untouched": shown('=KEYACCOUNTERRORS("#N/A")'),
    }


def main(office: str, addin: str, profile: str) -> None:
    """Print the results as JSON."""
    pipe = f"keyaccount{Path(profile).resolve().as_posix().__hash__() & 0xFFFFFF:x}"
    options = [
        "--headless",
        "--norestore",
        "--nologo",
        f"-env:UserInstallation={Path(profile).resolve().as_uri()}",
    ]
    process = subprocess.Popen(
        [office, *options, f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        context = _connected(pipe)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        document = desktop.loadComponentFromURL(
            Path(addin).resolve().as_uri(),
            "_blank",
            0,
            (
                _property("Hidden", value=True),
                _property("FilterName", "Calc MS Excel 2007 VBA XML"),
                _property("MacroExecutionMode", 4),  # always: the add-in is our own
            ),
        )
        sys.stdout.write(json.dumps(_results(document)))
        document.close(True)  # noqa: FBT003 uno takes no names
        desktop.terminate()
        process.wait(30)
    finally:
        process.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
