"""A small site: all pages, two of the lessons."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSONS = ("01", "04")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the finished pages, built as `make site` builds them."""
    output = tmp_path_factory.mktemp("site")
    command = [sys.executable, ROOT / "docs/site/build.py", "--lessons", *LESSONS, "--output", output]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return output / "html"
