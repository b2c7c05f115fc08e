"""``LayerNormalization``: each sample with mean 0 and variance 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu import constraints, initializers, ops, regularizers
from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer


class LayerNormalization(Layer):
    """y = γ (x - μ) / √(v + ε) + β, with mean μ and variance v over ``axis``, of each sample (and time) by itself.

    Nothing depends on the rest of the batch, so training and use are the same. The formulas for the gradients stand at
    ``ops.layer_normalization_backward``.

    Shapes: x and y any, the same; γ and β in the shape of x along ``axis``.

    Arguments:
        axis: the axis, or a list of axes.
        epsilon: ε.
        center, scale: whether there is a β, a γ.
        beta_initializer, gamma_initializer: how they start.
        beta_regularizer, gamma_regularizer: penalties added to the loss.
        beta_constraint, gamma_constraint: projections applied after each update.
        rms_scaling: y = γ x / √(v + ε) instead, without β: see ``ops.layer_normalization``.

    Source: J. L. Ba et al. (2016), https://arxiv.org/abs/1607.06450;
    https://keras.io/api/layers/normalization_layers/layer_normalization/
    """

    supports_masking = True

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        rms_scaling: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not all(isinstance(k, (int, np.integer)) for k in (axis if isinstance(axis, (list, tuple)) else [axis])):
            raise ValueError(f"{self} expected axis to be an integer or a list of integers, got {axis!r}")
        self.axis = axis
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.rms_scaling = rms_scaling

    def build(self, input_shape):
        axes = sorted(self.axis) if isinstance(self.axis, (list, tuple)) else [self.axis]
        ndim = len(input_shape)
        if not all(-ndim <= axis < ndim and input_shape[axis] for axis in axes):
            raise self.wrong_input(f"axes {axes} of known length, not 0", f"shape {input_shape}")
        shape = tuple(input_shape[axis] for axis in axes)
        self.gamma = self.beta = None
        if self.scale or self.rms_scaling:
            self.gamma = self.add_weight(
                shape,
                self.gamma_initializer,
                "gamma",
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
            )
        if self.center and not self.rms_scaling:
            self.beta = self.add_weight(
                shape,
                self.beta_initializer,
                "beta",
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
            )
        # Axes counted from the end fit arrays of more axes too: the weights broadcast along those before them.
        from_end = all(axis < 0 for axis in axes)
        self.input_spec = InputSpec(
            ndim=None if from_end else ndim, min_ndim=-axes[0] if from_end else None, axes=dict(zip(axes, shape))
        )

    def call(self, x, training=False, mask=None):
        return ops.layer_normalization(x, *self._how()), x

    def call_backward(self, dy, cache):
        dx, *gradients = ops.layer_normalization_backward(dy, cache, *self._how())
        return dx, [gradient for gradient in gradients if gradient is not None]

    def _how(self) -> tuple:
        gamma, beta = (None if v is None else v.value for v in (self.gamma, self.beta))
        return gamma, beta, self.axis, self.epsilon, self.rms_scaling
