"""One tensor, a list or a dictionary of them: what a functional model takes and returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import SymbolicTensor, as_list


def flatten(structure: Any) -> list:
    """The tensors in a list; those of a dictionary in the order of its sorted keys, as in Keras."""
    if isinstance(structure, Mapping):
        return [structure[key] for key in sorted(structure)]
    return as_list(structure)


def to_config(structure: Any, values: list) -> Any:
    """``values``, which stand for the tensors of ``structure``, in the same structure."""
    if isinstance(structure, Mapping):
        return {"names": dict(zip(sorted(structure), values))}
    return values if isinstance(structure, (list, tuple)) else values[0]


def from_config(config: Any, tensor_of: Callable) -> Any:
    """The structure that ``to_config`` described, with ``tensor_of(value)`` in place of each value."""
    if isinstance(config, Mapping) and "names" in config:
        return {name: tensor_of(value) for name, value in config["names"].items()}
    return [tensor_of(value) for value in config] if isinstance(config, list) else tensor_of(config)


def check_tensors(who: Layer, argument: str, tensors: list) -> None:
    """Raise a ValueError unless there are tensors, and all of them are symbolic."""
    if not tensors:
        raise ValueError(f"{who} needs {argument}: Model(inputs, outputs)")
    for tensor in tensors:
        if isinstance(tensor, Layer):
            raise ValueError(
                f"{who}: {argument} are symbolic tensors, got {tensor}. Call the layer on one, y = layer(x), beginning "
                "with x = Input(shape=...), and give the tensors: Model(inputs=x, outputs=y)."
            )
        if not isinstance(tensor, SymbolicTensor):
            raise ValueError(f"{who}: {argument} are symbolic tensors, made by Input and by layers, got {tensor!r}")
