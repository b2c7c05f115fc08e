"""``Adadelta``: steps in the units of the weights."""

from __future__ import annotations

import numpy as np

from kerasedu.optimizers.optimizer import Optimizer


class Adadelta(Optimizer):
    """The gradient times the ratio of two recent sizes: of the steps and of the gradient.

    With g = dL/dw, learning rate η and rms(x) = √(x + ε):

        a ← ρ a + (1 - ρ) g²
        Δ = - g rms(d) / rms(a)
        d ← ρ d + (1 - ρ) Δ²
        w ← w + η Δ

    The paper has no η, that is η = 1; Keras's default is 0.001, as for the other rules. Both averages start at 0, so
    that the first steps are tiny.

    Arguments:
        learning_rate: η.
        rho: ρ, memory of the averages a and d.
        epsilon: ε.
        Further arguments: ``Optimizer``.

    Source: Zeiler, https://arxiv.org/abs/1212.5701; https://keras.io/api/optimizers/adadelta/
    """

    def __init__(self, learning_rate=0.001, rho: float = 0.95, epsilon: float = 1e-7, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.rho = rho
        self.epsilon = epsilon

    def build(self, variables):
        super().build(variables)
        self.add_slots("accumulated_grad", "accumulated_delta_var")

    def update_step(self, gradient, variable, learning_rate):
        a, d = self.slots(variable)
        a *= self.rho
        a += (1 - self.rho) * (gradient * gradient)
        delta = -(self._rms(d) * gradient / self._rms(a))
        d *= self.rho
        d += (1 - self.rho) * (delta * delta)
        variable.value += learning_rate * delta

    def _rms(self, x: np.ndarray) -> np.ndarray:
        return np.sqrt(x + self.epsilon)
