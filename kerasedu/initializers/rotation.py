"""Random rotations: matrices that keep lengths."""

from __future__ import annotations

import math

import numpy as np

from kerasedu.config import floatx
from kerasedu.initializers.initializer import RandomInitializer

__all__ = ["Orthogonal", "orthogonal"]


class Orthogonal(RandomInitializer):
    """A random matrix Q with orthonormal columns (QᵀQ = 1), or rows if it has fewer of them; times ``gain``.

    It is the Q of the decomposition A = QR of a matrix A of normal numbers. The signs of Q's columns are chosen such
    that R's diagonal is positive: then all rotations are equally likely.

    Arguments:
        gain: a factor.
        seed: see ``RandomInitializer``.

    Source: A. Saxe et al., https://arxiv.org/abs/1312.6120
    """

    def __init__(self, gain: float = 1.0, seed=None):
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape, dtype=None):
        if len(shape) < 2:
            raise ValueError(f"Orthogonal makes matrices, which have 2 axes or more; got shape {tuple(shape)}")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        a = self.generator().standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(a)
        q *= np.sign(np.diag(r))
        q = q.T if rows < columns else q
        return (self.gain * q.reshape(shape)).astype(dtype or floatx())


orthogonal = Orthogonal
