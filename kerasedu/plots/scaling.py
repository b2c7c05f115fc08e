"""How much faster more workers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kerasedu.plots.curves import STYLES
from kerasedu.plots.picture import Picture


def scaling(alt: str, workers: Sequence[int], lines: Mapping[str, Sequence[float]]) -> Picture:
    """Draw speed-ups against the number of workers, both on logarithmic scales, beside the line "n times as fast".

    Arguments:
        alt: the text alternative.
        workers: their numbers n, ascending.
        lines: label -> how many times as fast n workers are as one.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 3.4))
    axis.plot(workers, workers, color="tab:gray", linewidth=1, label="n times as fast")
    for number, (label, values) in enumerate(lines.items()):
        axis.plot(workers, values, STYLES[(number + 1) % len(STYLES)], linewidth=1.8, label=label)
    axis.set(xlabel="workers n", ylabel="times as fast as one", xscale="log", yscale="log")
    axis.grid(alpha=0.3)
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return Picture(figure, alt)
