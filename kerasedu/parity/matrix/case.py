"""One comparison of the matrix: a subject, its inputs, and a text that says which they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kerasedu.parity.check import check, title
from kerasedu.parity.report import Report
from kerasedu.parity.structure import flatten


@dataclass
class Case:
    """What to hand to a comparison.

    Attributes:
        family: ``"layers"``, ``"ops"``, ….
        names: the public names that this case compares, the subject's first.
        subject, x, y, options: the arguments of ``parity.check``.
        dtype: ``"float32"`` or ``"float64"``.
        label: the configuration in words; made from the arguments if empty.
        compare: ``parity.check``, or another function with its arguments.
    """

    family: str
    names: tuple[str, ...]
    subject: Any
    x: Any
    dtype: str
    y: Any = None
    options: dict[str, Any] = field(default_factory=dict)
    label: str = ""
    compare: Callable[..., Report] = check

    def __post_init__(self):
        if not self.label:
            options = (f"{key}={_short(value)}" for key, value in self.options.items())
            self.label = ", ".join([title(self.subject), f"x {shapes(self.x)}", *options])
        self.label += f", {self.dtype}"

    def run(self) -> Report:
        """Compare; a report without rows, and with the reason as its title, if that was impossible."""
        arguments = [self.subject, self.x] if self.y is None else [self.subject, self.x, self.y]
        return self.compare(*arguments, name=self.label, **self.options)


class Draw:
    """Numbers to compare with, the same on every run."""

    def __init__(self, dtype: str, seed: int = 0):
        self.dtype = dtype
        self.rng = np.random.default_rng(seed)

    def normal(self, *shape: int) -> np.ndarray:
        return self.rng.standard_normal(shape).astype(self.dtype)

    def positive(self, *shape: int) -> np.ndarray:
        return self.rng.uniform(0.1, 2.0, shape).astype(self.dtype)

    def fractions(self, *shape: int) -> np.ndarray:
        """Between 0.02 and 0.98, away from the limits at which losses clip."""
        return self.rng.uniform(0.02, 0.98, shape).astype(self.dtype)

    def probabilities(self, *shape: int) -> np.ndarray:
        """Positive, with sum 1 along the last axis."""
        e = np.exp(self.rng.standard_normal(shape))
        return (e / e.sum(axis=-1, keepdims=True)).astype(self.dtype)

    def integers(self, high: int, *shape: int) -> np.ndarray:
        return self.rng.integers(0, high, shape)

    def bits(self, *shape: int) -> np.ndarray:
        return self.rng.integers(0, 2, shape).astype(self.dtype)

    def one_hot(self, classes: int, *shape: int) -> np.ndarray:
        return np.eye(classes, dtype=self.dtype)[self.integers(classes, *shape)]


def shapes(x: Any) -> str:
    """The shapes of all arrays in x: ``"(5, 4)"`` or ``"(5, 4) (5, 2)"``."""
    arrays = [item for item in (flatten(list(x)) if isinstance(x, tuple) else flatten(x)) if not isinstance(item, str)]
    return " ".join(str(np.shape(array)) for array in arrays)


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"array {value.shape}"
    if isinstance(value, (list, tuple)) and any(isinstance(item, np.ndarray) for item in value):
        return f"arrays {shapes(list(value))}"
    return repr(value)
