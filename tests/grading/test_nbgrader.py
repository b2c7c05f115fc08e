"""Stock nbgrader, from the repository's root: release, three submissions, grades, feedback."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from kerasedu.exercises import catalogue

ROOT = Path(__file__).parents[2]
LESSON = "01_matrix_operations"
NOTEBOOK = f"{LESSON}/{LESSON}.ipynb"
ANSWERED = ("predict_product_shape", "matmul_loops", "dense_columns")
WRONG = "def pairwise_squared(x, y):\n    return np.sqrt(np.square(x[:, None] - y).sum(axis=-1))"


def nbgrader(course, *arguments):
    command = [sys.executable, "-m", "nbgrader", *arguments]
    result = subprocess.run(command, cwd=course, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def submit(course, student, notebook):
    path = course / "submitted" / student / NOTEBOOK
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The tree after release, autograding, feedback and export of three submissions."""
    course = tmp_path_factory.mktemp("class") / "course"
    for name in ("course", "solutions", "kerasedu"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb_checkpoints"))
    shutil.copy(ROOT / "nbgrader_config.py", course)
    nbgrader(course, "generate_assignment", LESSON, "--force")

    solved = nbformat.read(course / "solutions" / NOTEBOOK, as_version=4)
    untouched = nbformat.read(course / "course" / NOTEBOOK, as_version=4)
    answers = {c.metadata.nbgrader.grade_id: c.source for c in solved.cells if "nbgrader" in c.metadata}
    submit(course, "teacher", solved)
    submit(course, "untouched", untouched)
    for cell in untouched.cells:
        identifier = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers[identifier] if identifier in ANSWERED else cell.source
        cell.source = WRONG if identifier == "pairwise_squared" else cell.source
    submit(course, "half", untouched)

    nbgrader(course, "autograde", LESSON)
    nbgrader(course, "generate_feedback", LESSON)
    nbgrader(course, "export")
    return course


@pytest.mark.slow
@pytest.mark.xdist_group("nbgrader")
def test_each_submission_gets_its_points(course):
    with open(course / "grades.csv") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    points = {name: item.points for name, item in catalogue("01").items()}
    assert scores == {"teacher": sum(points.values()), "untouched": 0, "half": sum(points[name] for name in ANSWERED)}


@pytest.mark.slow
@pytest.mark.xdist_group("nbgrader")
def test_feedback_names_the_mistake(course):
    page = (course / "feedback" / "half" / LESSON / f"{LESSON}.html").read_text()
    assert "leave out the root" in page


@pytest.mark.slow
@pytest.mark.xdist_group("nbgrader")
def test_generating_the_assignment_changes_nothing_and_releases_no_script(course):
    assert (course / "course" / NOTEBOOK).read_bytes() == (ROOT / "course" / NOTEBOOK).read_bytes()
    assert [path.name for path in (course / "course" / LESSON).iterdir()] == [f"{LESSON}.ipynb"]
