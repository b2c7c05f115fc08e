"""``Adam``: momentum, in units of the gradient's own size."""

from __future__ import annotations

import numpy as np

from kerasedu.optimizers.optimizer import Optimizer
from kerasedu.optimizers.rounding import like_keras


class Adam(Optimizer):
    """Moving averages of the gradient and of its square, both corrected for their start at zero.

    With g = dL/dw at step t = 1, 2, …:

        m ← m + (1 - β₁) (g - m)
        v ← v + (1 - β₂) (g² - v)
        α = η √(1 - β₂ᵗ) / (1 - β₁ᵗ)
        w ← w - α m / (√v + ε)

    The first step has length η in every direction, however large g is. ``amsgrad`` divides by the largest v so far.

    Keras's ε is the paper's "epsilon hat": it stands beside √v before the correction, so it is not the ε of the
    paper's Algorithm 1.

    Arguments:
        learning_rate: η.
        beta_1: β₁, memory of the average gradient m.
        beta_2: β₂, memory of the average square v.
        epsilon: ε.
        amsgrad: divide by the square root of the running maximum of v.
        Further arguments: ``Optimizer``.

    Source: Kingma and Ba, https://arxiv.org/abs/1412.6980; Reddi et al. (amsgrad),
    https://openreview.net/forum?id=ryQu7f-RZ; https://keras.io/api/optimizers/adam/
    """

    def __init__(
        self,
        learning_rate=0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **kwargs,
    ):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.amsgrad = amsgrad

    def build(self, variables):
        super().build(variables)
        self.add_slots("momentum", "velocity")
        if self.amsgrad:
            self.add_slots("velocity_hat")

    def update_step(self, gradient, variable, learning_rate):
        m, v, *v_hat = self.slots(variable)
        t = variable.value.dtype.type(self.iterations + 1)
        beta_1_power = like_keras(self.beta_1, variable) ** t
        beta_2_power = like_keras(self.beta_2, variable) ** t
        alpha = learning_rate * np.sqrt(1 - beta_2_power) / (1 - beta_1_power)

        m += (gradient - m) * (1 - self.beta_1)
        v += (gradient * gradient - v) * (1 - self.beta_2)
        if self.amsgrad:
            v = np.maximum(*v_hat, v, out=v_hat[0])
        variable.value -= m * alpha / (np.sqrt(v) + self.epsilon)
