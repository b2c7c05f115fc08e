"""What an attempt earned, and why: for the learner as text, for programs as a dictionary."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

RIGHT = "right"
NOT_ANSWERED = "not answered"
NOT_A_FUNCTION = "not a function"
RAISED = "raised an error"
TOO_SLOW = "too slow"
WRONG_TYPE = "wrong type"
WRONG_SHAPE = "wrong shape"
TRANSPOSED = "transposed"
NOT_FINITE = "not finite"
WRONG_VALUES = "wrong values"
WRONG_DTYPE = "wrong dtype"
CHANGED_INPUT = "changed its input"
WRONG_ORDER = "wrong order"
WARNED = "made NumPy warn"


@dataclass(frozen=True)
class Result:
    """The verdict on one answer to one exercise.

    Arguments:
        exercise, lesson: which one.
        status: one of the constants of this module; ``"right"`` only if everything is.
        points, out_of: earned and possible.
        message: the explanation, lines of text; empty when there is nothing to explain.
        outline: the message without the right numbers, for graded work; empty where the message holds none.
        seed: what the cases were drawn from; the same seed draws the same cases.
        parts: points earned by each part of the exercise.
        mistake: name of the known mistake that the answers agree with, if any.
        misconception: its number in the course's list of misconceptions, if it has one.
        cases, passed: how many cases were drawn, and how many of them the answer passed.
    """

    exercise: str
    lesson: str
    status: str
    points: float
    out_of: float
    message: str = ""
    outline: str = ""
    seed: int = 0
    parts: dict[str, float] = field(default_factory=dict)
    mistake: str | None = None
    misconception: int | None = None
    cases: int = 0
    passed: int = 0

    @property
    def right(self) -> bool:
        return self.status == RIGHT

    def to_dict(self) -> dict[str, Any]:
        """The result as plain Python data, ready for JSON."""
        return {**asdict(self), "right": self.right}

    def __str__(self) -> str:
        verdict = "right" if self.right else f"not yet ({self.status})"
        heading = f"{self.exercise}: {verdict}, {self.points:g} of {self.out_of:g} points"
        return f"{heading}\n{self.message}" if self.message else heading
