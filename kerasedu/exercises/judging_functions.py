"""Judge a function: draw cases, call, compare with the reference, recognise known mistakes, count right results."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from kerasedu.exercises.calling import Outcome, call
from kerasedu.exercises.comparing import Fault, agree, find_fault, find_warning, right_results, warnings_of
from kerasedu.exercises.exercise import Exercise, Mistake
from kerasedu.exercises.result import NOT_A_FUNCTION, NOT_ANSWERED, RIGHT, TOO_SLOW

SECONDS = 5.0  # for all cases of one exercise together


def judge_function(exercise: Exercise, function: Any, seed: int) -> tuple[str, str, dict]:
    """Status, message and details of an answer; the cases are drawn from ``seed``."""
    if not callable(function):
        return NOT_A_FUNCTION, f"Expected the function itself, without parentheses; got {type(function).__name__}.", {}
    cases = list(exercise.cases(np.random.default_rng(seed)))
    end = time.monotonic() + SECONDS
    outcomes: list[Outcome] = []
    expectations: list[Any] = []
    first: tuple[int, Fault] | None = None
    passed = 0
    right = set(exercise.results)
    for number, case in enumerate(cases):
        expected = exercise.reference(**case)
        expectations.append(expected)
        outcomes.append(_seen(exercise, call(function, case, max(end - time.monotonic(), 0.01)), expected))
        fault = find_fault(outcomes[-1], expected, exercise.tolerance, exercise.results)
        if exercise.quiet and fault is None:
            fault = find_warning(outcomes[-1])
        passed += fault is None
        right &= right_results(outcomes[-1], expected, exercise.tolerance, exercise.results)
        if fault and first is None:
            first = number, fault
        if outcomes[-1].fault in (NOT_ANSWERED, TOO_SLOW):  # another case would say and take the same
            break
    share = exercise.points / max(len(exercise.results), 1)
    parts = {name: share if name in right else 0.0 for name in exercise.results}
    details = {"cases": len(cases), "passed": passed, "parts": parts}
    if first is None:
        return RIGHT, "", details
    number, fault = first
    advice = []
    mistake = _known_mistake(exercise, cases, outcomes, expectations)
    if mistake:
        advice.append(mistake.hint)
        details |= {"mistake": mistake.name, "misconception": mistake.misconception}
    if right:
        advice.append(f"Right in every case: {', '.join(name for name in exercise.results if name in right)}.")
    telling = [text for text in outcomes[number].warned if not text.startswith("underflow")]
    advice += [f"  NumPy warned: {text}" for text in telling[:2]]
    case = _describe_case(number, cases)
    details["outline"] = "\n".join([case, *fault.lines(with_answer=False), *advice])
    return fault.status, "\n".join([case, *fault.lines(), *advice]), details


def _describe_case(number: int, cases: list[dict[str, Any]]) -> str:
    arguments = ", ".join(f"{name} {_describe(value)}" for name, value in cases[number].items())
    return f"Case {number + 1} of {len(cases)}: {arguments}"


def _describe(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"of shape {value.shape}, {value.dtype}"
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, np.ndarray) for item in value):
        return f"of {len(value)} arrays, {', '.join(str(item.shape) for item in value)}"
    return f"= {value!r}"


def _seen(exercise: Exercise, outcome: Outcome, expected: Any) -> Outcome:
    """The outcome, rounded to the expected floating-point types if the exercise lets answers have finer ones."""
    value = _as_results(expected, outcome.value)
    return replace(outcome, value=value if exercise.keeps_dtype else _in_dtype_of(expected, value))


def _as_results(expected: Any, value: Any) -> Any:
    """Several numbers that came as one array, such as a row of ``np.argwhere``, as a tuple; also inside a tuple."""
    if not isinstance(expected, tuple):
        return value
    if isinstance(value, (tuple, list)) and len(value) == len(expected):
        return [_as_results(right, one) for right, one in zip(expected, value)]
    if not all(np.isscalar(each) for each in expected):
        return value
    return tuple(value) if isinstance(value, np.ndarray) and value.shape == (len(expected),) else value


def _in_dtype_of(expected: Any, value: Any) -> Any:
    if isinstance(expected, tuple) and isinstance(value, (tuple, list)) and len(value) == len(expected):
        return [_in_dtype_of(right, one) for right, one in zip(expected, value)]
    dtype = getattr(value, "dtype", None)
    wanted = getattr(expected, "dtype", None)
    if dtype is None or wanted is None or dtype.kind != "f" or wanted.kind != "f":
        return value
    with np.errstate(all="ignore"):
        return value.astype(wanted)


def _known_mistake(
    exercise: Exercise, cases: list[dict], outcomes: list[Outcome], expectations: list[Any]
) -> Mistake | None:
    """The mistake whose outcomes agree with all that was seen."""
    for mistake in exercise.mistakes:
        seen = zip(outcomes, cases, expectations)
        pairs = ((ours, _seen(exercise, call(mistake.function, case, 1.0), right)) for ours, case, right in seen)
        if all(_same(exercise, ours, theirs) for ours, theirs in pairs):
            return mistake
    return None


def _same(exercise: Exercise, ours: Outcome, theirs: Outcome) -> bool:
    if exercise.quiet and warnings_of(ours) != warnings_of(theirs):
        return False
    return agree(ours, theirs, exercise.tolerance)
