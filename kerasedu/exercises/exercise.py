"""What an exercise is: declared once, used by the learner, by nbgrader and by the tests."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that learners really give, and a hint that teaches without giving the right one away.

    Arguments:
        function: the wrong implementation; its name is the mistake's name.
        hint: one or two sentences.
        misconception: its number in the course's list of misconceptions, if it has one.
    """

    function: Callable
    hint: str
    misconception: int | None = None

    @property
    def name(self) -> str:
        return self.function.__name__


@dataclass(frozen=True)
class Exercise:
    """A function to write.

    Arguments:
        id: unique; the ``grade_id`` of the answer cell.
        lesson: two digits.
        points: for a right answer.
        reference: the right answer; its parameters are the exercise's signature.
        cases: draws the inputs from a generator: dictionaries of arguments, edge cases among them.
        mistakes: known wrong answers.
        alternatives: right answers written another way.
        hints: three, from "where to look" to one worked line.
        tolerance: how far numbers may be off, in units of machine epsilon times the largest expected number.
        results: names of what the reference returns, if it is a tuple; each that is right in every case earns an
            equal share of the points.
        quiet: whether a right answer must also leave NumPy nothing to warn of, but underflow: for exercises on
            overflow, where an infinity on the way may cancel in the end.
        keeps_dtype: whether an answer must have the reference's floating-point type; if not, a finer one will do.
    """

    id: str
    lesson: str
    points: float
    reference: Callable
    cases: Callable[[np.random.Generator], Iterator[dict[str, Any]]]
    mistakes: tuple[Mistake, ...]
    alternatives: tuple[Callable, ...]
    hints: tuple[str, str, str]
    tolerance: float = 64.0
    results: tuple[str, ...] = ()
    quiet: bool = False
    keeps_dtype: bool = True


@dataclass(frozen=True)
class Question:
    """A prediction: a number, a shape or a choice.

    Arguments:
        id, lesson, points, hints: as in ``Exercise``.
        right: computes the answer.
        wrong: known wrong answers, each with its hint.
    """

    id: str
    lesson: str
    points: float
    right: Callable[[], Any]
    wrong: Mapping[Any, str]
    hints: tuple[str, str, str]


@dataclass(frozen=True)
class Quiz:
    """Several questions answered in one cell, each worth its own points.

    Arguments:
        id, lesson, hints: as in ``Exercise``.
        questions: in the order of the answers.
    """

    id: str
    lesson: str
    questions: tuple[Question, ...]
    hints: tuple[str, str, str]

    @property
    def points(self) -> float:
        return sum(question.points for question in self.questions)


@dataclass(frozen=True)
class Ordering:
    """Lines to put in order, named by letters; some letters are distractors.

    Arguments:
        id, lesson, points, hints: as in ``Exercise``.
        right: the orders that are right, as strings of letters.
        distractors: for each line that does not belong, why not.
    """

    id: str
    lesson: str
    points: float
    right: tuple[str, ...]
    distractors: Mapping[str, str] = field(default_factory=dict)
    hints: tuple[str, str, str] = ("", "", "")


Item = Exercise | Question | Quiz | Ordering


@cache
def _all_items() -> dict[str, Item]:
    package = importlib.import_module("kerasedu.exercises")
    items: dict[str, Item] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.name.startswith("lesson_")):
        for item in importlib.import_module(f"kerasedu.exercises.{module}").ITEMS:
            if item.id in items:
                raise ValueError(f"two exercises are called {item.id!r}")
            items[item.id] = item
    return items


def catalogue(lesson: str | None = None) -> dict[str, Item]:
    """Id -> exercise, of one lesson (two digits) or of all."""
    return {key: item for key, item in _all_items().items() if lesson in (None, item.lesson)}


def find(identifier: str, kind: type) -> Item:
    """The exercise of that id and kind.

    Raises:
        ValueError: there is none, with the nearest id that exists.
    """
    item = _all_items().get(identifier)
    if isinstance(item, kind):
        return item
    import difflib

    near = difflib.get_close_matches(str(identifier), _all_items(), n=1)
    raise ValueError(f"there is no exercise {identifier!r} here." + (f" Did you mean {near[0]!r}?" if near else ""))
