"""``check``: compare anything of ours with its twin in Keras."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from kerasedu.configurable import Configurable, constructor_arguments, serialize, snake_case
from kerasedu.initializers import Initializer
from kerasedu.layers.layer import Layer
from kerasedu.losses import Loss
from kerasedu.metrics import Metric
from kerasedu.models import Model
from kerasedu.optimizers import Optimizer
from kerasedu.optimizers.schedules import LearningRateSchedule
from kerasedu.parity import device, oracle
from kerasedu.parity.functions import check_function
from kerasedu.parity.initializers import check_initializer
from kerasedu.parity.layers import check_layer
from kerasedu.parity.objectives import check_loss, check_loss_function, check_metric
from kerasedu.parity.optimizers import check_optimizer, check_schedule
from kerasedu.parity.report import Report
from kerasedu.parity.structure import flatten
from kerasedu.parity.training import check_fit, check_loss_gradients
from kerasedu.parity.translate import room_of


def check(subject: Any, x, y=None, *, name: str | None = None, **options) -> Report:
    """Compare ``subject`` with its twin in Keras: the same class, arguments, weights and inputs.

    =================  =================================  ==============================================================
    subject            x, y                               what is compared
    =================  =================================  ==============================================================
    layer              input(s)                           outputs, mask, dL/dx, dL/dw, weights after the call
    model              input(s), targets                  outputs and gradients; with ``y`` those of the compiled loss;
                                                          with ``epochs=`` the training, as in ``check_fit``
    activation, op     argument, or a tuple of several    f(x) and its derivative
    loss               y_pred, y_true                     value and dL/dy_pred
    metric             y_pred, y_true                     the result after each of ``steps=3`` batches
    optimizer          initial value(s)                   all values after each of ``steps=10`` steps
    schedule           steps                              the learning rates
    regularizer        weights                            penalty and its derivative
    constraint         weights                            projected weights
    initializer        a shape                            the numbers; of random ones the distribution
    =================  =================================  ==============================================================

    The dtype is that of the layer or model, and of ``x`` for everything else. The subject is left as it was, except
    that an unbuilt layer gets built.

    Arguments:
        name: title of the report; by default the subject with its arguments.
        training, mask, initial_state: as in the call of a layer. ``calls=2`` calls it twice and compares the second.
        sample_weight: for losses and metrics.
        gradients, steps: for optimizers, a list of gradients, or how many random ones.
        seed: of the random dL/dy and gradients, 0.
        Other options go to an activation, op or loss function: ``check(ops.conv, (x, w), padding="same")``.

    Returns:
        A ``Report``: ``report.passed``, ``report.rows``; it shows as a table.

    Raises:
        ImportError: there is no TensorFlow.
        RuntimeError: a GPU rounds products to TensorFloat-32.
        ValueError: Keras has nothing of this name.
    """
    if isinstance(subject, Model) and "epochs" in options:
        return check_fit(subject, x, y, name=name, **options)
    device.require_full_precision()
    if isinstance(subject, Model) and not subject.built:
        subject(x)
    report = Report(name or title(subject), device.describe())
    dtype = subject.dtype if isinstance(subject, Layer) else floating_type(x)
    with oracle.precision(dtype):
        _compare(report, subject, x, y, options)
    return report


def _compare(report: Report, subject, x, y, options) -> None:
    if isinstance(subject, Model) and y is not None:
        check_loss_gradients(report, subject, x, y, **options)
    elif isinstance(subject, Layer):
        check_layer(report, subject, x, **options)
    elif isinstance(subject, Optimizer):
        check_optimizer(report, subject, x, **options)
    elif isinstance(subject, LearningRateSchedule):
        check_schedule(report, subject, x)
    elif isinstance(subject, Initializer):
        check_initializer(report, subject, x, **options)
    elif isinstance(subject, Metric):
        check_metric(report, subject, x, y, **options)
    elif isinstance(subject, Loss):
        check_loss(report, subject, x, y, **options)
    elif callable(subject) and room_of(subject) in ("losses", "metrics"):
        check_loss_function(report, subject, x, y, **options)
    elif callable(subject):
        check_function(report, subject, x, **options)
    else:
        raise ValueError(
            f"parity.check compares a layer, model, function, loss, metric or optimizer; got {type(subject).__name__}"
        )


def title(subject: Any) -> str:
    """The subject with those arguments that differ from their defaults: ``Dense(units=3, activation='relu')``."""
    if not isinstance(subject, Configurable):
        return getattr(subject, "__name__", type(subject).__name__)
    if isinstance(subject, Model):
        return f"{subject.name} ({', '.join(type(layer).__name__ for layer in subject.layers)})"
    parameters = inspect.signature(type(subject).__init__).parameters
    values = {key: getattr(subject, key) for key in constructor_arguments(type(subject)) if key in parameters}
    told = [
        f"{key}={_plain(value)!r}"
        for key, value in values.items()
        if not _is_default(_plain(value), parameters[key].default)
    ]
    return f"{type(subject).__name__}({', '.join(told)})"


def _plain(value: Any) -> Any:
    """An object inside another as one would write it: ``'glorot_uniform'`` for one that has only defaults."""
    if isinstance(value, Configurable):
        text = title(value)
        return snake_case(text[:-2]) if text.endswith("()") else text
    if isinstance(value, list) and any(isinstance(item, Configurable) for item in value):
        return [_plain(item) for item in value]
    return value if isinstance(value, tuple) else serialize(value)


def _is_default(value: Any, default: Any) -> bool:
    """Whether a layer that was given ``default`` keeps ``value``: 1 becomes (1, 1), None what it stands for."""
    if isinstance(value, tuple) and value and all(item == default for item in value):
        return True
    return value == default or (default is None and value in ("linear", "channels_last"))


def floating_type(x) -> str:
    """The floating-point type of the arrays in x; float32 if there is none."""
    return "float64" if np.float64 in [np.asarray(a).dtype for a in flatten(x)] else "float32"
