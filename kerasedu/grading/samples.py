"""Submissions made from the catalogue, with marks known beforehand: to rehearse grading, to test it, to time it.

Each exercise is answered with its reference, with an alternative, or with a known mistake.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from kerasedu.exercises import evaluate
from kerasedu.exercises.exercise import Exercise, Item, Ordering, Question, Quiz, catalogue
from kerasedu.grading.released import TEST, Released, read_released

RIGHT_ANSWERS = 0.6  # the share of them


@dataclass(frozen=True)
class Sample:
    """A submission: its answers by id, and the points that each exercise is worth."""

    student: str
    answers: dict[str, str]
    points: dict[str, float]


def make_samples(released: Released, count: int, seed: int) -> Iterator[Sample]:
    """``count`` submissions; their points are those for cases drawn from ``seed``."""
    rng = np.random.default_rng(seed)
    choices = {
        step.exercise: _choices(step.exercise, step.source, seed) for step in released.steps if step.kind == TEST
    }
    for number in range(count):
        chosen = {}
        for exercise, (right, wrong) in choices.items():
            pool = right if not wrong or rng.random() < RIGHT_ANSWERS else wrong
            chosen[exercise] = pool[rng.integers(len(pool))]
        yield Sample(
            f"student{number:04}",
            {exercise: source for exercise, (source, _) in chosen.items()},
            {exercise: points for exercise, (_, points) in chosen.items()},
        )


def write_samples(course: Path, submitted: Path, lesson: str, count: int, seed: int) -> list[Sample]:
    """Write submissions of a lesson into nbgrader's folders below ``submitted``."""
    path = course / lesson / f"{lesson}.ipynb"
    released, notebook = read_released(path), nbformat.read(path, as_version=4)
    samples = list(make_samples(released, count, seed))
    for sample in samples:
        for cell in notebook.cells:
            identifier = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = sample.answers.get(identifier, cell.source)
        target = submitted / sample.student / lesson / f"{lesson}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(notebook))
    return samples


def _choices(exercise: str, test: str, seed: int) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Right and wrong answers, each as source and points."""
    item = catalogue()[exercise]
    names = _names_in(test)
    if isinstance(item, Exercise):
        right = [item.reference, *item.alternatives]
        wrong = [mistake.function for mistake in item.mistakes]
        written = [[(_source(f, names[0]), evaluate(item, f, seed).points) for f in group] for group in (right, wrong)]
        return written[0], written[1]
    right_values, wrong_values = _values(item)
    sources = [
        [
            ("\n".join(f"{name} = {value!r}" for name, value in zip(names, values)), _worth(item, values))
            for values in group
        ]
        for group in (right_values, wrong_values)
    ]
    return sources[0], sources[1]


def _values(item: Item) -> tuple[list[tuple], list[tuple]]:
    """Right and wrong predictions or orders, each as a tuple with a value for each name."""
    if isinstance(item, Quiz):
        right = tuple(question.right() for question in item.questions)
        first = item.questions[0]
        return [right], [(wrong, *right[1:]) for wrong in first.wrong]
    if isinstance(item, Ordering):
        return [(order,) for order in item.right], [(order[::-1],) for order in item.right]
    return [(item.right(),)], [(wrong,) for wrong in item.wrong]


def _worth(item: Question | Quiz | Ordering, values: tuple) -> float:
    return evaluate(item, values if isinstance(item, Quiz) else values[0], 0).points


def _names_in(test: str) -> list[str]:
    """The learner's names in a test cell: ``check("id", name)``."""
    call = ast.parse(test).body[-1].value
    return [argument.id for argument in call.args if isinstance(argument, ast.Name)]


def _source(function: Callable, name: str) -> str:
    """The module of a function without what is the catalogue's own, and in the end ``name`` for the function.

    The module stands inside a function: a mistake that calls the reference by its name must not find itself there.
    """
    module = ast.parse(inspect.getsource(inspect.getmodule(function)))
    ours = {alias.asname or alias.name for node in module.body if _is_ours(node) for alias in node.names}
    kept = [node for node in module.body if not _is_ours(node) and not _mentions(node, ours)]
    body = textwrap.indent(ast.unparse(ast.Module(kept, [])), "    ")
    return f"def module():\n{body}\n    return {function.__name__}\n\n\n{name} = module()\n"


def _is_ours(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and str(node.module).startswith("kerasedu")


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))


def scores_of(record: Any) -> dict[str, float]:
    """The points of a graded record by exercise, without the questions that a person grades."""
    return {score.exercise: score.points for score in record.scores if score.exercise in catalogue()}
