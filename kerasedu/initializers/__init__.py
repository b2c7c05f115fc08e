"""How weights start: ``initializers.GlorotUniform(seed=1)(shape, dtype)`` is an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from kerasedu.config import floatx
from kerasedu.configurable import resolve
from kerasedu.initializers.constants import *
from kerasedu.initializers.initializer import Initializer
from kerasedu.initializers.random import *
from kerasedu.initializers.rotation import *
from kerasedu.initializers.scaling import *

_KNOWN = {name: cls for name, cls in globals().items() if isinstance(cls, type) and issubclass(cls, Initializer)}
del _KNOWN["Initializer"]
_SHORT = {"zero": "Zeros", "one": "Ones", "normal": "RandomNormal", "uniform": "RandomUniform"}


def get(identifier: Any) -> Initializer | Callable | None:
    """The initializer that ``identifier`` stands for.

    Arguments:
        identifier: a name (``"glorot_uniform"``), a class, an object, a configuration, a function of (shape, dtype),
            or an array, which then is the start of a weight of its shape. None stays None.

    Raises:
        ValueError: the name is not known.
    """
    if isinstance(identifier, (np.ndarray, np.generic)):
        return _as_given(identifier)
    if isinstance(identifier, str):
        identifier = _SHORT.get(identifier, identifier)
    return resolve("initializer", _KNOWN, identifier)


def _as_given(value: np.ndarray) -> Callable:
    def initializer(shape, dtype=None) -> np.ndarray:
        if tuple(shape) != value.shape:
            raise ValueError(f"the initial value has shape {value.shape}, the weight has shape {tuple(shape)}")
        return np.array(value, dtype=dtype or floatx())

    return initializer
