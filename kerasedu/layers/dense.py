"""``Dense``: every output is a weighted sum of all inputs."""

from __future__ import annotations

import numpy as np

from kerasedu import constraints, initializers, regularizers
from kerasedu.layers.activated import ActivatedLayer
from kerasedu.layers.input_spec import InputSpec


class Dense(ActivatedLayer):
    """y = f(x W + b).

    Shapes: x (..., d_in), kernel W (d_in, units), bias b (units,), y (..., units). With dz = dL/dz for z = x W + b,
    summed over all axes but the last:

        dL/dW = xᵀ dz        dL/db = Σ dz        dL/dx = dz Wᵀ

    Arguments:
        units: number of outputs.
        activation: f; None for the identity.
        use_bias: whether there is a b.
        kernel_initializer, bias_initializer: how W and b start.
        kernel_regularizer, bias_regularizer: penalties added to the loss.
        kernel_constraint, bias_constraint: projections applied after each update.

    Source: https://keras.io/api/layers/core_layers/dense/
    """

    supports_masking = True

    def __init__(
        self,
        units: int,
        activation=None,
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(activation=activation, **kwargs)
        if isinstance(units, bool) or not isinstance(units, (int, np.integer)) or units <= 0:
            raise ValueError(f"Dense expected units to be a positive integer, got {units!r}")
        self.units = units
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape):
        d_in = input_shape[-1]
        if d_in is None:
            raise self.wrong_input("a last axis of known length", f"shape {input_shape}")
        self.kernel = self.add_weight(
            (d_in, self.units),
            self.kernel_initializer,
            "kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                (self.units,),
                self.bias_initializer,
                "bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: d_in})

    def linear(self, x, training=False, mask=None):
        z = x @ self.kernel.value
        if self.use_bias:
            z += self.bias.value
        return z, x

    def linear_backward(self, dz, cache):
        return dz @ self.kernel.value.T

    def linear_gradients(self, dz, cache):
        x = cache
        rows, d_rows = x.reshape(-1, x.shape[-1]), dz.reshape(-1, dz.shape[-1])
        gradients = [rows.T @ d_rows]
        if self.use_bias:
            gradients.append(np.ones(len(d_rows), dz.dtype) @ d_rows)  # faster than d_rows.sum(axis=0)
        return gradients

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)
