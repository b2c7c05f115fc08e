"""From Keras to ours: ``from_keras`` for layers and models, with their weights."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from typing import Any

from kerasedu import layers
from kerasedu.configurable import constructor_arguments
from kerasedu.layers.input import InputLayer
from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import SymbolicTensor, as_list
from kerasedu.models import Model, Sequential
from kerasedu.parity import oracle
from kerasedu.parity.structure import flatten

OPERATORS = {"Add", "Subtract", "Multiply"}  # what x + y, x - y and x * y are called in a functional model


def from_keras(model: Any) -> Layer:
    """The same layer or model in this package: the same configuration, the same weights, compiled the same way.

    Arguments:
        model: a Keras layer, ``keras.Sequential`` or functional ``keras.Model``. If it has no weights yet, neither has
            the result. An optimizer starts afresh, with the same arguments.

    Raises:
        ImportError: there is no TensorFlow.
        ValueError: this package lacks a layer in it, or one of its options; it is named.
    """
    keras, _ = oracle.load()
    if not isinstance(model, keras.layers.Layer):
        raise ValueError(f"from_keras expected a Keras layer or model, got {type(model).__name__}")
    ours = _layer(model)
    if model.built and model.weights:
        if not ours.built:
            ours.build(_build_shape(model))
        ours.set_weights(model.get_weights())
    if getattr(model, "compiled", False):
        compiled = model.get_compile_config() or {}
        known = ("loss", "loss_weights", "metrics", "weighted_metrics")
        ours.compile(_object(model.optimizer), **{name: _value(compiled.get(name)) for name in known})
    return ours


def _layer(theirs: Any) -> Layer:
    """Ours for a Keras layer or model, without weights unless the shape of the input is known."""
    keras, _ = oracle.load()
    if isinstance(theirs, keras.Sequential):
        first = theirs.get_config()["layers"][:1]
        first = [_value(entry) for entry in first if entry["class_name"] == "InputLayer"]
        stack = [*first, *(_layer(layer) for layer in theirs.layers)]
        return Sequential(stack, name=theirs.name, trainable=theirs.trainable)
    if isinstance(theirs, keras.Model):
        if type(theirs).__name__ != "Functional":
            raise ValueError(
                f"from_keras reads Sequential and functional models; {theirs.name!r} is a {type(theirs).__name__}, "
                "which computes in its own way"
            )
        return _Graph(theirs).model
    return _object(theirs)


def _object(theirs: Any) -> Any:
    """Ours for a Keras layer, optimizer, loss or metric."""
    if theirs is None:
        return None
    path = type(theirs).__module__.split(".")  # keras.src.layers.core.dense
    room = path[2] if path[0] == "keras" and len(path) > 2 else ""
    return _from_config(room, type(theirs).__name__, theirs.get_config())


def _from_config(room: str, name: str, config: Mapping[str, Any]) -> Any:
    """An object of the class called ``name`` in one of our rooms, with the arguments in a Keras configuration."""
    cls = _class(room, name)
    if cls is None:
        owner = f", the class of {config['name']!r}" if "name" in config else ""
        raise ValueError(f"kerasedu{'.' * bool(room)}{room} has no {name}{owner}")
    known = constructor_arguments(cls)
    defaults = _defaults(_class_of_keras(room, name))
    for key, value in config.items():
        if key not in known and value and value != defaults.get(key):
            raise ValueError(f"kerasedu's {name} has no argument {key}, and this one has {key}={value!r}")
    return cls(**{key: _value(value) for key, value in config.items() if key in known})


def _class(room: str, name: str) -> type | None:
    try:
        module = importlib.import_module(f"kerasedu.{room}")
    except ModuleNotFoundError:
        return None
    for place in (module, getattr(module, "schedules", None)):
        found = getattr(place, name, None)
        if isinstance(found, type):
            return found
    return None


def _class_of_keras(room: str, name: str) -> type | None:
    keras, _ = oracle.load()
    for place in (getattr(keras, room or "layers", None), keras.optimizers.schedules):
        if hasattr(place, name):
            return getattr(place, name)
    return None


def _defaults(cls: type | None) -> dict[str, Any]:
    if cls is None:
        return {}
    return {key: parameter.default for key, parameter in inspect.signature(cls.__init__).parameters.items()}


def _value(value: Any) -> Any:
    """An argument as our constructors take it: objects described by Keras become objects of ours."""
    if isinstance(value, Mapping) and "class_name" in value:
        name, config = value["class_name"], value["config"]
        if name == "DTypePolicy":
            return _dtype(config["name"])
        if name == "function":
            return config
        if name in ("Sequential", "Functional"):
            return _layer(oracle.load()[0].saving.deserialize_keras_object(dict(value)))
        _, _, room = (value.get("module") or "").partition(".")  # keras.initializers
        return _from_config(room.removeprefix("src.").split(".")[0], name, config)
    if isinstance(value, Mapping):
        return {key: _value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_value(item) for item in value)
    return value


def _dtype(policy: str) -> str:
    if policy not in ("float32", "float64"):
        raise ValueError(f"kerasedu computes in float32 or float64, and this layer in {policy}")
    return policy


def _build_shape(theirs: Any) -> Any:
    """The shape of the input that a Keras layer was built for."""
    config = theirs.get_build_config()
    return config["input_shape"] if "input_shape" in config else next(iter(config["shapes_dict"].values()))


class _Graph:
    """A functional Keras model, drawn again call by call.

    Every symbolic tensor of Keras knows the call that made it, a node. A layer's calls are repeated in their order.
    ``training`` is not repeated, since the model's own overrides it, nor are masks that a tensor carries: our layers
    pass them on by themselves.
    """

    def __init__(self, theirs: Any):
        self.nodes = [node for nodes in theirs._nodes_by_depth.values() for node in nodes]
        self.layers: dict[int, Layer] = {}
        self.tensors: dict[int, SymbolicTensor] = {}
        self.model = Model(self.translate(theirs.input), self.translate(theirs.output), name=theirs.name)
        if not theirs.trainable:
            self.model.trainable = False

    def translate(self, value: Any) -> Any:
        """``value`` with our symbolic tensors in place of Keras's, in lists and dictionaries too."""
        keras, _ = oracle.load()
        if isinstance(value, keras.KerasTensor):
            if id(value) not in self.tensors:
                operation, number, _ = value._keras_history
                self.call(operation._inbound_nodes[number])
            return self.tensors[id(value)]
        if isinstance(value, Mapping):
            return {key: self.translate(item) for key, item in value.items()}
        return [self.translate(item) for item in value] if isinstance(value, (list, tuple)) else value

    def call(self, node: Any) -> None:
        """Call our layer as Keras's was called, after the earlier calls of the same layer."""
        earlier = node.operation._inbound_nodes[: node.operation._inbound_nodes.index(node)]
        for other in earlier:
            if other in self.nodes:
                self.translate(other.outputs[0])
        layer = self.layer(node.operation)
        if isinstance(layer, InputLayer):
            outputs = layer.output
        else:
            arguments, options = node.arguments.args, dict(node.arguments.kwargs)
            if getattr(arguments[0], "_keras_mask", None) is not None:
                options.pop("mask", None)
            if options.get("training") is False:
                del options["training"]
            x = self.translate(arguments[0] if len(arguments) == 1 else arguments)
            options = {name: self.translate(value) for name, value in options.items() if value is not None}
            if set(options) - {"initial_state"} or not all(isinstance(t, SymbolicTensor) for t in as_list(x)):
                raise ValueError(f"from_keras cannot repeat the call of {node.operation.name!r} on {x} with {options}")
            outputs = layer(x, **options)
        self.tensors.update(zip(map(id, node.outputs), flatten(outputs)))

    def layer(self, operation: Any) -> Layer:
        """Our layer for one of Keras's, the same one every time."""
        keras, _ = oracle.load()
        if id(operation) not in self.layers:
            kind = type(operation).__name__
            if isinstance(operation, keras.layers.Layer):
                self.layers[id(operation)] = _layer(operation)
            elif kind in OPERATORS:
                self.layers[id(operation)] = getattr(layers, kind)(name=operation.name)
            else:
                raise ValueError(f"kerasedu has no layer for keras.ops.{operation.name} ({kind})")
        return self.layers[id(operation)]
