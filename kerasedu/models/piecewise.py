"""Convolutional layers work on a batch piece by piece, several pieces at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kerasedu import activations
from kerasedu.layers.activation import Activation, ReLU
from kerasedu.layers.conv import Conv
from kerasedu.layers.layer import Layer
from kerasedu.layers.pooling import Pooling
from kerasedu.models import chain
from kerasedu.threads import in_threads

SAMPLES = 16  # in a piece: what the layers make of so many small images stays in the processor's cache


class Piecewise:
    """Layers in a row that treat each sample for itself, and through which a batch goes in pieces.

    The images in a convolutional network are large: by the time a layer has gone through a whole batch of them, the
    first are no longer in the cache, and the next layer waits for memory. With pieces it does not, and each processor
    can have one. Outputs are the same, gradients are summed over the pieces in their order: the same up to rounding,
    on any number of processors.

    Arguments:
        layers: the layers, in a list.
    """

    def __init__(self, layers: list[Layer]):
        self.layers = layers

    @property
    def trainable_weights(self) -> list:
        return list({id(weight): weight for layer in self.layers for weight in layer.trainable_weights}.values())

    def propagate(self, x: np.ndarray, training: bool = False, mask: Any = None) -> tuple[np.ndarray, list]:
        """The output, and for each piece its place in the batch and its steps."""
        places = [slice(start, start + SAMPLES) for start in range(0, len(x), SAMPLES)]
        results = in_threads(lambda place: chain.forward(self.layers, x[place], training), places)
        return np.concatenate([y for y, _ in results]), [(place, steps) for place, (_, steps) in zip(places, results)]

    def output_mask(self, x, mask, cache) -> None:
        return None

    def backpropagate(self, dy: np.ndarray, cache: list, at_logits: bool = False) -> tuple[np.ndarray, list]:
        dxs, gradients = self._backward(dy, cache, first=None)
        return np.concatenate(dxs), gradients

    def weight_gradients(self, dy: np.ndarray, cache: list, at_logits: bool = False) -> list[np.ndarray]:
        return self._backward(dy, cache, first=chain.first_that_learns(self.layers))[1]

    def _backward(self, dy, cache, first) -> tuple[tuple, list[np.ndarray]]:
        results = in_threads(lambda piece: chain.backward(piece[1], dy[piece[0]], first=first), cache)
        dxs, sums = zip(*results)
        weights = self.trainable_weights
        return dxs, [sum(parts) for parts in zip(*(of_piece.of(weights) for of_piece in sums))]

    def trace(self, cache: list):
        """As ``Model.trace``, the outputs of the pieces put together."""
        for number, layer in enumerate(self.layers):
            yield layer, np.concatenate([steps[number].output for _, steps in cache]), None


def stages(layers: Sequence[Layer], samples: int) -> list:
    """The layers of a stack, each run of them that is to go piecewise through a batch of ``samples`` put together.

    A run begins with a convolution. The last layer stays alone, for a loss may ask it for its logits.
    """
    found: list = []
    for layer in layers[:-1]:
        run = found[-1] if found and isinstance(found[-1], Piecewise) else None
        if samples < 2 * SAMPLES or not _is_samplewise(layer) or not (run or isinstance(layer, Conv)):
            found.append(layer)
        elif run:
            run.layers.append(layer)
        else:
            found.append(Piecewise([layer]))
    return [*found, *layers[-1:]]


def _is_samplewise(layer: Layer) -> bool:
    """Whether the layer is one of those in this package that treat each sample for itself, and uses no mask."""
    known = type(layer).__module__.startswith("kerasedu.") and isinstance(layer, (Conv, Pooling, Activation, ReLU))
    return known and activations.is_known(getattr(layer, "activation", None))
