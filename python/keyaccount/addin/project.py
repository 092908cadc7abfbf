"""The VBA project of the add-in, written by pyOpenVBA and put right where its template is not ours.

What is left of the template: the project's format and its references (stdole, Office). Module1 goes, the
project gets its own name, and the compiled code that Excel keeps beside the source (the "performance cache")
is declared absent as [MS-OVBA] 2.3.4.1 prescribes, with version 0xFFFF, so that Excel compiles the source and
nothing else, whatever its version.
"""

from __future__ import annotations

import struct
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

NAME = "KeyAccount"
SHEET_MODULE = "KeyAccountSettings"
_NOT_COMPILED = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0)
_PROJECT_NAME = 0x0004
_RECORD = struct.Struct("<HI")
PROJECT_PART = "xl/vbaProject.bin"


def project_parts(documents: Mapping[str, str], modules: Mapping[str, str]) -> dict[str, bytes]:
    """Give the parts of an empty add-in by name, its VBA project holding these modules (sources with LF)."""
    from pyopenvba import ExcelFile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "addin.xlam"
        with ExcelFile.create_new(path) as book:
            project = book.vba_project()
            project.delete_module("Module1")
            project.rename_module("Sheet1", SHEET_MODULE)
            for name, source in sorted(documents.items()):
                book.set_module(name, _lines(source))
            for name, source in sorted(modules.items()):
                project.add_module(name, _lines(source))
            book.save()
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    parts[PROJECT_PART] = _own(parts[PROJECT_PART])
    return parts


def _lines(source: str) -> str:
    return source.replace("\n", "\r\n")


def _own(binary: bytes) -> bytes:
    """Name the project and take the compiled code away."""
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import compress, decompress

    file = CFB.from_bytes(binary)
    directory = decompress(file.get_stream_in_storage("VBA", "dir"))
    file.write_stream_in_storage("VBA", "dir", compress(_renamed(directory)))
    file.write_stream_in_storage("VBA", "_VBA_PROJECT", _NOT_COMPILED)
    lines = file.get_stream("PROJECT").split(b"\r\n")
    named = [f'Name="{NAME}"'.encode() if line.startswith(b"Name=") else line for line in lines]
    file.write_stream("PROJECT", b"\r\n".join(named))
    return bytes(file.to_bytes())


def _renamed(directory: bytes) -> bytes:
    """Give the dir stream with the project's name; it is among the records before the version's."""
    position = 0
    while position < len(directory):
        kind, size = _RECORD.unpack_from(directory, position)
        end = position + _RECORD.size + size
        if kind == _PROJECT_NAME:
            name = NAME.encode("ascii")
            return directory[:position] + _RECORD.pack(kind, len(name)) + name + directory[end:]
        position = end
    raise ValueError("the VBA project has no name record")
