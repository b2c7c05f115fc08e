"""Initializers: the same constants, the same distributions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from kerasedu import initializers
from kerasedu.parity.check import title
from kerasedu.parity.matrix.case import Case

CONSTANT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Zeros", {}),
    ("Ones", {}),
    ("Constant", {"value": 0.1}),
    ("Identity", {}),
    ("Identity", {"gain": 0.1}),
)
RANDOM: tuple[tuple[str, dict[str, Any]], ...] = (
    ("RandomNormal", {"mean": 1.0, "stddev": 2.0}),
    ("RandomUniform", {"minval": 1.0, "maxval": 3.0}),
    ("TruncatedNormal", {"mean": 1.0, "stddev": 2.0}),
    *(("VarianceScaling", {"scale": 2.0, "mode": mode}) for mode in ("fan_in", "fan_out", "fan_avg")),
    *(("VarianceScaling", {"distribution": law}) for law in ("uniform", "untruncated_normal", "truncated_normal")),
    *((f"{who}{law}", {}) for who in ("Glorot", "He", "Lecun") for law in ("Uniform", "Normal")),
    ("Orthogonal", {}),
    ("Orthogonal", {"gain": 3.0}),
)


def initializer_cases(dtype: str) -> Iterator[Case]:
    """Constants number by number, random numbers by their distribution, for matrices and kernels."""
    for (name, options), shape in product(CONSTANT, ((3, 4), (4, 4))):
        yield _case(name, getattr(initializers, name)(**options), shape, dtype)
    for (name, options), shape in product(RANDOM, ((100, 60), (3, 3, 20, 30))):
        yield _case(name, getattr(initializers, name)(seed=1, **options), shape, dtype)


def _case(name: str, initializer: Any, shape: tuple[int, ...], dtype: str) -> Case:
    label = f"{title(initializer)} of shape {shape}"
    return Case("initializers", (name,), initializer, shape, dtype, options={"dtype": dtype}, label=label)
