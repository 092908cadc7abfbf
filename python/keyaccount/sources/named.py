"""What ``sales_source`` and ``adjustments_source`` name: files, a table of a database, or of Spark."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote

from keyaccount.problems import FileProblem, Listed

Kind = Literal["parquet", "csv", "spark", "postgres", "duckdb"]
_TEXTS = (".csv", ".txt", ".tsv")
_DATABASES: dict[str, Kind] = {"postgresql": "postgres", "postgres": "postgres", "duckdb": "duckdb"}
_CLUSTERS = ("sc", "spark")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECRET = re.compile(
    r"(?P<key>[^?&;=/#]*(?:passw|pwd|secret|token|passphrase)[^?&;=/#]*)=(?P<value>[^&;#]*)", re.IGNORECASE
)
_USER = re.compile(r"://[^:/@\s]*:(?P<password>.*)@")
_PORT = re.compile("[0-9]*/")  # of an address without a user, in whose fields an @ stands
_SHORTEST_SECRET = 4
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Named:
    """A source: its kind, path or URL, and table; ``shown`` is its name without credentials.

    ``cluster``: the address of Spark; without one it is the environment's.
    """

    kind: Kind
    where: str
    table: str
    shown: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    cluster: str = ""

    def safe(self, reason: object) -> str:
        """Give the first line of what a driver says, credentials struck out."""
        text = str(reason).strip().split("\n", 1)[0]
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        return hidden(text)

    def within(self, path: str) -> str:
        """Give a file of the source as it is found from there: in a folder, by its way in it."""
        base = Path(self.where)
        try:
            return Path(path).relative_to(base if base.is_dir() else base.parent).as_posix()
        except ValueError:
            return path.replace("\\", "/").rsplit("/", 1)[-1]


def hidden(text: str) -> str:
    """Strike out what stands where a URL has its password, and values of fields such as ``password=``."""
    text = re.sub(r"(://[^:/@\s]*:)[^\s]*@", rf"\1{_HIDDEN}@", text)
    return _SECRET.sub(rf"\g<key>={_HIDDEN}", text)


def named(value: str, folder: Path | None) -> Named:
    """Read a policy's value; paths are taken from the workbook's folder, None where it has none.

    Raises ``FileProblem`` for a URL without a table, one with a password in it, an unset ``${NAME}``, or a
    database that is not read.
    """
    value = value.strip()
    scheme, address, _ = value.partition("://")
    if address and scheme in _CLUSTERS:
        return _of_cluster(value)
    if value.startswith("spark:"):
        where, _, table = value.removeprefix("spark:").partition("#")
        _refuse_secrets(where, hidden(value))
        path = "" if not where else where if "://" in where else _path(where, folder)
        return Named("spark", path, table, hidden(value))
    if address:
        return _database(value, folder)
    kind: Kind = "csv" if value.lower().endswith(_TEXTS) else "parquet"
    return Named(kind, _path(value, folder), "", value)


def _path(value: str, folder: Path | None) -> str:
    path = Path(value)
    if folder is None and not path.is_absolute():
        raise FileProblem(
            "{source} starts at the folder of the workbook, which is on no disk.",
            "Save the workbook, or name the whole path on sheet Policies.",
            source=value,
        )
    return str(path if folder is None else folder / path)


def _of_cluster(value: str) -> Named:
    """Read ``sc://host:15002#table`` (Spark Connect) or ``spark://host:7077#s3a://bucket/folder``."""
    address, shown, secrets = _with_environment(value)
    cluster, _, what = address.partition("#")
    _refuse_no_table(what, shown)
    where, table = (what, "") if "/" in what else ("", what)
    return Named("spark", where, table, shown, secrets, cluster)


def _database(value: str, folder: Path | None) -> Named:
    scheme = value.partition("://")[0].partition("+")[0].lower()
    kind, shown = _DATABASES.get(scheme), hidden(value)
    if kind is None:
        raise FileProblem(
            "{source} names a database that is not read: {kinds} are, and Spark.",
            "Copy the lines into one of them, or into Parquet or CSV. Amounts stay exact in these.",
            source=shown,
            kinds=Listed(("postgresql://", "duckdb://")),
        )
    address, shown, secrets = _with_environment(value)
    address, _, table = address.partition("#")
    _refuse_no_table(table, shown)
    rest = address.partition("://")[2]
    where = _path(rest, folder) if kind == "duckdb" else f"postgres://{rest}"
    return Named(kind, where, table, shown, secrets)


def _refuse_no_table(table: str, shown: str) -> None:
    if not table:
        raise FileProblem(
            "{source} names a database, but no table.",
            "Add it after a #, such as postgresql://host/database#schema.sales.",
            source=shown,
        )


def _refuse_secrets(address: str, shown: str) -> None:
    """Raise ``FileProblem`` for a password, token or key that stands in the address itself."""
    fields = [found["value"] for found in _SECRET.finditer(address)]
    user = _USER.search(address)
    written = [*fields, user["password"]] if user and not _PORT.match(user["password"]) else fields
    if any(each and not _VARIABLE.fullmatch(each) for each in written):
        raise FileProblem(
            "The address {source} holds a password: whoever has the workbook could read it.",
            "Write ${{NAME}} in its place and set the environment variable NAME, or leave it to the driver "
            "(for PostgreSQL: .pgpass or PGPASSWORD).",
            source=shown,
        )


def _with_environment(value: str) -> tuple[str, str, tuple[str, ...]]:
    """Put environment variables in the place of ``${NAME}``: the address, as it is shown, what is secret."""
    shown = hidden(value)
    _refuse_secrets(value, shown)
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
        return quote(unquote(secret), safe="") if _is_password(value, found) else secret

    return _VARIABLE.sub(of_environment, value), shown, tuple(secrets)


def _is_password(value: str, found: re.Match[str]) -> bool:
    return value[: found.start()].endswith(":") and value[found.end() :].startswith("@")
