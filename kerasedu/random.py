"""Where random numbers come from: a generator per seed, and one for everything that has no seed of its own."""

from __future__ import annotations

import numpy as np

_generator = np.random.default_rng()


def set_random_seed(seed: int) -> None:
    """Restart the common generator, so that initial weights, shuffling and dropout repeat from run to run."""
    global _generator
    _generator = np.random.default_rng(seed)


def generator(seed: int | np.random.Generator | None = None) -> np.random.Generator:
    """A new generator for an integer ``seed``, ``seed`` itself if it is a generator, the common one for None."""
    return _generator if seed is None else np.random.default_rng(seed)
