"""Initializers without chance."""

from __future__ import annotations

import numpy as np

from kerasedu.config import floatx
from kerasedu.initializers.initializer import Initializer

__all__ = ["Constant", "Identity", "Ones", "Zeros", "constant", "identity", "ones", "zeros"]


class Constant(Initializer):
    """``value`` everywhere, rounded to float32 as Keras on TensorFlow does, for float64 weights too.

    Source: https://keras.io/api/layers/initializers/
    """

    def __init__(self, value: float = 0.0):
        self.value = value

    def __call__(self, shape, dtype=None):
        return np.full(shape, np.float32(self.value), dtype=dtype or floatx())


class Zeros(Initializer):
    """0 everywhere. Right for a bias; kernels of zeros keep all units equal for ever.

    Source: https://keras.io/api/layers/initializers/
    """

    def __call__(self, shape, dtype=None):
        return np.zeros(shape, dtype=dtype or floatx())


class Ones(Initializer):
    """1 everywhere.

    Source: https://keras.io/api/layers/initializers/
    """

    def __call__(self, shape, dtype=None):
        return np.ones(shape, dtype=dtype or floatx())


class Identity(Initializer):
    """``gain`` on the diagonal of a matrix, 0 elsewhere.

    Source: https://keras.io/api/layers/initializers/
    """

    def __init__(self, gain: float = 1.0):
        self.gain = gain

    def __call__(self, shape, dtype=None):
        if len(shape) != 2:
            raise ValueError(f"Identity makes matrices, which have 2 axes; got shape {tuple(shape)}")
        return np.eye(*shape, dtype=dtype or floatx()) * np.asarray(self.gain, dtype or floatx())


constant, identity, ones, zeros = Constant, Identity, Ones, Zeros
