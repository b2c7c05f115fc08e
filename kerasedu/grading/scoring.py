"""Score one submission: learner's cells run in a sandbox, the released test cells run here, on stand-ins.

A test cell such as ``check("softmax", softmax)`` finds under the learner's name a ``Stub``, or a plain value. What is
right, the cases and their seed never leave this process.
"""

from __future__ import annotations

import builtins
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kerasedu.exercises import evaluate
from kerasedu.exercises.exercise import Exercise, Item, Ordering, Question, Quiz, find
from kerasedu.exercises.result import NOT_ANSWERED, Result
from kerasedu.grading import outcomes
from kerasedu.grading.released import ANSWER, MANUAL, SETUP, Released, Step
from kerasedu.grading.running import Runner, explain
from kerasedu.grading.sandbox.session import Launcher, Lost

LONGEST_MESSAGE = 4_000


@dataclass(frozen=True)
class Score:
    """What one graded cell earned.

    Arguments:
        cell: its ``grade_id``.
        exercise: the exercise that it tests; for a question that a person grades, the same as ``cell``.
        outcome: one of ``outcomes.ALL``.
        status: what the check said, in more detail: "wrong shape".
        points, out_of: earned and possible; None if a person decides.
        message: why, for the learner.
        printed: what the learner's own code printed.
        mistake, misconception: the known mistake that was recognised.
        cases, passed: how many cases were drawn and passed.
        seconds: how long it took.
    """

    cell: str
    exercise: str
    outcome: str
    points: float | None
    out_of: float
    status: str = ""
    message: str = ""
    printed: str = ""
    mistake: str | None = None
    misconception: int | None = None
    cases: int = 0
    passed: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        if self.points is None:
            heading = f"{self.exercise}: {self.outcome}, {self.out_of:g} points"
        else:
            word = "right" if self.outcome == outcomes.GRADED else f"not yet ({self.status or self.outcome})"
            heading = f"{self.exercise}: {word}, {self.points:g} of {self.out_of:g} points"
        return f"{heading}\n{self.message}" if self.message else heading


def score(
    released: Released, answers: dict[str, str], launcher: Launcher, seed: int | None, disclose: bool = False
) -> list[Score]:
    """One score for each graded cell, in the lesson's order.

    Arguments:
        released: the lesson as handed out.
        answers: grade id -> source.
        launcher: starts sandboxes.
        seed: what the cases are drawn from; None draws anew.
        disclose: whether messages may show right numbers and the learner's own error texts: for one's own work.
    """
    runners = {False: Runner(answers, launcher, disclose)}
    if any(step.keras for step in released.steps):
        runners[True] = Runner(answers, launcher.with_keras(), disclose)
    try:
        scores = (_score_step(step, released, runners[step.keras], answers, seed) for step in released.steps)
        return [one for one in scores if one is not None]
    finally:
        for runner in runners.values():
            runner.close()


def _score_step(
    step: Step, released: Released, runner: Runner, answers: dict[str, str], seed: int | None
) -> Score | None:
    if step.kind in (SETUP, ANSWER):
        runner.run(step)
        return None
    if step.kind == MANUAL:
        return _manual(step, answers)
    start = time.monotonic()
    one = _test(step, released, runner, answers, seed)
    return replace(one, message=one.message[:LONGEST_MESSAGE], seconds=round(time.monotonic() - start, 3))


def _manual(step: Step, answers: dict[str, str]) -> Score:
    given = answers.get(step.id, "")
    if not given.strip() or given.strip() == step.source.strip():
        return Score(step.id, step.id, outcomes.MISSING, 0.0, step.points, NOT_ANSWERED, "No answer was given.")
    message = "A person reads and grades this answer."
    return Score(step.id, step.id, outcomes.NEEDS_A_PERSON, None, step.points, message=message)


def _test(step: Step, released: Released, runner: Runner, answers: dict[str, str], seed: int | None) -> Score:
    def verdict(outcome: str, message: str, **more: Any) -> Score:
        points = more.pop("points", 0.0)
        return Score(step.id, step.exercise, outcome, points, step.points, message=message, **more)

    trouble = runner.troubles.get(step.exercise)
    if step.exercise not in answers:
        return verdict(outcomes.MISSING, f"The answer cell {step.exercise!r} is not in the notebook.")
    if answers[step.exercise].strip() == released.answers[step.exercise].strip():
        return verdict(outcomes.MISSING, "The answer cell is as it was handed out.", status=NOT_ANSWERED)
    if trouble and trouble[0] == outcomes.UNREADABLE:
        return verdict(*trouble)
    results: list[Result] = []
    try:
        exec(compile(step.source, step.id, "exec"), *_namespaces(runner, results, seed))
    except NameError as error:
        if trouble:
            return verdict(*trouble)
        return verdict(outcomes.MISSING, f"The answer cell defines nothing called {error.name!r}.")
    except Lost as lost:
        return verdict(*(trouble or explain(lost)))
    (result,) = results
    message = result.message if runner.disclose or not result.outline else result.outline
    if trouble and not result.right:
        message = f"{trouble[1]}\n{message}"
    return verdict(
        outcomes.outcome_of(result.status),
        message,
        points=result.points,
        status=result.status,
        printed=runner.printed.get(step.exercise, ""),
        mistake=result.mistake,
        misconception=result.misconception,
        cases=result.cases,
        passed=result.passed,
    )


def _namespaces(runner: Runner, results: list[Result], seed: int | None) -> tuple[dict, dict]:
    """Globals and locals of a test cell: the checks, which note verdicts in ``results``, and the learner's names."""

    def judge(kind: type[Item], pack: bool) -> Callable:
        def check(identifier: str, *given: Any) -> float:
            results.append(evaluate(find(identifier, kind), given if pack else given[0], seed))
            return results[-1].points

        return check

    kinds = {"check": (Exercise, False), "answer": (Question, False), "order": (Ordering, False), "quiz": (Quiz, True)}
    ours = {"np": np, **{name: judge(kind, pack) for name, (kind, pack) in kinds.items()}}
    return ours, _LearnersNames(runner, set(ours) | set(vars(builtins)))


class _LearnersNames(dict):
    """Looks a name up in the sandbox, unless it is one of ``ours``, which no learner's name may hide."""

    def __init__(self, runner: Runner, ours: set[str]):
        super().__init__()
        self.runner, self.ours = runner, ours

    def __missing__(self, name: str) -> Any:
        if name in self.ours:
            raise KeyError(name)
        return self.runner.session().fetch(name)
