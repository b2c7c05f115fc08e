"""Symbolic tensors: the promises from which a functional ``Model`` is drawn."""

from __future__ import annotations

from itertools import count
from typing import Any

_serial = count()


class NoSuchPart(ValueError, AttributeError):
    """A layer or model has no such input or output, or not yet. As an AttributeError it makes ``hasattr`` say False."""


class SymbolicTensor:
    """A promise of an array: its shape (None where it is free) and the call that will compute it.

    ``a + b``, ``a - b`` and ``a * b`` make the merging layers Add, Subtract and Multiply, as in Keras.
    """

    def __init__(self, shape: tuple[int | None, ...], dtype: str, node: Node | None = None, index: int = 0):
        self.shape = tuple(shape)
        self.dtype = dtype
        self.node = node
        self.index = index
        self.name = f"tensor_{next(_serial)}"

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __add__(self, other: SymbolicTensor) -> SymbolicTensor:
        from kerasedu.layers.merge import Add

        return Add()([self, other])

    def __sub__(self, other: SymbolicTensor) -> SymbolicTensor:
        from kerasedu.layers.merge import Subtract

        return Subtract()([self, other])

    def __mul__(self, other: SymbolicTensor) -> SymbolicTensor:
        from kerasedu.layers.merge import Multiply

        return Multiply()([self, other])

    def __array__(self, *_, **__):
        raise ValueError(
            f"{self!r} is symbolic: it has a shape but no values yet. Apply layers to it, make a Model of it, "
            "and call the model on an array."
        )

    def __repr__(self) -> str:
        return f"<SymbolicTensor shape={self.shape} dtype={self.dtype}>"


class Node:
    """One call of a layer in the graph: its inputs, its options and the tensors it promises.

    A layer that is called twice (a shared layer) has two nodes and one set of weights.

    Arguments:
        layer: the layer that was called.
        inputs: what it was called on: a symbolic tensor or a list of them.
        options: further arguments of the call; ``initial_state`` may hold symbolic tensors too.
    """

    def __init__(self, layer, inputs: Any, options: dict[str, Any]):
        self.layer = layer
        self.inputs = inputs
        self.options = options
        self.outputs: Any = None

    def parents(self) -> list[SymbolicTensor]:
        """The symbolic tensors this call needs, in the order in which ``backward`` returns their gradients."""
        state = self.options.get("initial_state")
        return [t for t in (*as_list(self.inputs), *as_list(state)) if isinstance(t, SymbolicTensor)]


def as_list(x: Any) -> list:
    """``x`` as a list: a list or tuple item by item, None as no item, anything else as one."""
    if x is None:
        return []
    return list(x) if isinstance(x, (list, tuple)) else [x]


def is_symbolic(x: Any) -> bool:
    """Whether ``x`` is, or contains, a symbolic tensor."""
    return any(isinstance(item, SymbolicTensor) for item in as_list(x))
