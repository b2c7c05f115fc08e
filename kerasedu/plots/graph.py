"""A computation as a graph: values on their way forward, gradients on their way back."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence

import numpy as np

from kerasedu.autodiff import Pullback, Tensor, topological_order, unbroadcast
from kerasedu.plots.layout import Point, place
from kerasedu.plots.picture import Picture

SYMBOLS = {"__add__": "+", "__mul__": "×", "__matmul__": "@", "sum": "Σ"}
FORWARD, BACKWARD = "black", "#b3400e"
RADIUS = 0.28  # of a node; columns and rows lie 1 apart
LEVEL = 0.32  # half the length of the piece of an edge that carries its labels


def graph(alt: str, loss: Tensor, names: Mapping[str, Tensor]) -> Picture:
    """Draw what a tensor was computed from, as its tape has recorded it, and the walk back along each edge.

    Above an edge stands the value that goes forward, below it what this edge adds to the gradient of the node it comes
    from; below a named node its whole gradient, the sum of these. Arrays are shown by their shapes.

    Arguments:
        alt: the text alternative.
        loss: the last tensor, L; ``loss.backward`` is called here and sets every ``grad``.
        names: name -> tensor, for the leaves at least; a leaf without a name is shown as a constant.
    """
    import matplotlib.pyplot as plt

    loss.backward(np.ones_like(loss.value))
    tensors = topological_order(loss)
    number = {id(tensor): k for k, tensor in enumerate(tensors)}
    uses = [(parent, pullback, tensor) for tensor in tensors for parent, pullback in tensor.parents]
    points, ways = place(len(tensors), [(number[id(a)], number[id(y)]) for a, _, y in uses], gap=1.2)
    name_of = {id(tensor): name for name, tensor in names.items()}
    (x, y), heights = points[-1], [height for way in [points, *ways] for _, height in way]
    figure, axis = plt.subplots(figsize=(0.92 * (x + 2.4), 0.92 * (np.ptp(heights) + 1.7)))
    for (parent, pullback, tensor), way in zip(uses, ways):
        labels = parent.value, unbroadcast(pullback(tensor.grad), parent.shape)
        _edge(axis, way, labels if parent.parents or id(parent) in name_of else ())
    _edge(axis, [(x, y), (x + 0.75, y), (x + 1.5, y)], (loss.value, loss.grad))
    axis.text(x + 1.4, y, "L", ha="center", va="center")
    for tensor, point in zip(tensors, points):
        _node(axis, tensor, point, name_of.get(id(tensor)))
    axis.set(xlim=(-0.7, x + 1.7), ylim=(min(heights) - 0.85, max(heights) + 0.9), aspect="equal")
    axis.set_axis_off()
    axis.text(x / 2 - 0.2, max(heights) + 0.7, "above an edge: value →", ha="right", color=FORWARD)
    axis.text(x / 2 + 0.2, max(heights) + 0.7, "below it: ← gradient", color=BACKWARD)
    return Picture(figure, alt)


def symbol(pullback: Pullback) -> str:
    """What a pullback's operation is called in the picture: the method of ``Tensor`` that made it."""
    method = pullback.__qualname__.split(".")[1]
    if method == "__pow__":
        return f"$a^{{{inspect.getclosurevars(pullback).nonlocals['n']:g}}}$"
    return SYMBOLS.get(method, method)


def _edge(axis, way: list[Point], labels: Sequence[np.ndarray]) -> None:
    """A curve from node to node through the points, level at each of them; the labels stand at the second point."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    (x0, y0), (x1, y1) = way[0], way[-1]
    curve, codes = [(x0 + RADIUS, y0)], [Path.MOVETO]
    for x, y in [*way[1:-1], (x1 - RADIUS + LEVEL, y1)]:
        (xa, ya), xb = curve[-1], x - LEVEL
        curve += [((xa + xb) / 2, ya), ((xa + xb) / 2, y), (xb, y), (x + LEVEL, y)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
    arrow = {"arrowstyle": "-|>", "mutation_scale": 11, "color": "0.45", "shrinkA": 0, "shrinkB": 0}
    axis.add_patch(FancyArrowPatch(path=Path(curve[:-1], codes[:-1]), **arrow))
    x, y = way[1]
    places = [(y + 0.06, "bottom", FORWARD), (y - 0.08, "top", BACKWARD)]
    for array, (height, side, colour) in zip(labels, places):
        axis.text(x, height, _text(array), ha="center", va=side, color=colour)


def _node(axis, tensor: Tensor, point: Point, name: str | None) -> None:
    """A leaf as a square with its name, or a constant as its number; an operation as a circle with its symbol."""
    import matplotlib.pyplot as plt

    (x, y), leaf = point, not tensor.parents
    look = {"facecolor": "white", "edgecolor": "tab:purple", "linewidth": 1.8, "zorder": 3}
    if not leaf:
        axis.add_patch(plt.Circle(point, RADIUS, **look))
    elif name:
        axis.add_patch(plt.Rectangle((x - RADIUS, y - RADIUS), 2 * RADIUS, 2 * RADIUS, **look))
    label = (name or _text(tensor.value)) if leaf else symbol(tensor.parents[0][1])
    constant = {"x": x + RADIUS - 0.05, "ha": "right"}
    where = constant if leaf and not name else {"x": x, "ha": "center"}
    axis.text(y=y, s=label, va="center", zorder=4, fontsize=9 if len(label) > 3 else 11, **where)
    if name:
        whole = f"dL/d{name}\n{'= ' * (tensor.grad.size == 1)}{_text(tensor.grad)}"
        axis.text(x + RADIUS, y - RADIUS - 0.06, whole, ha="right", va="top", color=BACKWARD, fontsize=9)
        if not leaf:
            axis.text(x, y + RADIUS + 0.05, name, ha="center", va="bottom")


def _text(array: np.ndarray) -> str:
    """A single number to three digits, an array by its shape."""
    return f"{array.item() + 0.0:.3g}".replace("-", "−") if array.size == 1 else str(array.shape)
