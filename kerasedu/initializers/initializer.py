"""``Initializer``: a function from a shape to an array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.configurable import Configurable
from kerasedu.random import generator


class Initializer(Configurable):
    """A function of (shape, dtype) to the first value of a weight."""

    def __call__(self, shape: Sequence[int], dtype=None) -> np.ndarray:
        """An array of ``shape`` and ``dtype``, by default ``floatx()``."""
        raise NotImplementedError(f"{type(self).__name__} does not define __call__(shape, dtype)")


class RandomInitializer(Initializer):
    """An initializer that draws random numbers.

    Arguments:
        seed: with an integer every call returns the same numbers. With None the common generator goes on, so every
            call returns others, and ``kerasedu.random.set_random_seed`` makes all of them repeatable. (In Keras an
            initializer without seed repeats itself, too.) With a NumPy generator, that one goes on.
    """

    def __init__(self, seed: int | np.random.Generator | None = None):
        self.seed = seed

    def generator(self) -> np.random.Generator:
        """Where the next numbers come from."""
        return generator(self.seed)
