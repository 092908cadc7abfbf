"""The add-in's VBA runs: in pyOpenVBA's interpreter, with a stand-in for Excel, and in LibreOffice."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter import NOTHING, VBAErrorValue

from keyaccount.addin import package, project, sources
from keyaccount.excel.catalogue import CATEGORY, ERRORS, FUNCTIONS, CellFunction
from tests.addin.vba_host import interpreter

NOT_AVAILABLE, WRONG_VALUE = 2042, 2015
MARKED = 'ChrW(&HE000&) & "{}"'
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PURE = ("KeyAccountCalls", "KeyAccountCatalogue", "KeyAccountPython", "KeyAccountTexts", "KeyAccountWords")


def _error(value: object) -> int:
    assert isinstance(value, VBAErrorValue), value
    return int(value.number)


def _run(vba: Any, name: str, *arguments: object) -> Any:  # noqa: ANN401 the interpreter has no types
    return vba.run(name, list(arguments))


@pytest.mark.parametrize("language", [2052, 1028, 3076, 4100, 5124])
def test_a_chinese_excel_reads_chinese(language: int) -> None:
    vba = interpreter(language=f"LanguageID = {language}")
    assert _run(vba, "KeyAccountText", "KeyAccountTab.label") == "大客户提成"
    assert _run(vba, "KeyAccountText", "KeyAccountAdvance.screentip") == "办理某月预发（§3.3.2）"


@pytest.mark.parametrize("language", [1033, 1041, 1031])
def test_every_other_excel_reads_english(language: int) -> None:
    vba = interpreter(language=f"LanguageID = {language}")
    assert _run(vba, "KeyAccountText", "KeyAccountTab.label") == "Key Accounts"
    assert _run(vba, "KeyAccountText", "KeyAccountAdvance.screentip") == "Run a month's advance (§3.3.2)"


@pytest.mark.parametrize(("country", "label"), [(86, "检查数据"), (1, "Check data")])
def test_where_excel_does_not_say_its_language_the_country_counts(country: int, label: str) -> None:
    vba = interpreter(language="Err.Raise 438", country=country)
    assert _run(vba, "KeyAccountText", "KeyAccountCheckData.label") == label


def test_characters_beyond_the_basic_plane_survive() -> None:
    text = _run(interpreter(), "KeyAccountPlain", r"a\u5927x\u8D26\uD83D\uDE00 z")
    assert text.encode("utf-16-le", "surrogatepass").decode("utf-16-le") == "a大x账😀 z"


def test_a_function_passes_its_name_its_arguments_and_the_calling_cells_workbook() -> None:
    vba = interpreter(result="result = 80")
    assert _run(vba, "ADVANCE", 100) == 80
    assert _run(vba, "Called") == "keyaccount.excel.functions.ADVANCE(100;missing;) Calling.xlsx Range"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: str(function.name))
def test_every_function_hands_over_as_many_arguments_as_it_declares(function: CellFunction) -> None:
    vba = interpreter(result="result = 1")
    required = [each for each in function.arguments if not each.optional]
    _run(vba, function.name, *range(len(required)))
    given = [*map(str, range(len(required))), *["missing"] * (len(function.arguments) - len(required))]
    assert f".{function.name}({';'.join(given)};) " in _run(vba, "Called")


def test_a_function_that_no_cell_calls_takes_the_active_workbook() -> None:
    vba = interpreter(caller="Caller = CVErr(2023)", result="result = 1")
    assert _run(vba, "ADVANCE", 100) == 1
    assert _run(vba, "Called").endswith(" Active.xlsx Nothing")


def test_while_the_function_wizard_is_open_nothing_is_computed() -> None:
    vba = interpreter(enabled=False, result="result = 80")
    assert _run(vba, "ADVANCE", 100) == ""
    assert _run(vba, "Called") == ""


@pytest.mark.parametrize(("text", "number"), ERRORS.items())
def test_a_marked_text_becomes_the_cells_error(text: str, number: int) -> None:
    vba = interpreter(result=f"result = {MARKED.format(text)}")
    assert _error(_run(vba, "ADVANCE", 100)) == number


def test_errors_in_an_array_stand_where_they_were() -> None:
    lines = ["ReDim result(0 To 1, 0 To 1)", "result(0, 0) = 1", f"result(0, 1) = {MARKED.format('#N/A')}"]
    lines += ['result(1, 0) = "#N/A as a customer\'s name"', f"result(1, 1) = {MARKED.format('#VALUE!')}"]
    found = _run(interpreter(result="\n    ".join(lines)), "COMMISSION", 1, "core")
    assert (found.get([0, 0]), found.get([1, 0])) == (1, "#N/A as a customer's name")
    assert (_error(found.get([0, 1])), _error(found.get([1, 1]))) == (NOT_AVAILABLE, WRONG_VALUE)


def test_errors_in_a_row_stand_where_they_were() -> None:
    row = f"result = Array(1, {MARKED.format('#N/A')}, 2)"
    found = _run(interpreter(result=row), "COMMISSION", 1, "core")
    assert (found.get([0]), _error(found.get([1])), found.get([2])) == (1, NOT_AVAILABLE, 2)


@pytest.mark.parametrize("result", ["result = Null", "result = Array(Null, Null)"])
def test_nothing_is_an_empty_text(result: str) -> None:
    found = _run(interpreter(result=result), "ADVANCE", 100)
    assert (found if isinstance(found, str) else found.get([1])) == ""


@pytest.mark.parametrize("failing", [{"python": "Err.Raise 1000"}, {"result": "Err.Raise 5"}])
def test_a_python_that_fails_is_an_error_in_the_cell_not_its_text(failing: dict[str, Any]) -> None:
    assert _error(_run(interpreter(**failing), "ADVANCE", 100)) == WRONG_VALUE


@pytest.mark.parametrize(("language", "chinese"), [(1033, False), (2052, True)])
def test_the_function_wizard_gets_the_help_of_every_function(language: int, *, chinese: bool) -> None:
    vba = interpreter(language=f"LanguageID = {language}")
    _run(vba, "KeyAccountDescribeAll")
    told = [line.split("|") for line in _run(vba, "Told").splitlines()]
    for line, function in zip(told, FUNCTIONS, strict=True):
        help_texts = [function.zh if chinese else function.en]
        help_texts += [each.zh if chinese else each.en for each in function.arguments]
        assert line == [f"'keyaccount.xlam'!{function.name}", CATEGORY[chinese], *help_texts]


def test_where_excel_will_not_describe_a_hidden_add_in_it_is_a_workbook_for_a_moment() -> None:
    vba = interpreter(refusing=True)
    _run(vba, "KeyAccountHelp")
    told = _run(vba, "Told").splitlines()
    assert (told[0], told[-1], len(told)) == ("[workbook]", "[add-in]", 2 + len(FUNCTIONS))


def test_help_waits_until_a_workbook_is_open() -> None:
    vba = interpreter(active=False)
    _run(vba, "KeyAccountHelp")
    assert _run(vba, "Told") == "'keyaccount.xlam'!KeyAccountHelp "


def test_opening_puts_help_and_warm_up_off_until_excel_is_idle() -> None:
    vba = interpreter(settings=(("CONDA PATH", "C:\\conda"),))
    _run(vba, "KeyAccountOpened")
    assert _run(vba, "Told") == "'keyaccount.xlam'!KeyAccountHelp 'keyaccount.xlam'!KeyAccountWarmUp "


def test_a_button_runs_its_macro_and_keeps_excels_questions_away() -> None:
    vba = interpreter()
    _run(vba, "KeyAccountAdvance", NOTHING)
    assert _run(vba, "Called") == "import keyaccount.excel.macros as m; m.run_monthly_advance()"


def test_restarting_ends_python_before_it_starts_it_and_says_so() -> None:
    vba = interpreter()
    _run(vba, "KeyAccountRestart", NOTHING)
    assert _run(vba, "Told") == "killed waited Python 已重新启动。按 Ctrl+Alt+F9 重新计算所有单元格。\n"
    assert _run(vba, "Called").startswith("import threading;")


def test_a_button_without_a_workbook_says_what_to_open() -> None:
    vba = interpreter(active=False)
    _run(vba, "KeyAccountCheckData", NOTHING)
    assert (_run(vba, "Told"), _run(vba, "Called")) == ("请先打开提成工作簿。\n", "")


UNREACHABLE = "Excel 无法调用 Python。请关闭 Excel，并在命令行运行：keyaccount addin doctor"


def test_a_python_that_does_not_start_is_said_once_and_not_tried_for_every_cell() -> None:
    vba = interpreter(python='Said = Said & "tried "\n    Err.Raise 1000, , "no DLL"')
    assert [_error(_run(vba, "ADVANCE", 100)) for _ in range(5)] == [WRONG_VALUE] * 5
    assert _run(vba, "Told") == f"tried {UNREACHABLE}\n\nno DLL\n"


def test_a_button_tries_again_at_once_and_always_says_so() -> None:
    vba = interpreter(python='Said = Said & "tried "\n    Err.Raise 1000, , "no DLL"')
    for _ in range(2):
        _run(vba, "KeyAccountVerify", NOTHING)
    assert _run(vba, "Told") == f"tried {UNREACHABLE}\n\nno DLL\n" * 2
    assert _run(vba, "Called") == ""


@pytest.mark.parametrize("python", ["", "Err.Raise 1000"], ids=["Python starts", "Python does not start"])
def test_warming_up_never_troubles_the_user(python: str) -> None:
    vba = interpreter(python=python)
    _run(vba, "KeyAccountWarmUp")
    assert _run(vba, "Called").startswith("import threading;") is (python == "")


def _constant(module: str, name: str) -> str:
    found = re.search(rf'Const {name} As String = "(.*)"', sources.modules()[module])
    assert found is not None
    return found[1]


def test_what_is_read_ahead_is_there_and_the_warm_up_imports_it_in_a_thread() -> None:
    vba = interpreter()
    _run(vba, "KeyAccountStartPython")
    imported = _constant("KeyAccountStart", "IMPORTS").removeprefix("import ").split(",")
    check = f"assert set({imported}) <= sys.modules.keys()"
    wait = "[each.join() for each in threading.enumerate() if each.daemon]"
    code = ";".join([_run(vba, "Called"), wait, "import sys", check])
    folders = ";".join(path for path in sys.path if path)
    command = _run(vba, "KeyAccountCommand", sys.executable, folders, "", "", code)
    done = subprocess.run(shlex.split(command), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_settings_come_from_the_addins_sheet_whatever_their_case() -> None:
    vba = interpreter(settings=(("UDF MODULES", "a"), ("Conda Path", r"C:\conda"), ("CONDA ENV", "")))
    assert _run(vba, "GetConfig", "CONDA PATH", "none") == r"C:\conda"
    assert _run(vba, "GetConfig", "CONDA ENV", "none") == "none"
    assert _run(vba, "GetConfig", "INTERPRETER_WIN", "python") == "python"


def test_one_command_line_starts_python_for_all_workbooks() -> None:
    settings = (("INTERPRETER_WIN", r"C:\Program Files\py\python.exe"), ("PYTHONPATH", r"C:\a b;D:\O'x"))
    command = _run(interpreter(settings=settings), "XLPyCommand")
    code = r"import sys;sys.path[:0]='C:\\a b;D:\\O\'x'.split(';');import xlwings;xlwings.serve('$(CLSID)')"
    assert command == f'"C:\\Program Files\\py\\python.exe" -E -P -c "{code}"'
    exec(compile(code.partition("import xlwings")[0], "command", "exec"), {})  # noqa: S102 it is Python


def test_a_conda_environment_is_activated_first() -> None:
    settings = (
        ("INTERPRETER_WIN", r"C:\env\python.exe"),
        ("CONDA PATH", r"C:\conda"),
        ("CONDA ENV", r"C:\env"),
    )
    command = _run(interpreter(settings=settings), "XLPyCommand")
    assert command.startswith(
        r'cmd.exe /C ""C:\conda\condabin\conda.bat" activate "C:\env" && "C:\env\python.exe" -E -P'
    )
    assert command.endswith('"import xlwings;xlwings.serve(\'$(CLSID)\')""')


def _python_with_uno() -> str | None:
    for name in ("/usr/bin/python3", shutil.which("python3"), "/opt/libreoffice/program/python"):
        if name and Path(name).exists():
            found = subprocess.run([name, "-c", "import uno"], capture_output=True, check=False)
            if found.returncode == 0:
                return name
    return None


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_runs_the_modules_that_need_neither_excel_nor_windows(tmp_path: Path) -> None:
    python = _python_with_uno()
    if python is None:
        pytest.skip("LibreOffice's Python bridge (python3-uno) is not installed")
    modules = {name: source for name, source in sources.modules().items() if name in PURE}
    addin = tmp_path / "pure.xlam"
    addin.write_bytes(package._packed(project.project_parts(sources.documents(), modules)))
    script = Path(__file__).with_name("run_in_libreoffice.py")
    done = subprocess.run(
        [python, script, OFFICE or "", addin, tmp_path / "profile"],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == {
        "modules": sorted([*PURE, "ThisWorkbook", "KeyAccountSettings"]),
        "plain": "a大x账😀 z",
        "number": ERRORS["#SPILL!"],
        "label": "Key Accounts",
        "command": '"C:\\p y\\python.exe" -E -P -c "import x"',
        "scalar": "Error 2042",  # so LibreOffice shows CVErr(2042)
        "untouched": "#N/A",
    }
