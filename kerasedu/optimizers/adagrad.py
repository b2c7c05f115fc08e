"""``Adagrad``: smaller steps where the gradient has been large."""

from __future__ import annotations

import numpy as np

from kerasedu.optimizers.optimizer import Optimizer


class Adagrad(Optimizer):
    """The gradient divided by the root of the sum of all its squares. With g = dL/dw and learning rate η:

        a ← a + g²
        w ← w - η g / √(a + ε)

    a only grows, so the steps only shrink: like 1 / √t for a constant gradient.

    In Keras a starts at 0.1, not at 0, so the first steps are shorter than the paper's, and ε is inside the root.

    Arguments:
        learning_rate: η.
        initial_accumulator_value: a at the start.
        epsilon: ε.
        Further arguments: ``Optimizer``.

    Source: Duchi, Hazan and Singer, https://www.jmlr.org/papers/v12/duchi11a.html;
    https://keras.io/api/optimizers/adagrad/
    """

    def __init__(self, learning_rate=0.001, initial_accumulator_value: float = 0.1, epsilon: float = 1e-7, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def build(self, variables):
        super().build(variables)
        self.add_slots("accumulator", initial_value=self.initial_accumulator_value)

    def update_step(self, gradient, variable, learning_rate):
        (a,) = self.slots(variable)
        a += gradient * gradient
        variable.value -= learning_rate * gradient / np.sqrt(a + self.epsilon)
