"""Activation functions as objects that know their derivative: ``activations.relu(x)``, ``activations.get("relu")``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from kerasedu import ops
from kerasedu.config import as_float
from kerasedu.configurable import resolve


class ActivationFunction:
    """y = f(x) together with dL/dx = f'(x) dL/dy.

    Arguments:
        function: f(x, **options).
        derivative: (dy, x, y, **options) -> dL/dx; None if it is not known, then the function only goes forward.
        defaults: options other than the function's own defaults.
    """

    def __init__(self, function: Callable, derivative: Callable | None = None, **defaults):
        self.__name__ = getattr(function, "__name__", type(function).__name__)
        self.__doc__ = function.__doc__
        self.function = function
        self.derivative = derivative
        self.defaults = defaults

    def __call__(self, x, *args, **options) -> np.ndarray:
        """f(x); options as in ``kerasedu.ops``."""
        if not args:
            options = {**self.defaults, **options}
        return self.function(as_float(x), *args, **options)

    def backward(self, dy, x, y=None, **options) -> np.ndarray:
        """dL/dx, given dy = dL/dy, the input x, and the output y = f(x) if it is at hand."""
        if self.derivative is None:
            raise ValueError(
                f"the activation {self.__name__!r} is a plain function, so its derivative is not known. Name one of "
                "kerasedu.activations, or give ActivationFunction(function, derivative)."
            )
        return self.derivative(dy, as_float(x), y, **{**self.defaults, **options})

    def __reduce__(self):
        """Copies and pickles of an activation of this module are the activation itself."""
        return self.__name__ if globals().get(self.__name__) is self else super().__reduce__()

    def __repr__(self) -> str:
        return f"<activation {self.__name__}>"


linear = ActivationFunction(ops.linear, ops.linear_backward)
relu = ActivationFunction(ops.relu, ops.relu_backward)
leaky_relu = ActivationFunction(ops.leaky_relu, ops.leaky_relu_backward)
elu = ActivationFunction(ops.elu, ops.elu_backward)
selu = ActivationFunction(ops.selu, ops.selu_backward)
gelu = ActivationFunction(ops.gelu, ops.gelu_backward, approximate=False)
sigmoid = ActivationFunction(ops.sigmoid, ops.sigmoid_backward)
hard_sigmoid = ActivationFunction(ops.hard_sigmoid, ops.hard_sigmoid_backward)
tanh = ActivationFunction(ops.tanh, ops.tanh_backward)
softmax = ActivationFunction(ops.softmax, ops.softmax_backward)
log_softmax = ActivationFunction(ops.log_softmax, ops.log_softmax_backward)
softplus = ActivationFunction(ops.softplus, ops.softplus_backward)
softsign = ActivationFunction(ops.softsign, ops.softsign_backward)
silu = swish = ActivationFunction(ops.silu, ops.silu_backward)
exponential = ActivationFunction(ops.exponential, ops.exponential_backward)

_KNOWN = {name: value for name, value in globals().items() if isinstance(value, ActivationFunction)}


def get(identifier: Any) -> ActivationFunction:
    """The activation that ``identifier`` stands for.

    Arguments:
        identifier: None (the identity), a name, an activation, a layer without weights, or a function. A function
            without a derivative works forward, and its ``backward`` raises ValueError.

    Raises:
        ValueError: the name is not known.
    """
    found = resolve("activation", _KNOWN, linear if identifier is None else identifier)
    if isinstance(found, ActivationFunction):
        return found
    return ActivationFunction(found, _derivative_of_layer(found) if hasattr(found, "backpropagate") else None)


def is_known(activation: ActivationFunction | None) -> bool:
    """Whether ``activation`` is one of this module (or None, the identity), and not somebody's own function."""
    return activation is None or any(activation is known for known in _KNOWN.values())


def _derivative_of_layer(layer: Any) -> Callable:
    def derivative(dy, x, y=None) -> np.ndarray:
        _, cache = layer.propagate(x)
        dx, _ = layer.backpropagate(dy, cache)
        return dx

    return derivative
