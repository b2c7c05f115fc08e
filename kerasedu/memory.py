"""Memory that NumPy frees stays with the process once something is trained: the next step needs the same again."""

from __future__ import annotations

import ctypes
from functools import cache

# Numbers of the parameters in glibc's malloc.h
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT = 2**28  # bytes that may lie idle at the end of the heap
LARGE = 2**25  # bytes from which an array gets pages of its own; glibc allows no more


@cache
def keep_freed_memory() -> None:
    """Tell the C library not to hand freed memory back to the system at once; where it is not glibc, do nothing.

    Every step of training makes and frees the same arrays. With glibc's defaults, those of more than 128 kB go back to
    the system and come again page by page, each page filled with zeros: more than half of the time of a small network.
    The alternative, arrays that are kept and written again, would be as fast, but then every result of a layer would
    change under the hands of those who hold it.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # macOS, musl, Windows
        return
    mallopt(M_MMAP_THRESHOLD, LARGE)
    mallopt(M_TRIM_THRESHOLD, KEPT)
