"""A network of dense layers, each neuron a circle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.plots.picture import Picture


def network(alt: str, sizes: Sequence[int], names: Sequence[str], marked: int | None = None) -> Picture:
    """Draw the numbers of one sample as columns of circles, an arrow for each weight, and the shapes for n samples.

    Arguments:
        alt: the text alternative.
        sizes: how many numbers there are at the input and behind each layer.
        names: what they are called, such as ``["x", "h", "p"]``.
        marked: draw this neuron of the first layer, and the arrows into it, in bold.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(2.6 * len(sizes) + 0.6, 0.62 * max(sizes) + 1.5))
    heights = [np.arange(size - 1, -size, -2) / 2 for size in sizes]
    for layer, ys in enumerate(heights):
        for unit, y in enumerate(ys):
            bold = layer == 1 and unit == marked
            if layer:
                _arrows(axis, layer, heights[layer - 1], y, bold)
            _circle(axis, layer, y, f"${names[layer]}_{unit + 1}$", bold, layer)
    top, bottom = max(sizes) / 2 + 0.15, -max(sizes) / 2 - 0.25
    for layer, (size, name) in enumerate(zip(sizes, names)):
        axis.text(layer, bottom, f"${name}$: (n, {size})", ha="center", va="top")
        if layer:
            shapes = f"$W_{layer}$: ({sizes[layer - 1]}, {size})   $b_{layer}$: ({size},)"
            axis.text(layer - 0.5, top, shapes, ha="center", va="bottom", fontsize=9)
    axis.set(xlim=(-0.35, len(sizes) - 0.65), ylim=(bottom - 0.55, top + 0.5))
    axis.set_xticks(range(len(sizes)), ["input", *(f"layer {layer}" for layer in range(1, len(sizes)))])
    axis.set_yticks([])
    axis.set_xlabel("forward →")
    axis.spines[:].set_visible(False)
    axis.tick_params(length=0)
    return Picture(figure, alt)


def _circle(axis, x: float, y: float, text: str, bold: bool, layer: int) -> None:
    colour = "tab:purple" if layer else "tab:gray"
    face = "#e6dcf2" if bold else "white"
    axis.plot(
        x, y, "o", markersize=27, markerfacecolor=face, markeredgecolor=colour, markeredgewidth=3 if bold else 1.5
    )
    axis.text(x, y, text, ha="center", va="center", zorder=3)


def _arrows(axis, layer: int, starts: np.ndarray, end: float, bold: bool) -> None:
    style = {"arrowstyle": "-|>", "shrinkA": 15, "shrinkB": 15, "color": "black" if bold else "darkgray"}
    for start in starts:
        axis.annotate("", (layer, end), (layer - 1, start), arrowprops=style | {"linewidth": 2.2 if bold else 0.9})
