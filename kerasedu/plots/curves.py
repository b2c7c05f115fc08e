"""Quantities over the epochs, or over anything else that is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kerasedu.plots.picture import Picture

STYLES = ("-", "--", ":", "-.")


def curves(
    alt: str, lines: Mapping[str, Sequence[float]], xlabel: str = "epoch", ylabel: str = "loss", log: bool = False
) -> Picture:
    """Draw sequences of numbers against their index, starting at 1; lines differ in colour and in dashes.

    Arguments:
        alt: the text alternative.
        lines: label -> numbers, such as ``history.history``.
        xlabel, ylabel: what the axes show, with units if there are any.
        log: a logarithmic vertical axis.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 3.2))
    for number, (label, values) in enumerate(lines.items()):
        axis.plot(np.arange(1, len(values) + 1), values, STYLES[number % len(STYLES)], label=label)
    axis.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.grid(alpha=0.3)
    if len(lines) > 3:  # a large legend would cover the lines
        axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    elif len(lines) > 1:
        axis.legend()
    return Picture(figure, alt)
