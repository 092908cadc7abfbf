"""keyaccount.xlam: built from what can be read, the same each time, read back by another library."""

from __future__ import annotations

import io
import re
import tomllib
import warnings
import zipfile
from pathlib import Path

import pytest
from olefile import OleFileIO
from openxml_audit import OpenXmlValidator

from keyaccount.addin import bridge, package, project, sources, vbatext, wrappers
from keyaccount.excel.catalogue import FUNCTIONS
from keyaccount.problems import FileProblem

VBA = Path(__file__).resolve().parents[2] / "addin" / "vba"
DOCUMENTS = {"ThisWorkbook", "KeyAccountSettings"}
SETTINGS = {"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"}


@pytest.fixture(scope="module")
def built() -> bytes:
    return package.build()


@pytest.fixture(scope="module")
def project_file(built: bytes) -> OleFileIO:
    return OleFileIO(io.BytesIO(package.read_parts(built)[project.PROJECT_PART]))


def _read_by_olevba(addin: bytes) -> dict[str, str]:
    with warnings.catch_warnings(action="ignore"):  # oletools calls pyparsing by old names
        from oletools.olevba import VBA_Parser

        found = list(VBA_Parser("keyaccount.xlam", data=addin).extract_macros())
    return {stream.rpartition("/")[2]: code.replace("\r\n", "\n") for _, stream, _, code in found}


def test_the_generated_modules_follow_the_declarations() -> None:
    written = {name: (VBA / f"{name}.bas").read_text(encoding="ascii") for name in wrappers.generated()}
    assert written == wrappers.generated(), "run: python3 python/dev.py addin"


def test_the_shipped_addin_is_what_the_sources_build(built: bytes) -> None:
    shipped, fresh = (package.read_parts(addin) for addin in (sources.shipped(), built))
    assert shipped.keys() == fresh.keys()
    assert [name for name in fresh if shipped[name] != fresh[name]] == [], "run: python3 python/dev.py addin"


