"""A confusion matrix with its counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.plots.picture import Picture


def confusion(alt: str, matrix: np.ndarray, labels: Sequence) -> Picture:
    """Draw counts in a grid: the true class chooses the row, the predicted one the column.

    A cell is the darker, the larger its share of its row (on a scale of roots, so that single errors show, too); the
    diagonal, where both agree, is framed, and its numbers are bold.

    Arguments:
        alt: the text alternative.
        matrix: counts, shape (classes, classes).
        labels: the classes' names, in the order of the rows.
    """
    import matplotlib.pyplot as plt

    matrix = np.asarray(matrix)
    classes = len(matrix)
    names = [str(label) for label in labels]
    side = max(2.2, 0.42 * classes)
    figure, axis = plt.subplots(figsize=(side + 0.08 * max(map(len, names)) + 0.7, side + 0.7))
    shades = np.sqrt(matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1))
    axis.imshow(shades, cmap="Purples", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix):
        right = row == column
        colour = "white" if shades[row, column] > 0.6 else "black"
        weight = "bold" if right else "normal"
        axis.text(column, row, f"{count:g}", ha="center", va="center", color=colour, fontweight=weight)
        if right:
            frame = plt.Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, fill=False, edgecolor="black", linewidth=1.5)
            axis.add_patch(frame)
    axis.set_xticks(range(classes), names)
    axis.set_yticks(range(classes), names)
    axis.set(xlabel="predicted class", ylabel="true class")
    return Picture(figure, alt)
