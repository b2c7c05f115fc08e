"""Images with what a network looked at laid over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.plots.picture import Picture

OUTLINED = 0.5  # of an image's largest heat: what lies above is framed


def overlays(alt: str, pixels: np.ndarray, heat: np.ndarray, titles: Sequence[str] = (), columns: int = 10) -> Picture:
    """Draw grey images under orange heat; a black line frames the places above half of an image's largest heat.

    Arguments:
        alt: the text alternative.
        pixels: shape (n, rows, columns) or (n, rows, columns, 1).
        heat: shape (n, rows, columns), not negative; each image has a scale of its own.
        titles: a text for each image.
        columns: images side by side.
    """
    import matplotlib.pyplot as plt

    pixels = np.asarray(pixels).reshape(*pixels.shape[:3])
    columns = min(columns, len(pixels))
    rows = -(-len(pixels) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(1.25 * columns, 1.45 * rows), squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for place, (axis, image, warmth) in enumerate(zip(axes.flat, pixels, heat)):
        share = warmth / (warmth.max() or 1.0)
        axis.imshow(image, cmap="gray_r", vmax=1.4 * image.max())
        axis.imshow(share, cmap="Oranges", vmin=0, vmax=1, alpha=0.75 * share)
        _frame(axis, share > OUTLINED)
        axis.set_title(titles[place] if place < len(titles) else "", fontsize=9)
    figure.tight_layout()
    return Picture(figure, alt)


def _frame(axis, inside: np.ndarray) -> None:
    """A line along the edges of pixels between inside and outside."""
    padded = np.pad(inside, 1)
    for i, j in np.argwhere(padded[:-1, 1:-1] != padded[1:, 1:-1]):
        axis.hlines(i - 0.5, j - 0.5, j + 0.5, color="black", linewidth=1.5)
    for i, j in np.argwhere(padded[1:-1, :-1] != padded[1:-1, 1:]):
        axis.vlines(j - 0.5, i - 0.5, i + 0.5, color="black", linewidth=1.5)
