"""Matrices side by side, their numbers in their cells."""

from __future__ import annotations

import numpy as np

from kerasedu.plots.picture import Picture


def matrices(alt: str, **named) -> Picture:
    """Draw arrays of one or two axes as coloured grids.

    Arguments:
        alt: the text alternative.
        named: title -> array of shape (rows, columns) or (columns,).
    """
    import matplotlib.pyplot as plt

    arrays = {name: np.atleast_2d(array) for name, array in named.items()}
    widths = [array.shape[1] for array in arrays.values()]
    size = (0.75 * sum(widths) + 0.8 * len(widths), 0.7 * max(len(array) for array in arrays.values()) + 0.9)
    figure, axes = plt.subplots(1, len(arrays), figsize=size, width_ratios=widths, squeeze=False)
    largest = max(float(np.abs(array).max()) for array in arrays.values()) or 1.0
    for axis, (name, array) in zip(axes[0], arrays.items()):
        axis.imshow(array, cmap="PuOr", vmin=-1.6 * largest, vmax=1.6 * largest)
        for (i, j), value in np.ndenumerate(array):
            axis.text(j, i, f"{value:g}", ha="center", va="center", color="black")
        axis.set(title=f"{name} {np.shape(named[name])}", xlabel="column", ylabel="row")
        axis.set_xticks(range(array.shape[1]))
        axis.set_yticks(range(array.shape[0]))
    figure.tight_layout()
    return Picture(figure, alt)
