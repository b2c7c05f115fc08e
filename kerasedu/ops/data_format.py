"""Where images and sequences have their channels: last, as everywhere in this package, or first."""

from __future__ import annotations

import numpy as np


def standardize_data_format(data_format: str | None) -> str:
    """``"channels_last"`` or ``"channels_first"``; None stands for the former.

    Raises:
        ValueError: it is something else.
    """
    name = "channels_last" if data_format is None else str(data_format).lower()
    if name not in ("channels_last", "channels_first"):
        raise ValueError(f"data_format is 'channels_last' or 'channels_first', got {data_format!r}")
    return name


def to_channels_last(x: np.ndarray, data_format: str | None) -> np.ndarray:
    """``x``, which has its channels where ``data_format`` says, with the channels as its last axis (a view)."""
    return np.moveaxis(x, 1, -1) if _channels_first(x, data_format) else x


def from_channels_last(x: np.ndarray, data_format: str | None) -> np.ndarray:
    """``x``, which has its channels last, with the channels where ``data_format`` says."""
    return np.ascontiguousarray(np.moveaxis(x, -1, 1)) if _channels_first(x, data_format) else x


def shape_channels_last(shape: tuple, data_format: str | None) -> tuple:
    """The shape that ``to_channels_last`` gives an array of ``shape``."""
    return (shape[0], *shape[2:], shape[1]) if standardize_data_format(data_format) == "channels_first" else shape


def shape_from_channels_last(shape: tuple, data_format: str | None) -> tuple:
    """The shape that ``from_channels_last`` gives an array of ``shape``."""
    return (shape[0], shape[-1], *shape[1:-1]) if standardize_data_format(data_format) == "channels_first" else shape


def _channels_first(x: np.ndarray, data_format: str | None) -> bool:
    return standardize_data_format(data_format) == "channels_first" and x.ndim > 1
