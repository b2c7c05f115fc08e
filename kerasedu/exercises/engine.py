"""Judge an answer: draw cases, call, compare with the reference, recognise known mistakes."""

from __future__ import annotations

import os
import secrets
import time
from typing import Any

import numpy as np

from kerasedu.exercises.calling import Outcome, call
from kerasedu.exercises.comparing import Fault, agree, find_fault
from kerasedu.exercises.exercise import Exercise, Item, Mistake, Ordering, Question
from kerasedu.exercises.result import NOT_A_FUNCTION, NOT_ANSWERED, RIGHT, TOO_SLOW, WRONG_ORDER, WRONG_VALUES, Result

SECONDS = 5.0  # for all cases of one exercise together


def evaluate(item: Item, given: Any, seed: int | None = None) -> Result:
    """The verdict on ``given``.

    Arguments:
        item: an entry of ``catalogue()``.
        given: the learner's function, prediction or order.
        seed: what the cases are drawn from; by default the environment's KERASEDU_SEED, else a new one each time.
    """
    if seed is None:
        seed = int(os.environ.get("KERASEDU_SEED") or secrets.randbelow(2**31))
    judge = {Exercise: _judge_function, Question: _judge_prediction, Ordering: _judge_order}[type(item)]
    status, message, details = judge(item, given, seed)
    points = item.points if status == RIGHT else 0.0
    return Result(item.id, item.lesson, status, points, item.points, message, seed, **details)


def _judge_function(exercise: Exercise, function: Any, seed: int) -> tuple[str, str, dict]:
    if not callable(function):
        return NOT_A_FUNCTION, f"Expected the function itself, without parentheses; got {type(function).__name__}.", {}
    cases = list(exercise.cases(np.random.default_rng(seed)))
    end = time.monotonic() + SECONDS
    outcomes: list[Outcome] = []
    first: tuple[int, Fault] | None = None
    passed = 0
    for number, case in enumerate(cases):
        outcomes.append(call(function, case, max(end - time.monotonic(), 0.01)))
        fault = find_fault(outcomes[-1], exercise.reference(**case), exercise.tolerance)
        passed += fault is None
        if fault and first is None:
            first = number, fault
        if outcomes[-1].fault in (NOT_ANSWERED, TOO_SLOW):  # another case would say and take the same
            break
    details = {"cases": len(cases), "passed": passed}
    if first is None:
        return RIGHT, "", details
    number, fault = first
    lines = [
        _describe_case(number, cases),
        *(f"  {label}: {text}" if label else f"  {text}" for label, text in fault.rows),
    ]
    mistake = _known_mistake(exercise, cases, outcomes)
    if mistake:
        lines.append(mistake.hint)
        details |= {"mistake": mistake.name, "misconception": mistake.misconception}
    lines += [f"  NumPy warned: {text}" for text in outcomes[number].warned[:2]]
    return fault.status, "\n".join(lines), details


def _describe_case(number: int, cases: list[dict[str, Any]]) -> str:
    arguments = ", ".join(f"{name} {_describe(value)}" for name, value in cases[number].items())
    return f"Case {number + 1} of {len(cases)}: {arguments}"


def _describe(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"of shape {value.shape}, {value.dtype}"
    return f"= {value!r}"


def _known_mistake(exercise: Exercise, cases: list[dict], outcomes: list[Outcome]) -> Mistake | None:
    """The mistake whose outcomes agree with all that was seen."""
    for mistake in exercise.mistakes:
        theirs = (call(mistake.function, case, 1.0) for case in cases)
        if all(agree(ours, other, exercise.tolerance) for ours, other in zip(outcomes, theirs)):
            return mistake
    return None


def _judge_prediction(question: Question, given: Any, seed: int) -> tuple[str, str, dict]:
    if given is None or given is Ellipsis:
        return NOT_ANSWERED, "Put your prediction in place of None, run that cell, then this one.", {}
    given, right = _plain(given), _plain(question.right())
    if type(given) is type(right) and given == right:
        return RIGHT, "", {}
    if isinstance(right, float) and isinstance(given, (int, float)) and np.isclose(given, right, rtol=1e-3, atol=0):
        return RIGHT, "", {}
    if not isinstance(given, type(right)) and not isinstance(right, float):
        kind = {
            tuple: "a shape such as (2, 3)",
            int: "a whole number",
            str: "one of the letters in quotes",
            bool: "True or False",
        }
        return WRONG_VALUES, f"The answer is {kind[type(right)]}; got {given!r}.", {}
    return (
        WRONG_VALUES,
        question.wrong.get(given, "Not that. Work through a smaller example on paper, then try again."),
        {},
    )


def _plain(value: Any) -> Any:
    """Lists as tuples, NumPy's numbers as Python's, letters without regard to case and space."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, np.generic):
        return value.item()
    return value.strip().upper() if isinstance(value, str) else value


def _judge_order(ordering: Ordering, given: Any, seed: int) -> tuple[str, str, dict]:
    if not isinstance(given, (str, list, tuple)) or not given:
        return NOT_ANSWERED, 'Give the letters in order, as in "B A C".', {}
    letters = "".join(letter for letter in "".join(given).upper() if letter.isalnum())
    if letters in ordering.right:
        return RIGHT, "", {}
    for letter in letters:
        if letter in ordering.distractors:
            return WRONG_ORDER, f"Line {letter} does not belong. {ordering.distractors[letter]}", {}
    right = max(ordering.right, key=lambda right: _agreeing(letters, right))
    first = _agreeing(letters, right)
    return WRONG_ORDER, f"The first {first} lines are right; what must be there before the next one can run?", {}


def _agreeing(given: str, right: str) -> int:
    """How many letters agree from the beginning."""
    equal = [a == b for a, b in zip(given, right)]
    return equal.index(False) if False in equal else len(equal)
