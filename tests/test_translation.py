"""Chinese throughout: every text has its translation, and nothing English is left in a Chinese run."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import string
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

import keyaccount
import texts
from keyaccount import settlement
from keyaccount.cli import main
from keyaccount.policies import POLICIES
from keyaccount.problems import Listed, Problem, Refused
from keyaccount.settlement import Outcome
from keyaccount.subcommands import MODULES
from keyaccount.tables import INPUT_TABLES, RESULT_SHEETS, WORDS
from keyaccount.translation import environment_language, localised, translated
from keyaccount.wording import Wording, failure
from tests import plan_case_run
from tests.plain_books import write_inputs
from tests.plan_case import all_cases
from tests.plan_case_rows import row_of

CHINESE = re.compile("[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z_][A-Za-z_.$-]{2,}")
ENGLISH_TOO = {
    *("Excel", "LibreOffice", "PDF", "RTF", "HTML", "XML", "gzip", "RAR", "CSV", "OpenDocument", "DOCTYPE"),
    *("Office", "JSON", "XFD", "XLSX", "xlsx", "xlsm", "xlsb", "xls", "ods", "Zip", "zip"),
    *("keyaccount", "new", "verify", "advance", "regenerate", "out", "json", "yes", "ignore"),
    *("salesperson", "ics", "delimiter", "encoding", "UTF", "utf", "big", "map", "sheet", "from-sheet"),
    *("skip-existing", "approve", "batch", "due", "import", "anonymise", "keep-ids", "keep-sheets", "report"),
    *("SOURCE_DATE_EPOCH", "KEYACCOUNT_DEBUG", "explain", "check", "rows", "preview", "what-if", "plan"),
    *("set", "tiers.core"),
    *("Python", "xlwings", "pip", "keyaccount.xlam", "addin", "install", "force-reinstall", "Mac", "Ctrl"),
    *("PostgreSQL", "PGPASSWORD", "pgpass", "NAME", "Spark", "Parquet"),
    *("Alt", "Enter", "Esc", "PEM", "key", "show", "FILE", "backup", "plan.backup"),
    *("Windows", "Browse", "doctor", "folder", "user", "python", "venv", "COMMISSION"),
    *("password-stdin", "keyaccount.passwords"),
    *("csv", "pay.csv", "pay.xlsx", "run", "accounts", "passwords"),
}
"""What stays as it is in a Chinese text: names of programs, formats, commands and options."""
NAMES = {
    *(name for table in INPUT_TABLES for name in (table.name, *(column.en for column in table.columns))),
    *(name for result in RESULT_SHEETS for name in (result.name, *(column.en for column in result.columns))),
    *WORDS["tier"],
}
"""What the workbook says in Chinese, so that no detail may name it in English."""
EXAMPLE = {
    "Tiers": ["strategic 2%", "core 1.5%"],
    "Accounts": ["A1"],
    "Account Tiers": ["A1 strategic from 2026-01-01", "A1 important from 2026-07-01"],
    "Salespeople": ["S01"],
    "Assignments": ["A1 S01 100% from 2026-01-01", "A1 S99 100% from 2026-07-01"],
    "Sales": ["N1 2026-01-10 A1 520000.00 20000.00", "N1 2026-01-10 A1 10.00"],
}


OPTIONS = {
    "password-stdin",
    "check",
    "settle",
    "year-end",
    "settle-leaver",
    "lang",
    "preview",
    "demo",
    "year",
    "csv",
    "help",
    "version",
    "backup",
    "sttle",
}
OPTIONS |= set(MODULES)


def english_words(text: str) -> set[str]:
    return {word.strip("-.") for word in WORD.findall(text)} - ENGLISH_TOO - set(POLICIES) - {""}


def without_fields(template: str) -> str:
    return " ".join(literal for literal, *_ in string.Formatter().parse(template))


def problems_of_the_plan_cases() -> Iterator[Problem | Refused]:
    """Play every case and give what the runs said."""
    heard: list[Problem | Refused] = []
    real = settlement.run

    def listening(*arguments: object) -> Outcome:
        try:
            outcome = real(*arguments)  # type: ignore[arg-type] # handed through
        except Refused as refused:
            heard.append(refused)
            raise
        heard.extend(outcome.problems)
        return outcome

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_case_run, "run", listening)
        for case in all_cases():
            plan_case_run.differences_of(case)
    return iter(heard)


def test_every_text_is_translated_and_the_files_are_up_to_date() -> None:
    assert list(texts.differences()) == []


def test_what_is_missing_doubtful_or_forbidden_is_found() -> None:
    catalog = texts.collected()
    assert any(
        fault.startswith("no translation") and fault.endswith(": Total") for fault in texts.faults(catalog)
    )
    catalog.add("{a} of {b}", "{a} 的佣金")
    assert {"other fields: {a} 的佣金", "佣金 stands in: {a} 的佣金"} <= set(texts.faults(catalog))


def test_a_text_put_together_before_it_is_looked_up_is_refused(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("Refused(f'{period} is closed.')\n")
    with module.open("rb") as file, pytest.raises(texts.NotATemplate, match="period"):
        list(texts.templates_of(file, (), (), {}))


def test_the_chinese_texts_are_chinese() -> None:
    for message in texts.messages(texts.chinese()):
        if message.id == "{sentence}.":
            continue
        text = re.sub(r"%\(\w+\)[sr]|\w+://[\w/.#]+", "", str(message.string))
        assert CHINESE.search(text), text
        assert english_words(without_fields(text.replace("%%", "%"))) == set(), text


def test_the_sheets_texts_stand_in_both_languages() -> None:
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(keyaccount.__path__, "keyaccount.")
        if found.name != "keyaccount.__main__"
    ]
    pairs = [found for module in modules if isinstance(found := getattr(module, "_TEXTS", None), dict)]
    assert pairs
    for pair in pairs:
        assert pair["en"].keys() == pair["zh"].keys()
        assert all(CHINESE.search(str(text)) for text in pair["zh"].values() if str(text).strip(" ·:"))
    assert all(CHINESE.search(policy.zh) for policy in POLICIES.values())


def test_the_problems_of_all_plan_cases_are_chinese() -> None:
    wording = Wording("zh", "zh")
    said = set()
    for each in problems_of_the_plan_cases():
        templates = (each.problem, each.remedy) if isinstance(each, Problem) else each.templates
        table = each.table if isinstance(each, Problem) else ""
        for name, value in each.details.items():
            items = value.items if isinstance(value, Listed) else (value,)
            assert not [item for item in items if type(item) is str and item in NAMES], (name, templates)
        for template in filter(None, templates):
            text = wording.text(template, each.details, table)
            said.add(template)
            assert CHINESE.search(text), text
            assert translated(template, "zh") != template
    assert len(said) > 50


def test_a_chinese_demo_speaks_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    book = str(tmp_path / "演示.xlsx")
    assert main(["new", book, "--demo", "--year", "2026", "--lang", "zh"]) == 0
    for arguments in (["check", book], ["advance", book, "2026-01"], ["settle", book, "2026Q1"]):
        assert main(arguments) == 0
    assert main(["advance", book, "2026-02"]) == 3
    assert main(["year-end", book, "2026"]) == 3
    assert main(["regenerate", book]) == 0
    assert main(["verify", book]) == 0
    printed = capsys.readouterr()
    for line in (printed.out + printed.err).replace(book, "").splitlines():
        assert english_words(re.sub(r"ADJ-\S+|\b[0-9a-f]{12,}\b", "", line)) == set(), line
    assert "核对通过" in printed.out
    assert "已关闭" in printed.err


def test_errors_of_a_chinese_workbook_are_chinese_on_the_sheet_and_in_the_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, copy = tmp_path / "book.xlsx", tmp_path / "copy.xlsx"
    write_inputs(book, {t: [row_of(t, text) for text in rows] for t, rows in EXAMPLE.items()}, "zh")
    edited = openpyxl.load_workbook(book)
    edited["销售明细"]["D3"] = "12,34.5x"
    edited.save(book)
    assert main(["settle", str(book), "2026Q1", "--json", "--out", str(copy)]) == 1
    told = json.loads(capsys.readouterr().out)["problems"]
    assert len(told) >= 3
    by_value = {each["value"]: each for each in told}
    assert by_value["重要客户"]["problem"] == "「等级提成比例」表没有等级重要客户。"
    assert by_value["S99"]["problem"] == "销售员 S99 不在「销售员」表。"
    written = openpyxl.load_workbook(copy)["数据检查结果"]
    rows = [[cell.value for cell in row] for row in written.iter_rows(min_row=6)]
    assert [(row[4], row[5]) for row in rows] == [(each["problem"], each["remedy"]) for each in told]
    for each in told:
        assert CHINESE.search(each["problem"])
        assert CHINESE.search(each["remedy"])


def test_chinese_about_an_english_workbook_names_its_own_sheets_and_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book.xlsx"
    write_inputs(book, {t: [row_of(t, text) for text in rows] for t, rows in EXAMPLE.items()})
    assert main(["check", str(book), "--lang", "zh", "--json"]) == 1
    said = [each["problem"] for each in json.loads(capsys.readouterr().out)["problems"]]
    assert "销售员 S99 不在「Salespeople」表。" in said
    assert "「Sale ID」N1 重复（第 2 行也有）。" in said
    assert main(["check", str(book), "--json"]) == 1
    said = [each["problem"] for each in json.loads(capsys.readouterr().out)["problems"]]
    assert "Salesperson S99 is not on sheet Salespeople." in said


def broken_files(folder: Path) -> Iterator[Path]:
    """Make files that are no workbook, each in another way."""
    yield folder / "missing.xlsx"
    yield folder
    contents = {
        "empty": b"",
        "csv": b"Sale ID;Date\n1;2026-01-01\n",
        "pdf": b"%PDF-1.7",
        "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
        "cut": b"PK\x03\x04 cut off",
        "other": b"\x00\x01\x02",
    }
    for name, content in contents.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(content)
        yield path
    parts = {"plain": {"a.txt": "x"}, "doctype": {"[Content_Types].xml": "<!DOCTYPE a><a/>"}}
    parts["ods"] = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
    for name, members in parts.items():
        path = folder / f"{name}.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for member, text in members.items():
                archive.writestr(member, text)
        yield path


def test_what_is_no_workbook_is_said_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in broken_files(tmp_path):
        assert main(["check", str(path), "--lang", "zh"]) == 5
        line = capsys.readouterr().err.removeprefix("keyaccount: ")
        assert CHINESE.search(line)
        said = line.replace(str(path), "").replace(path.name, "").replace("[Content_Types].xml", "")
        assert english_words(said) == set(), line


def test_help_and_wrong_usage_follow_the_option_and_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = (
        ["--help"],
        ["settle", "--help"],
        ["new", "--help"],
        ["settle"],
        ["sttle"],
        ["new", "x", "--year", "2"],
    )
    for arguments in calls:
        for way in ("option", "environment"):
            with monkeypatch.context() as patch:
                if way == "environment":
                    patch.setenv("LANGUAGE", "zh_CN")
                with pytest.raises(SystemExit):
                    main([*arguments, *(["--lang", "zh"] if way == "option" else [])])
            printed = capsys.readouterr()
            words = english_words(printed.out + printed.err)
            assert words <= OPTIONS
    with pytest.raises(SystemExit):
        main(["settle"])
    assert "the following arguments are required" in capsys.readouterr().err


def test_the_environment_speaks_as_with_every_gettext_program() -> None:
    assert environment_language({"LANG": "zh_CN.UTF-8"}) == "zh"
    assert environment_language({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}) == "en"
    assert environment_language({"LANGUAGE": "en", "LC_ALL": "zh_CN"}) == "en"
    assert environment_language({}) == "en"


def test_braces_in_a_name_are_no_fields() -> None:
    problem = Refused("{file} is empty (0 bytes).", "Close other programs.", file="{x}.xlsx")
    assert (problem.message, problem.remedy) == ("{x}.xlsx is empty (0 bytes).", "Close other programs.")
    assert failure(problem, "zh") == ("{x}.xlsx 是空文件（0 字节）。", "请关闭其他程序。")
    assert localised("Saved: {path}", "zh", path="{x}") == "已保存：{x}"


def test_english_needs_no_catalogue() -> None:
    code = (
        "import sys; from keyaccount import translation as t\n"
        "t.localised('Saved: {path}', 'en', path='x'); print(t._chinese.cache_info().currsize)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "0"
