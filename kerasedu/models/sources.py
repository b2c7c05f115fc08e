"""Batches, epoch after epoch, from arrays or from anything that gives batches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from kerasedu.models.batch import Batch, Names, as_batch, take, unpack, with_class_weights
from kerasedu.random import generator


class ArraySource:
    """Batches from arrays, in a new random order in each epoch if ``shuffle``."""

    def __init__(self, data: Batch, batch_size: int, shuffle: bool | str):
        self.data = data
        self.samples = len(data.x[0])
        self.batch_size = batch_size
        self.shuffle = shuffle

    def __len__(self) -> int:
        return math.ceil(self.samples / self.batch_size)

    def __iter__(self) -> Iterator[Batch]:
        order = generator().permutation(self.samples) if self.shuffle and self.shuffle != "batch" else None
        for start in range(0, max(self.samples, 1), self.batch_size):  # no samples: one empty batch
            stop = min(start + self.batch_size, self.samples)
            if self.shuffle == "batch":
                rows: Any = start + generator().permutation(stop - start)
            else:
                rows = slice(start, stop) if order is None else order[start:stop]
            yield take(self.data, rows)


class IterableSource:
    """Batches that a generator, a list, or an object with ``len`` and ``[]`` gives."""

    def __init__(self, batches: Iterable, names: Names, class_weight: Mapping[int, float] | None = None):
        self.batches = batches
        self.names = names
        self.class_weight = class_weight

    def __len__(self) -> int:
        return len(self.batches) if hasattr(self.batches, "__len__") else 0

    def __iter__(self) -> Iterator[Batch]:
        indexed = hasattr(self.batches, "__getitem__") and hasattr(self.batches, "__len__")
        batches = (self.batches[i] for i in range(len(self.batches))) if indexed else self.batches
        for data in batches:
            yield with_class_weights(as_batch(data, self.names), self.class_weight)


class Epochs:
    """Batches of one epoch after the other.

    Without ``steps``, an epoch is one pass through the source. With ``steps``, it is that many batches, and the next
    epoch goes on where this one stopped; a source that is exhausted begins anew with the epoch after, as in Keras.
    """

    def __init__(self, source: ArraySource | IterableSource, steps: int | None):
        self.source = source
        self.steps = steps
        self._running: Iterator[Batch] | None = None

    def __len__(self) -> int:
        return self.steps or len(self.source)

    def __iter__(self) -> Iterator[Batch]:
        if self.steps is None:
            yield from self.source
            return
        for _ in range(self.steps):
            if self._running is None:
                self._running = iter(self.source)
                self._left = len(self.source) or math.inf
            if self._left == 0:
                self._running = None
                return
            batch = next(self._running, None)
            if batch is None:
                self._running = None
                return
            self._left -= 1
            yield batch
        if self._left == 0:
            self._running = None


def as_source(
    data: Any,
    names: Names,
    batch_size: int | None = None,
    steps: int | None = None,
    shuffle: bool | str = False,
    class_weight: Mapping[int, float] | None = None,
    may_be_empty: bool = False,
) -> ArraySource | IterableSource:
    """Batches from a ``Batch`` of all samples, from (x, y, sample_weight), or from (batches, None, None).

    Raises:
        ValueError: no samples, a batch size that is not a positive number, or weights beside batches.
    """
    if not isinstance(data, Batch):
        x, y, sample_weight = unpack(data)
        if is_batches(x, y):
            if sample_weight is not None:
                raise ValueError(
                    "with batches, sample weights are the third entry of each batch: (x, y, sample_weight)"
                )
            return IterableSource(x, names, class_weight)
        data = as_batch(data, names)
    samples = len(data.x[0])
    if samples == 0 and not may_be_empty:
        raise ValueError("there is no data: x has 0 samples")
    if batch_size is None:
        batch_size = max(1, math.ceil(samples / steps)) if steps else 32
    if isinstance(batch_size, bool) or not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
        raise ValueError(f"batch_size is a positive whole number, got {batch_size!r}")
    return ArraySource(data, int(batch_size), shuffle)


def as_validation_source(data: Any, names: Names, batch_size: int | None, steps: int | None):
    """Batches from ``fit(validation_data=data)``: arrays (x, y), (x, y, sample_weight), or what gives batches."""
    gives_batches = is_batches(data, None) or not isinstance(data, (tuple, list))
    return as_source((data,) if gives_batches else data, names, batch_size, steps)


def is_batches(x: Any, y: Any) -> bool:
    """Whether ``x`` is not data but gives batches: a generator, a list of tuples, an object with ``len`` and ``[]``."""
    if y is not None or x is None or isinstance(x, (np.ndarray, Mapping, tuple)) or hasattr(x, "__array__"):
        return False
    if isinstance(x, list):
        return len(x) > 0 and all(isinstance(item, tuple) and np.ndim(item[0]) > 0 for item in x)
    return hasattr(x, "__iter__") or hasattr(x, "__getitem__")
