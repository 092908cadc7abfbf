"""Set-up on machines that lack something: it says what to install, and the exit code tells."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev_beside import Beside

ROOT = Path(__file__).resolve().parent.parent
LACKS = 5


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give what set-up needs of a fresh clone."""
    (tmp_path / "python").mkdir()
    for name in ("python/dev.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def _run(clone: Path, before: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    start = "sys.argv[0] = 'dev.py'; runpy.run_path('python/dev.py', run_name='__main__')"
    code = f"import runpy, sys; {before}; {start}"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=clone, capture_output=True, text=True, check=False
    )


def test_a_python_without_venv_is_told_which_packages_to_install(clone: Path) -> None:
    done = _run(clone, "sys.modules['ensurepip'] = None", "demo")
    assert done.returncode == LACKS
    assert "lacks ensurepip" in done.stderr
    assert "sudo apt install python3-venv python3-pip" in done.stderr
    assert not (clone / ".venv").exists()


def test_an_old_python_is_told_which_one_is_needed(clone: Path) -> None:
    done = _run(clone, "sys.version_info = (3, 9, 2, 'final', 0)", "test")
    assert done.returncode == LACKS
    assert "Python 3.11 or newer is needed, this is 3.9" in done.stderr
    assert "Traceback" not in done.stderr


def test_pictures_of_a_workbook_that_is_not_there(clone: Path) -> None:
    done = _run(clone, "pass", "pictures", "nowhere.xlsx")
    assert done.returncode == LACKS
    assert "No such workbook" in done.stderr


def test_a_command_beside_others_says_its_last_line_or_where_it_fails_all(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for code, said in ((0, "second"), (3, "first\nsecond")):
        words = [sys.executable, "-c", f"print('first'); print('second'); raise SystemExit({code})"]
        with Beside("tests", words, tmp_path) as beside:
            pass
        verdict = "passed" if code == 0 else "FAILED (exit 3)"
        assert beside.code == code
        assert capsys.readouterr().out.startswith(f"== tests\n{said}\n   tests: {verdict}, ")


def test_a_command_beside_others_ends_with_them(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import time; time.sleep(600)"]
    beside = Beside("tests", words, tmp_path)
    with pytest.raises(KeyboardInterrupt), beside:
        raise KeyboardInterrupt
    assert beside.code < 0
