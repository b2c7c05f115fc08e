"""``Adamax``: Adam with the largest recent gradient in place of the mean square."""

from __future__ import annotations

import numpy as np

from kerasedu.optimizers.optimizer import Optimizer
from kerasedu.optimizers.rounding import like_keras


class Adamax(Optimizer):
    """Adam in the infinity norm. With g = dL/dw at step t = 1, 2, …, and learning rate η:

        m ← m + (1 - β₁) (g - m)
        u ← max(β₂ u, |g|)
        w ← w - η m / ((1 - β₁ᵗ) (u + ε))

    Arguments:
        learning_rate: η.
        beta_1: β₁, memory of the average gradient m.
        beta_2: β₂, how slowly the largest gradient u is forgotten.
        epsilon: ε; the paper has none.
        Further arguments: ``Optimizer``.

    Source: Kingma and Ba, section 7.1, https://arxiv.org/abs/1412.6980; https://keras.io/api/optimizers/adamax/
    """

    def __init__(
        self, learning_rate=0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7, **kwargs
    ):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables):
        super().build(variables)
        self.add_slots("momentum", "norm")

    def update_step(self, gradient, variable, learning_rate):
        m, u = self.slots(variable)
        t = variable.value.dtype.type(self.iterations + 1)
        beta_1_power = like_keras(self.beta_1, variable) ** t

        m += (gradient - m) * (1 - self.beta_1)
        np.maximum(self.beta_2 * u, np.abs(gradient), out=u)
        variable.value -= learning_rate * m / ((1 - beta_1_power) * (u + self.epsilon))
