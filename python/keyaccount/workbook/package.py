"""A workbook file as a zip of parts: what is in it, where its sheets are, and whether it is safe to read.

Whatever is wrong with the file is raised as ``FileProblem``, in a sentence and with a remedy.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from xml.etree.ElementTree import Element

from keyaccount.problems import N_, FileProblem, Phrase
from keyaccount.workbook.encryption import Unlocked, unlocked
from keyaccount.workbook.filetype import refuse_unless_file, refuse_unless_zip
from keyaccount.workbook.limits import reading
from keyaccount.workbook.members import RESAVE, member_key, members_by_key, refuse_bombs, refuse_endless_list
from keyaccount.workbook.parts import (
    Relationship,
    attribute,
    counts_from_1904,
    damaged_xml,
    doctype_problem,
    local_name,
    parse_part,
    parse_relationships,
    relationships_part,
)
from keyaccount.workbook.sheetentries import SheetEntry, sheet_id_of, state_of

_CHUNK_BYTES = 1 << 20
_HEAD_BYTES = 1024
_XML_ENDINGS = (".xml", ".rels", ".vml")
_ENCRYPTED_FLAG = 0x1
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
_FETCH_AGAIN = N_(
    "Open it in Excel or LibreOffice and save it under a new name; if that fails, take the last good copy"
    " from a backup."
)

Folder = Callable[[], Path | None]


class Package:
    """An open workbook file; use it as a context manager, or ``close`` it.

    ``names`` are the zip members in their order, ``infos`` their directory entries, ``workbook_part``
    the part that the package's relationships name as the workbook, ``sheets`` its worksheets in
    workbook order (chart sheets and macro sheets left out), ``encryption`` how it was opened.
    """

    def __init__(
        self,
        path: Path,
        archive: zipfile.ZipFile,
        data: bytes | None = None,
        encryption: Unlocked | None = None,
    ) -> None:
        """Take an archive that ``open`` has opened, and look through it."""
        self.path = path
        self.folder: Folder = lambda: path.parent
        """Gives what relative paths in the workbook start at; None where it is on no disk."""
        self._archive, self._data, self.encryption = archive, data, encryption
        self.infos: list[zipfile.ZipInfo] = archive.infolist()
        self.names: tuple[str, ...] = tuple(info.filename for info in self.infos)
        self.inflated_bytes: int = sum(info.file_size for info in self.infos)
        refuse_bombs(self.infos, path.name)
        self._members = members_by_key(self.infos, path.name)
        self._refuse_doctypes()
        self.workbook_part: str = self._find_workbook_part()
        workbook = self._parse_workbook()
        self.date1904: bool = counts_from_1904(workbook, self.workbook_part, path.name)
        self.sheets: tuple[SheetEntry, ...] = tuple(self._list_sheets(workbook))
        self.macro_enabled: bool = "macroEnabled" in self.content_type(self.workbook_part)

    @classmethod
    def open(cls, path: Path) -> Package:
        """Open a workbook file; raises ``FileProblem`` when it is none, damaged, encrypted or unsafe."""
        with reading(path.name):
            return cls._open(path)

    @classmethod
    def _open(cls, path: Path) -> Package:
        refuse_unless_file(path)
        try:
            encryption = unlocked(path)
            if encryption is None:
                refuse_unless_zip(path)
            data = encryption.content if encryption else None
            with path.open("rb") if data is None else io.BytesIO(data) as file:
                refuse_endless_list(file, path.name)
            archive = zipfile.ZipFile(path if data is None else io.BytesIO(data))
        except (FileNotFoundError, NotADirectoryError):
            raise FileProblem(
                "There is no file {path}.",
                "Check the name and the folder; `keyaccount new` makes a new workbook.",
                path=path,
            ) from None
        except PermissionError:
            raise FileProblem(
                "{file} may not be read by you.",
                "Close it in other programs, or ask for the right to read it.",
                file=path.name,
            ) from None
        except _UNREADABLE:
            raise FileProblem(
                "{file} is damaged or cut off: it cannot be unpacked.", _FETCH_AGAIN, file=path.name
            ) from None
        try:
            return cls(path, archive, data, encryption)
        except BaseException:
            archive.close()
            raise

    @classmethod
    def of_bytes(cls, data: bytes, name: str, folder: Folder = lambda: None) -> Package:
        """Take a workbook that was made in memory; ``name`` and ``folder``: where it is otherwise."""
        package = cls(Path(name), zipfile.ZipFile(io.BytesIO(data)), data)
        package.folder = folder
        return package

    def content(self) -> BinaryIO:
        """Open the whole file anew, as bytes, unencrypted; raises ``FileProblem`` where it is another now."""
        if self.encryption is not None:
            self.encryption.refuse_changed(self.path)
        return self.path.open("rb") if self._data is None else io.BytesIO(self._data)

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def __enter__(self) -> Self:
        """Use the package in a ``with`` statement."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        self.close()

    def __contains__(self, part: str) -> bool:
        """Tell whether the package has this part (part names ignore case)."""
        return member_key(part) in self._members

    def read(self, part: str) -> bytes:
        """Give a part's inflated bytes; raises ``FileProblem`` naming a part that is missing or damaged."""
        return b"".join(self.stream(part))

    def stream(self, part: str, chunk_bytes: int = _CHUNK_BYTES) -> Iterator[bytes]:
        """Give a part's inflated bytes piece by piece; raises ``FileProblem`` as ``read`` does."""
        info = self._info(part)
        size = 0
        with self._naming(part), self._archive.open(info) as member:
            while chunk := member.read(chunk_bytes):
                size += len(chunk)
                yield chunk
        if size != info.file_size:
            raise self._damaged(part, Phrase("it is cut off"))

    def size(self, part: str) -> int:
        """Give how many bytes a part has when inflated; raises ``FileProblem`` when it is missing."""
        return self._info(part).file_size

    def parse(self, part: str) -> Element:
        """Parse a small XML part; raises ``FileProblem`` when it is damaged or has a DOCTYPE."""
        return parse_part(self.read(part), part, self.path.name)

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Give a part's relationships by ID, their targets resolved to part names (``""``: the package's)."""
        source = relationships_part(part)
        try:
            return parse_relationships(self.parse(source), part) if source in self else {}
        except ValueError as reason:
            raise damaged_xml(source, self.path.name, reason) from None

    def content_type(self, part: str) -> str:
        """Give a part's declared content type, or ``""``."""
        overrides, defaults = self._content_types
        return overrides.get(part.casefold(), defaults.get(part.rpartition(".")[2].casefold(), ""))

    @cached_property
    def _content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        overrides: dict[str, str] = {}
        defaults: dict[str, str] = {}
        for element in self.parse("[Content_Types].xml"):
            content_type = attribute(element, "ContentType")
            if local_name(element) == "Override":
                overrides[attribute(element, "PartName").lstrip("/").casefold()] = content_type
            else:
                defaults[attribute(element, "Extension").casefold()] = content_type
        return overrides, defaults

    def _refuse_doctypes(self) -> None:
        for key, info in self._members.items():
            if key.endswith(_XML_ENDINGS):
                head = next(self.stream(info.filename, _HEAD_BYTES), b"")
                if b"<!DOCTYPE" in head.replace(b"\0", b""):  # UTF-16 included
                    raise doctype_problem(info.filename, self.path.name)

    def _info(self, part: str) -> zipfile.ZipInfo:
        info = self._members.get(member_key(part))
        if info is None:
            raise self._damaged(part, Phrase("it is missing"))
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise FileProblem(
                "{file} is encrypted (part {part}).",
                "Ask for an unprotected .xlsx copy.",
                file=self.path.name,
                part=part,
            )
        return info

    def _damaged(self, part: str, reason: object) -> FileProblem:
        return FileProblem(
            "{file} is damaged in its part {part}: {reason}.",
            _FETCH_AGAIN,
            file=self.path.name,
            part=part,
            reason=reason,
        )

    @contextmanager
    def _naming(self, part: str) -> Iterator[None]:
        try:
            yield
        except _UNREADABLE:
            raise self._damaged(part, Phrase("it cannot be unpacked")) from None

    def _find_workbook_part(self) -> str:
        if "mimetype" in self and self.read("mimetype").startswith(b"application/vnd.oasis.opendocument"):
            raise self._other_kind(Phrase("an OpenDocument file (such as .ods)"))
        for relationship in self.relationships("").values():
            if relationship.kind != "officeDocument":
                continue
            if relationship.target.endswith(".bin"):
                raise self._other_kind(Phrase("a binary Excel workbook (.xlsb)"))
            if relationship.target in self:
                return self._info(relationship.target).filename
        raise FileProblem(
            "{file} is a zip file, but there is no workbook in it.", RESAVE, file=self.path.name
        )

    def _other_kind(self, kind: Phrase) -> FileProblem:
        return FileProblem(
            "{file} is {kind}, not an .xlsx or .xlsm workbook.", RESAVE, file=self.path.name, kind=kind
        )

    def _parse_workbook(self) -> Element:
        workbook = self.parse(self.workbook_part)
        if local_name(workbook) != "workbook":
            raise self._other_kind(Phrase("a file of another Office program"))
        return workbook

    def _list_sheets(self, workbook: Element) -> Iterator[SheetEntry]:
        relationships = self.relationships(self.workbook_part)
        listed = (e for sheets in workbook if local_name(sheets) == "sheets" for e in sheets)
        for element in listed:
            if local_name(element) != "sheet":
                continue
            title = attribute(element, "name")
            relationship_id = attribute(element, "id", namespace_end="relationships")
            relationship = relationships.get(relationship_id)
            if relationship is None or relationship.target not in self:
                raise FileProblem(
                    "{file} is damaged in its part {part}: the sheet “{title}” it lists is not in the file.",
                    _FETCH_AGAIN,
                    file=self.path.name,
                    part=self.workbook_part,
                    title=title,
                )
            if relationship.kind == "worksheet":
                part = self._info(relationship.target).filename
                yield SheetEntry(title, part, state_of(element), sheet_id_of(element), relationship_id)
