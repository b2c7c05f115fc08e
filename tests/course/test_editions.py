"""The student edition is a fresh build, hides every answer, and both editions run from top to bottom."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kerasedu.exercises import catalogue
from kerasedu.grading import editions

ROOT = Path(__file__).parents[2]
LESSONS = editions.find_lessons(ROOT / "solutions")
each_lesson = pytest.mark.parametrize("lesson", LESSONS)


def instructor(lesson):
    return editions.instructor_edition(ROOT / "solutions" / lesson / f"{lesson}.py")


def student(lesson):
    return nbformat.read(ROOT / "course" / lesson / f"{lesson}.ipynb", as_version=4)


def run(notebook, folder):
    os.environ["PYTHONHASHSEED"] = "0"
    NotebookClient(notebook, timeout=120, allow_errors=True, kernel_name="python3").execute(cwd=folder)
    return notebook


def outputs(notebook, kind):
    return [(cell, out) for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == kind]


def points(notebook):
    """What each test cell of a notebook that has been run says."""
    return {
        cell.metadata.nbgrader.grade_id.removeprefix("check_"): float(cell.outputs[-1].data["text/plain"])
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("points") and cell.cell_type == "code"
    }


@each_lesson
def test_the_committed_student_edition_is_a_fresh_build_byte_for_byte(lesson, tmp_path):
    script = tmp_path / "solutions" / lesson / f"{lesson}.py"
    script.parent.mkdir(parents=True)
    script.write_text((ROOT / "solutions" / lesson / f"{lesson}.py").read_text())
    (fresh,) = editions.build(tmp_path, lesson)
    committed = ROOT / "course" / lesson / f"{lesson}.ipynb"
    assert fresh.read_bytes() == committed.read_bytes(), "run `make course` and commit the result"
    assert editions.build(tmp_path, lesson) == []


@each_lesson
def test_the_student_edition_has_no_answer_no_output_and_a_kernel(lesson):
    notebook = student(lesson)
    text = nbformat.writes(notebook)
    assert not re.search("BEGIN SOLUTION|END SOLUTION|HIDDEN TESTS|MARK SCHEME", text)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)
    assert notebook.metadata.kernelspec == editions.KERNEL
    for cell in instructor(lesson).cells:
        for answer in re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", cell.source, re.DOTALL):
            assert answer.strip() not in text


@each_lesson
def test_each_exercise_of_the_catalogue_has_its_cells(lesson):
    identifiers = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in instructor(lesson).cells}
    items = catalogue(lesson[:2])
    assert len(items) >= 5
    assert set(items) | {f"check_{name}" for name in items} <= identifiers


@each_lesson
def test_the_rhythm_of_a_lesson(lesson):
    cells = student(lesson).cells
    code = [len(cell.source.splitlines()) for cell in cells if cell.cell_type == "code"]
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    assert 25 <= len(cells) <= 60
    assert max(code) <= 20
    assert 900 <= words <= 1800


@pytest.mark.slow
@each_lesson
def test_the_instructors_edition_runs_at_full_marks_and_writes_nothing_to_stderr(lesson, tmp_path):
    notebook = run(instructor(lesson), tmp_path)
    assert [out.evalue for _, out in outputs(notebook, "error")] == []
    assert [out.text for _, out in outputs(notebook, "stream") if out.name == "stderr"] == []
    checks = points(notebook)
    assert checks == {name: item.points for name, item in catalogue(lesson[:2]).items()}


@pytest.mark.slow
@each_lesson
def test_the_student_edition_runs_untouched_and_earns_nothing(lesson, tmp_path):
    notebook = run(student(lesson), tmp_path)
    assert [out.evalue for _, out in outputs(notebook, "error")] == []
    assert points(notebook) == dict.fromkeys(catalogue(lesson[:2]), 0.0)


def test_a_script_with_a_fault_is_refused_with_the_cell_that_has_it(tmp_path):
    script = tmp_path / "01_fault.py"
    cell = '# %% nbgrader={"grade": true, "grade_id": "check_nothing", "locked": true, "solution": false'
    script.write_text(cell + "}\n1\n")
    with pytest.raises(editions.LessonError, match=r"'check_nothing' lacks nbgrader's schema_version"):
        editions.instructor_edition(script)
    script.write_text(cell + ', "schema_version": 3, "points": 1}\n1\n')
    with pytest.raises(editions.LessonError, match="not in the catalogue"):
        editions.instructor_edition(script)
