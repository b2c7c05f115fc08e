"""What came of each learning rate, seed by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kerasedu.plots.picture import Picture

STYLES = (("-", "o", "tab:purple"), ("--", "^", "tab:orange"), (":", "s", "black"), ("-.", "D", "tab:blue"))


def sweep(
    alt: str, rates: Sequence[float], losses: Mapping[str, np.ndarray], top: float, ylabel: str = "validation loss"
) -> Picture:
    """Draw one point for each training and a line through the means; lines differ in colour, dashes and markers.

    Arguments:
        alt: the text alternative.
        rates: the learning rates.
        losses: label -> losses, shape (rates, seeds); what is not finite is not drawn.
        top: where the vertical axis ends; lines that leave the picture go on above it.
        ylabel: what the vertical axis shows.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 3.4))
    for number, (label, table) in enumerate(losses.items()):
        dashes, marker, colour = STYLES[number % len(STYLES)]
        table = np.where(np.isfinite(table), table, np.nan)
        table = np.minimum(table, 10 * top)  # a line that leaves the picture needs no more
        axis.plot(np.repeat(rates, table.shape[1]), table.ravel(), marker, color=colour, markersize=4, alpha=0.35)
        axis.plot(rates, table.mean(axis=1), dashes, marker=marker, color=colour, markersize=7, label=label)
    axis.set(xlabel="learning rate", ylabel=ylabel, xscale="log", ylim=(0, top))
    axis.grid(alpha=0.3)
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, frameon=False)
    return Picture(figure, alt)
