"""A teacher's view: JupyterLab at the course's root, nbgrader's formgrader in a real browser."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kerasedu.grading.batch import Batch, Options
from kerasedu.grading.samples import write_samples

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


@pytest.fixture
def graded_course(tmp_path):
    """Two submissions with known marks, graded by `kerasedu grade`."""
    for name in ("solutions", "course"):
        shutil.copytree(ROOT / name / LESSON, tmp_path / name / LESSON)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    samples = write_samples(tmp_path / "course", tmp_path / "submitted", LESSON, count=3, seed=1)
    Batch(tmp_path, LESSON, Options(tmp_path / "submitted", seed=1)).grade()
    return tmp_path, [sum(sample.points.values()) for sample in samples]


def test_formgrader_shows_the_points_of_kerasedu_grade(page, serve, free_port, graded_course, keep):
    course, points = graded_course
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={free_port()}", "--ServerApp.ip=127.0.0.1"]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    address = serve(command, course)
    page.goto(address.replace("/lab?", "/formgrader?"))  # whence the browser has its cookie
    page.locator("tr", has_text=LESSON).first.wait_for()
    page.goto(address.replace("/lab?", f"/formgrader/gradebook/{LESSON}/{LESSON}?"))
    rows = page.locator("tbody tr", has_text="Submission #")
    rows.first.wait_for()
    keep("formgrader_points")
    shown = sorted(float(rows.nth(n).locator("td.score").inner_text().split("/")[0]) for n in range(rows.count()))
    assert shown == sorted(points)
    rows.first.locator("a").first.click()
    page.get_by_text("pairwise_squared:").first.wait_for()  # what the check said, under its cell
    keep("formgrader_answers")
