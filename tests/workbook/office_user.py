"""Somebody who types into a workbook in LibreOffice, row by row, and saves it as .xlsx.

A Basic macro in a profile of its own does what the keyboard would: it goes to a cell and enters a text, which
LibreOffice takes as it takes typed text (a date, an amount, a percentage, or text in a text column).
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
Step = tuple[str, str, str, str]
"""A sheet's title, a cell, "type" or "insert row above", the text."""

_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script"
 script:name="User" script:language="StarBasic">
Sub Work(book As String, steps As String, target As String, password As String)
  On Error GoTo Failed
  Dim nothing_set()
  Dim opened(0) As New com.sun.star.beans.PropertyValue
  opened(0).Name = "Password" : opened(0).Value = password
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(book), "_blank", 0, opened())
  view = doc.CurrentController
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  lines = createUnoService("com.sun.star.io.TextInputStream")
  lines.setInputStream(files.openFileRead(ConvertToURL(steps)))
  lines.setEncoding("UTF-8")
  Dim told(0) As New com.sun.star.beans.PropertyValue
  Do While Not lines.isEOF()
    line_ = lines.readLine()
    If line_ = "" Then Exit Do
    step_ = Split(line_, Chr(9))
    view.setActiveSheet(doc.Sheets.getByName(step_(0)))
    told(0).Name = "ToPoint" : told(0).Value = step_(1)
    dispatcher.executeDispatch(view.Frame, ".uno:GoToCell", "", 0, told())
    If step_(2) = "type" Then
      told(0).Name = "StringName" : told(0).Value = step_(3)
      dispatcher.executeDispatch(view.Frame, ".uno:EnterString", "", 0, told())
    Else
      dispatcher.executeDispatch(view.Frame, ".uno:InsertRowsBefore", "", 0, nothing_set)
    End If
  Loop
  lines.closeInput()
  Dim stored(0) As New com.sun.star.beans.PropertyValue
  stored(0).Name = "FilterName" : stored(0).Value = "Calc MS Excel 2007 XML"
  doc.storeToURL(ConvertToURL(target), stored())
  doc.close(True)
Failed:
  StarDesktop.terminate()
End Sub
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="User"/>
</library:library>
"""


class OfficeUser:
    """LibreOffice with a profile of its own in ``folder``."""

    def __init__(self, folder: Path) -> None:
        """Make the profile: the first start fills it, then the macro is put there."""
        self._folder = folder
        self._start("--terminate_after_init")
        standard = folder / "profile" / "user" / "basic" / "Standard"
        (standard / "User.xba").write_text(_MACRO, encoding="utf-8")
        (standard / "script.xlb").write_text(_LIBRARY, encoding="utf-8")

    def _start(self, *arguments: str) -> None:
        assert OFFICE is not None
        profile = f"-env:UserInstallation={(self._folder / 'profile').as_uri()}"
        command = [OFFICE, profile, "--headless", "--norestore", *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=120)

    def works(self, book: Path, steps: Iterable[Step], target: Path, password: str = "") -> Path:
        """Open a workbook, with its password where it has one, do these steps and save it as ``target``."""
        todo = self._folder / "steps.txt"
        target.unlink(missing_ok=True)
        todo.write_text("\n".join("\t".join(step) for step in steps), encoding="utf-8")
        paths = ",".join(f'"{path}"' for path in (book, todo, target, password))
        self._start(f"macro:///Standard.User.Work({paths})")
        assert target.exists(), "LibreOffice did not save"
        return target


def typed(sheet: str, first_row: int, rows: Iterable[Sequence[str]]) -> list[Step]:
    """Type rows into a sheet, from column A and a row on; "" leaves a cell alone."""
    return [
        (sheet, f"{chr(ord('A') + place)}{number}", "type", text)
        for number, row in enumerate(rows, start=first_row)
        for place, text in enumerate(row)
        if text
    ]
