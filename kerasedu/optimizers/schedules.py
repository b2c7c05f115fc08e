"""Learning rates that change from step to step.

All compute in float32, as Keras does with Python numbers, and take one step or an array of them, for a plot.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.configurable import Configurable, resolve

__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "get",
]


class LearningRateSchedule(Configurable):
    """A function from t, the number of steps made so far (0 at first), to the learning rate of the next step.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/
    """

    def __call__(self, step):
        """η at ``step``: a number for a number, an array for an array."""
        raise NotImplementedError(f"{type(self).__name__} does not define __call__(step)")


class ExponentialDecay(LearningRateSchedule):
    """η = η₀ rᵖ with p = t / T: multiplied by r every T steps.

    Arguments:
        initial_learning_rate: η₀.
        decay_steps: T.
        decay_rate: r.
        staircase: round p down, so that η changes every T steps only.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/exponential_decay/
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = _positive(decay_steps, name)
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step):
        eta, t = _numbers(self.initial_learning_rate, step)
        p = t / self.decay_steps
        if self.staircase:
            p = np.floor(p)
        return eta * self.decay_rate**p


class InverseTimeDecay(LearningRateSchedule):
    """η = η₀ / (1 + r p) with p = t / T.

    Arguments:
        initial_learning_rate: η₀.
        decay_steps: T.
        decay_rate: r.
        staircase: round p down, so that η changes every T steps only.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/inverse_time_decay/
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = _positive(decay_steps, name)
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step):
        eta, t = _numbers(self.initial_learning_rate, step)
        p = t / self.decay_steps
        if self.staircase:
            p = np.floor(p)
        return eta / (1 + self.decay_rate * p)


class PiecewiseConstantDecay(LearningRateSchedule):
    """η = values[i], where i is the number of boundaries before t. At a boundary the old value still holds.

    Arguments:
        boundaries: the steps after which η changes, in increasing order.
        values: one value more than boundaries.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/piecewise_constant_decay/
    """

    def __init__(self, boundaries: Sequence[int], values: Sequence[float], name: str = "PiecewiseConstant"):
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                f"{name} needs one value more than boundaries: got {len(values)} values, {len(boundaries)} boundaries"
            )
        if list(boundaries) != sorted(boundaries):
            raise ValueError(f"{name} expected boundaries in increasing order, got {boundaries}")
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def __call__(self, step):
        return np.float32(self.values)[np.searchsorted(self.boundaries, step, side="left")]


class PolynomialDecay(LearningRateSchedule):
    """η = (η₀ - η₁) (1 - t / T)ᵏ + η₁: from η₀ down to η₁ in T steps, and η₁ from then on.

    Arguments:
        initial_learning_rate: η₀.
        decay_steps: T.
        end_learning_rate: η₁.
        power: k; 1 for a straight line.
        cycle: at the end take for T the next multiple of ``decay_steps``, so that η jumps up and falls again.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/polynomial_decay/
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = _positive(decay_steps, name)
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    def __call__(self, step):
        eta, t = _numbers(self.initial_learning_rate, step)
        if self.cycle:
            end = self.decay_steps * np.maximum(1, np.ceil(t / self.decay_steps))
        else:
            end = self.decay_steps
            t = np.minimum(t, end)
        return (eta - self.end_learning_rate) * (1 - t / end) ** self.power + self.end_learning_rate


class CosineDecay(LearningRateSchedule):
    """Half a cosine: η = η₀ ((1 - α) (1 + cos(π t / T)) / 2 + α), from η₀ down to α η₀ in T steps.

    With a warm-up, η first rises in a straight line from η₀ to ``warmup_target`` in ``warmup_steps`` steps; then the
    cosine starts from there.

    Arguments:
        initial_learning_rate: η₀.
        decay_steps: T, not counting the warm-up.
        alpha: α, the share that is left in the end.
        warmup_target: where the warm-up leads; None for no warm-up.
        warmup_steps: length of the warm-up.

    Source: Loshchilov and Hutter, https://arxiv.org/abs/1608.03983;
    https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay/
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = _positive(decay_steps, name)
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def __call__(self, step):
        eta, t = _numbers(self.initial_learning_rate, step)
        if self.warmup_target is None:
            return self._decay(eta, t)
        target, _ = _numbers(self.warmup_target, step)
        rising = (target - eta) * (t / max(self.warmup_steps, 1)) + eta
        return np.where(t < self.warmup_steps, rising, self._decay(target, t - self.warmup_steps))[()]

    def _decay(self, eta, t):
        t = np.minimum(t, self.decay_steps)
        cosine = 0.5 * (1 + np.cos(np.pi * (t / self.decay_steps)))
        return eta * ((1 - self.alpha) * cosine + self.alpha)


_KNOWN = {
    cls.__name__: cls
    for cls in (CosineDecay, ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay)
}


def get(identifier) -> LearningRateSchedule:
    """The schedule that a configuration or an object stands for."""
    return resolve("learning rate schedule", _KNOWN, identifier)


def _numbers(learning_rate: float, step):
    """η₀ and t in float32, or in η₀'s own type if that is one of NumPy's."""
    eta = learning_rate if isinstance(learning_rate, np.floating) else np.float32(learning_rate)
    return eta, np.asarray(step).astype(eta.dtype)[()]


def _positive(steps: int, name: str) -> int:
    if not steps > 0:
        raise ValueError(f"{name} expected decay_steps > 0, got {steps!r}")
    return steps
