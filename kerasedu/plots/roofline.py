"""How many operations a second a machine makes, over how many it makes for each byte it moves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kerasedu.plots.picture import Picture

STYLES = (("o", "tab:purple"), ("s", "tab:orange"), ("^", "black"))


def roofline(
    alt: str, points: Mapping[str, tuple[np.ndarray, np.ndarray]], peak: float, bandwidth: float, unit: str = "10⁹"
) -> Picture:
    """Draw measured points under two roofs: what memory can feed, and what the processor can compute.

    Arguments:
        alt: the text alternative.
        points: label -> intensities (operations a byte) and rates (operations a second); markers and colours differ.
        peak: the highest rate.
        bandwidth: bytes a second.
        unit: of the rates, the peak and the bandwidth.
    """
    import matplotlib.pyplot as plt
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    figure, axis = plt.subplots(figsize=(6.4, 3.6))
    found = np.concatenate([np.ravel(intensities) for intensities, _ in points.values()])
    corner = peak / bandwidth
    left, right = min(found.min(), corner) / 2, max(found.max(), corner) * 2
    axis.plot([left, corner], [left * bandwidth, peak], "--", color="gray", label="memory: intensity · bandwidth")
    axis.plot([corner, right], [peak, peak], "-", color="gray", label="processor: peak")
    for (marker, colour), (label, (intensities, rates)) in zip(STYLES, points.items()):
        axis.plot(intensities, rates, marker, color=colour, markersize=7, label=label)
    axis.set(xscale="log", yscale="log", xlabel="intensity (operations a byte)", ylabel=f"{unit} operations a second")
    axis.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.yaxis.set_minor_formatter(NullFormatter())
    axis.grid(alpha=0.3)
    axis.legend(loc="lower right")
    return Picture(figure, alt)
