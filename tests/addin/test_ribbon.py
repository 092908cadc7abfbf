"""ribbon.xml by the rules of its schema, [MS-CUSTOMUI]; its callbacks in VBA; its texts in both languages."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from keyaccount.addin import sources
from keyaccount.addin.ribbon import TEXTS
from keyaccount.translation import translated

NAMESPACE = "{http://schemas.microsoft.com/office/2009/07/customui}"
MAY_HOLD = {
    "customUI": {"ribbon"},
    "ribbon": {"tabs"},
    "tabs": {"tab"},
    "tab": {"group"},
    "group": {"button", "menu"},
    "menu": {"button", "menuSeparator"},
    "button": set(),
    "menuSeparator": set(),
}
_TOLD = {"getLabel", "getScreentip", "getSupertip"}
MAY_BEAR = {
    "customUI": set(),
    "ribbon": set(),
    "tabs": set(),
    "tab": {"id", "getLabel", "keytip"},
    "group": {"id", "getLabel"},
    "menu": {"id", "size", "itemSize", "imageMso", *_TOLD},
    "button": {"id", "size", "imageMso", "onAction", *_TOLD},
    "menuSeparator": {"id"},
}
# In Microsoft's lists of Excel's control identifiers for Office 2013, 2016 and Microsoft 365.
EXCELS_OWN_ICONS = {
    "AccountingFormat", "CalculateNow", "DataValidation", "FileMarkAsFinal", "FilePrintPreview",
    "FileSaveAsPdfOrXps", "FormulaEvaluate", "MacroPlay", "RefreshAll", "ReviewProtectWorkbook",
    "SignatureLineInsert", "WhatIfAnalysisMenu",
}  # fmt: skip
SIGNATURES = {
    "onAction": "control As IRibbonControl",
    "getLabel": "control As IRibbonControl, ByRef returnedVal",
    "getScreentip": "control As IRibbonControl, ByRef returnedVal",
    "getSupertip": "control As IRibbonControl, ByRef returnedVal",
}
BUTTONS = (  # as the specification lists them, and the approval that its Controls ask for
    ("Check data", "check_data"),
    ("Run monthly advance", "run_monthly_advance"),
    ("Run quarterly settlement", "run_quarterly_settlement"),
    ("Run year end", "run_year_end"),
    ("Preview", "preview"),
    ("Explain selection", "explain_selection"),
    ("Statements", "statements"),
    ("Approve…", "approve"),
    ("What-if", "what_if"),
    ("Verify", "verify"),
    ("Restart Python", ""),
)
RUN = re.compile(r'RunPython "import keyaccount\.excel\.macros as m; m\.(\w+)\(\)"')
RIBBON = ET.fromstring(sources.ribbon())  # noqa: S314 our own file
CALLBACKS = sources.modules()["KeyAccountRibbon"]


def _tag(element: ET.Element) -> str:
    assert element.tag.startswith(NAMESPACE)
    return element.tag.removeprefix(NAMESPACE)


def _buttons() -> Iterator[ET.Element]:
    return RIBBON.iter(f"{NAMESPACE}button")


def _body(name: str) -> str:
    found = re.search(rf"^Public Sub {name}\(.*?\)\n(.*?)^End Sub", CALLBACKS, re.MULTILINE | re.DOTALL)
    assert found is not None, name
    return found[1]


def test_elements_and_attributes_are_where_the_schema_allows_them() -> None:
    for element in RIBBON.iter():
        assert {_tag(child) for child in element} <= MAY_HOLD[_tag(element)]
        assert set(element.attrib) <= MAY_BEAR[_tag(element)], element.attrib
    assert _tag(RIBBON) == "customUI"


def test_ids_are_unique_names() -> None:
    ids = [element.attrib["id"] for element in RIBBON.iter() if "id" in element.attrib]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not re.fullmatch(r"[A-Za-z_]\w*", name)] == []


def test_sizes_are_words_of_the_schema_and_stand_only_outside_of_menus() -> None:
    for element in RIBBON.iter():
        assert element.get("size", "large") in {"large", "normal"}
        assert element.get("itemSize", "normal") in {"large", "normal"}
    for menu in RIBBON.iter(f"{NAMESPACE}menu"):
        assert [child.attrib["id"] for child in menu if "size" in child.attrib] == []


def test_every_icon_is_one_that_excel_has_had_for_long() -> None:
    icons = {element.attrib["imageMso"] for element in RIBBON.iter() if "imageMso" in element.attrib}
    assert icons == EXCELS_OWN_ICONS


@pytest.mark.parametrize("attribute", SIGNATURES)
def test_every_callback_stands_in_vba_with_the_signature_that_excel_calls(attribute: str) -> None:
    for element in RIBBON.iter():
        if name := element.get(attribute):
            declared = re.findall(rf"^Public Sub {name}\((.*)\)$", CALLBACKS, re.MULTILINE)
            assert declared == [SIGNATURES[attribute]], name


def test_the_buttons_are_those_of_the_specification_in_its_order() -> None:
    shown = []
    for button in _buttons():
        called = RUN.findall(_body(button.attrib["onAction"]))
        shown.append((TEXTS[f"{button.attrib['id']}.label"], "".join(called)))
    assert tuple(shown) == BUTTONS


def test_every_run_imports_and_takes_no_argument() -> None:
    macros = importlib.import_module("keyaccount.excel.macros")
    for _, name in BUTTONS:
        if name:
            assert list(inspect.signature(getattr(macros, name)).parameters) == [], name


def test_every_control_has_its_texts_in_both_languages() -> None:
    kinds = {"getLabel": "label", "getScreentip": "screentip", "getSupertip": "supertip"}
    for element in RIBBON.iter():
        for attribute, kind in kinds.items():
            if attribute in element.attrib:
                english = TEXTS[f"{element.attrib['id']}.{kind}"]
                assert english
                assert not translated(english, "zh").isascii(), english


def test_every_text_is_asked_for() -> None:
    asked = {
        f"{element.attrib['id']}.{attribute.removeprefix('get').lower()}"
        for element in RIBBON.iter()
        for attribute in _TOLD & element.attrib.keys()
    }
    source = "\n".join(sources.modules().values())
    asked |= set(re.findall(r'KeyAccountText\("(\w+\.\w+)"\)', source))
    assert asked == TEXTS.keys()


def test_buttons_and_menus_explain_themselves() -> None:
    for element in [*_buttons(), *RIBBON.iter(f"{NAMESPACE}menu")]:
        assert element.attrib.keys() >= _TOLD, element.attrib["id"]
