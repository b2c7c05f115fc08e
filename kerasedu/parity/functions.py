"""A function, regularizer or constraint against Keras's, and its derivative against Keras's."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

from kerasedu.activations import ActivationFunction
from kerasedu.configurable import Configurable
from kerasedu.parity import oracle
from kerasedu.parity.compare import compare
from kerasedu.parity.layers import numbered
from kerasedu.parity.report import Report
from kerasedu.parity.structure import flatten
from kerasedu.parity.tolerance import change, largest, perturb
from kerasedu.parity.translate import function_twin, twin


def check_function(report: Report, function: Callable, x, *, seed=0, **options) -> None:
    """Compare f(x, **options), and dL/dx for a random dL/dy drawn from ``seed`` if f has a derivative.

    A tuple x stands for several arguments; a list is one argument that is a list of arrays, as for ``concatenate``.
    Strings among them (the subscripts of ``einsum``) are handed on.
    """
    arguments = x if isinstance(x, tuple) else (x,)
    arrays = [np.asarray(a) for argument in arguments for a in _each(argument) if not isinstance(a, str)]
    other = twin(function) if isinstance(function, Configurable) else function_twin(function)

    def call(f, values):
        return f(*_as_given(arguments, list(values)), **options)

    y = call(function, arrays)
    ys = [np.asarray(item) for item in _each(y)]
    rng = np.random.default_rng(seed)
    dys = [rng.standard_normal(item.shape).astype(item.dtype) for item in ys]
    floating = [dy for dy in dys if dy.dtype.kind == "f"]

    def run(arrays, dys):
        return oracle.vjp(lambda *tensors: call(other, tensors), arrays, dys)

    outputs, gradients = run(arrays, floating)
    near, near_gradients = run([perturb(a) for a in arrays], [perturb(dy) for dy in floating])
    terms = max((a.size for a in arrays), default=1) / max(1, ys[0].size) ** 0.5
    size = np.mean(np.abs(arrays[0])) if ys[0].size == 1 and arrays[0].size else 0.0
    for name, got, expected, moved in zip(numbered("y", ys), ys, outputs, near):
        report.add(compare(name, got, expected, change(expected, moved), terms, size))
    backward = derivative_of(function)
    if backward is None or gradients is None or not floating:
        return
    dy = dys if isinstance(y, (list, tuple)) else dys[0]
    dx = [*flatten(backward(dy, *_as_given(arguments, arrays), **options))]
    wanted = [pair for pair in zip(numbered("dL/dx", arrays), gradients, near_gradients) if pair[1] is not None]
    if len(dx) == len(arrays):
        dx = [g for g, expected in zip(dx, gradients) if expected is not None]
    terms = max(dy.size for dy in floating) / max(1, arrays[0].size) ** 0.5
    size = max(map(largest, floating))
    for got, (name, expected, moved) in zip(dx, wanted, strict=True):
        report.add(compare(name, got, expected, change(expected, moved), terms, size))


def derivative_of(function: Callable) -> Callable | None:
    """The function (dL/dy, x, …) -> dL/dx that belongs to f; None if there is none."""
    if isinstance(function, ActivationFunction):
        return function.backward
    if isinstance(function, Configurable):
        slope = getattr(function, "backward", None)
        return None if slope is None else lambda dy, w: dy * slope(w)
    return getattr(sys.modules[function.__module__], f"{function.__name__}_backward", None)


def _each(value) -> list:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _as_given(arguments: tuple, values: list) -> list:
    """``values`` in the places of the arrays of ``arguments``: one each, or a list of them."""
    left = iter(values)

    def filled(argument):
        if isinstance(argument, str):
            return argument
        return [next(left) for _ in argument] if isinstance(argument, list) else next(left)

    return [filled(argument) for argument in arguments]
