"""How wrong a measured slope is, over the step it was measured with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kerasedu.plots.picture import Picture

STYLES = (("o", "-", "tab:purple"), ("s", "--", "tab:orange"), ("^", ":", "black"))


def step_sizes(alt: str, steps: Sequence[float], errors: Mapping[str, Sequence[float]]) -> Picture:
    """Draw errors over steps, both on logarithmic scales; an error of 0 has no place there and is left out.

    Arguments:
        alt: the text alternative.
        steps: the steps h.
        errors: label -> an error for each step; up to three of them.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6.4, 3.4))
    for (marker, line, colour), (label, values) in zip(STYLES, errors.items()):
        axis.plot(steps, values, line, color=colour, marker=marker, markersize=5, label=label)
    axis.set(xscale="log", yscale="log", xlabel="step h", ylabel="error of the slope")
    axis.grid(alpha=0.3)
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(errors), frameon=False)
    return Picture(figure, alt)
