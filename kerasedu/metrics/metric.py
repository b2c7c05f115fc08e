"""``Metric``: a number that is gathered batch by batch."""

from __future__ import annotations

from collections import Counter

import numpy as np

from kerasedu import initializers
from kerasedu.config import as_float, floatx
from kerasedu.configurable import Configurable, snake_case
from kerasedu.variable import Variable

_names: Counter[str] = Counter()


class Metric(Configurable):
    """A quantity of a whole data set, gathered batch by batch: many small updates give what one large one gives.

    A subclass makes its sums with ``add_variable``, adds a batch to them in ``update_state``, and makes the number of
    them in ``result``:

        class Largest(Metric):
            def __init__(self, name="largest", dtype=None):
                super().__init__(name=name, dtype=dtype)
                self.largest = self.add_variable(name="largest")

            def update_state(self, y_true, y_pred, sample_weight=None):
                self.largest.assign(np.maximum(self.largest, np.max(y_pred)))

            def result(self):
                return self.as_result(self.largest)

    Sums are kept in float64. (Keras keeps them in float32, which stops counting at 16,777,216.)

    Arguments:
        dtype: type of the computation and of the result; by default that of the values given.
        name: what logs and histories call it; by default the class's name in small letters, numbered.

    Source: https://keras.io/api/metrics/base_metric/
    """

    _direction: str | None = None  # "up" or "down": whether larger or smaller is better, for callbacks

    def __init__(self, dtype: str | None = None, name: str | None = None):
        self.dtype = None if dtype is None else np.dtype(dtype).name
        self.name = name or _unique_name(type(self))
        self._values_dtype: np.dtype | None = None
        self._variables: list[Variable] = []

    def add_variable(
        self, shape: tuple[int, ...] = (), initializer="zeros", dtype: str = "float64", name: str = "variable"
    ) -> Variable:
        """A sum, or an array of sums. Whatever it starts from, ``reset_state`` makes it 0, as in Keras."""
        value = initializers.get(initializer)(tuple(shape), dtype=dtype)
        self._variables.append(Variable(value, name, trainable=False))
        return self._variables[-1]

    add_weight = add_variable

    @property
    def variables(self) -> list[Variable]:
        """What has been gathered so far."""
        return list(self._variables)

    def reset_state(self) -> None:
        """Forget everything gathered so far."""
        for variable in self._variables:
            variable.value[...] = 0

    def update_state(self, *args, **kwargs) -> None:
        """Add a batch."""
        raise NotImplementedError(f"{type(self).__name__} does not define update_state(...)")

    def result(self):
        """The metric of all batches since the last ``reset_state``."""
        raise NotImplementedError(f"{type(self).__name__} does not define result()")

    def __call__(self, *args, **kwargs):
        """``update_state`` with these arguments, then ``result()``: of all batches, not of this one alone."""
        self.update_state(*args, **kwargs)
        return self.result()

    def as_values(self, x) -> np.ndarray:
        """``x`` in the type of the computation, which becomes the type of the result."""
        x = as_float(x) if self.dtype is None else np.asarray(x, dtype=self.dtype)
        self._values_dtype = x.dtype
        return x

    def as_result(self, x):
        """``x`` in the type of the result."""
        return np.asarray(x, dtype=self.dtype or self._values_dtype or floatx())[()]


def divide_no_nan(a, b) -> np.ndarray:
    """a / b, and 0 where b = 0."""
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        a, b = np.broadcast_arrays(a, b)
    return np.divide(a, b, out=np.zeros(b.shape), where=b != 0)


def spread(weights: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """``weights`` broadcast to the shape of the values."""
    if weights.shape == shape:
        return weights
    try:
        return np.broadcast_to(weights, shape)
    except ValueError:
        raise ValueError(
            f"sample_weight of shape {weights.shape} does not fit values of shape {shape}: "
            "give one weight for each element of the batch"
        ) from None


def _unique_name(cls: type) -> str:
    base = snake_case(cls.__name__)
    number = _names[base]
    _names[base] += 1
    return f"{base}_{number}" if number else base
