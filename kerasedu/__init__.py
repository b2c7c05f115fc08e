"""Keras, readable in an evening: its layers, losses, optimizers and models in NumPy, with every gradient.

Names, arguments and defaults are those of Keras 3, so what is learnt here is true there. ``kerasedu.parity`` compares
the two, number by number.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kerasedu.config import epsilon, floatx, set_floatx
from kerasedu.random import set_random_seed
from kerasedu.variable import Variable

# Rooms are imported when they are first used, so `import kerasedu` takes little more time than `import numpy`.
_NUMPY_ONLY = (
    "activations",
    "autodiff",
    "callbacks",
    "constraints",
    "datasets",
    "gradcheck",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "ops",
    "optimizers",
    "regularizers",
)
_NEED_MORE = ("doctor", "exercises", "grading", "parity", "plots")
_ROOM_OF = {
    "Input": "layers",
    "Model": "models",
    "Sequential": "models",
    "from_keras": "parity",
    "to_keras": "parity",
}

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "Variable",
    "epsilon",
    "floatx",
    "set_floatx",
    "set_random_seed",
    *_NUMPY_ONLY,
]


def __getattr__(name: str) -> Any:
    if name in _NUMPY_ONLY or name in _NEED_MORE:
        return import_module(f"kerasedu.{name}")
    if name in _ROOM_OF:
        return getattr(import_module(f"kerasedu.{_ROOM_OF[name]}"), name)
    raise AttributeError(f"module 'kerasedu' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *_NEED_MORE, *_ROOM_OF})
