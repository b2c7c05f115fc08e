"""What is known of each submission, a file each, written in one stroke: an interrupted run goes on where it was.

``graded/LESSON/run.json`` holds the seed of the run, ``graded/LESSON/students/NAME/record.json`` a record.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kerasedu.grading.editions import write_if_changed
from kerasedu.grading.scoring import Score


@dataclass(frozen=True)
class Record:
    """What became of one submission.

    Arguments:
        student, lesson: whose, of what.
        outcome: one of ``outcomes.ALL``; "graded" says that each of ``scores`` has its own outcome.
        message: why it was not graded, if it was not.
        notes: remarks for the learner.
        scores: one for each graded cell.
        submitted: when it was handed in, if that is known.
        digest, fingerprint, seed, sandbox: of the file, of the released edition, of the cases; how it was confined.
        seconds: how long grading took.
        published: whether gradebook, feedback and the autograded notebook have it.
    """

    student: str
    lesson: str
    outcome: str
    message: str = ""
    notes: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    submitted: str | None = None
    digest: str = ""
    fingerprint: str = ""
    seed: int = 0
    sandbox: str = ""
    seconds: float = 0.0
    published: bool = False

    @property
    def points(self) -> float:
        """Points that are certain by now."""
        return sum(score.points or 0.0 for score in self.scores)

    @property
    def out_of(self) -> float:
        """Points that were possible."""
        return sum(score.out_of for score in self.scores)

    @property
    def work(self) -> tuple:
        """What was graded and how; the same work need not be graded again."""
        return self.digest, self.fingerprint, self.seed, self.sandbox


@dataclass(frozen=True)
class Run:
    """What all submissions of a lesson have in common."""

    seed: int


class Records:
    """The records of one lesson, in ``graded/LESSON``."""

    def __init__(self, root: Path, lesson: str):
        self.folder = root / "graded" / lesson

    def run(self, seed: int | None = None, renew: bool = False) -> Run:
        """The run under way; or a new one, with ``seed`` or a drawn one, if there is none or it is to ``renew``."""
        path = self.folder / "run.json"
        if path.is_file() and not renew and seed is None:
            return Run(**json.loads(path.read_text()))
        run = Run(secrets.randbelow(2**31) if seed is None else seed)
        write_if_changed(path, json.dumps(asdict(run)) + "\n")
        return run

    def find(self, student: str) -> Record | None:
        """What is known of a student's submission."""
        path = self._path(student)
        return _read(path) if path.is_file() else None

    def save(self, record: Record) -> None:
        """Keep a record in place of an earlier one."""
        write_if_changed(self._path(record.student), json.dumps(asdict(record), indent=1) + "\n")

    def __iter__(self) -> Iterator[Record]:
        for path in sorted((self.folder / "students").glob("*/record.json")):
            yield _read(path)

    def _path(self, student: str) -> Path:
        return self.folder / "students" / student / "record.json"  # a folder is called so already: the name will do


def _read(path: Path) -> Record:
    data: dict[str, Any] = json.loads(path.read_text())
    scores = tuple(Score(**score) for score in data.pop("scores"))
    return Record(**{**data, "scores": scores, "notes": tuple(data["notes"])})
