"""Random numbers of a given spread, whatever the shape."""

from __future__ import annotations

import numpy as np

from kerasedu.config import floatx
from kerasedu.initializers.initializer import RandomInitializer

__all__ = ["RandomNormal", "RandomUniform", "TruncatedNormal", "random_normal", "random_uniform", "truncated_normal"]


class RandomNormal(RandomInitializer):
    """Normal numbers with the mean μ and the standard deviation σ.

    Arguments:
        mean, stddev: μ and σ.
        seed: see ``RandomInitializer``.

    Source: https://keras.io/api/layers/initializers/
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed=None):
        super().__init__(seed)
        self.mean = mean
        self.stddev = stddev

    def __call__(self, shape, dtype=None):
        return self.generator().normal(self.mean, self.stddev, shape).astype(dtype or floatx())


class RandomUniform(RandomInitializer):
    """Numbers between ``minval`` and ``maxval``, all equally likely.

    Source: https://keras.io/api/layers/initializers/
    """

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed=None):
        super().__init__(seed)
        self.minval = minval
        self.maxval = maxval

    def __call__(self, shape, dtype=None):
        return self.generator().uniform(self.minval, self.maxval, shape).astype(dtype or floatx())


class TruncatedNormal(RandomInitializer):
    """Normal numbers, those further than 2σ from μ drawn again. Their standard deviation is 0.88 σ.

    Arguments:
        mean, stddev: μ and σ, before the cut.
        seed: see ``RandomInitializer``.

    Source: https://keras.io/api/layers/initializers/
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed=None):
        super().__init__(seed)
        self.mean = mean
        self.stddev = stddev

    def __call__(self, shape, dtype=None):
        z = standard_truncated_normal(self.generator(), shape)
        return (self.mean + self.stddev * z).astype(dtype or floatx())


def standard_truncated_normal(generator: np.random.Generator, shape) -> np.ndarray:
    """Normal numbers z with mean 0 and standard deviation 1, of which only those with |z| < 2 are kept."""
    z = generator.standard_normal(shape)
    while (outside := np.abs(z) > 2).any():
        z[outside] = generator.standard_normal(np.count_nonzero(outside))
    return z


random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
