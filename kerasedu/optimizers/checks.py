"""What is checked when an optimizer is made, and before each step."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from kerasedu.variable import Variable


def check_clipping(owner: str, **limits: float | None) -> None:
    """Raise a ValueError if more than one way of clipping is asked for."""
    given = {name: limit for name, limit in limits.items() if limit is not None}
    if len(given) > 1:
        raise ValueError(f"{owner} clips in one way at a time: give only one of {', '.join(limits)}, got {given}")


def check_count(owner: str, least: int, **counts: int) -> None:
    """Raise a ValueError unless each is an integer, not below ``least``."""
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < least:
            raise ValueError(f"{owner} expected {name} to be an integer >= {least}, got {count!r}")


def check_variables(owner: str, variables: Sequence[Any]) -> None:
    """Raise a ValueError unless all are ``kerasedu.Variable`` objects."""
    for variable in variables:
        if not isinstance(variable, Variable):
            raise ValueError(
                f"{owner} changes kerasedu.Variable objects, got {type(variable).__name__}. "
                "Pairs are (gradient, variable), in this order; Variable(array) makes one of an array."
            )


def match(owner: str, grads: Sequence[Any], variables: Sequence[Variable]) -> tuple[list[np.ndarray], list[Variable]]:
    """The gradients that are not None, as arrays of their variables' types, and these variables.

    Raises:
        ValueError: as many gradients as variables are not there, none is there, or a shape differs.
    """
    if len(grads) != len(variables):
        raise ValueError(f"{owner} got {len(grads)} gradients for {len(variables)} variables")
    missing = [variable.path for gradient, variable in zip(grads, variables) if gradient is None]
    if len(missing) == len(variables):
        raise ValueError(f"{owner} got no gradient at all: it is None for {', '.join(missing)}")
    if missing:
        warnings.warn(f"{owner} leaves {', '.join(missing)} unchanged: the gradient is None", stacklevel=4)
    pairs = [(_as_gradient(g, v), v) for g, v in zip(grads, variables) if g is not None]
    return [gradient for gradient, _ in pairs], [variable for _, variable in pairs]


def _as_gradient(gradient: Any, variable: Variable) -> np.ndarray:
    gradient = np.asarray(gradient, dtype=variable.value.dtype)
    if gradient.shape != variable.shape:
        transposed = gradient.shape == variable.shape[::-1]
        hint = "Was it transposed?" if transposed else "dL/dw has the shape of w: was it summed over the batch?"
        raise ValueError(
            f"gradient of shape {gradient.shape} for variable {variable.path!r} of shape {variable.shape}. {hint}"
        )
    return gradient
