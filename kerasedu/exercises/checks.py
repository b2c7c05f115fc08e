"""What a lesson calls: prints a verdict on stdout and returns the points, a bare number that nbgrader reads."""

from __future__ import annotations

from typing import Any

from kerasedu.exercises.engine import evaluate
from kerasedu.exercises.exercise import Exercise, Item, Ordering, Question, Quiz, find


def check(identifier: str, function: Any, seed: int | None = None) -> float:
    """Check a function that answers an exercise; the points it earns.

    Arguments:
        identifier: the exercise's id.
        function: the learner's function.
        seed: draw the same cases again; by default new ones each time.
    """
    return _report(find(identifier, Exercise), function, seed)


def answer(identifier: str, prediction: Any) -> float:
    """Check a prediction: a number, a shape such as ``(2, 3)``, or a choice such as ``"B"``; the points it earns."""
    return _report(find(identifier, Question), prediction, None)


def quiz(identifier: str, *predictions: Any) -> float:
    """Check several predictions, in the order of the questions; the points they earn."""
    return _report(find(identifier, Quiz), predictions, None)


def order(identifier: str, letters: str) -> float:
    """Check lines put in order, given by their letters: ``"B A C"``; the points it earns."""
    return _report(find(identifier, Ordering), letters, None)


def hint(identifier: str, level: int = 1) -> None:
    """Print a hint: level 1 says where to look, 2 the principle, 3 one worked line."""
    item = find(identifier, Item)
    if level not in (1, 2, 3):
        raise ValueError(f"hints have levels 1, 2 and 3, got {level!r}")
    print(f"{identifier}, hint {level} of 3: {item.hints[level - 1]}")


def _report(item: Item, given: Any, seed: int | None) -> float:
    result = evaluate(item, given, seed)
    print(result)
    return result.points
