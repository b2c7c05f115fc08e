"""Small images in a grid, each under its title."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.plots.picture import Picture


def images(
    alt: str, pixels: np.ndarray, titles: Sequence[str] = (), columns: int = 10, signed: bool = False
) -> Picture:
    """Draw arrays as images.

    Arguments:
        alt: the text alternative.
        pixels: shape (n, rows, columns) or (n, rows, columns, 1).
        titles: a text for each image.
        columns: images side by side.
        signed: show zero as white, negative numbers in orange, positive ones in purple; otherwise grey levels.
    """
    import matplotlib.pyplot as plt

    pixels = np.asarray(pixels).reshape(*pixels.shape[:3])
    columns = min(columns, len(pixels))
    rows = -(-len(pixels) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(1.05 * columns, 1.25 * rows), squeeze=False)
    largest = float(np.abs(pixels).max()) or 1.0
    scale = {"cmap": "PuOr", "vmin": -largest, "vmax": largest} if signed else {"cmap": "gray_r"}
    for place, axis in enumerate(axes.flat):
        axis.set_axis_off()
        if place < len(pixels):
            axis.imshow(pixels[place], **scale)
            axis.set_title(titles[place] if place < len(titles) else "", fontsize=9)
    figure.tight_layout()
    return Picture(figure, alt)
