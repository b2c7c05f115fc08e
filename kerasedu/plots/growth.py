"""How cost grows with a size: what was counted, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kerasedu.plots.picture import Picture

STYLES = (("o", "-", "tab:purple"), ("s", "--", "tab:orange"), ("^", ":", "black"), ("D", "-.", "tab:blue"))


def growth(
    alt: str,
    factors: Sequence[float],
    counted: Mapping[str, Sequence[float]],
    measured: Mapping[str, Sequence[float]],
    xlabel: str = "size, times the smallest",
    ylabel: str = "cost, times the smallest",
) -> Picture:
    """Draw a line for each count and markers for what was measured, all relative to the first factor.

    Arguments:
        alt: the text alternative.
        factors: how many times as large as the smallest.
        counted: label -> a count for each factor.
        measured: label -> seconds for each factor, with the same labels.
        xlabel, ylabel: what the axes show.
    """
    import matplotlib.pyplot as plt
    from matplotlib.ticker import LogLocator, NullFormatter, NullLocator, StrMethodFormatter

    figure, axis = plt.subplots(figsize=(6.4, 3.6))
    for (marker, dashes, colour), (label, counts) in zip(STYLES, counted.items()):
        seconds = measured[label]
        axis.plot(factors, [count / counts[0] for count in counts], dashes, color=colour, label=f"{label}: counted")
        axis.plot(factors, [s / seconds[0] for s in seconds], marker, color=colour, label=f"{label}: measured")
    axis.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel, xticks=factors)
    axis.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.yaxis.set_minor_formatter(NullFormatter())
    axis.grid(alpha=0.3)
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, frameon=False)
    return Picture(figure, alt)
