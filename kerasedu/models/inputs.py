"""Making what a user gives into what a model's input takes."""

from __future__ import annotations

import numpy as np

from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import SymbolicTensor


def as_model_input(model: Layer, x, tensor: SymbolicTensor) -> np.ndarray:
    """``x`` as an array that fits the symbolic input ``tensor``.

    As in Keras, a last axis of length 1 is added or dropped where only that is wrong; floating-point numbers are
    converted to the input's type. The length of the batch axis is free.

    Raises:
        ValueError: x has another shape than the model was made for, is not made of numbers, or of bytes as images are.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "fiub":
        raise model.wrong_input("arrays of numbers", f"dtype {x.dtype}", "Rows of unequal length give this too.")
    model.refuse_bytes(x)
    shape = tensor.shape
    if x.ndim == len(shape) + 1 and x.shape[-1] == 1:
        x = x[..., 0]
    elif x.ndim == len(shape) - 1 and shape[-1] == 1:
        x = x[..., None]
    if not _fits(x.shape, shape):
        expected = f"{tensor.name!r} of shape {_free_batch(shape)}"
        raise model.wrong_input(expected, f"shape {x.shape}", _cause(x.shape, shape))
    return x.astype(tensor.dtype, copy=False) if x.dtype.kind == "f" or np.dtype(tensor.dtype).kind != "f" else x


def _fits(got: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    return len(got) == len(expected) and all(b in (None, a) for a, b in zip(got[1:], expected[1:]))


def _free_batch(shape: tuple) -> tuple:
    return (None, *shape[1:])


def _cause(got: tuple[int, ...], expected: tuple[int | None, ...]) -> str:
    if _fits((1, *got), expected):
        return "One sample needs a batch axis too: x[None, ...]."
    if len(got) == 2 and _fits(got[::-1], expected):
        return "Is it transposed? Samples go along the first axis: x.T."
    if len(got) == len(expected) - 1 and _fits((*got, 1), expected):
        return "Is the channel axis missing? x[..., None]."
    if None not in expected[1:] and np.prod(got[1:]) == np.prod(expected[1:]):
        return f"x.reshape(len(x), {', '.join(map(str, expected[1:]))}) has that shape. Did you forget Flatten?"
    return "The first axis counts the samples."
