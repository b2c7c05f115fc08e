"""From ours to Keras: ``twin`` for objects, ``to_keras`` for layers and models with their weights."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from kerasedu import activations
from kerasedu.activations import ActivationFunction
from kerasedu.configurable import Configurable, constructor_arguments
from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import Node, SymbolicTensor
from kerasedu.models import Functional, Model, Sequential
from kerasedu.optimizers import Optimizer
from kerasedu.parity import oracle


def to_keras(model: Layer) -> Any:
    """The same layer or model in Keras: the same configuration, the same weights, compiled the same way.

    Shared layers stay shared, models inside models stay models. An optimizer starts afresh, with the same arguments.
    Keras computes losses and metrics in its global type: for a float64 model, ``keras.config.set_floatx("float64")``
    before it is trained.

    Arguments:
        model: a layer, a ``Sequential`` or a functional ``Model``. If it has no weights yet, neither has the result.

    Raises:
        ImportError: there is no TensorFlow.
        ValueError: a layer in it has no counterpart in Keras (a learner's own, for example); it is named.
    """
    if not isinstance(model, Layer):
        raise ValueError(f"to_keras expected a layer or a model, got {type(model).__name__}")
    with oracle.precision(model.dtype if model.dtype.startswith("float") else "float32"):
        theirs = twin(model)
        if model.built:
            copy_weights(model, theirs)
        if isinstance(model, Model) and model.compiled:
            theirs.compile(**{name: twin(value) for name, value in model._compile_arguments.items()})
    return theirs


def twin(value: Any) -> Any:
    """The Keras object that ``value`` stands for: the class of the same name, built with the same arguments.

    Both libraries name their classes and arguments alike, so there is nothing to list: layers, initializers, losses,
    optimizers are made again from their constructor's arguments, which may be such objects themselves. Plain values
    are returned as they are. Layers come without weights, unless the shape of their input is known, and models with
    the weights that Keras draws.

    Raises:
        ValueError: Keras has no class of that name.
    """
    if isinstance(value, Sequential):
        return _sequential(value)
    if isinstance(value, Functional):
        return _Graph(value).model
    if isinstance(value, ActivationFunction):
        if getattr(activations, value.__name__, None) is not value:
            raise ValueError(f"Keras has no counterpart of {value!r}, which is not one of kerasedu.activations")
        return value.__name__
    if isinstance(value, Configurable):
        return _made(keras_class(value), value)
    if inspect.isfunction(value):
        return function_twin(value)
    if isinstance(value, (list, tuple)):
        return type(value)(twin(item) for item in value)
    if isinstance(value, dict):
        return {key: twin(item) for key, item in value.items()}
    if isinstance(value, np.generic):
        return value.item()
    return None if isinstance(value, np.random.Generator) else value


def copy_weights(ours: Layer, theirs: Any) -> None:
    """Give the Keras layer the weights of ours; they are in the same order."""
    if not theirs.built:
        theirs.build(ours.built_for)
    theirs.set_weights(ours.get_weights())


def keras_class(value: Configurable) -> type:
    """Keras's class of the same name, from the module of the same name.

    Raises:
        ValueError: there is none, as for a layer that a learner wrote.
    """
    keras, _ = oracle.load()
    cls = type(value)
    room = room_of(cls)
    for place in (getattr(keras, room, None), getattr(keras.optimizers, "schedules", None)):
        found = getattr(place, cls.__name__, None)
        if room and isinstance(found, type):
            return found
    what = f"{value.name!r} is a" if isinstance(value, Layer) else "this is a"
    raise ValueError(f"Keras has no class {cls.__name__} ({what} {cls.__module__}.{cls.__name__})")


def function_twin(function: Any) -> Any:
    """Keras's function of the same name, from the module of the same name, or else from ``keras.ops``.

    Raises:
        ValueError: there is none.
    """
    keras, _ = oracle.load()
    rooms = ["activations"] if isinstance(function, ActivationFunction) else [room_of(function)]
    for room in (*rooms, "ops", "activations", "losses"):
        found = getattr(getattr(keras, room, None), function.__name__, None)
        if room and callable(found) and not isinstance(found, type):
            return found
    raise ValueError(f"Keras has no function {function.__name__}, so there is nothing to compare it with")


def room_of(thing: Any) -> str:
    """The room of this package that a class or function comes from: ``"layers"``; "" if it is not from here."""
    path = getattr(thing, "__module__", "").split(".")
    return path[1] if path[0] == "kerasedu" and len(path) > 1 else ""


def _arguments(value: Configurable) -> dict[str, Any]:
    """The constructor's arguments, in Keras's terms."""
    names = constructor_arguments(type(value))
    arguments = {name: twin(getattr(value, name)) for name in names}
    if isinstance(value, Optimizer):  # an optimizer's learning rate is a number, even where a schedule makes it
        rate = value.get_config()["learning_rate"]
        keras, _ = oracle.load()
        if isinstance(rate, dict):
            rate = getattr(keras.optimizers.schedules, rate["class_name"])(**rate["config"])
        arguments["learning_rate"] = rate
    return arguments


def _made(cls: type, value: Configurable) -> Any:
    """An object of Keras's class ``cls``. An older Keras may lack an argument: it is left out where it is our default.

    Where it is another value it is passed on, and Keras says itself that it does not know it.
    """
    known = {name for ancestor in cls.__mro__ for name in inspect.signature(ancestor.__init__).parameters}
    defaults = inspect.signature(type(value).__init__).parameters
    arguments = _arguments(value)
    for name in arguments.keys() - known:
        if name in defaults and getattr(value, name) == defaults[name].default:
            del arguments[name]
    return cls(**arguments)


def _sequential(model: Sequential) -> Any:
    keras, _ = oracle.load()
    first = [_input(model.input)] if model.built else []
    stack = [*first, *(twin(layer) for layer in model.layers)]
    return keras.Sequential(stack, name=model.name, trainable=model.trainable)


def _input(tensor: SymbolicTensor) -> Any:
    keras, _ = oracle.load()
    return keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=tensor.node.layer.name)


class _Graph:
    """A functional model, drawn again call by call.

    A layer's calls are repeated in their order: Keras numbers them, and ``get_config`` shows the numbers.
    """

    def __init__(self, model: Functional):
        keras, _ = oracle.load()
        self.nodes = set(model.nodes)
        self.layers: dict[Layer, Any] = {}
        self.tensors: dict[SymbolicTensor, Any] = {}
        for given, made in zip(_flat(model.input), model.inputs):
            self.tensors[given] = _input(made)
        outputs = self.translate(model.output)
        self.model = keras.Model(self.translate(model.input), outputs, name=model.name)
        if not model.trainable:
            self.model.trainable = False

    def translate(self, value: Any) -> Any:
        """``value`` with Keras's tensors in place of ours, in lists and dictionaries too."""
        if isinstance(value, SymbolicTensor):
            if value not in self.tensors:
                self.call(value.node)
            return self.tensors[value]
        if isinstance(value, (list, tuple)):
            return [self.translate(item) for item in value]
        if isinstance(value, dict):
            return {key: self.translate(item) for key, item in value.items()}
        return value

    def call(self, node: Node) -> None:
        """Call Keras's layer as ours was called, after the earlier calls of the same layer."""
        for earlier in node.layer._nodes:
            if earlier is node:
                break
            if earlier in self.nodes:
                self.translate(_flat(earlier.outputs)[0])
        if node.layer not in self.layers:
            self.layers[node.layer] = twin(node.layer)
        outputs = self.layers[node.layer](self.translate(node.inputs), **self.translate(node.options))
        self.tensors.update(zip(_flat(node.outputs), _flat(outputs)))


def _flat(structure: Any) -> list:
    if isinstance(structure, dict):
        return [structure[key] for key in sorted(structure)]
    return list(structure) if isinstance(structure, (list, tuple)) else [structure]
