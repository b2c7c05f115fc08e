"""States of recurrent layers: one flat list inside, nested like the cell's ``state_size`` outside."""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu.layers.layer import Layer


def flatten(states: Any) -> list:
    """All states in one list: ``[[h1, c1], h2]`` becomes ``[h1, c1, h2]``, one array ``[h]``, None ``[]``."""
    if states is None:
        return []
    if not isinstance(states, (list, tuple)):
        return [states]
    return [state for item in states for state in ([None] if item is None else flatten(item))]


def nest(states: list, state_size: Any) -> list:
    """The flat list with one item per entry of ``state_size``: ``[[h1, c1], h2]`` for ``[[3, 3], 2]``."""
    remaining = iter(states)
    sizes = state_size if isinstance(state_size, (list, tuple)) else [state_size]
    return [
        [next(remaining) for _ in flatten(size)] if isinstance(size, (list, tuple)) else next(remaining)
        for size in sizes
    ]


def as_states(layer: Layer, states: Any, batch: int, state_size: Any) -> list[np.ndarray]:
    """``states`` as a flat list of arrays of the layer's dtype.

    Raises:
        ValueError: their number or shapes are not (batch, size) for each of the cell's sizes.
    """
    arrays = [np.asarray(state).astype(layer.dtype, copy=False) for state in flatten(states)]
    right = [(batch, size) for size in flatten(state_size)]
    if [a.shape for a in arrays] != right:
        hint = "An LSTM has two states, h and c." if len(right) == 2 else ""
        raise layer.wrong_input(f"states of shape {_listed(right)}", _listed(a.shape for a in arrays), hint)
    return arrays


def as_gradients(layer: Layer, dy: Any, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """dL/dy for each of several outputs: zeros for None, and for all states if only dL/doutput is given.

    Raises:
        ValueError: a gradient has not the shape of its output.
    """
    given = [None] if dy is None else flatten(dy)
    given += [None] * (len(shapes) - 1) if len(given) == 1 else []
    arrays = [np.zeros(s, layer.dtype) if d is None else np.asarray(d, layer.dtype) for d, s in zip(given, shapes)]
    if len(given) != len(shapes) or [a.shape for a in arrays] != shapes:
        got = _listed("None" if d is None else np.shape(d) for d in given)
        raise layer.wrong_input(f"dL/dy of shape {_listed(shapes)}, that of its output", got)
    return arrays


def _listed(items) -> str:
    return ", ".join(map(str, items)) or "none"
