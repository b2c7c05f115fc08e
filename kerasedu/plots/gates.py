"""Quantities over time, one row each: what goes in, how far the gates are open, what the cell holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kerasedu.plots.picture import Picture

NUMBERED = 24  # so many steps still have room for their numbers


def gates(alt: str, rows: Mapping[str, Sequence[float]], labels: Sequence[str] = ()) -> Picture:
    """Draw a coloured row for each quantity, with its numbers if there are few steps; time goes to the right.

    Arguments:
        alt: the text alternative.
        rows: name -> numbers from -1 to 1, one for each time step.
        labels: what stands below the steps; by default their numbers.
    """
    import matplotlib.pyplot as plt

    values = np.array([np.asarray(row, dtype="float64") for row in rows.values()])
    steps = values.shape[1]
    figure, axis = plt.subplots(figsize=(min(9, 0.45 * steps + 1.5), 0.34 * len(rows) + 0.9))
    image = axis.imshow(values, cmap="PuOr", vmin=-1.8, vmax=1.8, aspect="auto")
    if steps <= NUMBERED:
        for (row, t), value in np.ndenumerate(values):
            axis.text(t, row, f"{value:.1f}".replace("-0.0", "0.0"), ha="center", va="center", fontsize=8)
    else:
        figure.colorbar(image, ax=axis, pad=0.02).ax.set_ylim(-1, 1)
    axis.set_yticks(range(len(rows)), list(rows))
    if len(labels):
        axis.set_xticks(range(steps), list(labels))
    axis.set_xlabel("time step t →")
    axis.hlines(np.arange(1, len(rows)) - 0.5, -0.5, steps - 0.5, color="white", linewidth=2)
    return Picture(figure, alt)
