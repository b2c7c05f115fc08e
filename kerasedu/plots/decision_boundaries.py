"""Where classifiers change their mind, over two features."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from kerasedu.plots.picture import Picture

STYLES = (("o", "tab:blue"), ("^", "tab:orange"), ("s", "black"), ("D", "tab:purple"))
CELLS = 200  # along each side of a panel


def decision_boundaries(
    alt: str,
    classifiers: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    x: np.ndarray,
    y: np.ndarray,
    classes: Sequence[str],
    xlabel: str = "first feature",
    ylabel: str = "second feature",
) -> Picture:
    """Draw, for each classifier, the regions of the classes it chooses, and the samples over them.

    Arguments:
        alt: the text alternative.
        classifiers: title -> what gives the probabilities of samples (m, 2): shape (m, classes), of which the largest
            counts; or (m,) or (m, 1), that of the second of two classes, which is chosen above 1/2.
        x: samples, shape (n, 2).
        y: number of each sample's class, shape (n,).
        classes: their names; up to four.
        xlabel, ylabel: what the two features are.

    Raises:
        ValueError: x has not two features, or there are more classes than markers.
    """
    import matplotlib.pyplot as plt

    x, y = np.asarray(x), np.ravel(y)
    if x.ndim != 2 or x.shape[1] != 2:
        raise ValueError(f"boundaries are drawn over two features: expected x of shape (n, 2), got {x.shape}")
    if len(classes) > len(STYLES):
        raise ValueError(f"{len(classes)} classes would look alike: at most {len(STYLES)}")
    colours = [colour for _, colour in STYLES[: len(classes)]]
    across, up = (_along(feature) for feature in x.T)
    places = np.stack(np.meshgrid(across, up), axis=-1).astype(x.dtype)
    size = (3.4 * len(classifiers) + 1.2, 3.4)
    figure, axes = plt.subplots(1, len(classifiers), figsize=size, squeeze=False, sharey=True, layout="constrained")
    for axis, (title, classifier) in zip(axes[0], classifiers.items()):
        chosen = _chosen(classifier(places.reshape(-1, 2))).reshape(CELLS, CELLS)
        levels = np.arange(len(classes) + 1) - 0.5
        axis.contourf(across, up, chosen, levels=levels, colors=colours, alpha=0.2)
        for border in levels[1:-1]:
            if chosen.min() < border < chosen.max():
                axis.contour(across, up, chosen, levels=[border], colors="black", linewidths=1.2)
        for number, (name, (marker, colour)) in enumerate(zip(classes, STYLES)):
            axis.plot(*x[y == number].T, marker, color=colour, markersize=3, label=name)
        axis.set(title=title, xlabel=xlabel)
    axes[0, 0].set_ylabel(ylabel)
    axes[0, -1].legend(loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, frameon=False)
    return Picture(figure, alt)


def _along(feature: np.ndarray) -> np.ndarray:
    """Evenly spaced values from below the smallest to above the largest."""
    low, high = float(feature.min()), float(feature.max())
    margin = 0.05 * (high - low or 1.0)
    return np.linspace(low - margin, high + margin, CELLS)


def _chosen(probabilities: np.ndarray) -> np.ndarray:
    """Number of the class for each sample."""
    probabilities = np.asarray(probabilities)
    if probabilities.ndim == 2 and probabilities.shape[1] > 1:
        return probabilities.argmax(axis=1)
    return (probabilities.ravel() > 0.5).astype(int)
