"""Grades as CSV: plain, for Canvas, for Moodle. No cell is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from kerasedu.grading import outcomes
from kerasedu.grading.records import Record, Records

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
FORMATS = ("csv", "canvas", "moodle")


@dataclass(frozen=True)
class Line:
    """A student's grade for one lesson, as the gradebook has it, with the outcome that grading noted."""

    student: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    outcome: str
    points: float
    out_of: float
    penalty: float
    submitted: str
    needs_a_person: bool
    scores: dict[str, tuple[float | None, str]]

    @property
    def name(self) -> str:
        """First name and last name; the id where they are unknown."""
        return f"{self.first_name} {self.last_name}".strip() or self.student

    @property
    def total(self) -> float:
        """Points less the late penalty."""
        return self.points - self.penalty


def read_lines(book: Gradebook, records: Records, lesson: str) -> list[Line]:
    """A line for every student of the course, also for those who handed nothing in."""
    known = {record.student: record for record in records}
    out_of = book.find_assignment(lesson).max_score
    return [_line(book, student, known.get(student.id), lesson, out_of) for student in book.students]


def write(lines: Iterable[Line], lesson: str, form: str) -> str:
    """The lines as the text of a CSV file.

    Arguments:
        lines: what ``read_lines`` gave.
        lesson: full name, the title of Canvas's column.
        form: one of ``FORMATS``.
    """
    rows = {"csv": _plain, "canvas": _canvas, "moodle": _moodle}[form](list(lines), lesson)
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([[defuse(cell) for cell in row] for row in rows])
    return text.getvalue()


def defuse(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it; anything else unchanged."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _line(book: Gradebook, student: Any, record: Record | None, lesson: str, out_of: float) -> Line:
    try:
        submission = book.find_submission(lesson, student.id)
        (notebook,) = submission.notebooks
    except MissingEntry:
        notebook = submission = None
    of_exercise = {score.cell: score for score in record.scores} if record else {}
    scores = {}
    for grade in notebook.grades if notebook else ():
        name = grade.name.removeprefix("check_")
        outcome = of_exercise[grade.name].outcome if grade.name in of_exercise else record.outcome if record else ""
        graded = grade.manual_score is not None or grade.auto_score is not None
        scores[name] = (grade.score if graded else None, outcome)
    return Line(
        student.id,
        student.first_name or "",
        student.last_name or "",
        student.email or "",
        student.lms_user_id or "",
        record.outcome if record else outcomes.MISSING,
        notebook.score if notebook else 0.0,
        out_of,
        (notebook.late_submission_penalty or 0.0) if notebook else 0.0,
        str(submission.timestamp or "") if submission else "",
        bool(notebook and notebook.needs_manual_grade),
        scores,
    )


def _plain(lines: list[Line], lesson: str) -> list[list[Any]]:
    exercises = list(dict.fromkeys(name for line in lines for name in line.scores))
    heading = ["student", "first_name", "last_name", "email", "submitted", "outcome", "needs_a_person"]
    heading += ["points", "penalty", "total", "out_of"]
    heading += [text for name in exercises for text in (name, f"{name} outcome")]
    rows = [heading]
    for line in lines:
        row = [line.student, line.first_name, line.last_name, line.email, line.submitted, line.outcome]
        row += ["yes" if line.needs_a_person else "", line.points, line.penalty, line.total, line.out_of]
        for name in exercises:
            points, outcome = line.scores.get(name, (None, ""))
            row += ["" if points is None else points, outcome]
        rows.append(row)
    return rows


def _canvas(lines: list[Line], lesson: str) -> list[list[Any]]:
    """Canvas's gradebook import: https://community.canvaslms.com/t5/Instructor-Guide (import grades)"""
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", lesson]]
    rows.append(["Points Possible", "", "", "", "", lines[0].out_of if lines else 0])
    for line in lines:
        name = f"{line.last_name}, {line.first_name}" if line.last_name else line.name
        rows.append([name, line.lms_user_id, "", line.student, "", line.total])
    return rows


def _moodle(lines: list[Line], lesson: str) -> list[list[Any]]:
    """Moodle's offline grading worksheet: https://docs.moodle.org/en/Assignment_settings (offline grading worksheet)"""
    heading = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed"]
    rows = [[*heading, "Last modified (submission)", "Feedback comments"]]
    for line in lines:
        identifier = f"Participant {line.lms_user_id}" if line.lms_user_id else line.student
        row = [identifier, line.name, line.email, line.outcome, line.total, line.out_of, "Yes", line.submitted]
        rows.append([*row, "waits for a person" if line.needs_a_person else ""])
    return rows
