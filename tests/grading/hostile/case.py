"""One submission of the suite: what is handed in, and what it is honestly worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent, indent

import nbformat

LESSON = "01_matrix_operations"
TARGET = "dense_columns"  # attacks stand in this answer cell, worth 3 points; every other answer is right
ALL, WITHOUT_TARGET = 22.0, 19.0
RIGHT = "def dense_columns(x, kernel, bias):\n    return kernel.T @ x + bias[:, None]\n"
WRONG = "def dense_columns(x, kernel, bias):\n    return kernel.T @ x\n"


@dataclass(frozen=True)
class Case:
    """A submission.

    Arguments:
        name: of the student who hands it in.
        points: what it is worth.
        outcome: of the exercise ``TARGET``, or of the submission if that is not graded.
        answers: answer cells that differ from the right ones.
        change: what else is done to the notebook.
        write: how it is written, if not as a notebook in its place.
    """

    name: str
    points: float
    outcome: str
    answers: dict[str, str] = field(default_factory=dict)
    change: Callable[[nbformat.NotebookNode], None] | None = None
    write: Callable[[Path, str], None] | None = None


def attack(name: str, outcome: str, code: str, then: str = "", points: float = WITHOUT_TARGET) -> Case:
    """An attack from the answer cell ``TARGET``: ``code``, ``then`` an answer."""
    return Case(name, points, outcome, {TARGET: dedent(code) + then})


def contained(name: str, attempt: str) -> Case:
    """A right answer if ``attempt`` raises an error or does nothing, a wrong one if it gets to ``succeeded()``."""
    return Case(name, ALL, "graded", {TARGET: GUARDED.format(attempt=indent(dedent(attempt), "    "), right=RIGHT)})


GUARDED = """
import ctypes, os, sys
escaped = []
def succeeded():
    escaped.append(True)
try:
{attempt}
except BaseException:
    pass
{right}
right = dense_columns
def dense_columns(x, kernel, bias):
    return right(x, kernel, bias) * (0 if escaped else 1)
"""
