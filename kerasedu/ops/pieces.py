"""Work on a batch in pieces that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator

FLOATS = 2**20  # numbers in a piece: 4 MB in float32, about what a processor's caches hold


def pieces(batch: int, numbers: int) -> Iterator[slice]:
    """Slices that cover a batch, each with about ``FLOATS`` of the ``numbers`` that the whole batch makes.

    No sample is divided. An array that is written and read again at once is read from the cache if it is small; a
    large one has to come back from memory, several times as slowly.
    """
    count = max(1, min(batch, -(-numbers // FLOATS)))
    size = -(-batch // count)
    for start in range(0, batch, max(size, 1)):
        yield slice(start, start + size)
