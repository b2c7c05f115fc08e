"""From Keras to ours: ``from_keras`` for layers and models, with their weights."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from typing import Any

from kerasedu import layers
from kerasedu.configurable import constructor_arguments
from kerasedu.layers.layer import Layer
from kerasedu.models import Model, Sequential
from kerasedu.parity import oracle

OPERATORS = {"Add": "Add", "Subtract": "Subtract", "Multiply": "Multiply"}


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
    """A functional Keras model, drawn again call by call, from its configuration.

    The configuration lists for each layer its calls, and for each call the tensors it was made on: a reference
    [layer, number of the call, number of the output]. A layer's calls are repeated in their order.
    """

    def __init__(self, theirs: Any):
        config = theirs.get_config()
        operations = {operation.name: operation for operation in theirs.operations}
        self.entries = {entry["name"]: entry for entry in config["layers"]}
        self.layers: dict[str, Layer] = {}
        self.outputs: dict[tuple[str, int], list] = {}
        for name, operation in operations.items():
            self.layers[name] = self.convert(operation)
        inputs = self.references(config["input_layers"])
        outputs = self.references(config["output_layers"])
        self.model = Model(inputs, outputs, name=theirs.name)
        if not theirs.trainable:
            self.model.trainable = False

    def convert(self, operation: Any) -> Layer:
        keras, _ = oracle.load()
        if isinstance(operation, keras.layers.Layer):
            return _layer(operation)
        name = type(operation).__name__
        if name not in OPERATORS:
            raise ValueError(f"there is no layer for keras.ops.{operation.name} ({name}) in kerasedu")
        return getattr(layers, OPERATORS[name])(name=operation.name)

    def references(self, value: Any) -> Any:
        """The symbolic tensors that inputs or outputs of the configuration refer to."""
        if isinstance(value, Mapping):
            return {key: self.references(item) for key, item in value.items()}
        if isinstance(value[0], str):
            return self.tensor(*value)
        return [self.references(item) for item in value]

    def tensor(self, name: str, call: int, output: int) -> Any:
        if (name, call) not in self.outputs:
            self.call(name, call)
        return self.outputs[name, call][output]

    def call(self, name: str, number: int) -> None:
        layer, calls = self.layers[name], self.entries[name]["inbound_nodes"]
        if not calls:
            self.outputs[name, number] = [layer.output]
            return
        if number:
            self.tensor(name, number - 1, 0)
        arguments = self.translate(calls[number]["args"])
        options = {k: v for k, v in self.translate(calls[number]["kwargs"]).items() if v is not None}
        x = arguments[0] if len(arguments) == 1 else list(arguments)
        if set(options) - {"initial_state"} or not _all_tensors(x):
            raise ValueError(f"from_keras cannot repeat the call of {name!r} with arguments {arguments} and {options}")
        y = layer(x, **options)
        self.outputs[name, number] = y if isinstance(y, list) else [y]

    def translate(self, value: Any) -> Any:
        """``value`` with our tensors in place of the references."""
        if isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
            return self.tensor(*value["config"]["keras_history"])
        if isinstance(value, Mapping):
            return {key: self.translate(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.translate(item) for item in value]
        return value


def _all_tensors(x: Any) -> bool:
    from kerasedu.layers.symbolic import SymbolicTensor

    return all(isinstance(item, SymbolicTensor) for item in (x if isinstance(x, list) else [x]))
