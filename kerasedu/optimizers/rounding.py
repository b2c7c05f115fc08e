"""Where Keras rounds a constant to float32 on its way to a float64 variable."""

from __future__ import annotations

import numpy as np

from kerasedu.variable import Variable


def like_keras(number: float, variable: Variable) -> np.floating:
    """A constant in the variable's type: a Python number by way of float32, one of NumPy's straight.

    Keras's ``ops.cast(0.999, "float64")`` is float32's nearest number, 0.99900001287, whatever ``floatx()`` is. In a
    power that is raised a thousand times the difference shows: 1e-6 after some hundred steps of Adam in float64.
    ``Adam(beta_1=np.float64(0.9), beta_2=np.float64(0.999))`` computes with the very numbers, in Keras too.
    """
    number = number if isinstance(number, np.floating) else np.float32(number)
    return variable.value.dtype.type(number)
