"""Commands of the command line, a module each: its options (``declare``) and what it does (``run``)."""

from types import ModuleType

from keyaccount.subcommands import due

MODULES: dict[str, ModuleType] = {"due": due}
"""The commands, in the order in which the help lists them."""
