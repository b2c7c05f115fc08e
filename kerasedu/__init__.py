"""Keras, readable in an evening: its layers, losses, optimizers and models in NumPy, with every gradient.

Names, arguments and defaults are those of Keras 3, so what is learnt here is true there. ``kerasedu.parity`` compares
the two, number by number.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kerasedu import (
    activations,
    callbacks,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    regularizers,
)
from kerasedu.config import epsilon, floatx, set_floatx
from kerasedu.layers.input import Input
from kerasedu.models import Model, Sequential
from kerasedu.random import set_random_seed
from kerasedu.variable import Variable

_ON_FIRST_USE = ("autodiff", "datasets", "exercises", "gradcheck", "grading", "parity", "plots")
_FROM_PARITY = ("from_keras", "to_keras")

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "Variable",
    "activations",
    "callbacks",
    "constraints",
    "epsilon",
    "floatx",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "ops",
    "optimizers",
    "regularizers",
    "set_floatx",
    "set_random_seed",
]


def __getattr__(name: str) -> Any:
    """Rooms that need more than NumPy are imported when they are first used."""
    if name in _ON_FIRST_USE:
        return import_module(f"kerasedu.{name}")
    if name in _FROM_PARITY:
        return getattr(import_module("kerasedu.parity"), name)
    raise AttributeError(f"module 'kerasedu' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_ON_FIRST_USE, *_FROM_PARITY])
