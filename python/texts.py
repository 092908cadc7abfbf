"""The catalogue of texts: collect the templates from the source, update the Chinese file, compile it.

Needs Babel (extra ``test``); ``python3 python/dev.py texts`` runs it in the environment. With ``--check``
nothing is written: the exit code is 1 where a text lacks its translation, or a file is not up to date.
"""

from __future__ import annotations

import argparse
import ast
import io
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent / "keyaccount"
CHINESE = PACKAGE / "locale" / "zh" / "LC_MESSAGES" / "keyaccount.po"
COMPILED = CHINESE.with_suffix(".mo")
TEMPLATES = {
    "error": (4, 5),
    "warning": (4, 5),
    "repeated": (3, 4),
    "Fault": (0, 1),
    "FileProblem": (0, 1),
    "BusyProblem": (0, 1),
    "ProblemsFound": (0, 1),
    "Refused": (0, 1),
    "UsageError": (0, 1),
    "VerificationFailed": (0, 1),
    "Phrase": (0,),
    "N_": (0,),
    "_": (0,),
    "localised": (0,),
}
"""Which arguments of which function are templates."""
ARGPARSE = (
    "usage: ",
    "positional arguments",
    "options",
    "show this help message and exit",
    "show program's version number and exit",
    "%(prog)s: error: %(message)s\n",
    "argument %(argument_name)s: %(message)s",
    "the following arguments are required: %s",
    "unrecognized arguments: %s",
    "expected one argument",
    "expected at least one argument",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "invalid choice: %(value)r, maybe you meant %(suggestion)r? (choose from %(choices)s)",
    "unknown parser %(parser_name)r (choices: %(choices)s)",
    "ambiguous option: %(option)s could match %(matches)s",
    "ignored explicit argument %r",
)
"""What the standard library's argparse says of our commands, in Python 3.11 and later."""
FORBIDDEN = ("佣金", "预支", "代扣")
"""Words that Chinese finance people would take for something else (提成, 预发, 待补发 are meant)."""

_NO_LINE: Any = None
"""Where in a module a text stands is not kept: it would change with every edit."""

Extracted = Iterator[tuple[int, str, str, list[str]]]


class NotATemplate(Exception):
    """A text that cannot be translated, since it is put together before it is looked up."""


def templates_of(file: IO[bytes], _keywords: object, _tags: object, options: object) -> Extracted:  # noqa: ARG001 Babel's interface
    """Give (line, function, template, comments) of a module, as Babel's extraction methods do."""
    for node in ast.walk(ast.parse(file.read())):
        if not isinstance(node, ast.Call):
            continue
        for place in TEMPLATES.get(_called(node.func), ()):
            argument = node.args[place] if place < len(node.args) else None
            if isinstance(argument, ast.JoinedStr | ast.BinOp):
                raise NotATemplate(f"line {argument.lineno}: {ast.unparse(argument)}")
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                yield argument.lineno, "_", argument.value, []


def _called(function: ast.expr) -> str:
    """Give the name of what is called; of ``(error if … else warning)`` the first."""
    function = function.body if isinstance(function, ast.IfExp) else function
    return str(getattr(function, "id", getattr(function, "attr", "")))


def collected() -> Catalog:
    """Collect the templates of the source, with the modules that they stand in."""
    catalog = Catalog(fuzzy=False)
    found: list[tuple[Any, ...]] = sorted(
        extract_from_dir(
            PACKAGE,
            method_map=[("**.py", templates_of)],  # type: ignore[list-item] # a function will do too
            keywords={"_": None},
        ),
        key=lambda each: (each[0], each[1]),
    )
    for module, _line, message, _comments, _context in found:
        catalog.add(message, locations=[(module.replace("\\", "/"), _NO_LINE)])
    for message in ARGPARSE:
        catalog.add(message, locations=[("argparse", _NO_LINE)])
    return catalog


def chinese() -> Catalog:
    """Read the Chinese file."""
    with CHINESE.open("rb") as file:
        return read_po(file, locale="zh", domain="keyaccount")


def updated() -> Catalog:
    """Give the Chinese catalogue with exactly the templates that the source has now."""
    catalog, source = chinese(), collected()
    source.creation_date = catalog.creation_date  # no dates that change by themselves
    revised = catalog.revision_date
    catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
    catalog.revision_date = revised
    catalog.obsolete.clear()
    return catalog


def as_text(catalog: Catalog) -> bytes:
    """Write a catalogue as its file holds it."""
    written = io.BytesIO()
    write_po(written, catalog, width=110, include_lineno=False, sort_by_file=True)
    return written.getvalue()


def as_compiled(catalog: Catalog) -> bytes:
    """Write a catalogue as the program reads it."""
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


def messages(catalog: Catalog) -> list[Message]:
    """Give the messages, without the header."""
    return [message for message in catalog if message.id]


def fields(template: str) -> set[str]:
    """Give the ``{name}`` fields of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def faults(catalog: Catalog) -> Iterator[str]:
    """Say what is wrong with the translations: missing or doubtful ones, other fields, forbidden words."""
    for message in messages(catalog):
        source, text = str(message.id), str(message.string or "")
        if not text or message.fuzzy:
            yield f"no translation (python3 python/dev.py texts lists it in {CHINESE.name}): {source}"
        elif _is_argparse(message):
            yield from (f"{complaint}: {text}" for complaint in message.check(catalog))
        elif fields(source) != fields(text):
            yield f"other fields: {text}"
        yield from (f"{word} stands in: {text}" for word in FORBIDDEN if word in text)


def _is_argparse(message: Message) -> bool:
    return any(place == "argparse" for place, _line in message.locations)


def differences() -> Iterator[str]:
    """Say where the files are not what the source makes them."""
    present, wanted = chinese(), updated()
    yield from faults(wanted)
    known = {message.id for message in messages(wanted)}
    yield from (f"no longer said: {message.id}" for message in messages(present) if message.id not in known)
    if not COMPILED.is_file() or as_compiled(chinese()) != COMPILED.read_bytes():
        yield f"{COMPILED.name} is not up to date: run python3 python/dev.py texts"


def _tell(lines: Iterable[str]) -> int:
    told = list(lines)
    sys.stdout.write("".join(f"{line}\n" for line in told))
    return 1 if told else 0


def main() -> int:
    """Update and compile, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where something is missing"
    )
    if parser.parse_args().check:
        return _tell(differences())
    catalog = updated()
    CHINESE.write_bytes(as_text(catalog))
    COMPILED.write_bytes(as_compiled(chinese()))
    return _tell(faults(catalog))


if __name__ == "__main__":
    sys.exit(main())
