"""``Dropout``: random zeros, so that no unit can rely on another."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real

import numpy as np

from kerasedu import random
from kerasedu.layers.layer import Layer


class Dropout(Layer):
    """While training, y = x / (1 - p) with probability 1 - p, and 0 with probability p; otherwise y = x.

    The factor 1 / (1 - p) keeps the mean of y at x, so that nothing has to be scaled when the model is used.
    dL/dx is dy / (1 - p) where x was kept, and 0 elsewhere.

    Arguments:
        rate: p, from 0 to 1. With 1 everything is dropped.
        noise_shape: shape of the random draw, which is broadcast to x: ``(None, 1, 8)`` keeps or drops a feature for
            all time steps of a sample alike. None stands for the length that x has there.
        seed: integer, for draws that repeat from run to run; they still differ from call to call.

    Source: N. Srivastava et al. (2014), https://jmlr.org/papers/v15/srivastava14a.html;
    https://keras.io/api/layers/regularization_layers/dropout/
    """

    supports_masking = True

    def __init__(self, rate: float, noise_shape: Sequence[int | None] | None = None, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(rate, Real) or not 0 <= rate <= 1:
            raise ValueError(f"{self} expected rate to be a probability, from 0 to 1, got {rate!r}")
        self.rate = rate
        self.noise_shape = None if noise_shape is None else self._as_shape(noise_shape)
        self.seed = seed
        self._generator = None if seed is None else random.generator(seed)

    def call(self, x, training=False, mask=None):
        if not training or self.rate == 0:
            return x, None
        draw = random.generator(self._generator).random(self._draw_shape(x.shape), dtype=np.float32)
        scale = 0 if self.rate == 1 else 1 / (1 - self.rate)
        factor = (draw >= self.rate) * x.dtype.type(scale)
        return x * factor, factor

    def call_backward(self, dy, cache):
        factor = cache
        return (dy if factor is None else dy * factor), []

    def _draw_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        if self.noise_shape is None:
            return shape
        if len(self.noise_shape) > len(shape):
            raise self.wrong_input(f"an input with the axes of noise_shape {self.noise_shape}", f"shape {shape}")
        lengths = list(zip(self.noise_shape, shape[len(shape) - len(self.noise_shape) :]))
        if any(noise not in (None, 1, length) for noise, length in lengths):
            raise self.wrong_input(f"an input to which noise_shape {self.noise_shape} broadcasts", f"shape {shape}")
        return tuple(length if noise is None else noise for noise, length in lengths)

    def _as_shape(self, noise_shape) -> tuple[int | None, ...]:
        is_sequence = isinstance(noise_shape, Sequence) and not isinstance(noise_shape, str)
        if not is_sequence or not all(n is None or (isinstance(n, int) and n > 0) for n in noise_shape):
            raise ValueError(f"{self} expected noise_shape to hold positive integers and None, got {noise_shape!r}")
        return tuple(noise_shape)
