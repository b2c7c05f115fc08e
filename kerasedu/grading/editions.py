"""The two editions of a lesson: the instructor's, from a script, and the student's, from nbgrader's preprocessors."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbgrader import preprocessors as nbgrader

from kerasedu.exercises import catalogue

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
STUB = 'raise NotImplementedError("your answer")'
REQUIRED = {"grade", "grade_id", "locked", "schema_version", "solution"}


class LessonError(ValueError):
    """A lesson's script or notebook that cannot be used, and what to do about it."""


class ClearAnswers(nbgrader.ClearSolutions):
    """Leaves a stub where a function's body is to be written.

    A solution at the margin replaces what stands above it: ``shape = None`` for a prediction, faulty code for a bug
    to find. That is the learner's starting point, and no stub follows it.
    """

    def preprocess_cell(self, cell, resources, index):
        at_margin = re.search(r"^### BEGIN SOLUTION", cell.source, re.MULTILINE)
        self.code_stub = {"python": "" if at_margin else STUB}
        cell, resources = super().preprocess_cell(cell, resources, index)
        if at_margin:
            cell.source = cell.source.rstrip()
        return cell, resources


# nbgrader's own steps for `generate_assignment`, less those that add a header or write to a gradebook.
STUDENT_STEPS = (
    nbgrader.LockCells,
    ClearAnswers,
    nbgrader.ClearOutput,
    nbgrader.CheckCellMetadata,
    nbgrader.ComputeChecksums,
    nbgrader.ClearHiddenTests,
    nbgrader.ClearMarkScheme,
    nbgrader.ComputeChecksums,
)


def find_lessons(folder: Path) -> list[str]:
    """The full names of all lessons in ``folder``, in their order."""
    return sorted(path.name for path in folder.glob("[0-9][0-9]_*") if path.is_dir())


def find_lesson(name: str, folder: Path) -> str:
    """The full name of the lesson called ``"1"``, ``"01"`` or ``"01_matrix_operations"`` in ``folder``."""
    known = find_lessons(folder)
    for lesson in known:
        if name == lesson or (name.isdigit() and int(name) == int(lesson[:2])):
            return lesson
    raise LessonError(f"there is no lesson {name!r} in {folder}. Lessons: {', '.join(known) or 'none'}")


def instructor_edition(script: Path) -> NotebookNode:
    """The notebook of a percent script, with metadata and cell ids that depend on its content alone."""
    notebook = jupytext.read(script, fmt="py:percent")
    notebook.metadata = NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    notebook.nbformat_minor = 5
    seen: Counter[str] = Counter()
    graded: set[str] = set()
    for cell in notebook.cells:
        cell.metadata.pop("lines_to_next_cell", None)
        grading = cell.metadata.get("nbgrader")
        if grading:
            _check_grading(grading, graded, script)
        base = grading["grade_id"] if grading else hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        cell.id = f"{base}-{seen[base]}" if seen[base] else base
        seen[base] += 1
    nbformat.validate(notebook)
    return notebook


def student_edition(notebook: NotebookNode) -> NotebookNode:
    """The notebook without solutions, hidden tests and outputs, its tests locked."""
    resources: dict = {}
    notebook = nbformat.from_dict(notebook)
    for step in STUDENT_STEPS:
        notebook, resources = step().preprocess(notebook, resources)
    return notebook


def refresh_instructor_edition(root: Path, lesson: str) -> Path:
    """Write the instructor's notebook of a lesson if its script has changed; where it lies."""
    script = root / "solutions" / lesson / f"{lesson}.py"
    if not script.is_file():
        raise LessonError(f"{script} is missing: a lesson's source is solutions/NN_topic/NN_topic.py")
    path = script.with_suffix(".ipynb")
    write_if_changed(path, nbformat.writes(instructor_edition(script)) + "\n")
    return path


def build(root: Path, lesson: str) -> list[Path]:
    """Write both editions of a lesson; those of its files that changed."""
    instructor = refresh_instructor_edition(root, lesson)
    student = root / "course" / lesson / f"{lesson}.ipynb"
    notebook = nbformat.read(instructor, as_version=4)
    return [student] if write_if_changed(student, nbformat.writes(student_edition(notebook)) + "\n") else []


def write_if_changed(path: Path, text: str) -> bool:
    """Write ``text`` in one stroke, so that an interruption leaves the old file or the new one; whether it changed."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return True


def _check_grading(grading: dict, graded: set[str], script: Path) -> None:
    identifier = grading.get("grade_id", "without grade_id")
    missing = REQUIRED - set(grading)
    if missing:
        raise LessonError(f"{script.name}: cell {identifier!r} lacks nbgrader's {', '.join(sorted(missing))}")
    if identifier in graded:
        raise LessonError(f"{script.name}: two cells have the grade_id {identifier!r}")
    graded.add(identifier)
    is_test = grading["grade"] and not grading["solution"]
    if is_test and identifier.removeprefix("check_") not in catalogue(script.name[:2]):
        raise LessonError(f"{script.name}: {identifier!r} checks an exercise that is not in the catalogue")
    if is_test and grading.get("points") != catalogue()[identifier.removeprefix("check_")].points:
        raise LessonError(f"{script.name}: {identifier!r} has other points than its exercise in the catalogue")
