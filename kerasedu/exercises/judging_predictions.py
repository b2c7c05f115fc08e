"""Judge predictions and orders of lines: is it right, and if not, is it a known wrong answer?"""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu.exercises.exercise import Ordering, Question, Quiz
from kerasedu.exercises.result import NOT_ANSWERED, RIGHT, WRONG_ORDER, WRONG_TYPE, WRONG_VALUES

KINDS = {
    tuple: "a shape such as (2, 3)",
    int: "a whole number",
    float: "a number",
    str: "one of the letters in quotes",
    bool: "True or False",
}


def judge_prediction(question: Question, given: Any, seed: int) -> tuple[str, str, dict]:
    """Status, message and details of a prediction; nothing is drawn."""
    if given is None or given is Ellipsis:
        return NOT_ANSWERED, "Put your prediction in place of None, run that cell, then this one.", {}
    expected = question.right()
    given, right = _plain(given), _plain(expected)
    number = type(given) in (int, float)
    if type(given) is type(right) and given == right:
        return RIGHT, "", {}
    if number and isinstance(expected, float) and np.isclose(given, right, rtol=1e-3, atol=0):
        return RIGHT, "", {}
    if not number and not isinstance(given, type(right)):
        return WRONG_VALUES, f"The answer is {KINDS[type(expected)]}; got {given!r}.", {}
    known = [wrong for wrong in question.wrong if _equal(_plain(wrong), given)]
    if number:
        known.sort(key=lambda wrong: abs(wrong - given))  # two known answers may be nearly equal
    return WRONG_VALUES, question.wrong[known[0]] if known else _advice(given, expected), {}


def judge_quiz(quiz: Quiz, given: Any, seed: int) -> tuple[str, str, dict]:
    """Status, message and details of several predictions, given as a tuple."""
    if not isinstance(given, tuple) or len(given) != len(quiz.questions):
        return WRONG_TYPE, f"Give {len(quiz.questions)} answers, in the order of the questions.", {}
    verdicts = [judge_prediction(question, one, seed) for question, one in zip(quiz.questions, given)]
    parts = {
        question.id: question.points if status == RIGHT else 0.0
        for question, (status, _, _) in zip(quiz.questions, verdicts)
    }
    lines = [f"{place}. {message or 'right'}" for place, (_, message, _) in enumerate(verdicts, 1)]
    worst = next((status for status, _, _ in verdicts if status != RIGHT), RIGHT)
    return worst, "\n".join(lines), {"parts": parts}


def judge_order(ordering: Ordering, given: Any, seed: int) -> tuple[str, str, dict]:
    """Status, message and details of lines put in order; nothing is drawn."""
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
    if first == 0:
        return WRONG_ORDER, "The first line is another one: what must be there before anything else can run?", {}
    if first == len(letters):
        return WRONG_ORDER, "Right so far; lines are missing.", {}
    if first == len(right):
        return WRONG_ORDER, f"Right up to line {right[-1]}; nothing comes after it.", {}
    begin = "The first line is right" if first == 1 else f"The first {first} lines are right"
    return WRONG_ORDER, f"{begin}; what must be there before the next one can run?", {}


def _agreeing(given: str, right: str) -> int:
    """How many letters agree from the beginning."""
    equal = [a == b for a, b in zip(given, right)]
    return equal.index(False) if False in equal else len(equal)


def _equal(wrong: Any, given: Any) -> bool:
    """Whether a known wrong answer was given, perhaps rounded."""
    if type(wrong) in (int, float) and type(given) is float:
        return bool(np.isclose(given, wrong, rtol=1e-3, atol=0))
    return wrong == given


def _advice(given: Any, expected: Any) -> str:
    """What to say of a wrong answer that nobody foresaw."""
    if isinstance(expected, str) and len(given) != 1:
        return f"The answer is {KINDS[str]}."
    if isinstance(expected, float) and np.isclose(given, expected, rtol=0.03, atol=0):
        return "Near, but not near enough: let Python compute it, or give four digits."
    return "Not that. Work through a smaller example on paper, then try again."


def _plain(value: Any) -> Any:
    """Lists as tuples, NumPy's numbers as Python's, letters without regard to case and space, 3.0 as 3."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.strip().upper() if isinstance(value, str) else value
