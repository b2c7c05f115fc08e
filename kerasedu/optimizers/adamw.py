"""``AdamW``: Adam whose weight decay is not divided by the gradient's size."""

from __future__ import annotations

from kerasedu.optimizers.adam import Adam


class AdamW(Adam):
    """Adam with decoupled weight decay. Before each step of Adam:

        w ← w - η λ w

    An L2 penalty would add λ w to the gradient, where Adam would divide it by √v; here large and small gradients decay
    alike. (In Keras every optimizer takes ``weight_decay`` in this sense; AdamW is Adam with a default for it.)

    Arguments:
        learning_rate: η.
        weight_decay: λ.
        beta_1, beta_2, epsilon, amsgrad: as in ``Adam``.
        Further arguments: ``Optimizer``.

    Source: Loshchilov and Hutter, https://arxiv.org/abs/1711.05101; https://keras.io/api/optimizers/adamw/
    """

    def __init__(
        self,
        learning_rate=0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **kwargs,
    ):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay=weight_decay, **kwargs)
        if weight_decay is None:
            raise ValueError("AdamW expected weight_decay to be a number, got None. Without weight decay it is Adam.")
