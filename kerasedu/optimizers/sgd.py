"""``SGD``: gradient descent, with or without momentum."""

from __future__ import annotations

from kerasedu.optimizers.optimizer import Optimizer
from kerasedu.optimizers.rounding import like_keras


class SGD(Optimizer):
    """Gradient descent. With g = dL/dw, learning rate η and momentum μ:

        plain         w ← w - η g

        momentum      m ← μ m - η g
                      w ← w + m

        Nesterov      m ← μ m - η g
                      w ← w + μ m - η g

    The learning rate is inside m, so after a change of η the old steps go on at their old length. (Other texts
    average, m ← μ m + (1 - μ) g; that is another rule.)

    Arguments:
        learning_rate: η.
        momentum: μ, in [0, 1].
        nesterov: take the gradient's step from where momentum is about to lead.
        Further arguments: ``Optimizer``.

    Source: https://keras.io/api/optimizers/sgd/
    """

    def __init__(self, learning_rate=0.01, momentum: float = 0.0, nesterov: bool = False, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        if not 0 <= momentum <= 1:
            raise ValueError(f"SGD expected momentum in [0, 1], got {momentum!r}")
        self.momentum = momentum
        self.nesterov = nesterov

    def build(self, variables):
        super().build(variables)
        if self.momentum:
            self.add_slots("momentum")

    def update_step(self, gradient, variable, learning_rate):
        step = gradient * learning_rate
        if not self.momentum:
            variable.value -= step
            return
        (m,) = self.slots(variable)
        mu = like_keras(self.momentum, variable)
        m *= mu
        m -= step
        variable.value += m * mu - step if self.nesterov else m
