"""``Nadam``: Adam with Nesterov's momentum."""

from __future__ import annotations

import numpy as np

from kerasedu.optimizers.optimizer import Optimizer
from kerasedu.optimizers.rounding import like_keras
from kerasedu.variable import Variable


class Nadam(Optimizer):
    """Adam that looks one step of momentum ahead. With g = dL/dw at step t = 1, 2, …, and learning rate η:

        μₜ = β₁ (1 - 0.5 · 0.96ᵗ)          the momentum warms up from 0.52 β₁ to β₁
        Πₜ = μ₁ μ₂ … μₜ
        m ← m + (1 - β₁) (g - m)
        v ← v + (1 - β₂) (g² - v)
        m̂ = μₜ₊₁ m / (1 - Πₜ₊₁) + (1 - μₜ) g / (1 - Πₜ)
        v̂ = v / (1 - β₂ᵗ)
        w ← w - η m̂ / (√v̂ + ε)

    Arguments:
        learning_rate: η.
        beta_1: β₁, memory of the average gradient m.
        beta_2: β₂, memory of the average square v.
        epsilon: ε.
        Further arguments: ``Optimizer``.

    Source: Dozat, https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ; https://keras.io/api/optimizers/nadam/
    """

    def __init__(
        self, learning_rate=0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7, **kwargs
    ):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.add_slots("momentum", "velocity")
        self._u_product = Variable(1.0, "u_product", dtype=variables[0].dtype if variables else None, trainable=False)
        self._state.append(self._u_product)

    def update(self, gradients, variables):
        # Once a step, not once a variable. Here Keras takes β₁ and 0.96 as they are, in μₜ below by way of float32.
        product = self._u_product.value
        t = product.dtype.type(self.iterations + 1)
        product *= self.beta_1
        product *= 1 - 0.5 * product.dtype.type(0.96) ** t
        super().update(gradients, variables)

    def update_step(self, gradient, variable, learning_rate):
        m, v = self.slots(variable)
        real = variable.value.dtype.type
        t = real(self.iterations + 1)
        beta_1, beta_2, decay = (like_keras(x, variable) for x in (self.beta_1, self.beta_2, 0.96))
        mu = beta_1 * (1 - 0.5 * decay**t)
        next_mu = beta_1 * (1 - 0.5 * decay ** (t + 1))
        product = real(self._u_product.value)
        next_product = product * next_mu

        m += (gradient - m) * (1 - beta_1)
        v += (gradient * gradient - v) * (1 - beta_2)
        m_hat = next_mu * m / (1 - next_product) + (1 - mu) * gradient / (1 - product)
        v_hat = v / (1 - beta_2**t)
        variable.value -= m_hat * learning_rate / (np.sqrt(v_hat) + self.epsilon)
