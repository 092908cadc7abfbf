"""The catalogue of texts: gettext, loaded when the first Chinese text is asked for; English needs none.

The source holds the English templates; ``locale/zh/LC_MESSAGES`` the Chinese ones (``python/dev.py texts``).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]
DOMAIN = "keyaccount"
FOLDER = Path(__file__).with_name("locale")
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where an environment says its language: the first that is set counts, as for every gettext program."""


@cache
def _chinese() -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, ["zh"])


def translated(template: str, language: Language) -> str:
    """Give a template in a language; English is what the source says."""
    return template if language == "en" or not template else _chinese().gettext(template)


def localised(template: str, language: Language, /, **details: object) -> str:
    """Give a text in a language, its details filled in."""
    return translated(template, language).format(**details)


def sentences(language: Language, *texts: str) -> str:
    """Put sentences one behind the other; Chinese ones stand without spaces between them."""
    return ("" if language == "zh" else " ").join(filter(None, texts))


def environment_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Give the language of the user's environment: Chinese or, for all others, English."""
    said = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return "zh" if said.lower().startswith("zh") else "en"


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Have ``gettext.gettext``, and so argparse, speak a language inside the ``with`` block."""
    domain, environment = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if environment is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = environment
