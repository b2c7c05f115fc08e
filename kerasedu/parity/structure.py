"""Nests of arrays: an array, or a list, tuple or dictionary of them, as models take and return."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def flatten(structure: Any) -> list:
    """The arrays in a nest, in order; dictionaries in the order of their sorted keys. None is no array."""
    if structure is None:
        return []
    if isinstance(structure, dict):
        return [leaf for key in sorted(structure) for leaf in flatten(structure[key])]
    if isinstance(structure, (list, tuple)):
        return [leaf for item in structure for leaf in flatten(item)]
    return [structure]


def map_leaves(function: Callable, structure: Any) -> Any:
    """The nest with ``function`` applied to every array."""
    if structure is None:
        return None
    if isinstance(structure, dict):
        return {key: map_leaves(function, structure[key]) for key in structure}
    if isinstance(structure, (list, tuple)):
        return [map_leaves(function, item) for item in structure]
    return function(structure)


def rebuild(structure: Any, leaves: list) -> Any:
    """The nest ``structure`` with its arrays replaced, in order, by ``leaves``."""
    return _filled(structure, iter(leaves))


def _filled(structure: Any, leaves: Iterator) -> Any:
    if structure is None:
        return None
    if isinstance(structure, dict):
        filled = {key: _filled(structure[key], leaves) for key in sorted(structure)}
        return {key: filled[key] for key in structure}
    if isinstance(structure, (list, tuple)):
        return [_filled(item, leaves) for item in structure]
    return next(leaves)
