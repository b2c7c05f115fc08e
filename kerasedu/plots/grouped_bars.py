"""Numbers side by side, several for each label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kerasedu.plots.picture import Picture

LOOKS = (("tab:purple", ""), ("tab:orange", "//"), ("lightgrey", ".."), ("tab:blue", "xx"))


def grouped_bars(
    alt: str, groups: Mapping[str, Sequence[float]], labels: Sequence[str], xlabel: str, ylabel: str
) -> Picture:
    """Draw, for each label, one bar of each group; groups differ in colour and in hatching.

    Arguments:
        alt: the text alternative.
        groups: name -> numbers, one for each label.
        labels: a text for each place on the horizontal axis.
        xlabel, ylabel: what the axes show, with units if there are any.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 3))
    width = 0.8 / len(groups)
    for number, (name, values) in enumerate(groups.items()):
        colour, hatch = LOOKS[number % len(LOOKS)]
        places = np.arange(len(values)) + (number - (len(groups) - 1) / 2) * width
        axis.bar(places, values, width, label=name, color=colour, hatch=hatch, edgecolor="black", linewidth=0.6)
    axis.set_xticks(range(len(labels)), list(labels))
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.grid(axis="y", alpha=0.3)
    axis.set_axisbelow(True)
    axis.legend()
    return Picture(figure, alt)
