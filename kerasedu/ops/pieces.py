"""Work on a batch in pieces that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

FLOATS = 2**20  # numbers in a piece: 4 MB in float32, about what a processor's caches hold


def pieces(batch: int, numbers: int) -> Iterator[slice]:
    """Slices that cover a batch, each with about ``FLOATS`` of the ``numbers`` that the whole batch makes.

    There is at least one, and no sample is divided. An array that is written and read again at once is read from the
    cache if it is small; a large one has to come back from memory, several times as slowly.
    """
    count = max(1, min(batch, -(-numbers // FLOATS)))
    size = max(1, -(-batch // count))
    for start in range(0, max(batch, 1), size):
        yield slice(start, start + size)


def together(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """What was made of the pieces, one after the other; a single piece as it is, without a copy."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
