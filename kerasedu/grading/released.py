"""The released edition of a lesson, reduced to what counts: set-up, answers, tests and questions, in their order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

SETUP, ANSWER, TEST, MANUAL = "set-up", "answer", "test", "manual"


@dataclass(frozen=True)
class Step:
    """A cell that counts.

    Arguments:
        kind: set-up (marked by the tag ``setup``; runs before the answers below it), answer, test, or manual: an
            answer that a person grades.
        id: its ``grade_id``; for set-up the cell's own id.
        source: as released.
        points: of a test or a manual answer.
        keras: whether the answer may use Keras (marked by the tag ``keras``); such answers run in a sandbox of their
            own, where it is.
    """

    kind: str
    id: str
    source: str
    points: float = 0.0
    keras: bool = False

    @property
    def exercise(self) -> str:
        """The exercise that a test belongs to, the id itself otherwise."""
        return self.id.removeprefix("check_") if self.kind == TEST else self.id


@dataclass(frozen=True)
class Released:
    """A lesson as it was handed out.

    Arguments:
        lesson: full name.
        steps: the cells that count.
    """

    lesson: str
    steps: tuple[Step, ...]

    @property
    def answers(self) -> dict[str, str]:
        """Id -> released source of every cell that learners fill in."""
        return {step.id: step.source for step in self.steps if step.kind in (ANSWER, MANUAL)}

    @property
    def points(self) -> dict[str, float]:
        """Id of the graded cell -> points."""
        return {step.id: step.points for step in self.steps if step.kind in (TEST, MANUAL)}

    @property
    def fingerprint(self) -> str:
        """Changes when a step changes."""
        return hashlib.sha256(repr(self.steps).encode()).hexdigest()[:16]


def read_released(path: Path) -> Released:
    """The released edition in ``path``, which is the course's own and therefore trusted."""
    notebook = nbformat.read(path, as_version=4)
    steps = []
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        points, tags = float(grading.get("points", 0)), cell.metadata.get("tags", [])
        if grading.get("task") or (grading.get("solution") and grading.get("grade")):
            steps.append(Step(MANUAL, grading.grade_id, cell.source, points))
        elif grading.get("solution"):
            steps.append(Step(ANSWER, grading.grade_id, cell.source, keras="keras" in tags))
        elif grading.get("grade"):
            with_keras = {step.id for step in steps if step.keras}
            test = Step(TEST, grading.grade_id, cell.source, points)
            steps.append(replace(test, keras=test.exercise in with_keras))
        elif "setup" in tags:
            steps.append(Step(SETUP, cell.id, cell.source, keras="keras" in tags))
    return Released(path.stem, tuple(steps))


def read_answers(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Id -> source of the answer cells of a notebook of our own making."""
    cells = ((cell, cell.metadata.get("nbgrader", {})) for cell in notebook.cells)
    return {grading.grade_id: cell.source for cell, grading in cells if grading.get("solution")}
