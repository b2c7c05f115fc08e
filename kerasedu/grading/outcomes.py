"""What can become of an exercise, or of a whole submission. Each has a name, kept beside the points."""

from __future__ import annotations

from kerasedu.exercises import result

GRADED = "graded"
WRONG = "wrong"
CRASHED = "crashed"
TIMED_OUT = "timed out"
UNREADABLE = "unreadable"
MISSING = "missing"
NEEDS_A_PERSON = "needs a person"

ALL = (GRADED, WRONG, CRASHED, TIMED_OUT, UNREADABLE, MISSING, NEEDS_A_PERSON)

MEANING = {
    GRADED: "right; or, of a submission, graded to its end",
    WRONG: "an answer that is not right, or not in every part",
    CRASHED: "the answer raised an error, or ended the process it ran in",
    TIMED_OUT: "the answer took longer than the time limit",
    UNREADABLE: "not Python, or not a notebook",
    MISSING: "no answer was given",
    NEEDS_A_PERSON: "a person grades this",
}

_OF_STATUS = {
    result.RIGHT: GRADED,
    result.NOT_ANSWERED: MISSING,
    result.RAISED: CRASHED,
    result.TOO_SLOW: TIMED_OUT,
}


def outcome_of(status: str) -> str:
    """The outcome that belongs to the status of a check."""
    return _OF_STATUS.get(status, WRONG)
