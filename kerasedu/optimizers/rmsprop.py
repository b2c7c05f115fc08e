"""``RMSprop``: steps in units of the gradient's recent size."""

from __future__ import annotations

import numpy as np

from kerasedu.optimizers.optimizer import Optimizer


class RMSprop(Optimizer):
    """The gradient divided by the root of its recent mean square. With g = dL/dw and learning rate η:

        v ← ρ v + (1 - ρ) g²
        w ← w - η g / √(v + ε)

        centered         a ← ρ a + (1 - ρ) g, and √(v - a² + ε), the standard deviation, instead
        with momentum    m ← μ m + η g / √(v + ε)
                         w ← w - m

    In Keras ε is inside the root, and there is no correction for the start of v at 0: with ρ = 0.9 the first step has
    the length 3.16 η.

    Arguments:
        learning_rate: η.
        rho: ρ, memory of the mean square v.
        momentum: μ.
        epsilon: ε.
        centered: divide by the standard deviation of the gradient.
        Further arguments: ``Optimizer``.

    Source: Hinton, https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf;
    https://keras.io/api/optimizers/rmsprop/
    """

    def __init__(
        self,
        learning_rate=0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        **kwargs,
    ):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def build(self, variables):
        super().build(variables)
        self.add_slots("velocity")
        if self.momentum > 0:
            self.add_slots("momentum")
        if self.centered:
            self.add_slots("average_gradient")

    def update_step(self, gradient, variable, learning_rate):
        v, *others = self.slots(variable)
        v *= self.rho
        v += (1 - self.rho) * (gradient * gradient)
        variance = v
        if self.centered:
            a = others[-1]
            a *= self.rho
            a += (1 - self.rho) * gradient
            variance = v - a * a
        step = learning_rate * gradient / np.sqrt(variance + self.epsilon)
        if self.momentum > 0:
            m = others[0]
            m *= self.momentum
            m += step
            step = m
        variable.value -= step
