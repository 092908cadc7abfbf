"""Commands of the command line, a module each: its options (``declare``) and what it does (``run``)."""

from types import ModuleType

from keyaccount.subcommands import (
    addin,
    anonymise,
    approve,
    batch,
    due,
    explain,
    export,
    importing,
    key,
    statements,
    what_if,
)

MODULES: dict[str, ModuleType] = {
    "explain": explain,
    "what-if": what_if,
    "statements": statements,
    "export": export,
    "approve": approve,
    "due": due,
    "import": importing,
    "batch": batch,
    "anonymise": anonymise,
    "key": key,
    "addin": addin,
}
"""The commands, in the order in which the help lists them."""
