"""What ``sales_source`` and ``adjustments_source`` name: files, a table of a database, or of Spark."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from keyaccount.problems import FileProblem

Kind = Literal["parquet", "csv", "spark", "database"]
_TEXTS = (".csv", ".txt", ".tsv")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SHORTEST_SECRET = 4
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Named:
    """A source: its kind, path or URL, and table; ``shown`` is its name without credentials."""

    kind: Kind
    where: str
    table: str
    shown: str
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def safe(self, reason: object) -> str:
        """Give the first line of what a driver says, credentials struck out."""
        text = str(reason).strip().split("\n", 1)[0]
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        return re.sub(r"(://[^:/@\s]*:)[^@\s]+@", rf"\1{_HIDDEN}@", text)


def named(value: str, folder: Path) -> Named:
    """Read a policy's value; paths are taken from the workbook's folder.

    Raises ``FileProblem`` for a URL without a table, one with a password in it, or an unset ``${NAME}``.
    """
    value = value.strip()
    if value.startswith("spark:"):
        where, _, table = value.removeprefix("spark:").partition("#")
        path = "" if not where else where if "://" in where else str(folder / where)
        return Named("spark", path, table, value)
    if "://" in value:
        return _database(value)
    kind: Kind = "csv" if value.lower().endswith(_TEXTS) else "parquet"
    return Named(kind, str(folder / value), "", value)


def _database(value: str) -> Named:
    address, _, table = value.partition("#")
    shown = re.sub(r"(://[^:/@]*:)[^@]+@", rf"\1{_HIDDEN}@", value)
    if not table:
        raise FileProblem(
            "{source} names a database, but no table.",
            "Add it after a #, such as postgresql://host/database#schema.sales.",
            source=shown,
        )
    _, colon, password = urlsplit(address).netloc.rpartition("@")[0].partition(":")
    if colon and password and not _VARIABLE.fullmatch(password):
        raise FileProblem(
            "The address {source} holds a password: whoever has the workbook could read it.",
            "Write ${{NAME}} in its place and set the environment variable NAME, or leave it to the driver "
            "(for PostgreSQL: .pgpass or PGPASSWORD).",
            source=shown,
        )
    secrets: list[str] = []

    def of_environment(found: re.Match[str]) -> str:
        secret = os.environ.get(found[1])
        if secret is None:
            raise FileProblem(
                "{source} needs the environment variable {name}, which is not set.",
                "Set it before the program is started, then run again.",
                source=shown,
                name=found[1],
            )
        if len(secret) >= _SHORTEST_SECRET:
            secrets.extend({secret, quote(secret, safe="")})
        return quote(unquote(secret), safe="") if found[0] == password else secret

    address = _VARIABLE.sub(of_environment, address)
    scheme, _, rest = address.partition("://")
    driver = {"postgresql": "postgres"}.get(scheme.partition("+")[0], scheme.partition("+")[0])
    return Named("database", f"{driver}://{rest}", table, shown, tuple(secrets))
