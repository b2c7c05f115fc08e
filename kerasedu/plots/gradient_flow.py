"""How long the gradient is in each layer of a deep network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kerasedu.plots.picture import Picture

STYLES = (("o", "-", "tab:purple"), ("s", "--", "tab:orange"), ("^", ":", "black"), ("D", "-.", "tab:cyan"))


def gradient_flow(alt: str, networks: Mapping[str, Sequence[float]]) -> Picture:
    """Draw the length of dL/dW by layer, on a logarithmic scale, each network with its own marks and dashes.

    Arguments:
        alt: the text alternative.
        networks: name -> lengths, the layer next to the input first.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6.4, 3.4))
    deepest = max(len(lengths) for lengths in networks.values())
    for (marker, line, colour), (name, lengths) in zip(STYLES, networks.items()):
        layers = np.arange(1, len(lengths) + 1)
        axis.plot(layers, lengths, line, color=colour, marker=marker, markersize=5, label=name)
    axis.set(yscale="log", xlabel="layer (1 is next to the input)", ylabel="length of dL/dW")
    axis.set_xticks(np.arange(1, deepest + 1))
    axis.annotate(
        "backward", (0.42, 1.06), (0.58, 1.06), "axes fraction", va="center", arrowprops={"arrowstyle": "-|>"}
    )
    axis.grid(alpha=0.3)
    axis.legend()
    return Picture(figure, alt)
