"""Who is in the class: a CSV file of one's own, Canvas's exported gradebook or Moodle's grading worksheet."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass
from pathlib import Path

from kerasedu.grading.editions import LessonError

# What a column may be called, in small letters: nbgrader's own names, then Canvas's and Moodle's.
COLUMNS = {
    "id": ("id", "student_id", "sis login id", "username", "sis user id", "email address", "identifier"),
    "first_name": ("first_name", "first name"),
    "last_name": ("last_name", "last name", "surname"),
    "email": ("email", "email address", "e-mail"),
    "lms_user_id": ("lms_user_id", "canvas user id", "identifier", "user id"),
    "name": ("name", "student", "full name"),
}
PREFIX = "Participant "  # before Moodle's number


@dataclass(frozen=True)
class Person:
    """A student, in the columns of nbgrader's gradebook."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self) -> str:
        """First name and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def to_dict(self) -> dict[str, str]:
        """The columns by name."""
        return asdict(self)


def read_roster(path: Path) -> list[Person]:
    """The people in a CSV file, in its order.

    Raises:
        LessonError: no column says who is who, or two people have the same id.
    """
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    people = [_person({str(k).strip().lower(): str(v or "").strip() for k, v in row.items()}) for row in rows]
    people = [person for person in people if person is not None]
    if not people:
        raise LessonError(f"{path.name}: no student found. One column must be called id, SIS Login ID or Email address")
    twice = {person.id for person in people if sum(other.id == person.id for other in people) > 1}
    if twice:
        raise LessonError(f"{path.name}: the same id more than once: {', '.join(sorted(twice))}")
    return people


def _person(row: dict[str, str]) -> Person | None:
    is_canvas = "sis login id" in row  # where "ID" is Canvas's own number, not the student's
    if is_canvas:
        row = {**row, "lms_user_id": row.get("id", ""), "id": row["sis login id"] or row.get("sis user id", "")}
    found = {field: next((row[name] for name in names if row.get(name)), "") for field, names in COLUMNS.items()}
    if not found["id"] or found["name"].lower() in ("points possible", "student, test"):
        return None
    name = found.pop("name")
    if name and not found["first_name"] and not found["last_name"]:
        last, comma, first = name.partition(",")
        if not comma:
            first, _, last = name.rpartition(" ")
        found["first_name"], found["last_name"] = first.strip(), last.strip()
    found["lms_user_id"] = found["lms_user_id"].removeprefix(PREFIX)
    return Person(**found)
