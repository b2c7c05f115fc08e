"""Write grades into nbgrader's gradebook, through its own interface. One process does it: the one that grades."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveCells
from sqlalchemy import make_url
from sqlalchemy.exc import SAWarning
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


def address(course: CourseDirectory) -> str:
    """The gradebook's address, with patience if it is a file."""
    url = make_url(course.db_url)
    patient = url.update_query_dict({"timeout": str(PATIENCE)}) if url.get_backend_name() == "sqlite" else url
    return patient.render_as_string(hide_password=False)


def open_gradebook(root: Path) -> Gradebook:
    """The gradebook of the course in ``root``."""
    course = CourseDirectory(config=load_config(root))
    with _programs_of_this_environment():  # for a new gradebook nbgrader starts `alembic` by name
        return Gradebook(address(course), course.course_id or "default_course")


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
        self.url = address(CourseDirectory(config=self.config))
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
        self.book.db.expunge_all()  # or the session would hold every submission of the class in the end

    def _assign_penalty(self, student: str) -> None:
        """What the course's late policy says, nbgrader's own plugin."""
        where = {"notebook": self.lesson, "assignment": self.lesson, "student": student, "db_url": self.url}
        AssignLatePenalties(config=self.config).preprocess(nbformat.v4.new_notebook(), {"nbgrader": where})


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
