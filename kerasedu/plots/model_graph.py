"""A functional model as a graph of its layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kerasedu.plots.layout import place
from kerasedu.plots.picture import Picture

if TYPE_CHECKING:
    from kerasedu.models import Model

COLUMN, WIDTH, HEIGHT = 1.6, 2.2, 0.8  # half the distance of two layers; the size of a box


def model_graph(alt: str, model: Model) -> Picture:
    """Draw each call of a layer as a box, from left to right, with an arrow for each array that goes on.

    A box holds the layer's name, its class and the shape of its output. Inputs and outputs of the model have thick
    frames. A layer that is called twice has two boxes of the same name.

    Arguments:
        alt: the text alternative.
        model: a functional ``Model``, or a ``Sequential`` that is built.
    """
    import matplotlib.pyplot as plt

    nodes = model.nodes
    number = {id(node): k for k, node in enumerate(nodes)}
    edges = [(number[id(tensor.node)], k) for k, node in enumerate(nodes) for tensor in node.parents()]
    ends = {number[id(tensor.node)] for tensor in [*model.inputs, *model.outputs]}
    points, ways = place(len(nodes), edges, gap=1.2)
    points = [(COLUMN * x, y) for x, y in points]
    heights = [y for _, y in points]
    size = (0.9 * (max(x for x, _ in points) + WIDTH + 0.4), 0.9 * (np.ptp(heights) + HEIGHT + 0.4))
    figure, axis = plt.subplots(figsize=size)
    for way in ways:
        _arrow(axis, [(COLUMN * x, y) for x, y in way])
    for k, (node, (x, y)) in enumerate(zip(nodes, points)):
        corner, line = (x - WIDTH / 2, y - HEIGHT / 2), 2.6 if k in ends else 1.2
        box = {"facecolor": "white", "edgecolor": "tab:purple", "linewidth": line, "zorder": 3}
        axis.add_patch(plt.Rectangle(corner, WIDTH, HEIGHT, **box))
        axis.text(x, y + 0.16, node.layer.name, ha="center", va="center", weight="bold", zorder=4)
        below = f"{type(node.layer).__name__} {_shape(node.outputs)}"
        axis.text(x, y - 0.18, below, ha="center", va="center", fontsize=8, zorder=4)
    last = max(x for x, _ in points)
    axis.set(xlim=(-WIDTH / 2 - 0.2, last + WIDTH / 2 + 0.2), aspect="equal")
    axis.set(ylim=(min(heights) - HEIGHT / 2 - 0.2, max(heights) + HEIGHT / 2 + 0.2))
    axis.set_axis_off()
    return Picture(figure, alt)


def _arrow(axis, way: list[tuple[float, float]]) -> None:
    """An arrow from box to box through the points of its way."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    (x0, y0), (x1, y1) = way[0], way[-1]
    corners = [(x0 + WIDTH / 2, y0), *way[1:-1], (x1 - WIDTH / 2, y1)]
    look = {"arrowstyle": "-|>", "mutation_scale": 12, "color": "0.35", "shrinkA": 0, "shrinkB": 0}
    axis.add_patch(FancyArrowPatch(path=Path(corners), **look))


def _shape(outputs) -> str:
    tensors = outputs if isinstance(outputs, list) else [outputs]
    return ", ".join(str(tensor.shape) for tensor in tensors)
