"""A teacher's view: JupyterLab at the course's root, nbgrader's formgrader in a real browser."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSON = "01_matrix_operations"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture
def course(tmp_path):
    """A course with one submission, graded."""
    for name in ("solutions", "course"):
        shutil.copytree(ROOT / name / LESSON, tmp_path / name / LESSON)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copytree(tmp_path / "course" / LESSON, tmp_path / "submitted" / "ada" / LESSON)
    for step in (["generate_assignment", LESSON, "--force"], ["autograde", LESSON]):
        subprocess.run([sys.executable, "-m", "nbgrader", *step], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_formgrader_lists_the_assignment_its_submission_and_what_a_person_must_grade(
    page, serve, free_port, course, keep
):
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={free_port()}", "--ServerApp.ip=127.0.0.1"]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    address = serve(command, course)
    page.goto(address.replace("/lab?", "/formgrader?"))
    row = page.locator("tr", has_text=LESSON).first
    row.wait_for()
    keep("formgrader")
    assert row.locator("td.num-submissions").inner_text() == "1"
    page.goto(address.replace("/lab?", "/formgrader/manage_students?"))
    page.locator("tr", has_text="ada").first.wait_for()
    page.goto(address.replace("/lab?", f"/formgrader/gradebook/{LESSON}/{LESSON}?"))
    page.locator("tr", has_text="Submission #1").first.wait_for()
    keep("formgrader_submission")
