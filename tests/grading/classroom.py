"""A course of its own, with one lesson, and submissions made from known answers."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from kerasedu.grading.editions import instructor_edition
from kerasedu.grading.gradebook import open_gradebook

ROOT = Path(__file__).parents[2]
LESSON = "01_matrix_operations"


def make_course(root: Path, lesson: str = LESSON) -> Path:
    """A tree with one lesson in ``root``."""
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder / lesson, root / folder / lesson, ignore=shutil.ignore_patterns("*.tmp"))
    (root / "kerasedu").mkdir()
    shutil.copy(_empty_gradebook(), root / "gradebook.db")
    return root


@cache
def _empty_gradebook() -> Path:
    """Made once: nbgrader takes seconds for each new one."""
    root = Path(tempfile.mkdtemp())
    open_gradebook(root).close()
    return root / "gradebook.db"


def solved() -> nbformat.NotebookNode:
    """The instructor's edition."""
    return instructor_edition(ROOT / "solutions" / LESSON / f"{LESSON}.py")


def answers() -> dict[str, str]:
    """The right answers by id."""
    return {c.metadata.nbgrader.grade_id: c.source for c in solved().cells if "nbgrader" in c.metadata}


def hand_in(root: Path, student: str, **changed: str) -> Path:
    """A submission with right answers but for those that are ``changed``."""
    notebook = solved()
    for cell in notebook.cells:
        identifier = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = changed.get(identifier, cell.source)
    path = root / "submitted" / student / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    return path


def gradebook(root: Path, lesson: str = LESSON) -> dict[str, dict]:
    """Student -> what the gradebook says, without what differs from one gradebook to the next."""
    found = {}
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        for submission in book.assignment_submissions(lesson):
            (notebook,) = submission.notebooks
            found[submission.student_id] = {
                "score": notebook.score,
                "grades": {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in notebook.grades},
                "comments": {c.name: c.auto_comment for c in notebook.comments},
                "submitted": submission.timestamp,
                "penalty": notebook.late_submission_penalty,
            }
    return found
