"""Where images and sequences have their channels: last, as everywhere in this package, or first."""

from __future__ import annotations

import numpy as np


def standardize_data_format(data_format: str | None, name: str = "data_format") -> str:
    """``"channels_last"``, also for None, or ``"channels_first"``; otherwise a ValueError that begins with ``name``."""
    found = "channels_last" if data_format is None else str(data_format).lower()
    if found not in ("channels_last", "channels_first"):
        raise ValueError(f"{name}: expected 'channels_last' or 'channels_first', got {data_format!r}")
    return found


def channels_first(data_format: str | None) -> bool:
    """Whether ``data_format`` is ``"channels_first"``."""
    return data_format not in (None, "channels_last") and standardize_data_format(data_format) == "channels_first"


def to_channels_last(x: np.ndarray, data_format: str | None) -> np.ndarray:
    """``x``, which has its channels where ``data_format`` says, with the channels as its last axis (a view)."""
    return np.moveaxis(x, 1, -1) if channels_first(data_format) and x.ndim > 1 else x


def from_channels_last(x: np.ndarray, data_format: str | None) -> np.ndarray:
    """``x``, which has its channels last, with the channels where ``data_format`` says."""
    return np.ascontiguousarray(np.moveaxis(x, -1, 1)) if channels_first(data_format) and x.ndim > 1 else x


def shape_channels_last(shape: tuple, data_format: str | None) -> tuple:
    """The shape that ``to_channels_last`` gives an array of ``shape``."""
    return (shape[0], *shape[2:], shape[1]) if channels_first(data_format) else shape


def shape_from_channels_last(shape: tuple, data_format: str | None) -> tuple:
    """The shape that ``from_channels_last`` gives an array of ``shape``."""
    return (shape[0], shape[-1], *shape[1:-1]) if channels_first(data_format) else shape
