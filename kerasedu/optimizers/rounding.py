"""Where Keras rounds a constant to float32 on its way to a float64 variable."""

from __future__ import annotations

import numpy as np

from kerasedu.variable import Variable


def like_keras(number: float, variable: Variable) -> np.floating:
    """A constant in the variable's type, by way of float32.

    Keras's ``ops.cast(0.999, "float64")`` is float32's nearest number, 0.99900001287. In a power that is raised
    a thousand times the difference shows: 1e-6 after some hundred steps of Adam in float64.
    """
    return variable.value.dtype.type(np.float32(number))
