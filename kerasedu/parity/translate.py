"""Objects of ours as Keras objects with the same arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu.activations import ActivationFunction
from kerasedu.configurable import Configurable, constructor_arguments
from kerasedu.parity import oracle


def twin(value: Any) -> Any:
    """The Keras object that ``value`` stands for: the class of the same name, built with the same arguments.

    Both libraries name their classes and arguments alike, so there is nothing to list: layers, initializers, losses,
    optimizers are made again from their constructor's arguments, which may be such objects themselves. Plain values
    are returned as they are. Layers come without weights.

    Raises:
        ValueError: Keras has no class of that name.
    """
    if isinstance(value, ActivationFunction):
        return value.__name__
    if isinstance(value, Configurable):
        arguments = {name: twin(getattr(value, name)) for name in constructor_arguments(type(value))}
        return keras_class(value)(**arguments)
    if isinstance(value, (list, tuple)):
        return type(value)(twin(item) for item in value)
    if isinstance(value, dict):
        return {key: twin(item) for key, item in value.items()}
    if isinstance(value, np.generic):
        return value.item()
    return None if isinstance(value, np.random.Generator) else value


def keras_class(value: Configurable) -> type:
    """Keras's class of the same name, from the module of the same name.

    Raises:
        ValueError: there is none, as for a layer that a learner wrote.
    """
    keras, _ = oracle.load()
    cls = type(value)
    room = cls.__module__.split(".")[1] if cls.__module__.startswith("kerasedu.") else ""
    for place in (getattr(keras, room, None), getattr(keras.optimizers, "schedules", None)):
        found = getattr(place, cls.__name__, None)
        if room and isinstance(found, type):
            return found
    raise ValueError(f"Keras has no {cls.__module__}.{cls.__name__}, so there is nothing to compare it with")


def function_twin(function: Any) -> Any:
    """Keras's function of the same name, from ``keras.activations``, ``losses``, ``metrics`` or ``ops``.

    Raises:
        ValueError: there is none.
    """
    keras, _ = oracle.load()
    name = function.__name__
    room = getattr(function, "__module__", "").split(".")[1:2]
    if isinstance(function, ActivationFunction):
        room = ["activations"]
    for place in (*room, "ops", "activations", "losses"):
        found = getattr(getattr(keras, place, None), name, None)
        if callable(found) and not isinstance(found, type):
            return found
    raise ValueError(f"Keras has no function {name}, so there is nothing to compare it with")
