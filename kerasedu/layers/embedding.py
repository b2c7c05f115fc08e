"""``Embedding``: a table of vectors, one for each word."""

from __future__ import annotations

import numpy as np

from kerasedu import constraints, initializers, regularizers
from kerasedu.layers.layer import Layer


class Embedding(Layer):
    """y = E[x]: row x of the table E, for each whole number in x.

    Shapes: x (batch, …), table E (input_dim, output_dim), y (batch, …, output_dim). The gradient of a row is the sum
    over the places where it was taken; it is dense, zero for rows that were not:

        dL/dE[w] = Σ dL/dy over all places where x = w

    Whole numbers have no derivative; ``backward`` returns zeros in the shape of x.

    Arguments:
        input_dim: number of rows, the largest number in x plus 1.
        output_dim: length of a row.
        embeddings_initializer: how E starts.
        embeddings_regularizer: penalty added to the loss.
        embeddings_constraint: projection applied after each update.
        mask_zero: whether 0 is padding: the mask is then x != 0, and input_dim counts the 0 as well.
        weights: a value for E, (input_dim, output_dim), or that in a list.

    Raises:
        ValueError: in the call, a number below 0 or from ``input_dim`` on. (Keras takes -1 for the last row.)
            Fractions are cut off, as in Keras.

    Source: https://keras.io/api/layers/core_layers/embedding/
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        embeddings_constraint=None,
        mask_zero: bool = False,
        weights=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, value in (("input_dim", input_dim), ("output_dim", output_dim)):
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value <= 0:
                raise ValueError(f"Embedding expected {name} to be a positive integer, got {value!r}")
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        if weights is not None:
            self._ensure_built(())
            self.set_weights(weights if isinstance(weights, list) and len(weights) == 1 else [weights])

    def build(self, input_shape=None):
        self.embeddings = self.add_weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            "embeddings",
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )

    def call(self, x, training=False, mask=None):
        return self.embeddings.value[x], x

    def call_backward(self, dy, cache):
        x = cache
        gradient = np.zeros_like(self.embeddings.value)
        # Number by number, for np.add.at is several times slower row by row.
        places = x.reshape(-1, 1) * self.output_dim + np.arange(self.output_dim)
        np.add.at(gradient.reshape(-1), places.reshape(-1), dy.reshape(-1))
        return np.zeros(x.shape, self.dtype), [gradient]

    def compute_mask(self, x, mask=None):
        return np.asarray(x) != 0 if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.output_dim)

    def get_config(self):
        return {name: value for name, value in super().get_config().items() if name != "weights"}

    def _as_input(self, x) -> np.ndarray:
        x = np.asarray(x)
        if x.dtype.kind not in "fiub":
            raise self.wrong_input("whole numbers", f"dtype {x.dtype}", "Turn words into numbers first.")
        wrong = ~((x > -1) & (x < self.input_dim))  # written so that NaN counts as wrong
        if wrong.any():
            raise self.wrong_input(
                f"numbers from 0 to {self.input_dim - 1}",
                f"{x[wrong].flat[0]}",
                "input_dim is the number of different words, padding included.",
            )
        return x.astype(np.intp)
