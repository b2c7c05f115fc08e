"""Quantities against another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kerasedu.plots.curves import STYLES
from kerasedu.plots.picture import Picture


def lines(alt: str, x: Sequence[float], lines: Mapping[str, Sequence[float]], xlabel: str, ylabel: str) -> Picture:
    """Draw functions of one variable; lines differ in colour and in dashes.

    Arguments:
        alt: the text alternative.
        x: where the functions were computed, (points,).
        lines: label -> values, (points,).
        xlabel, ylabel: what the axes show, with units if there are any.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 3.2))
    for number, (label, values) in enumerate(lines.items()):
        axis.plot(x, values, STYLES[number % len(STYLES)], label=label)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    axis.legend()
    return Picture(figure, alt)
