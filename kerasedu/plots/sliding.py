"""A kernel that slides over an image: what it sees, the products, and the output that their sums make."""

from __future__ import annotations

import numpy as np

from kerasedu.ops.windows import Windows
from kerasedu.plots.animation import Animation

PALE = 1.9  # colours end at so many times the largest number, so that black figures stay readable on them


def sliding(alt: str, image, kernel, strides: int = 1, still: int | None = None) -> Animation:
    """Draw one frame for each place of the window.

    Arguments:
        alt: the text alternative.
        image: (rows, columns); whole numbers of up to two digits read best.
        kernel: (kernel rows, kernel columns).
        strides: the step from one window to the next.
        still: the number of the frame that stands still; by default the last one.
    """
    import matplotlib.pyplot as plt

    image, kernel = np.asarray(image), np.asarray(kernel)
    windows = Windows("sliding", image.shape, kernel.shape, strides, "valid")
    places = list(np.ndindex(*windows.out))
    seen = [tuple(slice(i * strides, i * strides + k) for i, k in zip(place, kernel.shape)) for place in places]
    output = np.array([np.sum(image[window] * kernel) for window in seen]).reshape(windows.out)

    widths = [image.shape[1], 1.7 * kernel.shape[1], output.shape[1]]
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.9), width_ratios=widths, layout="constrained")
    _grid(left, image, "Greys", image.max(), f"image {image.shape}")
    window, products = _grid(middle, np.zeros(kernel.shape), "Greys", image.max(), "pixel · kernel")
    filled, sums = _grid(right, output, "PuOr", np.abs(output).max(), f"output {output.shape}")
    frame, cell = (plt.Rectangle((0, 0), w, h, fill=False, linewidth=3, zorder=3) for h, w in (kernel.shape, (1, 1)))
    left.add_patch(frame)
    right.add_patch(cell)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # the places stay as they are

    def draw(number: int) -> None:
        pixels, to_come = image[seen[number]], np.arange(output.size).reshape(output.shape) > number
        frame.set_xy([seen[number][1].start - 0.5, seen[number][0].start - 0.5])
        cell.set_xy([places[number][1] - 0.5, places[number][0] - 0.5])
        window.set_data(pixels)
        for place, text in products.items():
            text.set_text(f"{pixels[place]:g} · {_signed(kernel[place])}")
        middle.set_title(f"pixel · kernel, sum {_signed(output[places[number]])}")
        filled.set_data(np.ma.array(output, mask=to_come))
        for place, text in sums.items():
            text.set_text("" if to_come[place] else _signed(output[place]))

    return Animation(figure, draw, len(places), alt, seconds=0.5 * len(places), still=still)


def _grid(axis, values, colours: str, largest: float, title: str):
    """The image of ``values`` and, by place, the texts in its cells."""
    image = axis.imshow(values, cmap=colours, vmin=0 if colours == "Greys" else -PALE * largest, vmax=PALE * largest)
    texts = {
        (i, j): axis.text(j, i, f"{value:g}", ha="center", va="center", fontsize=9)
        for (i, j), value in np.ndenumerate(values)
    }
    rows, columns = values.shape
    axis.hlines(np.arange(1, rows) - 0.5, -0.5, columns - 0.5, color="lightgray", linewidth=0.8)
    axis.vlines(np.arange(1, columns) - 0.5, -0.5, rows - 0.5, color="lightgray", linewidth=0.8)
    axis.set(title=title, xlabel="column", ylabel="row", xticks=range(columns), yticks=range(rows))
    return image, texts


def _signed(number: float) -> str:
    """With a minus sign that is as wide as a plus."""
    return f"{number:g}".replace("-", "−")
