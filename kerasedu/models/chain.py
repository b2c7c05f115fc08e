"""Layers one after the other: forward, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kerasedu.layers.layer import Layer
from kerasedu.models.gradients import GradientSum
from kerasedu.models.steps import Step


def forward(layers: Sequence, x: Any, training: bool, mask: Any = None) -> tuple[Any, list[Step]]:
    """fₙ(… f₂(f₁(x))), and what each layer did."""
    steps = []
    for layer in layers:
        y, cache = layer.propagate(x, training=training, mask=mask)
        mask = layer.output_mask(x, mask, cache)
        steps.append(Step(layer, y, mask, cache))
        x = y
    return x, steps


def backward(steps: Sequence[Step], dy: Any, at_logits: Any = False, first: int | None = None):
    """dL/dx and the gradients of the weights, from dL/dy.

    Arguments:
        steps: what ``forward`` noted.
        at_logits: whether dy is the gradient at the logits of the last layer.
        first: number of the layer at which the way back ends, without its dL/dx; None to go all the way.

    Returns:
        dL/dx, or None if the way ended at ``first``; and a ``GradientSum``.
    """
    gradients = GradientSum()
    for number in reversed(range(first or 0, len(steps))):
        layer, cache = steps[number].layer, steps[number].cache
        if number == first:
            dy, of_weights = None, layer.weight_gradients(dy, cache, at_logits)
        else:
            dy, of_weights = layer.backpropagate(dy, cache, at_logits)
        gradients.add(layer, of_weights)
        at_logits = False
    return dy, gradients


def first_that_learns(layers: Sequence[Layer]) -> int | None:
    """Number of the first layer with trainable weights; None if there is none."""
    return next((number for number, layer in enumerate(layers) if layer.trainable_weights), None)
