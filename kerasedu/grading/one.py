"""Grade one submission: what Dask's workers, or this process, are given to do."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cache

from kerasedu.grading import outcomes
from kerasedu.grading.records import Record
from kerasedu.grading.released import Released
from kerasedu.grading.sandbox.bubblewrap import Bubblewrap
from kerasedu.grading.sandbox.limits import Limits
from kerasedu.grading.sandbox.probe import probe
from kerasedu.grading.sandbox.session import Launcher
from kerasedu.grading.sandbox.unconfined import Unconfined
from kerasedu.grading.scoring import score

SANDBOXES = {"bwrap": Bubblewrap, "none": Unconfined}


@dataclass(frozen=True)
class Task:
    """A submission to grade: ``record`` is its record so far."""

    record: Record
    released: Released
    answers: dict[str, str]
    limits: Limits


@cache
def launcher(sandbox: str, limits: Limits) -> Launcher:
    """Starts sandboxes that were tried out once in this process.

    Raises:
        SandboxUnavailable: the sandbox cannot be had here, or does not hold.
    """
    made = SANDBOXES[sandbox](limits)
    if sandbox != "none":
        probe(made)
    return made


def grade(task: Task) -> Record:
    """The record with scores. It depends on the task alone, so grading again is harmless."""
    made = launcher(task.record.sandbox, task.limits)
    start = time.monotonic()
    try:
        scores = score(task.released, task.answers, made, task.record.seed)
    except Exception as error:  # whatever happens to one submission, the others are graded
        message = f"Grading itself failed ({type(error).__name__}: {str(error)[:300]}). Nothing was decided."
        return replace(task.record, outcome=outcomes.NEEDS_A_PERSON, message=message)
    seconds = round(time.monotonic() - start, 3)
    return replace(task.record, outcome=outcomes.GRADED, scores=tuple(scores), seconds=seconds)
