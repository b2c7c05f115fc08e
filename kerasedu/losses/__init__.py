"""What training makes small: how far predictions are from the truth, with the derivative.

Each loss is there as a class (``MeanSquaredError``: reduces to one number, has ``backward``) and as a function
(``mean_squared_error``: one number for each sample), as in Keras.
"""

from __future__ import annotations

from typing import Any

from kerasedu.configurable import resolve, snake_case
from kerasedu.losses.crossentropy import *
from kerasedu.losses.distribution import *
from kerasedu.losses.hinge import *
from kerasedu.losses.loss import Loss
from kerasedu.losses.regression import *

_KNOWN = {name: cls for name, cls in globals().items() if isinstance(cls, type) and issubclass(cls, Loss)}
del _KNOWN["Loss"]
_SHORT = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
}
_CLASS_OF = {globals()[snake_case(name)]: cls for name, cls in _KNOWN.items()}


def get(identifier: Any) -> Loss | Any:
    """The loss that ``identifier`` stands for.

    Arguments:
        identifier: a name (``"MeanSquaredError"``, ``"mean_squared_error"``, ``"mse"``), a class, an object, a
            configuration, or a function of this module: all give an object, for only objects know their derivative.
            (In Keras a name in small letters gives the function.) None stays None; another function, too, is returned
            as it is.

    Raises:
        ValueError: the name is not known.
    """
    if isinstance(identifier, str):
        identifier = _SHORT.get(identifier.lower(), identifier)
    elif callable(identifier) and not isinstance(identifier, Loss) and identifier in _CLASS_OF:
        identifier = _CLASS_OF[identifier]
    return resolve("loss", _KNOWN, identifier)
