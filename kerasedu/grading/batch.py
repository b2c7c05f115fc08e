"""Grade a class: find the submissions, grade those that are new, enter the results as they come."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from nbgrader.utils import parse_utc

from kerasedu.grading import outcomes
from kerasedu.grading.autograded import rebuild
from kerasedu.grading.editions import LessonError, find_lesson, write_if_changed
from kerasedu.grading.feedback import feedback_page
from kerasedu.grading.gradebook import GradebookWriter
from kerasedu.grading.intake import LARGEST_TIMESTAMP, Missing, Unreadable, read_plain_file, read_submission
from kerasedu.grading.one import Task, launcher
from kerasedu.grading.records import Record, Records
from kerasedu.grading.released import read_released
from kerasedu.grading.sandbox.limits import Limits
from kerasedu.grading.spreading import spread


@dataclass(frozen=True)
class Options:
    """How to grade; see ``kerasedu grade --help``."""

    submitted: Path
    workers: int = 1
    scheduler: str | None = None
    seed: int | None = None
    sandbox: str = "bwrap"
    due: str | None = None
    only: str | None = None
    force: bool = False
    limits: Limits = field(default_factory=Limits)


class Batch:
    """The submissions of one lesson.

    Arguments:
        root: the course's folder.
        lesson: its number or full name.
        options: how to grade.
    """

    def __init__(self, root: Path, lesson: str, options: Options):
        self.root, self.options = root, options
        self.lesson = find_lesson(lesson, root / "course")
        path = root / "course" / self.lesson / f"{self.lesson}.ipynb"
        self.released, self.notebook = read_released(path), nbformat.read(path, as_version=4)
        self.records = Records(root, self.lesson)
        if options.only is None:
            self.seed = self.records.run(options.seed, renew=options.force).seed
        else:
            self.seed = self.records.run().seed if options.seed is None else options.seed
        self.folders = self._folders()
        self._answers: dict[str, dict[str, str]] = {}

    def grade(self, report: Callable[[Record], None] = lambda record: None) -> None:
        """Grade what is new and publish it; ``report`` hears of each record once, whether it is new or not.

        Raises:
            SandboxUnavailable: the sandbox cannot be had, or does not hold.
        """
        if self.options.scheduler is None:
            launcher(self.options.sandbox, self.options.limits)  # refuse now rather than in a worker
        with GradebookWriter(self.root, self.lesson, self.notebook, self.options.due) as gradebook:

            def settle(record: Record) -> None:
                if not record.published:
                    self.records.save(record)
                    self._publish(record, gradebook)
                    record = replace(record, published=True)
                    self.records.save(record)
                report(record)

            tasks = self._tasks(settle)
            for record in spread(tasks, self.options.workers, self.options.scheduler):
                settle(record)

    def _folders(self) -> dict[str, Path]:
        """Student -> folder, of everyone who handed something in for this lesson, or of the one who was named."""
        if not self.options.submitted.is_dir():
            raise LessonError(f"there is no folder {self.options.submitted}: `kerasedu collect` makes it")
        folders = sorted(self.options.submitted.iterdir())
        found = {_as_text(f.name): f for f in folders if os.path.lexists(f / self.lesson) or f.is_symlink()}
        only = self.options.only
        if only is not None and only not in found:
            raise LessonError(f"there is nothing from {only!r} for {self.lesson} in {self.options.submitted}")
        return found if only is None else {only: found[only]}

    def _tasks(self, settle: Callable[[Record], None]) -> Iterator[Task]:
        """What is to be graded; everything else is settled at once."""
        for student, folder in self.folders.items():
            record, answers = self._open(student, folder / self.lesson)
            before = self.records.find(student)
            if record.outcome != outcomes.GRADED:
                same = before is not None and replace(before, published=False) == record
                settle(before if same else record)
                continue
            new = before is None or before.outcome != outcomes.GRADED or before.work != record.work
            if not new and before.submitted != record.submitted:  # the same file, handed in again
                before = replace(before, submitted=record.submitted, published=False)
            if new or self.options.force or not before.published:
                self._answers[student] = answers
            if new or self.options.force:
                yield Task(record, self.released, answers, self.options.limits)
            else:
                settle(before)

    def _open(self, student: str, folder: Path) -> tuple[Record, dict[str, str]]:
        """The record of a submission so far, and its answers."""
        record = Record(student, self.lesson, outcomes.GRADED, seed=self.seed, sandbox=self.options.sandbox)
        record = replace(record, fingerprint=self.released.fingerprint, submitted=self._timestamp(folder))
        try:
            submission = read_submission(self.options.submitted, folder / f"{self.lesson}.ipynb", self.released)
        except (Missing, Unreadable) as error:
            outcome = outcomes.MISSING if isinstance(error, Missing) else outcomes.UNREADABLE
            return replace(record, outcome=outcome, message=str(error)), {}
        return replace(record, notes=submission.notes, digest=submission.digest), submission.answers

    def _timestamp(self, folder: Path) -> str | None:
        """When it was handed in, as nbgrader and ``kerasedu collect`` note it beside the notebook."""
        with contextlib.suppress(Missing, Unreadable, ValueError):
            text = read_plain_file(self.options.submitted, folder / "timestamp.txt", LARGEST_TIMESTAMP).decode().strip()
            return f"{parse_utc(text)} UTC"
        return None

    def _publish(self, record: Record, gradebook: GradebookWriter) -> None:
        """Autograded notebook, feedback page, gradebook: each the same when written again."""
        place = Path(record.student, self.lesson)
        notebook = rebuild(self.notebook, self._answers.pop(record.student, {}), record)
        write_if_changed(self.root / "autograded" / place / f"{self.lesson}.ipynb", nbformat.writes(notebook) + "\n")
        page = feedback_page(record, self.released)
        write_if_changed(self.root / "feedback" / place / f"{self.lesson}.html", page)
        gradebook.write(record)


def _as_text(name: str) -> str:
    """A folder's name, also if it is no proper text."""
    return os.fsencode(name).decode("utf-8", "replace")
