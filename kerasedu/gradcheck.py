"""Numerical gradients: what every derivative of this package can be checked against without another library."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import as_list
from kerasedu.losses import Loss

STEP = float(np.cbrt(np.finfo(np.float64).eps))


def numerical_gradient(f: Callable[[np.ndarray], float], x, eps: float = STEP) -> np.ndarray:
    """dL/dx for L = f(x), from the change of L when one number of x moves to either side.

        dL/dxᵢ ≈ (f(x + h eᵢ) - f(x - h eᵢ)) / 2h        h = eps · max(1, |xᵢ|)

    Two errors pull the step h in opposite directions. The difference quotient misses the third derivative, h²/6 f''';
    and f itself is rounded, which the division magnifies to about ε|f|/h with ε = 2.2e-16. Their sum is smallest near
    h = ∛ε = 6e-6, the default, where some ten correct digits remain. In float32 (ε = 1.2e-7) there would be four, so
    x is moved in float64 whatever its type.

    Where f has a kink (relu at 0, equal maxima in a pooling window) it has no derivative, and the result lies between
    the slopes on both sides.

    Arguments:
        f: a function of an array like x; called twice for each number in x.
        x: the point, any shape.
        eps: step for numbers up to 1.

    Returns:
        dL/dx in the shape of x, float64.

    Raises:
        ValueError: f returns more than one number.
    """
    x = np.array(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        centre = x[i]
        h = eps * max(1.0, abs(centre))
        x[i] = centre + h
        above, up = _number(f(x.copy())), x[i]
        x[i] = centre - h
        below, down = _number(f(x.copy())), x[i]
        x[i] = centre
        gradient[i] = (above - below) / (up - down)
    return gradient


def check_gradients(subject: Any, x, y=None, *, seed: int = 0, **options) -> GradientCheck:
    """Compare the derivatives that ``subject`` computes with numerical ones, in float64.

    =====================  ==============================  ========================================================
    subject                x, y                            what is compared
    =====================  ==============================  ========================================================
    layer or model         input, or a list of inputs      dL/dx and dL/dw for each trainable weight
    loss                   y_pred, y_true                  dL/dy_pred
    activation, op f       argument, or a tuple of them    what ``f_backward``, which stands beside f, returns
    =====================  ==============================  ========================================================

    An output y of many numbers becomes a single L = Σ dy · y with random dy, drawn from ``seed``, so that a wrong entry
    anywhere in the Jacobian shows. A layer is copied to float64 first and stays as it was. Choose x at random, away
    from kinks; a layer that draws random numbers in training cannot be checked with ``training=True``.

    Arguments:
        options: of the call: ``training``, ``mask``, ``initial_state`` for a layer, ``sample_weight`` for a loss, any
            option of a function.

    Returns:
        A ``GradientCheck``: ``.passed``, and it shows as a table.

    Raises:
        ValueError: the function has no ``_backward``.
    """
    rng = np.random.default_rng(seed)
    if isinstance(subject, Layer):
        return _check_layer(subject, x, rng, options)
    if isinstance(subject, Loss):
        return _check_loss(subject, x, y, options)
    return _check_function(subject, x if isinstance(x, tuple) else (x,), rng, options)


@dataclass
class GradientCheck:
    """Largest difference between a derivative and its numerical counterpart, one row (what, error, tolerance) each.

    The tolerance is a millionth of the largest slope, plus what rounding does to the difference quotient.
    """

    title: str
    rows: list[tuple[str, float, float]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether something was compared and every error is within its tolerance."""
        return bool(self.rows) and all(error <= limit for _, error, limit in self.rows)

    def add(self, what: str, gradient, numerical: np.ndarray, size: float) -> None:
        """Compare ``gradient`` with ``numerical``, for an L whose terms add up to ``size``."""
        limit = 1e-6 * np.max(np.abs(numerical), initial=0.0) + 10 * np.finfo(float).eps / STEP * (1 + size)
        gradient = np.asarray(gradient)
        if gradient.shape != numerical.shape:
            what += f" (shape {gradient.shape} instead of {numerical.shape})"
            self.rows.append((what, np.inf, limit))
        else:
            self.rows.append((what, float(np.max(np.abs(gradient - numerical), initial=0.0)), float(limit)))

    def __str__(self) -> str:
        width = max([len(what) for what, *_ in self.rows], default=0)
        lines = [f"{self.title}: gradients against numerical ones"]
        for what, error, limit in self.rows:
            verdict = "equal" if error <= limit else "DIFFERENT"
            lines.append(f"{what:{width}}  error {error:.1e}  tolerance {limit:.1e}  {verdict}")
        return "\n".join(lines)

    __repr__ = __str__


def _check_layer(layer: Layer, x, rng, options) -> GradientCheck:
    inputs = [_double(item) for item in as_list(x)]
    states = [_double(item) for item in as_list(options.pop("initial_state", None))]
    options = {**options, **({"initial_state": states} if states else {})}
    x = inputs if isinstance(x, (list, tuple)) else inputs[0]
    if not layer.built:
        layer(x, **{**options, "training": False})
    layer = with_dtype(layer, "float64")

    def forward() -> Any:
        if getattr(layer, "stateful", False):
            layer.reset_state()
        return layer.forward(x, **options)

    y = forward()
    ys = _leaves(y)
    dys = [rng.standard_normal(item.shape) for item in ys]
    dx = layer.backward(dys[0] if isinstance(y, np.ndarray) else dys)
    gradients = layer.grads

    def loss() -> float:
        return sum(np.vdot(dy, item) for dy, item in zip(dys, _leaves(forward())))

    size = sum(np.abs(dy * item).sum() for dy, item in zip(dys, ys))
    check = GradientCheck(str(layer))
    names = [*_numbered("dL/dx", inputs), *_numbered("dL/dstate", states)]
    for name, array, slope in zip(names, [*inputs, *states], as_list(dx)):
        if array.dtype.kind == "f":
            check.add(name, slope, _in_place(loss, array), size)
    for variable, gradient in zip(layer.trainable_weights, gradients, strict=True):
        check.add(
            f"dL/d{variable.path.removeprefix(layer.name + '/')}", gradient, _in_place(loss, variable.value), size
        )
    return check


def _check_loss(loss, y_pred, y_true, options) -> GradientCheck:
    y_pred = np.asarray(y_pred, np.float64)
    value = np.sum(loss.forward(y_true, y_pred, **options))
    gradient = loss.backward()
    check = GradientCheck(type(loss).__name__)
    numerical = numerical_gradient(lambda y_pred: np.sum(loss(y_true, y_pred, **options)), y_pred)
    check.add("dL/dy_pred", gradient, numerical, abs(value))
    return check


def _check_function(function: Callable, arguments: tuple, rng, options) -> GradientCheck:
    backward = getattr(function, "backward", None) or _derivative_of(function)
    arguments = tuple([_double(a) for a in x] if isinstance(x, list) else _double(x) for x in arguments)
    arrays = [a for x in arguments for a in as_list(x) if isinstance(a, np.ndarray)]

    def outputs() -> list[np.ndarray]:
        return [np.asarray(y) for y in as_list(function(*arguments, **options))]

    ys = outputs()
    dys = [rng.standard_normal(y.shape) for y in ys]
    several = isinstance(function(*arguments, **options), (list, tuple))
    slopes = as_list(backward(dys if several else dys[0], *arguments, **options))
    size = sum(np.abs(dy * y).sum() for dy, y in zip(dys, ys))
    check = GradientCheck(function.__name__)
    for name, array, slope in zip(_numbered("dL/dx", arrays), arrays, slopes, strict=True):
        if array.dtype.kind == "f":
            numerical = _in_place(lambda: sum(np.vdot(dy, y) for dy, y in zip(dys, outputs())), array)
            check.add(name, slope, numerical, size)
    return check


def _derivative_of(function: Callable) -> Callable:
    """``f_backward``, which stands beside f in its module.

    Raises:
        ValueError: there is none.
    """
    name = f"{function.__name__}_backward"
    found = getattr(sys.modules[function.__module__], name, None)
    if found is None:
        raise ValueError(f"{function.__name__} has no {name} beside it, so nothing can be checked")
    return found


def _in_place(loss: Callable[[], float], array: np.ndarray) -> np.ndarray:
    """The numerical gradient of a ``loss`` that reads ``array`` wherever it lies, in a layer or a list of inputs."""
    kept = array.copy()

    def f(value: np.ndarray) -> float:
        array[...] = value
        return loss()

    gradient = numerical_gradient(f, kept)
    array[...] = kept
    return gradient


def with_dtype(layer: Layer, dtype: str) -> Layer:
    """A copy of a built layer or model, with everything inside it, that computes in ``dtype``."""
    layer = copy.deepcopy(layer)
    inside = [layer]
    for part in inside:
        inside += part._layers
        for thing in (part, *(tensor for node in part._nodes for tensor in as_list(node.outputs))):
            thing.dtype = dtype if thing.dtype.startswith("float") else thing.dtype
    for variable in layer.weights:
        variable.value = variable.value.astype(dtype)
    return layer


def _leaves(y) -> list[np.ndarray]:
    return list(y.values()) if isinstance(y, dict) else as_list(y)


def _double(x) -> Any:
    """A copy in float64; integers, and the subscripts of ``einsum``, as they are."""
    if isinstance(x, str):
        return x
    x = np.asarray(x)
    return np.array(x, np.float64) if x.dtype.kind == "f" else x


def _numbered(name: str, items: list) -> list[str]:
    return [name] if len(items) == 1 else [f"{name}[{i}]" for i in range(len(items))]


def _number(value) -> float:
    if np.size(value) != 1:
        raise ValueError(f"numerical_gradient needs a function with one number as result, got shape {np.shape(value)}")
    return float(np.asarray(value).reshape(()))
