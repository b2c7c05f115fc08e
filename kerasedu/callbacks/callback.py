"""``Callback``: hooks into training; ``CallbackList``: many as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any


class Callback:
    """Methods that ``fit``, ``evaluate`` and ``predict`` call on the way. A subclass defines those it needs.

    ``self.model`` is the model and ``self.params`` a dictionary with ``verbose``, ``epochs`` and ``steps``. In
    ``logs`` stand the loss and the metrics: after a batch the means over the epoch so far, after an epoch those of the
    whole epoch, with validation under ``val_`` names. ``self.model.stop_training = True`` ends the training after the
    batch.

    Source: https://keras.io/api/callbacks/base_callback/
    """

    def __init__(self) -> None:
        self.params: Mapping[str, Any] = {}
        self.model: Any = None

    def set_params(self, params: Mapping[str, Any]) -> None:
        self.params = params

    def set_model(self, model: Any) -> None:
        self.model = model

    def on_epoch_begin(self, epoch: int, logs=None) -> None:
        """Before each epoch of ``fit``; epochs count from 0."""

    def on_epoch_end(self, epoch: int, logs=None) -> None:
        """After each epoch and its validation."""

    def on_batch_begin(self, batch: int, logs=None) -> None:
        """Another name of ``on_train_batch_begin``."""

    def on_batch_end(self, batch: int, logs=None) -> None:
        """Another name of ``on_train_batch_end``."""

    def on_train_batch_begin(self, batch: int, logs=None) -> None:
        """Before each batch of ``fit``; batches count from 0 in each epoch."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs=None) -> None:
        """After each batch of ``fit``, when the weights are updated."""
        self.on_batch_end(batch, logs=logs)

    def on_test_batch_begin(self, batch: int, logs=None) -> None:
        """Before each batch of ``evaluate`` or validation."""

    def on_test_batch_end(self, batch: int, logs=None) -> None:
        """After each batch of ``evaluate`` or validation."""

    def on_predict_batch_begin(self, batch: int, logs=None) -> None:
        """Before each batch of ``predict``."""

    def on_predict_batch_end(self, batch: int, logs=None) -> None:
        """After each batch of ``predict``, with ``logs["outputs"]``."""

    def on_train_begin(self, logs=None) -> None:
        """At the beginning of ``fit``."""

    def on_train_end(self, logs=None) -> None:
        """At the end of ``fit``, with the logs of the last epoch."""

    def on_test_begin(self, logs=None) -> None:
        """At the beginning of ``evaluate`` or validation."""

    def on_test_end(self, logs=None) -> None:
        """At the end of ``evaluate`` or validation."""

    def on_predict_begin(self, logs=None) -> None:
        """At the beginning of ``predict``."""

    def on_predict_end(self, logs=None) -> None:
        """At the end of ``predict``."""


class CallbackList(Callback):
    """Callbacks in a row: each hook is called on all of them, in order.

    Logs are handed on as plain numbers, in the alphabetical order of their names, as in Keras.

    Arguments:
        callbacks: the callbacks, or one of them, or lists of them.
        model: the model they work on.
        params: what they find in ``self.params``.
    """

    def __init__(self, callbacks: Any = None, model: Any = None, **params: Any):
        self.callbacks = list(_flatten(callbacks))
        self.set_model(model)
        self.set_params(params)

    def append(self, callback: Callback) -> None:
        """Add a callback at the end."""
        callback.set_model(self.model)
        callback.set_params(self.params)
        self.callbacks.append(callback)

    def set_params(self, params: Mapping[str, Any]) -> None:
        super().set_params(params)
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        for callback in self.callbacks:
            callback.set_model(model)


def _hook(name: str) -> Callable:
    """The method of ``CallbackList`` that calls the method ``name`` of each callback."""

    def numbered(self, number: int, logs=None) -> None:
        logs = as_numbers(logs)
        for callback in self.callbacks:
            getattr(callback, name)(number, logs)

    def plain(self, logs=None) -> None:
        logs = as_numbers(logs)
        for callback in self.callbacks:
            getattr(callback, name)(logs)

    hook = numbered if "batch" in name or "epoch" in name else plain
    hook.__name__, hook.__doc__ = name, getattr(Callback, name).__doc__
    return hook


for _name in [name for name in vars(Callback) if name.startswith("on_")]:
    setattr(CallbackList, _name, _hook(_name))


def as_numbers(logs: Mapping[str, Any] | None) -> dict[str, Any]:
    """``logs`` sorted by name, with Python numbers in place of NumPy's."""
    return {name: _as_number(logs[name]) for name in sorted(logs)} if logs else {}


def _as_number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _flatten(callbacks: Any) -> Iterable[Callback]:
    if callbacks is None:
        return
    if not isinstance(callbacks, (list, tuple)):
        if isinstance(callbacks, type) or not hasattr(callbacks, "on_epoch_end"):
            hint = f" It is a class: {callbacks.__name__}(...) makes one." if isinstance(callbacks, type) else ""
            raise ValueError(f"callbacks are objects of subclasses of Callback, got {callbacks!r}.{hint}")
        yield callbacks
        return
    for callback in callbacks:
        yield from _flatten(callback)


class LambdaCallback(Callback):
    """A callback made of functions: ``LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))``.

    Arguments:
        functions: any of the methods of ``Callback``, by name; other names become attributes.

    Source: https://keras.io/api/callbacks/lambda_callback/
    """

    def __init__(
        self,
        on_epoch_begin: Callable | None = None,
        on_epoch_end: Callable | None = None,
        on_train_begin: Callable | None = None,
        on_train_end: Callable | None = None,
        on_train_batch_begin: Callable | None = None,
        on_train_batch_end: Callable | None = None,
        **functions: Callable,
    ):
        super().__init__()
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
            **functions,
        }
        for name, function in given.items():
            if name.startswith("on_") and not hasattr(Callback, name):
                raise ValueError(f"LambdaCallback has no hook {name!r}")
            if function is not None:
                setattr(self, name, function)
