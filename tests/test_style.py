"""What every file has in common: it is formatted, lint-free, and knows nothing of the machine it was written on."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def tracked_files() -> list[Path]:
    names = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=["lint", "format"])
def test_ruff_has_nothing_to_say(command):
    result = subprocess.run([sys.executable, "-m", "ruff", *command, ROOT], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_file_names_a_package_index_or_a_folder_of_one_machine():
    here = "|".join(re.escape(str(path)) for path in {ROOT, Path.home()} if len(path.parts) > 2)
    forbidden = re.compile(rf"https?://[\w.-]+/(simple|packages|debian)/|{here or '(?!)'}")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        if path.suffix not in {".png", ".gif", ".npz"}
        for match in forbidden.finditer(path.read_text())
    ]
    assert not found
