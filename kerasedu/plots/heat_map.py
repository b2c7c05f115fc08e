"""One number for each combination of two settings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.plots.picture import Picture


def heat_map(
    alt: str, values: np.ndarray, rows: Sequence[str], columns: Sequence[str], ylabel: str, xlabel: str, label: str
) -> Picture:
    """Draw a table of numbers, darker where they are larger, with a frame around the largest.

    Arguments:
        alt: the text alternative.
        values: shape (rows, columns).
        rows, columns: the settings, as text.
        ylabel, xlabel: what the rows and the columns set.
        label: what the numbers are.
    """
    import matplotlib.pyplot as plt

    values = np.asarray(values, dtype="float64")
    figure, axis = plt.subplots(figsize=(0.9 * len(columns) + 2.2, 0.5 * len(rows) + 1.3))
    image = axis.imshow(values, cmap="Purples", aspect="auto")
    middle = (values.min() + values.max()) / 2
    for (row, column), value in np.ndenumerate(values):
        colour = "white" if value > middle else "black"
        axis.text(column, row, f"{value:.2f}", ha="center", va="center", color=colour)
    row, column = np.unravel_index(np.argmax(values), values.shape)
    axis.add_patch(plt.Rectangle((column - 0.46, row - 0.44), 0.92, 0.88, fill=False, edgecolor="black", linewidth=2.5))
    axis.set_xticks(range(len(columns)), list(columns))
    axis.set_yticks(range(len(rows)), list(rows))
    axis.set(xlabel=xlabel, ylabel=ylabel)
    figure.colorbar(image, ax=axis, label=label)
    return Picture(figure, alt)
