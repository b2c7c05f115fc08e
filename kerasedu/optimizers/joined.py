"""Small variables, updated together as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kerasedu.variable import Variable

SMALL = 2**14  # numbers; for more, NumPy's calls take longer than moving the numbers


class Joined:
    """The numbers of several variables, one after the other: what ``update_step`` sees of small ones.

    A rule takes a dozen calls of NumPy for each variable. On a bias of ten numbers nearly all of that is the calls'
    own time, and most variables of a network are such.

    Attributes:
        value: the numbers, shape (n,): a copy, which ``update`` brings in and takes back.
        slots: name -> what the rule remembers about each number, shape (n,). The variables' own slots are views of it.
    """

    def __init__(self, variables: Sequence[Variable]):
        self.variables = list(variables)
        ends = np.cumsum([variable.value.size for variable in variables]).tolist()
        self.places = [slice(start, end) for start, end in zip([0, *ends], ends)]
        self.value = np.empty(ends[-1], variables[0].value.dtype)
        self.slots: dict[str, np.ndarray] = {}

    def add_slot(self, name: str, of_each: Sequence[Variable]) -> None:
        """Let the slot ``name`` of each variable be a piece of one array."""
        self.slots[name] = self.flat([slot.value for slot in of_each])
        for slot, place in zip(of_each, self.places):
            slot.value = self.slots[name][place].reshape(slot.shape)

    def flat(self, arrays: Sequence[np.ndarray]) -> np.ndarray:
        """An array for each variable, as one."""
        return np.concatenate([array.reshape(-1) for array in arrays])

    def load(self) -> None:
        np.concatenate([variable.value.reshape(-1) for variable in self.variables], out=self.value)

    def store(self) -> None:
        for variable, place in zip(self.variables, self.places):
            variable.value[...] = self.value[place].reshape(variable.shape)


def joined(variables: Sequence[Variable]) -> Iterator[Joined]:
    """The small ones among the variables, those of a type together; none for a type that has only one."""
    small = [v for v in variables if 0 < v.value.size < SMALL and v.value.flags.c_contiguous]
    for dtype in dict.fromkeys(variable.dtype for variable in small):
        group = [variable for variable in small if variable.dtype == dtype]
        if len(group) > 1:
            yield Joined(group)
