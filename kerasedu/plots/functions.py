"""Functions of one number, a panel each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from kerasedu.plots.picture import Picture

STYLES = ("-", "--", ":", "-.")


def functions(
    alt: str,
    panels: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    xlabel: str = "z",
    ylabel: str = "f(z)",
    reach: float = 4.0,
    limits: tuple[float, float] | None = None,
    lines: Sequence[str] = (),
) -> Picture:
    """Draw each function between -reach and reach; all panels have the same axes.

    Arguments:
        alt: the text alternative.
        panels: title -> function of an array of numbers; it returns one number for each, or a row of several.
        xlabel, ylabel: what the axes show.
        reach: how far to the left and to the right.
        limits: of the vertical axis.
        lines: what the numbers of a row are called, for the panels that have so many.
    """
    import matplotlib.pyplot as plt

    width = max(2.1 * len(panels) + 0.4, 5)
    figure, axes = plt.subplots(1, len(panels), figsize=(width, 2.5), sharey=True, squeeze=False)
    z = np.linspace(-reach, reach, 401)
    for axis, (title, function) in zip(axes[0], panels.items()):
        axis.axhline(0, color="gray", linewidth=0.8)
        axis.axvline(0, color="gray", linewidth=0.8)
        rows = np.atleast_2d(function(z).T)
        for number, y in enumerate(rows):
            label = lines[number] if len(rows) == len(lines) else None
            axis.plot(z, y, STYLES[number % len(STYLES)], color=f"C{number}", linewidth=2, label=label)
        axis.set(title=title, xlabel=xlabel, ylim=limits)
        axis.set_xticks(np.linspace(-reach, reach, 5))
        axis.grid(alpha=0.3)
        if len(rows) == len(lines):
            axis.legend()
    axes[0, 0].set_ylabel(ylabel)
    figure.tight_layout()
    return Picture(figure, alt)