def test_the_same_sources_give_the_same_bytes(built: bytes) -> None:
    assert package.build() == built
    with zipfile.ZipFile(io.BytesIO(built)) as file:
        assert {member.date_time for member in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_library_reads_back_every_module_as_it_is_written(built: bytes) -> None:
    written = {path.stem: path.read_text(encoding="ascii") for path in VBA.iterdir()}
    assert _read_by_olevba(built) == written | {"xlwings": bridge.bridge()}


def test_our_own_reading_agrees(built: bytes) -> None:
    assert package.read_modules(built) == _read_by_olevba(built)


def test_would_excel_open_it_without_repair(tmp_path: Path, built: bytes) -> None:
    for name, addin in (
        ("a", built),
        ("b", package.with_settings(built, {"INTERPRETER_WIN": "C:\\用户 <&>\\py"})),
    ):
        path = tmp_path / f"{name}.xlam"
        path.write_bytes(addin)
        result = OpenXmlValidator().validate(str(path))
        assert (result.is_valid, list(result.errors)) == (True, [])


def test_the_project_has_its_own_name_and_no_stray_module(project_file: OleFileIO) -> None:
    text = project_file.openstream("PROJECT").read().decode("ascii")
    declared = re.findall(r"^(Document|Module|Class|BaseClass)=([^/\r]+)", text, re.MULTILINE)
    standard = {path.stem for path in VBA.glob("*.bas")} | {"xlwings"}
    assert set(declared) == {("Document", name) for name in DOCUMENTS} | {
        ("Module", name) for name in standard
    }
    assert re.findall(r'^Name="(.*)"', text, re.MULTILINE) == ["KeyAccount"]
    assert "Password" not in text


def test_excel_compiles_the_source_since_no_compiled_code_is_there(project_file: OleFileIO) -> None:
    assert project_file.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("cc61ffff000000")
    names = {path[-1] for path in project_file.listdir()}
    assert [name for name in names if name.startswith("__SRP_")] == []
    for name in DOCUMENTS | {"KeyAccountFunctions", "xlwings"}:
        assert project_file.openstream(f"VBA/{name}").read(1) == b"\x01", (
            "compressed source from the first byte"
        )


def test_the_sheet_and_the_workbook_bear_the_names_of_their_modules(built: bytes) -> None:
    parts = package.read_parts(built)
    assert b'<workbookPr codeName="ThisWorkbook"' in parts["xl/workbook.xml"]
    assert b'<sheet name="keyaccount.conf"' in parts["xl/workbook.xml"]
    assert b'<sheetPr codeName="KeyAccountSettings"/>' in parts["xl/worksheets/sheet1.xml"]
    assert b"addin.macroEnabled" in parts["[Content_Types].xml"]


def test_nobody_is_named_in_the_file(built: bytes) -> None:
    text = b"".join(package.read_parts(built).values())
    assert b"William" not in text
    assert re.findall(rb"<dc:creator>(.*?)</dc:creator>", text) == [b"keyaccount"]


def test_the_source_is_ascii_within_the_editors_limits() -> None:
    for name, source in sources.modules().items():
        assert source.isascii(), name
        lines = source.splitlines()
        assert max(map(len, lines)) <= vbatext.LONGEST_LINE, name
        continued = longest = 0
        for line in lines:
            continued = continued + 1 if line.endswith(" _") else 0
            longest = max(longest, continued)
        assert longest <= 24, name


def test_an_installed_package_brings_the_addin_and_all_its_sources() -> None:
    project = tomllib.loads((VBA.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    taken = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for name in ("keyaccount.xlam", "ribbon.xml", "vba"):
        assert taken[f"addin/{name}"] == f"keyaccount/addin/source/{name}"
        assert (VBA.parent / name).exists()


def test_settings_replace_the_sheet_and_nothing_else(built: bytes) -> None:
    settings = {"INTERPRETER_WIN": r"C:\用户\Zoë & Co <1>\python.exe", "CONDA PATH": ""}
    changed = package.with_settings(built, settings)
    assert package.read_settings(changed) == settings
    before, after = package.read_parts(built), package.read_parts(changed)
    assert {name for name in before if before[name] != after[name]} == SETTINGS


def test_what_ships_takes_no_code_from_a_workbooks_folder() -> None:
    settings = package.read_settings(sources.shipped())
    assert settings["ADD_WORKBOOK_TO_PYTHONPATH"] == "False"
    assert settings["UDF MODULES"] == "keyaccount.excel.functions"


@pytest.mark.parametrize(
    "content", [b"", b"no zip", sources.shipped()[:3000]], ids=["empty", "text", "cut off"]
)
def test_a_damaged_addin_is_said_to_be_damaged(content: bytes) -> None:
    with pytest.raises(FileProblem, match="damaged"):
        package.read_settings(content)


def test_another_workbook_is_no_addin_of_ours(tmp_path: Path) -> None:
    other = tmp_path / "other.xlam"
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(FileProblem, match="another add-in"):
        package.read_settings(other.read_bytes())


def test_xlwings_module_keeps_its_licence_and_its_version() -> None:
    module = bridge.bridge()
    assert "BSD 3-clause" in module
    assert "Copyright (C) 2014-present, Zoomer Analytics LLC." in module
    assert bridge.bridge_version(module) == bridge.installed_version()
    assert f'"xlwings64-{bridge.installed_version()}.dll"' in module


def test_what_the_addin_replaces_exists_once_in_the_whole_project(built: bytes) -> None:
    text = "\n".join(package.read_modules(built).values())
    for name in bridge.REPLACED:
        assert (
            len(re.findall(rf"^(?:Public |Private )?(?:Function|Sub) {name}\(", text, re.MULTILINE)) == 1
        ), name
    assert "GetConfigFromSheet" not in text
    assert "As Dictionary" not in text, "a class that is not there would keep Excel for Mac from compiling"


def test_only_the_cell_functions_are_in_the_function_wizard(built: bytes) -> None:
    shown = [
        name
        for name, source in package.read_modules(built).items()
        if "Option Private Module" not in source
        and re.search(r"^(?:Public )?Function ", source, re.MULTILINE)
    ]
    assert shown == ["KeyAccountDialogs", "KeyAccountFunctions"]  # Python calls the two of the former


def test_nothing_else_bears_a_functions_name_for_vba_knows_one_spelling_of_a_name(built: bytes) -> None:
    names = {function.name.lower(): function.name for function in FUNCTIONS}
    for module, source in package.read_modules(built).items():
        code = re.sub(r'"[^"\n]*"|\'.*', "", source)
        for word in re.findall(r"\w+", code):
            assert word == names.get(word.lower(), word), (module, word)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Function GetConfig(", "Function ReadConfig("),
        ("PROJECT_NAME As", "PROJECT As"),
        ("XLWINGS_VERSION", "V"),
    ],
)
def test_an_xlwings_that_is_built_otherwise_is_refused_not_guessed(old: str, new: str) -> None:
    path = bridge.package_folder() / "xlwings_custom_addin.bas"
    changed = path.read_text(encoding="ascii").replace(old, new)
    with pytest.raises(FileProblem, match="not built as expected"):
        bridge.bridge(changed)


@pytest.mark.parametrize("text", ["tab\tin", "line\nbreak", "a \\u in it"])
def test_a_text_that_would_not_survive_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        vbatext.literal(text)


def test_a_help_text_longer_than_excel_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="256 characters"):
        wrappers._said("x" * 256, "中", "")


def test_a_statement_longer_than_the_editor_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        vbatext.statement(["x"] * 26)
    with pytest.raises(ValueError, match="too long"):
        vbatext.statement(["x" * 1024])
