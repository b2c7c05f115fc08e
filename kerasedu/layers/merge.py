"""Layers that make one array of several, number by number: Add, Subtract, Multiply, Average, Maximum, Minimum."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.ops.broadcasting import sum_to_shape


class Merge(Layer):
    """y = merge(x₁, x₂, …), number by number, for a list of inputs.

    Shapes broadcast. An input with fewer axes than the others gets axes of length 1 behind its batch axis, and then its
    mask does not change y, as in Keras. The output is masked where all inputs are; one input without a mask is enough
    for an output without a mask.

    A subclass computes y in ``merge`` and each dL/dx in ``merge_backward``, for inputs with equally many axes.
    """

    supports_masking = True
    input_spec = InputSpec(min_ndim=1)

    def merge(self, xs: list[np.ndarray], masks: list[np.ndarray | None]):
        """y and a cache. Each mask is broadcast to its x."""
        raise NotImplementedError

    def merge_backward(self, dy: np.ndarray, xs: list[np.ndarray], cache) -> list[np.ndarray]:
        """dL/dx for each x, in the shape of dy or of x."""
        raise NotImplementedError

    def build(self, input_shape):
        self.compute_output_shape(input_shape)

    def call(self, x, training=False, mask=None):
        self.compute_output_shape([item.shape for item in x])
        axes = max(item.ndim for item in x)
        xs = [item.reshape(item.shape[:1] + (1,) * (axes - item.ndim) + item.shape[1:]) for item in x]
        masks = [_spread(m, item) if item.ndim == axes else None for m, item in zip(self._masks(x, mask), x)]
        y, cache = self.merge(xs, masks)
        return y, (xs, [item.shape for item in x], cache)

    def call_backward(self, dy, cache):
        xs, shapes, cache = cache
        dxs = self.merge_backward(dy, xs, cache)
        return [sum_to_shape(dx, x.shape).reshape(shape) for dx, x, shape in zip(dxs, xs, shapes)], []

    def compute_output_shape(self, input_shape):
        self._check_shapes(input_shape)
        batches = {shape[0] for shape in input_shape} - {None}
        if len(batches) > 1:
            raise self.wrong_input("inputs with one batch size", f"shapes {input_shape}")
        output: tuple[int | None, ...] = ()
        for _, *lengths in input_shape:
            output = self._broadcast(output, tuple(lengths), input_shape)
        return (*(batches or {None}), *output)

    def compute_mask(self, x, mask=None):
        masks = self._masks(x, mask)
        return None if any(m is None for m in masks) else np.logical_or.reduce(np.broadcast_arrays(*masks))

    def _takes_list(self, x) -> bool:
        return True

    def _masks(self, xs, mask) -> list[np.ndarray | None]:
        """One mask, or None, for each input."""
        if mask is None:
            return [None] * len(xs)
        if not isinstance(mask, (list, tuple)) or len(mask) != len(xs):
            raise self.wrong_input(f"a list of {len(xs)} masks, one for each input", f"{type(mask).__name__} {mask!r}")
        return [None if m is None else np.asarray(m, dtype=bool) for m in mask]

    def _check_shapes(self, shapes) -> None:
        if not shapes or not isinstance(shapes[0], (list, tuple)):
            raise self.wrong_input("a list of inputs", f"one of shape {shapes}", "Call it on [a, b].")

    def _broadcast(self, a: tuple, b: tuple, shapes) -> tuple[int | None, ...]:
        a, b = (1,) * (len(b) - len(a)) + a, (1,) * (len(a) - len(b)) + b
        if any(m != n and not {m, n} & {1, None} for m, n in zip(a, b)):
            raise self.wrong_input("inputs whose shapes broadcast", f"shapes {shapes}")
        return tuple(None if None in (m, n) else n if m == 1 else m for m, n in zip(a, b))


class Add(Merge):
    """y = x₁ + x₂ + …, and dL/dx = dy for each.

    Source: https://keras.io/api/layers/merging_layers/add/
    """

    def merge(self, xs, masks):
        return sum(xs[1:], xs[0]), None

    def merge_backward(self, dy, xs, cache):
        return [dy] * len(xs)


class Subtract(Merge):
    """y = x₁ - x₂, with dL/dx₁ = dy and dL/dx₂ = -dy.

    Source: https://keras.io/api/layers/merging_layers/subtract/
    """

    def merge(self, xs, masks):
        return xs[0] - xs[1], None

    def merge_backward(self, dy, xs, cache):
        return [dy, -dy]

    def _check_shapes(self, shapes):
        super()._check_shapes(shapes)
        if len(shapes) != 2:
            raise self.wrong_input("two inputs", f"{len(shapes)}")


class Multiply(Merge):
    """y = x₁ x₂ …, number by number, and dL/dxᵢ = dy times all other x.

    A masked number counts as 1. Where all are masked, y is 0.

    Source: https://keras.io/api/layers/merging_layers/multiply/
    """

    def merge(self, xs, masks):
        factors = [x if mask is None else np.where(mask, x, x.dtype.type(1)) for x, mask in zip(xs, masks)]
        counts = None if any(mask is None for mask in masks) else np.logical_or.reduce(np.broadcast_arrays(*masks))
        y = math.prod(factors[1:], start=factors[0])
        return _where(counts, y), (factors, masks, counts)

    def merge_backward(self, dy, xs, cache):
        factors, masks, counts = cache
        dy = _where(counts, dy)
        others = [math.prod(factors[:i] + factors[i + 1 :]) for i in range(len(factors))]
        return [_where(mask, dy * other) for mask, other in zip(masks, others)]


class Average(Merge):
    """y = (x₁ + x₂ + … + xₙ) / n, and dL/dx = dy / n for each.

    Source: https://keras.io/api/layers/merging_layers/average/
    """

    def merge(self, xs, masks):
        return sum(xs[1:], xs[0]) / len(xs), None

    def merge_backward(self, dy, xs, cache):
        return [dy / len(xs)] * len(xs)


class Extremum(Merge):
    """The best of x₁, x₂, …. dy goes to the first x that is as good as y, and to no other.

    A masked number does not take part. NaN wins; of two NaN, dy goes to the later one, as in TensorFlow.
    """

    best: np.ufunc
    holds: np.ufunc

    def merge(self, xs, masks):
        y, counts, taken = xs[0], masks[0], []
        for x, mask in zip(xs[1:], masks[1:]):
            b = x if mask is None else np.where(mask, x, y)
            a = y if counts is None else np.where(counts, y, b)
            y = self.best(a, b)
            taken.append(_and(mask, ~_and(counts, self.holds(a, b))))
            counts = None if counts is None or mask is None else counts | mask
        return y, taken

    def merge_backward(self, dy, xs, cache):
        dxs = []
        for taken in reversed(cache):
            dxs.append(_where(taken, dy))
            dy = _where(~taken, dy)
        return [dy, *reversed(dxs)]


class Maximum(Extremum):
    """y = max(x₁, x₂, …); dL/dx = dy for the largest, 0 for the others.

    Source: https://keras.io/api/layers/merging_layers/maximum/
    """

    best = np.maximum
    holds = np.greater_equal


class Minimum(Extremum):
    """y = min(x₁, x₂, …); dL/dx = dy for the smallest, 0 for the others.

    Source: https://keras.io/api/layers/merging_layers/minimum/
    """

    best = np.minimum
    holds = np.less_equal


def add(inputs: Sequence, **kwargs):
    """``Add(**kwargs)(inputs)``."""
    return Add(**kwargs)(inputs)


def subtract(inputs: Sequence, **kwargs):
    """``Subtract(**kwargs)(inputs)``."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs: Sequence, **kwargs):
    """``Multiply(**kwargs)(inputs)``."""
    return Multiply(**kwargs)(inputs)


def average(inputs: Sequence, **kwargs):
    """``Average(**kwargs)(inputs)``."""
    return Average(**kwargs)(inputs)


def maximum(inputs: Sequence, **kwargs):
    """``Maximum(**kwargs)(inputs)``."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs: Sequence, **kwargs):
    """``Minimum(**kwargs)(inputs)``."""
    return Minimum(**kwargs)(inputs)


def _where(counts: np.ndarray | None, x: np.ndarray) -> np.ndarray:
    """x, with 0 where it does not count."""
    return x if counts is None else np.where(counts, x, x.dtype.type(0))


def _and(mask: np.ndarray | None, condition: np.ndarray) -> np.ndarray:
    return condition if mask is None else mask & condition


def _spread(mask: np.ndarray | None, x: np.ndarray) -> np.ndarray | None:
    """A mask of time steps as a mask of the numbers in x."""
    return None if mask is None else np.broadcast_to(mask[..., None], x.shape)
