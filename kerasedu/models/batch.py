"""What a user gives to ``fit``, in order: lists with one array for each input, output and sample weight."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from kerasedu.config import floatx


class Batch(NamedTuple):
    """One batch: inputs, targets and sample weights, each a list of arrays (weights may be None)."""

    x: list[np.ndarray]
    y: list[np.ndarray | None]
    sample_weight: list[np.ndarray | None]


class Names(NamedTuple):
    """What a model calls its inputs (None: it does not say) and outputs, and which outputs have a loss."""

    inputs: Sequence[str] | None
    outputs: Sequence[str]
    with_loss: Sequence[int]


def as_batch(data: Any, names: Names) -> Batch:
    """``x``, ``(x,)``, ``(x, y)`` or ``(x, y, sample_weight)`` in order, checked and completed.

    Raises:
        ValueError: names or numbers of arrays do not match the model, or their first axes differ.
    """
    x, y, sample_weight = unpack(data)
    inputs = _as_arrays("x", x, names.inputs or _names_for(x))
    for value in inputs:
        if value.dtype == np.uint8 and value.ndim >= 3:
            raise ValueError(
                f"x holds images of whole numbers (uint8, shape {value.shape}), up to 255 each, with which training "
                "goes wrong: scale the image first: x.astype('float32') / 255"
            )
    targets = _as_targets(y, names)
    weights = _as_weights(sample_weight, names)
    _check_cardinality(inputs, targets, weights)
    return Batch(inputs, targets, weights)


def split(batch: Batch, fraction: float) -> tuple[Batch, Batch]:
    """All but the last ``fraction`` of the samples, and the last ``fraction``."""
    samples = len(batch.x[0])
    border = math.floor(samples * (1 - fraction))
    if not 0 < border < samples:
        raise ValueError(f"validation_split={fraction} of {samples} samples leaves nothing to train on or to validate")
    return take(batch, slice(0, border)), take(batch, slice(border, samples))


def take(batch: Batch, rows: Any) -> Batch:
    """The samples ``rows`` (a slice or an array of numbers) of every array."""
    return Batch(*([None if a is None else _rows_of(a, rows) for a in arrays] for arrays in batch))


def _rows_of(array: np.ndarray, rows: Any) -> np.ndarray:
    return array[rows] if isinstance(rows, slice) else array.take(rows, axis=0)  # take is faster than [rows]


def with_class_weights(batch: Batch, class_weight: Mapping[int, float] | None) -> Batch:
    """The batch with ``class_weight[class of y]`` as the sample weights; 1 for a class that is not named.

    Classes are whole numbers, shape (samples,) or (samples, 1), or one-hot rows.
    """
    if class_weight is None:
        return batch
    if any(weight is not None for weight in batch.sample_weight):
        raise ValueError("give class_weight or sample_weight, not both: multiply the two yourself if both are meant")
    if len(batch.y) > 1:
        raise ValueError("class_weight is for models with one output: give sample_weight")
    (y,) = batch.y
    if y.ndim > 1:
        y = y[..., 0] if y.shape[-1] == 1 else y.argmax(-1)
    classes, places = np.unique(np.round(y).astype("int64"), return_inverse=True)
    weights = np.array([class_weight.get(int(c), 1.0) for c in classes], dtype=floatx())
    return batch._replace(sample_weight=[weights[places.reshape(y.shape)]])


def unpack(data: Any) -> tuple[Any, Any, Any]:
    """``x``, ``(x,)``, ``(x, y)`` or ``(x, y, sample_weight)`` as a triple."""
    data = tuple(data) if isinstance(data, (tuple, list)) else (data,)
    if not 1 <= len(data) <= 3:
        raise ValueError(f"a batch is x, (x, y) or (x, y, sample_weight), got a tuple of {len(data)}")
    return (*data, None, None)[:3]


def _names_for(x: Any) -> list[str]:
    """Names for the inputs of a model that has none: as many as there are arrays."""
    if isinstance(x, Mapping):
        return list(x)
    return [f"input_{i}" for i in range(len(x))] if _holds_arrays(x) else ["input"]


def _holds_arrays(value: Any) -> bool:
    """Whether ``value`` is a list of arrays, and not one array written as a list of numbers."""
    return isinstance(value, (list, tuple)) and any(hasattr(item, "shape") and np.ndim(item) > 0 for item in value)


def _as_arrays(what: str, value: Any, names: Sequence[str]) -> list[np.ndarray]:
    """One array for each of ``names``."""
    if isinstance(value, Mapping):
        missing = [name for name in names if name not in value]
        if missing:
            raise ValueError(f"{what} has no entry {missing[0]!r}. It needs: {list(names)}; it has: {list(value)}")
        return [_as_array(what, value[name]) for name in names]
    if _holds_arrays(value) or (isinstance(value, (list, tuple)) and len(names) > 1):
        if len(value) != len(names):
            hint = " If it is one array in pieces, join them: np.stack(...)." if len(names) == 1 else ""
            raise ValueError(f"{what} has {len(value)} arrays, the model takes {len(names)}: {list(names)}.{hint}")
        return [_as_array(what, item) for item in value]
    if len(names) > 1:
        raise ValueError(
            f"the model takes {len(names)} arrays as {what}, {list(names)}; got one of shape {np.shape(value)}"
        )
    return [_as_array(what, value)]


def _as_array(what: str, value: Any) -> np.ndarray:
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{what} cannot become an array: its rows have unequal lengths") from None
    if array.ndim == 0:
        raise ValueError(f"{what} has no samples axis: got {value!r}")
    return array


def _as_targets(y: Any, names: Names) -> list[np.ndarray | None]:
    everything: list[np.ndarray | None] = [None] * len(names.outputs)
    if y is None:
        return everything
    wanted = [names.outputs[k] for k in names.with_loss]
    if isinstance(y, Mapping):
        return [_as_array("y", y[name]) if name in y else None for name in names.outputs]
    if isinstance(y, (list, tuple)) and len(y) == len(names.outputs) > 1:
        return [None if item is None else _as_array("y", item) for item in y]
    for k, array in zip(names.with_loss, _as_arrays("y", y, wanted)):
        everything[k] = array
    return everything


def _as_weights(sample_weight: Any, names: Names) -> list[np.ndarray | None]:
    count = len(names.outputs)
    if sample_weight is None:
        return [None] * count
    if isinstance(sample_weight, Mapping):
        return [
            None if sample_weight.get(n) is None else _as_array("sample_weight", sample_weight[n])
            for n in names.outputs
        ]
    if isinstance(sample_weight, (list, tuple)) and count > 1:
        if len(sample_weight) != count:
            raise ValueError(
                f"sample_weight has {len(sample_weight)} arrays for {count} outputs, {list(names.outputs)}"
            )
        return [None if item is None else _as_array("sample_weight", item) for item in sample_weight]
    (weight,) = _as_arrays("sample_weight", sample_weight, ["sample_weight"])
    if count > 1 and (weight.ndim > 2 or (weight.ndim == 2 and weight.shape[1] != 1)):
        raise ValueError(
            f"one sample_weight for {count} outputs has one number a sample, got shape {weight.shape}: "
            "give a list with an array for each output"
        )
    return [weight] * count


def _check_cardinality(inputs: list, targets: list, weights: list) -> None:
    groups = {"x": inputs, "y": targets, "sample_weight": weights}
    shapes = {what: [a.shape for a in arrays if a is not None] for what, arrays in groups.items()}
    if len({shape[0] for group in shapes.values() for shape in group}) > 1:
        listed = "; ".join(f"{what}: {', '.join(map(str, group))}" for what, group in shapes.items() if group)
        raise ValueError(
            f"data cardinality is ambiguous: the first axis counts the samples, and must be equal in all arrays. Got "
            f"shapes {listed}. If samples stand in columns, transpose: x.T."
        )
