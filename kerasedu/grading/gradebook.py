"""Write grades into nbgrader's gradebook, through its own interface. One process does it: the one that grades."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveCells
from sqlalchemy.exc import OperationalError, SAWarning
from traitlets.config import Config, PyFileConfigLoader

from kerasedu.grading import outcomes
from kerasedu.grading.editions import LessonError
from kerasedu.grading.records import Record
from kerasedu.grading.scoring import Score

PATIENCE = 60  # seconds to wait while another program, formgrader say, keeps the gradebook locked


def load_config(root: Path) -> Config:
    """nbgrader's configuration of the course in ``root``."""
    if (root / "nbgrader_config.py").is_file():
        return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config = Config()
    config.CourseDirectory.root = str(root)
    return config


def open_gradebook(root: Path) -> Gradebook:
    """The gradebook of the course in ``root``."""
    course = CourseDirectory(config=load_config(root))
    with _programs_of_this_environment():  # for a new gradebook nbgrader starts `alembic` by name
        return Gradebook(course.db_url, course.course_id)


@contextlib.contextmanager
def _programs_of_this_environment() -> Iterator[None]:
    """Programs beside this Python are found by name, also where the environment is not activated."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


class GradebookWriter:
    """The gradebook of the course in ``root``, for one lesson; ``close`` it in the end.

    Arguments:
        root: the course's folder.
        lesson: full name.
        notebook: the released edition, whose cells the gradebook must know.
        due: when the lesson is due, if that is to be set.
    """

    def __init__(self, root: Path, lesson: str, notebook: nbformat.NotebookNode, due: str | None = None):
        self.config, self.lesson = load_config(root), lesson
        self.url = CourseDirectory(config=self.config).db_url
        self.book = open_gradebook(root)
        self.book.update_or_create_assignment(lesson, **({"duedate": due} if due else {}))
        resources = {"nbgrader": {"notebook": lesson, "assignment": lesson, "db_url": self.url}}
        try:
            SaveCells(config=self.config).preprocess(notebook, resources)
        except RuntimeError as error:
            raise LessonError(
                f"{error}. The lesson has other cells now than when submissions were graded first. Keep the edition "
                "that was released, or start a new gradebook."
            ) from None

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        self.book.close()

    def write(self, record: Record) -> None:
        """Enter a record. Doing it twice is the same as doing it once; what a person has entered stays."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self._write(record)
            except OperationalError:
                self.book.db.rollback()
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def _write(self, record: Record) -> None:
        self.book.update_or_create_student(record.student)
        timestamp = {"timestamp": record.submitted} if record.submitted else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader lets SQLAlchemy complete what it adds
            submission = self.book.update_or_create_submission(self.lesson, record.student, **timestamp)
        notebook = self.book.find_submission_notebook(self.lesson, self.lesson, record.student)
        _enter(notebook, record)
        self.book.db.commit()
        if submission.total_seconds_late > 0 or notebook.late_submission_penalty is not None:
            self._assign_penalty(record.student)

    def _assign_penalty(self, student: str) -> None:
        """What the course's late policy says, nbgrader's own plugin."""
        where = {"notebook": self.lesson, "assignment": self.lesson, "student": student, "db_url": self.url}
        AssignLatePenalties(config=self.config).preprocess(nbformat.v4.new_notebook(), {"nbgrader": where})
        self.book.db.expire_all()


def _enter(notebook: SubmittedNotebook, record: Record) -> None:
    scores = {score.cell: score for score in record.scores}
    of_exercise = {score.exercise: score for score in record.scores}
    for grade in notebook.grades:
        score = scores.get(grade.name)
        points = score.points if score else 0.0
        if record.outcome == outcomes.NEEDS_A_PERSON:
            points = None
        grade.auto_score = points
        # As nbgrader does: what a person entered for an earlier answer stays, to be looked at again.
        grade.needs_manual_grade = grade.manual_score is not None or points is None
    for comment in notebook.comments:
        comment.auto_comment = _comment(of_exercise.get(comment.name), record)


def _comment(score: Score | None, record: Record) -> str:
    if score is None:
        return f"{record.outcome}: {record.message}"
    text = f"{score.outcome}: {score.message}" if score.message else score.outcome
    return text[:2_000]
