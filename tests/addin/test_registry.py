"""Excel is told of the add-in once, and forgets it again; nothing else in its list moves."""

from __future__ import annotations

import importlib
import sys

import pytest

from keyaccount.addin import registry
from tests.addin.machines import MANAGER, OPTIONS, MemoryRegistry, Winreg

FILE = r"C:\Users\s01\AppData\Roaming\Microsoft\AddIns\keyaccount.xlam"
OURS = f'"{FILE}"'
OFFICE = r"Software\Microsoft\Office"


def _options(**values: object) -> MemoryRegistry:
    return MemoryRegistry({OPTIONS: dict(values)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"OPEN": OURS}),
        ({"OPEN": '/R "ANALYS32.XLL"'}, {"OPEN": '/R "ANALYS32.XLL"', "OPEN1": OURS}),
        ({"OPEN": OURS, "OPEN1": '"other.xlam"'}, {"OPEN": OURS, "OPEN1": '"other.xlam"'}),
        ({"OPEN": '"D:\\old\\KeyAccount.xlam"', "OPEN1": "x"}, {"OPEN": OURS, "OPEN1": "x"}),
        ({"OPEN": "keyaccount.xlam", "OPEN1": OURS}, {"OPEN": OURS}),
        ({"OPEN": "a", "OPEN2": "beyond a gap"}, {"OPEN": "a", "OPEN1": OURS, "OPEN2": "beyond a gap"}),
        ({"Font": "Calibri,11"}, {"Font": "Calibri,11", "OPEN": OURS}),
    ],
    ids=["first", "after another", "already", "from an old place", "twice", "gap", "no list"],
)
def test_the_list_that_excel_opens_names_the_addin_once(
    before: dict[str, str], after: dict[str, str]
) -> None:
    known = _options(**before)
    assert registry.register(known, FILE) == ["16.0"]
    assert known.values(OPTIONS) == after
    assert registry.registered(known, FILE) == ["16.0"]


def test_telling_excel_twice_writes_nothing_the_second_time() -> None:
    known = _options(OPEN="a")
    registry.register(known, FILE)
    known.written.clear()
    registry.register(known, FILE)
    assert known.written == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"OPEN": OURS}, {}),
        ({"OPEN": "a", "OPEN1": OURS, "OPEN2": "b"}, {"OPEN": "a", "OPEN1": "b"}),
        ({"OPEN": "a"}, {"OPEN": "a"}),
        ({"OPEN": OURS, "OPEN1": "b", "OPEN3": "c"}, {"OPEN": "b", "OPEN3": "c"}),
    ],
)
def test_taken_away_the_others_close_up(before: dict[str, str], after: dict[str, str]) -> None:
    known = _options(**before)
    assert registry.unregister(known, FILE) == (["16.0"] if OURS in before.values() else [])
    assert known.values(OPTIONS) == after
    assert registry.registered(known, FILE) == []


def test_what_excel_remembers_of_an_unticked_addin_goes_too() -> None:
    known = MemoryRegistry({OPTIONS: {}, MANAGER: {FILE: "", r"C:\other.xlam": ""}})
    registry.register(known, FILE)
    assert known.values(MANAGER) == {r"C:\other.xlam": ""}


def test_every_excel_that_was_started_is_told_and_no_other_program() -> None:
    known = MemoryRegistry(
        {
            rf"{OFFICE}\15.0\Excel\Options": {},
            rf"{OFFICE}\16.0\Excel\Options": {},
            rf"{OFFICE}\14.0\Word\Options": {},
            rf"{OFFICE}\Common\Excel": {},
        }
    )
    assert registry.register(known, FILE) == ["15.0", "16.0"]
    assert known.values(rf"{OFFICE}\14.0\Excel\Options") == {}


def test_an_excel_that_was_never_started_will_find_it() -> None:
    known = MemoryRegistry()
    assert registry.register(known, FILE) == ["16.0"]
    assert known.values(OPTIONS) == {"OPEN": OURS}


def test_a_copy_elsewhere_is_not_taken_for_the_file() -> None:
    assert registry.registered(_options(OPEN=r'"D:\old\keyaccount.xlam"'), FILE) == []
    assert registry.registered(_options(OPEN="KEYACCOUNT.XLAM"), FILE) == ["16.0"]


def test_the_list_of_disabled_items_is_read() -> None:
    key = rf"{OFFICE}\16.0\Excel\Resiliency\DisabledItems"
    other, ours = (f"\x01{name}\0".encode("utf-16-le") for name in ("other.xlam", FILE.upper()))
    assert not registry.switched_off(MemoryRegistry({key: {"A": other, "B": "text"}}), FILE)
    assert registry.switched_off(MemoryRegistry({key: {"A": other, "B": ours}}), FILE)


@pytest.mark.parametrize(
    ("root", "name", "number", "said"),
    [
        ("Microsoft", "VBAWarnings", 1, ""),
        ("Microsoft", "VBAWarnings", 2, ""),
        ("Microsoft", "VBAWarnings", 3, "VBAWarnings = 3"),
        ("Policies\\Microsoft", "VBAWarnings", 4, "VBAWarnings = 4"),
        ("Microsoft", "RequireAddinSig", 1, "RequireAddinSig = 1"),
        ("Microsoft", "DisableAllAddins", 0, ""),
    ],
)
def test_settings_that_keep_macros_from_running_are_named(
    root: str, name: str, number: int, said: str
) -> None:
    known = MemoryRegistry({OPTIONS: {}, rf"Software\{root}\Office\16.0\Excel\Security": {name: number}})
    assert registry.macros_refused(known) == said


def test_the_port_to_windows_own_registry_reads_writes_and_removes(monkeypatch: pytest.MonkeyPatch) -> None:
    known = MemoryRegistry({OPTIONS: {"OPEN": "a"}})
    monkeypatch.setitem(sys.modules, "winreg", Winreg(known))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delitem(sys.modules, "keyaccount.addin.winregistry", raising=False)
    port = importlib.import_module("keyaccount.addin.winregistry").WindowsRegistry()
    assert registry.register(port, FILE) == ["16.0"]
    assert known.values(OPTIONS) == {"OPEN": "a", "OPEN1": OURS}
    assert registry.unregister(port, FILE) == ["16.0"]
    assert known.values(OPTIONS) == {"OPEN": "a"}
    assert (port.keys("Nowhere"), port.values("Nowhere")) == ([], {})
    port.remove("Nowhere", "OPEN")
    port.remove(OPTIONS, "OPEN9")
