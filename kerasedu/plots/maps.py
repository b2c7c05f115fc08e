"""A number for each place of an image, in small cells, several images side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kerasedu.plots.picture import Picture


def maps(alt: str, named: Mapping[str, np.ndarray]) -> Picture:
    """Draw arrays as grids of coloured cells that show their numbers; one scale of colours for all.

    Arguments:
        alt: the text alternative.
        named: title -> array of shape (rows, columns).
    """
    import matplotlib.pyplot as plt

    arrays = {title: np.asarray(array) for title, array in named.items()}
    widths = [array.shape[1] for array in arrays.values()]
    size = (0.36 * sum(widths) + 0.9 * len(widths), 0.36 * max(len(array) for array in arrays.values()) + 0.9)
    figure, axes = plt.subplots(1, len(arrays), figsize=size, width_ratios=widths, squeeze=False, layout="constrained")
    largest = max(float(np.abs(array).max()) for array in arrays.values()) or 1.0
    for axis, (title, array) in zip(axes[0], arrays.items()):
        axis.imshow(array, cmap="PuOr", vmin=-1.8 * largest, vmax=1.8 * largest)
        for (i, j), value in np.ndenumerate(array):
            axis.text(j, i, f"{value:g}".replace("-", "−"), ha="center", va="center", fontsize=9)
        axis.set(title=title, xlabel="column", ylabel="row")
        axis.set_xticks(range(array.shape[1]))
        axis.set_yticks(range(array.shape[0]))
    return Picture(figure, alt)
