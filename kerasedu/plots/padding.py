"""Zeros around an axis, and the windows that slide over both."""

from __future__ import annotations

from collections.abc import Mapping

from kerasedu.plots.picture import Picture


def padding(alt: str, length: int, kernel_size: int, strides: int, rows: Mapping[str, tuple[int, int]]) -> Picture:
    """Draw an axis of the input as a row of cells, the padding hatched, and under it a bar for each window.

    Arguments:
        alt: the text alternative.
        length: places of the input.
        kernel_size, strides: of the windows.
        rows: label -> zeros before and after; a row of cells for each, the inputs under each other.
    """
    import matplotlib.pyplot as plt

    widest = max(before for before, _ in rows.values()), max(after for _, after in rows.values())
    height = 1.6 + 0.34 * max((sum(pads) + length - kernel_size) // strides + 1 for pads in rows.values())
    figure, axis = plt.subplots(figsize=(0.62 * (length + sum(widest)) + 2.6, 0.62 * height * len(rows) + 0.6))
    for number, (before, after) in enumerate(rows.values()):
        top = -height * number
        for i in range(-before, length + after):
            inside = 0 <= i < length
            look = {"facecolor": "white"} if inside else {"facecolor": "#f3d9b5", "hatch": "///"}
            axis.add_patch(plt.Rectangle((i - 0.5, top - 0.5), 1, 1, edgecolor="black", **look))
            text = axis.text(i, top, f"$x_{{{i}}}$" if inside else "0", ha="center", va="center", fontsize=11)
            if not inside:
                text.set_bbox({"facecolor": "#f3d9b5", "edgecolor": "none", "pad": 1.5})
        starts = range(-before, length + after - kernel_size + 1, strides)
        for p, start in enumerate(starts):
            y, end = top - 0.8 - 0.34 * p, start + kernel_size - 1
            axis.plot([start - 0.38, end + 0.38], [y, y], color="tab:purple", linewidth=4, solid_capstyle="butt")
            axis.text(end + 0.5, y, f"$y_{{{p}}}$", va="center", fontsize=11)
    axis.set(xlim=(-widest[0] - 0.7, length + widest[1] + 0.1), ylim=(-height * len(rows) + 0.7, 0.7))
    axis.set(xlabel="place along one axis of the image", aspect="equal")
    axis.set_xticks(range(length))
    axis.set_yticks([-height * number for number in range(len(rows))], list(rows))
    axis.tick_params(length=0)
    for side in axis.spines.values():
        side.set_visible(False)
    return Picture(figure, alt)
