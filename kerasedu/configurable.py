"""Objects that can be described by their constructor's arguments, and found by name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np


class Configurable:
    """An object that keeps each constructor argument as an attribute of the same name.

    From that one rule follow ``get_config``, ``from_config`` and ``repr``: nothing has to be listed twice.
    """

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments as plain Python values, ready for JSON and for ``from_config``."""
        return {name: serialize(getattr(self, name)) for name in constructor_arguments(type(self))}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]):
        """A new object with the arguments that ``get_config`` returned."""
        return cls(**config)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.get_config().items())
        return f"{type(self).__name__}({arguments})"


def constructor_arguments(cls: type) -> list[str]:
    """Names of the arguments of ``cls(...)``, those that ``**kwargs`` hands on to a base class included."""
    names: list[str] = []
    for base in cls.__mro__:
        if "__init__" not in vars(base) or base is object:
            continue
        parameters = inspect.signature(base.__init__).parameters.values()
        named = (p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY))
        names += [name for name in named if name != "self" and name not in names]
        if not any(p.kind is p.VAR_KEYWORD for p in parameters):
            break
    return names


def serialize(value: Any) -> Any:
    """``value`` as plain Python data; objects become ``{"class_name": …, "config": …}``, functions their name."""
    if isinstance(value, Configurable):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    if isinstance(value, (list, tuple)):
        return [serialize(item) for item in value]
    if isinstance(value, dict):
        return {key: serialize(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.random.Generator):
        return None
    return getattr(value, "__name__", value) if callable(value) else value


_custom_objects: dict[str, Any] = {}


def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable:
    """Decorator of a class or function: it is found by its name when a saved model is loaded.

    Arguments:
        package: accepted for Keras's sake; names are looked for without it.
        name: another name than the class's or function's own.
    """

    def register(thing: Any) -> Any:
        _custom_objects[name or thing.__name__] = thing
        return thing

    return register


@contextmanager
def custom_object_scope(objects: Mapping[str, Any]) -> Iterator[None]:
    """Within the ``with`` block, ``objects`` (name -> class or function) are found by their names."""
    before = dict(_custom_objects)
    _custom_objects.update(objects)
    try:
        yield
    finally:
        _custom_objects.clear()
        _custom_objects.update(before)


def snake_case(name: str) -> str:
    """``"GlorotUniform"`` as ``"glorot_uniform"``, the way Keras spells names in strings."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name).lower()


def resolve(kind: str, known: Mapping[str, Any], identifier: Any) -> Any:
    """What ``identifier`` stands for: an object, a class, a name in ``known``, or a serialized configuration.

    Arguments:
        kind: what is looked for, for the error message: ``"optimizer"``, say.
        known: name -> class or function. Classes are found under ``"GlorotUniform"`` and ``"glorot_uniform"``.
        identifier: None (stays None), a name, ``{"class_name": …, "config": …}``, a class (is called without
            arguments), or an object, which is returned as it is.

    Raises:
        ValueError: a name that is not known, with the nearest one that is.
    """
    if isinstance(identifier, Mapping) and "class_name" in identifier:
        return _find(kind, known, identifier["class_name"]).from_config(identifier.get("config", {}))
    if isinstance(identifier, str):
        found: Callable = _find(kind, known, identifier)
        return found() if isinstance(found, type) else found
    if isinstance(identifier, type):
        return identifier()
    if identifier is None or callable(identifier) or isinstance(identifier, Configurable):
        return identifier
    raise ValueError(f"cannot make a {kind} of {identifier!r}: give a name, an object or a configuration")


def _find(kind: str, known: Mapping[str, Any], name: str) -> Any:
    known = {**known, **_custom_objects}
    table = {**{snake_case(key): value for key, value in known.items()}, **known}
    table.update({key.lower(): value for key, value in known.items() if key.lower() not in table})
    if name in table:
        return table[name]
    import difflib  # only here: 10 ms that a correct program need not pay

    near = difflib.get_close_matches(name, table, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"unknown {kind} {name!r}.{hint} Known: {', '.join(sorted(known))}")
