"""The numbers of a large variable, shared out among the processors."""

from __future__ import annotations

import numpy as np

from kerasedu.threads import processors
from kerasedu.variable import Variable

LARGE = 2**18  # numbers; an update of fewer takes less time than to wake another thread


class Part:
    """Some of the numbers of a variable, in their order in memory: what ``update_step`` sees of a large one."""

    def __init__(self, whole: Variable, place: slice):
        self.whole = whole
        self.place = place
        self.value = self.of(whole.value)

    def of(self, array: np.ndarray) -> np.ndarray:
        """The same numbers of another array in the variable's shape: a view."""
        return array.reshape(-1)[self.place]


def parts(variable: Variable) -> list[Part]:
    """A part for each processor; none if the variable is small, or its memory not in one piece."""
    n, count = variable.value.size, processors()
    if n < LARGE or count < 2 or not variable.value.flags.c_contiguous:
        return []
    size = -(-n // count)
    return [Part(variable, slice(start, start + size)) for start in range(0, n, size)]
