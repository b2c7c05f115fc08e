"""Two training runs of one model: their losses, and how far their weights are apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kerasedu.plots.picture import Picture

STYLES = ("-", "o")


def runs(
    alt: str, losses: Mapping[str, Sequence[float]], distances: Mapping[str, Sequence[float]], moved: Sequence[float]
) -> Picture:
    """Draw losses by epoch on the left, and distances by step on the right, on a logarithmic axis.

    Arguments:
        alt: the text alternative.
        losses: label -> loss after each epoch, for two runs; the second is drawn as circles on the line of the first.
        distances: label -> largest difference between two weights after each step.
        moved: how far the weights have moved from their start after each step, to compare with.
    """
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    for style, (label, values) in zip(STYLES, losses.items()):
        left.plot(np.arange(1, len(values) + 1), values, style, label=label, markerfacecolor="none", markersize=9)
    left.set(xlabel="epoch", ylabel="loss")
    left.xaxis.get_major_locator().set_params(integer=True)
    tiny = np.finfo(float).tiny
    right.plot(np.arange(1, len(moved) + 1), np.maximum(moved, tiny), "-", color="grey", label="moved since the start")
    for style, (label, values) in zip(("--", ":"), distances.items()):
        shown = np.where(np.asarray(values) > 0, values, np.nan)  # a logarithmic axis has no place for 0
        right.plot(np.arange(1, len(values) + 1), shown, style, label=label)
    right.set(xlabel="step", ylabel="largest difference of a weight", yscale="log")
    for axis in (left, right):
        axis.grid(alpha=0.3)
        axis.legend()
    return Picture(figure, alt)
