"""Numbers side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.plots.picture import Picture


def bars(alt: str, values: Sequence[float], labels: Sequence, xlabel: str, ylabel: str) -> Picture:
    """Draw one bar for each number.

    Arguments:
        alt: the text alternative.
        values, labels: of equal length.
        xlabel, ylabel: what the axes show, with units if there are any.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 2.4))
    axis.bar(np.arange(len(values)), values, tick_label=list(labels), color="tab:purple")
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(axis="y", alpha=0.3)
    if max((len(str(label)) for label in labels), default=0) > 8:  # long labels would run into each other
        axis.tick_params(axis="x", labelrotation=20)
    return Picture(figure, alt)
