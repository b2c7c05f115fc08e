"""A tape: arrays that remember how they were computed, and can therefore be differentiated.

    x, w = Tensor([[1.0, 2.0]]), Tensor([[3.0], [4.0]])
    loss = ((x @ w).tanh() - 0.5) ** 2
    loss.backward()
    w.grad                                              # dL/dw

Every operation y = f(a) makes a new ``Tensor`` and notes the function that turns dL/dy into dL/da (the chain rule);
``backward`` walks from the loss to the leaves and applies these functions. This is reverse-mode automatic
differentiation, as in ``tf.GradientTape``. The layers of this package have the same worked out by hand, layer by layer.

Source: A. G. Baydin et al., Automatic Differentiation in Machine Learning: a Survey, https://arxiv.org/abs/1502.05767
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kerasedu.config import as_float

Pullback = Callable[[np.ndarray], np.ndarray]


class Tensor:
    """An array in a computation.

    Arguments:
        value: the numbers y; integers become floating-point.
        parents: for each tensor it was computed from, that tensor a and the function dL/dy -> dL/da.

    After ``backward`` of a loss L, ``grad`` is dL/dy, in the shape of ``value``; before, it is None.
    """

    __array_ufunc__ = None  # so that array + tensor asks the tensor, not the array

    def __init__(self, value, parents: tuple[tuple[Tensor, Pullback], ...] = ()):
        self.value = as_float(value)
        self.parents = parents
        self.grad: np.ndarray | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def __repr__(self) -> str:
        return f"Tensor({self.value!r})"

    # -- the walk back ------------------------------------------------------------------------------------------

    def backward(self, dy=None) -> None:
        """Set ``grad`` of this tensor and of all that it was computed from.

        A tensor that was used in several places receives a gradient from each; they add up. So it may pass its
        gradient on only when all have arrived: the order is topological.

        Arguments:
            dy: dL/dy for this tensor y; by default 1, for a loss (y is L then).

        Raises:
            ValueError: y is not a single number and ``dy`` was not given, or has another shape.
        """
        if dy is None and self.value.size != 1:
            raise ValueError(f"backward() starts from a loss, a single number; this has shape {self.shape}: give dy")
        dy = np.ones_like(self.value) if dy is None else np.asarray(dy, self.value.dtype)
        if dy.shape != self.shape:
            raise ValueError(f"dy has shape {dy.shape}, the tensor has {self.shape}: they must be the same")
        order = topological_order(self)
        for tensor in order:
            tensor.grad = np.zeros_like(tensor.value)
        self.grad = dy
        for tensor in reversed(order):
            for parent, pullback in tensor.parents:
                parent.grad = parent.grad + unbroadcast(pullback(tensor.grad), parent.shape)

    # -- arithmetic ---------------------------------------------------------------------------------------------

    def __add__(self, other) -> Tensor:
        """y = a + b: dL/da = dL/dy, dL/db = dL/dy."""
        a, b = self, self._operand(other)
        return Tensor(a.value + b.value, ((a, lambda dy: dy), (b, lambda dy: dy)))

    def __mul__(self, other) -> Tensor:
        """y = a b: dL/da = b dL/dy, dL/db = a dL/dy."""
        a, b = self, self._operand(other)
        return Tensor(a.value * b.value, ((a, lambda dy: dy * b.value), (b, lambda dy: dy * a.value)))

    def __pow__(self, exponent: float) -> Tensor:
        """y = aⁿ for a number n: dL/da = n aⁿ⁻¹ dL/dy."""
        a, n = self, exponent
        return Tensor(a.value**n, ((a, lambda dy: dy * n * a.value ** (n - 1)),))

    def __matmul__(self, other) -> Tensor:
        """Y = A B: dL/dA = dL/dY Bᵀ, dL/dB = Aᵀ dL/dY. Leading axes count the matrices of a stack."""
        a, b = self, self._operand(other)
        if a.value.ndim < 2 or b.value.ndim < 2:
            raise ValueError(f"@ multiplies matrices, got shapes {a.shape} and {b.shape}: reshape(1, -1) makes a row")
        return Tensor(
            a.value @ b.value,
            ((a, lambda dy: dy @ np.swapaxes(b.value, -1, -2)), (b, lambda dy: np.swapaxes(a.value, -1, -2) @ dy)),
        )

    def __neg__(self) -> Tensor:
        return self * -1.0

    def __sub__(self, other) -> Tensor:
        return self + -self._operand(other)

    def __truediv__(self, other) -> Tensor:
        return self * self._operand(other) ** -1.0

    def __rsub__(self, other) -> Tensor:
        return -self + other

    def __rtruediv__(self, other) -> Tensor:
        return self**-1.0 * other

    def __rmatmul__(self, other) -> Tensor:
        return self._operand(other) @ self

    __radd__ = __add__
    __rmul__ = __mul__

    def _operand(self, other) -> Tensor:
        """A tensor as it is; a number or an array as a leaf of this tensor's type."""
        return other if isinstance(other, Tensor) else Tensor(np.asarray(other, self.value.dtype))

    # -- functions of each number -------------------------------------------------------------------------------

    def exp(self) -> Tensor:
        """y = eᵃ: dL/da = y dL/dy."""
        y = np.exp(self.value)
        return Tensor(y, ((self, lambda dy: dy * y),))

    def log(self) -> Tensor:
        """y = ln a: dL/da = 1/a dL/dy."""
        return Tensor(np.log(self.value), ((self, lambda dy: dy / self.value),))

    def tanh(self) -> Tensor:
        """y = tanh a: dL/da = (1 - y²) dL/dy."""
        y = np.tanh(self.value)
        return Tensor(y, ((self, lambda dy: dy * (1 - y * y)),))

    def relu(self) -> Tensor:
        """y = max(a, 0): dL/da = dL/dy where a > 0, else 0."""
        return Tensor(np.maximum(self.value, 0), ((self, lambda dy: dy * (self.value > 0)),))

    # -- sums and shapes ----------------------------------------------------------------------------------------

    def sum(self, axis=None, keepdims: bool = False) -> Tensor:
        """y = Σ a over ``axis``, or over everything: dL/da is dL/dy, repeated along the axes that were summed."""

        def pullback(dy: np.ndarray) -> np.ndarray:
            if axis is not None and not keepdims:
                dy = np.expand_dims(dy, axis)
            return np.broadcast_to(dy, self.shape)

        return Tensor(self.value.sum(axis=axis, keepdims=keepdims), ((self, pullback),))

    def mean(self, axis=None, keepdims: bool = False) -> Tensor:
        """y = Σ a / n over ``axis``, n being the number of terms."""
        total = self.sum(axis, keepdims)
        return total * (total.value.size / self.value.size)

    def reshape(self, *shape: int) -> Tensor:
        """The same numbers in another shape; their gradients take the way back."""
        return Tensor(self.value.reshape(*shape), ((self, lambda dy: dy.reshape(self.shape)),))

    def transpose(self, *axes: int) -> Tensor:
        """Axes in another order, reversed by default; the gradient's axes are put back."""
        order = axes or tuple(reversed(range(self.value.ndim)))
        return Tensor(self.value.transpose(order), ((self, lambda dy: dy.transpose(np.argsort(order))),))

    @property
    def T(self) -> Tensor:
        return self.transpose()


def topological_order(last: Tensor) -> list[Tensor]:
    """All tensors that ``last`` was computed from, each after its parents, ``last`` at the end."""
    done: dict[int, Tensor] = {}
    stack = [last]
    while stack:
        waiting = [parent for parent, _ in stack[-1].parents if id(parent) not in done]
        if waiting:
            stack += waiting
        else:
            tensor = stack.pop()
            done[id(tensor)] = tensor
    return list(done.values())


def unbroadcast(dy: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum ``dy`` over the axes that broadcasting added or stretched: a number used n times gets n gradients."""
    dy = dy.sum(axis=tuple(range(dy.ndim - len(shape))))
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return dy.sum(axis=stretched, keepdims=True)
