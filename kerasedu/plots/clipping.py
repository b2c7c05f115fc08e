"""A gradient of two numbers before and after clipping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.optimizers.clipping import clip_by_norm, clip_by_value
from kerasedu.plots.picture import Picture


def clipping(alt: str, gradient: Sequence[float], limit: float) -> Picture:
    """Draw a gradient, what clipping by value and by norm make of it, and the square and the circle they allow.

    Arguments:
        alt: the text alternative.
        gradient: (x, y).
        limit: half the side of the square, and the radius of the circle.
    """
    import matplotlib.pyplot as plt

    gradient = np.asarray(gradient, dtype="float64")
    figure, axis = plt.subplots(figsize=(6, 3.9))
    axis.add_patch(
        plt.Rectangle((-limit, -limit), 2 * limit, 2 * limit, fill=False, edgecolor="gray", label="by value")
    )
    axis.add_patch(plt.Circle((0, 0), limit, fill=False, edgecolor="gray", linestyle="--", label="by norm"))
    for label, (x, y), line, colour, height in [
        ("gradient", gradient, "-", "black", 6),
        ("clipped by value", clip_by_value(gradient, limit), "--", "tab:orange", 6),
        ("clipped by norm", clip_by_norm(gradient, limit), ":", "tab:purple", -14),
    ]:
        axis.plot([0, x], [0, y], line, color=colour, linewidth=2.5)
        axis.plot([x], [y], "o", color=colour)
        axis.annotate(label, (x, y), textcoords="offset points", xytext=(6, height))
    reach = 1.2 * max(limit, np.abs(gradient).max())
    axis.set(xlim=(-0.4 * reach, 1.3 * reach), ylim=(-0.4 * reach, 0.6 * reach), aspect="equal")
    axis.set(xlabel="gradient of the first weight", ylabel="gradient of the second weight")
    axis.legend(title="allowed", loc="lower right")
    axis.grid(alpha=0.3)
    return Picture(figure, alt)
