"""Rules that change variables so as to lower a loss."""

from kerasedu.configurable import resolve
from kerasedu.optimizers import schedules
from kerasedu.optimizers.adadelta import Adadelta
from kerasedu.optimizers.adagrad import Adagrad
from kerasedu.optimizers.adam import Adam
from kerasedu.optimizers.adamax import Adamax
from kerasedu.optimizers.adamw import AdamW
from kerasedu.optimizers.nadam import Nadam
from kerasedu.optimizers.optimizer import Optimizer
from kerasedu.optimizers.rmsprop import RMSprop
from kerasedu.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "get",
    "schedules",
]

_KNOWN = {cls.__name__: cls for cls in (SGD, Adadelta, Adagrad, Adam, AdamW, Adamax, Nadam, RMSprop)}


def get(identifier) -> Optimizer | None:
    """The optimizer that ``identifier`` stands for: a name in any case, a class, a configuration, or one itself."""
    optimizer = resolve("optimizer", _KNOWN, identifier.lower() if isinstance(identifier, str) else identifier)
    if not isinstance(optimizer, (Optimizer, type(None))):
        raise ValueError(f"expected an optimizer, its name or its configuration, got {identifier!r}")
    return optimizer
