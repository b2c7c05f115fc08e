"""Rules that change variables so as to lower a loss."""

from kerasedu.configurable import resolve
from kerasedu.optimizers import schedules
from kerasedu.optimizers.adam import Adam
from kerasedu.optimizers.optimizer import Optimizer
from kerasedu.optimizers.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer", "get", "schedules"]

_KNOWN = {cls.__name__: cls for cls in (Adam, SGD)}


def get(identifier) -> Optimizer:
    """The optimizer that ``identifier`` stands for: a name (``"adam"``), a configuration, or an optimizer itself."""
    optimizer = resolve("optimizer", _KNOWN, identifier)
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"expected an optimizer, its name or its configuration, got {identifier!r}")
    return optimizer
