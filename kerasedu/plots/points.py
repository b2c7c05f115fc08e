"""Samples as points, and curves through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kerasedu.plots.curves import STYLES
from kerasedu.plots.picture import Picture


def points(
    alt: str,
    x: Sequence[float],
    y: Sequence[float],
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    xlabel: str,
    ylabel: str,
) -> Picture:
    """Draw samples, and over them curves that differ in colour and in dashes.

    Arguments:
        alt: the text alternative.
        x, y: the samples, (n,) each.
        lines: label -> (x, y) of a curve.
        xlabel, ylabel: what the axes show, with units if there are any.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 3.2))
    axis.plot(np.ravel(x), np.ravel(y), ".", color="0.6", markersize=5)
    for number, (label, (across, up)) in enumerate(lines.items()):
        axis.plot(np.ravel(across), np.ravel(up), STYLES[number % len(STYLES)], linewidth=2, label=label)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    axis.legend()
    return Picture(figure, alt)
