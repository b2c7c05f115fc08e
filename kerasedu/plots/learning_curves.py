"""Training and validation loss of several runs, side by side on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kerasedu.plots.picture import Picture


def learning_curves(alt: str, runs: Mapping[str, Mapping[str, Sequence[float]]], ylim: float | None = None) -> Picture:
    """Draw ``loss`` and ``val_loss`` of each run over the epochs, and a ring around the smallest ``val_loss``.

    Arguments:
        alt: the text alternative.
        runs: title -> ``history.history``.
        ylim: the largest loss that is shown.
    """
    import matplotlib.pyplot as plt

    size = (2.6 * len(runs) + 0.6, 2.9)
    figure, axes = plt.subplots(1, len(runs), figsize=size, sharey=True, squeeze=False, layout="constrained")
    for axis, (title, history) in zip(axes[0], runs.items()):
        epochs = np.arange(1, len(history["loss"]) + 1)
        best = int(np.argmin(history["val_loss"]))
        axis.plot(epochs, history["loss"], "-", color="tab:purple", label="training")
        axis.plot(epochs, history["val_loss"], "--", color="tab:orange", label="validation")
        ring = {"markersize": 10, "markerfacecolor": "none", "markeredgewidth": 1.8, "color": "black"}
        axis.plot([epochs[best]], [history["val_loss"][best]], "o", label="best epoch", **ring)
        axis.set(title=title, xlabel="epoch", ylim=(0, ylim))
        axis.grid(alpha=0.3)
    axes[0, 0].set_ylabel("loss")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return Picture(figure, alt)
