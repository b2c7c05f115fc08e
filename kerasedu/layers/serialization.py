"""``deserialize``: a layer from its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kerasedu.configurable import resolve
from kerasedu.layers.layer import Layer


def deserialize(config: Any, custom_objects: dict[str, type] | None = None) -> Any:
    """The layer that ``{"class_name": …, "config": …}`` describes; anything else is returned as it is.

    The class is looked for among ``custom_objects`` and all subclasses of ``Layer``, those of the learner included.

    Raises:
        ValueError: there is no such class.

    Source: https://keras.io/api/layers/
    """
    if not isinstance(config, Mapping):
        return config
    return resolve("layer", {**_subclasses(Layer), **(custom_objects or {})}, config)


def _subclasses(cls: type) -> dict[str, type]:
    found = {}
    for subclass in cls.__subclasses__():
        found |= {subclass.__name__: subclass, **_subclasses(subclass)}
    return found
