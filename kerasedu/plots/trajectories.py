"""The ways of optimizers across a surface, seen from above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from kerasedu.plots.animation import Animation
from kerasedu.plots.picture import Picture

STYLES = (("-", "o", "tab:purple"), ("--", "^", "tab:orange"), (":", "s", "black"), ("-.", "D", "tab:blue"))
LEVELS = (np.arange(1, 13) / 12) ** 2  # of the lines of equal height: evenly spaced on a bowl
MARKS = 45  # on a path, at most

Limits = tuple[tuple[float, float], tuple[float, float]]


def trajectories(
    alt: str,
    surface: Callable[[np.ndarray, np.ndarray], np.ndarray],
    paths: Mapping[str, np.ndarray],
    minimum: Sequence[float],
    xlabel: str = "first weight",
    ylabel: str = "second weight",
    limits: Limits | None = None,
    frames: int | None = None,
    seconds: float = 8.0,
) -> Picture:
    """Draw lines of equal height of a surface, and paths on it; paths differ in colour, dashes and markers.

    Arguments:
        alt: the text alternative.
        surface: the height above (x, y), for arrays of equal shape.
        paths: label -> the points of a path, its start first, shape (steps + 1, 2).
        minimum: (x, y) of the lowest point.
        xlabel, ylabel: what the axes show.
        limits: ((left, right), (bottom, top)); by default all paths and the minimum fit in.
        frames: for an ``Animation``: so many frames, in which all paths grow step by step; its last frame is the
            whole picture. By default nothing moves.
        seconds: how long the animation lasts.
    """
    import matplotlib.pyplot as plt

    paths = {label: np.asarray(path, dtype="float64") for label, path in paths.items()}
    figure, axis = plt.subplots(figsize=(7, 4.2))
    limits = limits or _limits([*paths.values(), np.atleast_2d(minimum)])
    _contours(axis, surface, limits)
    lines = []
    for number, (label, path) in enumerate(paths.items()):
        dashes, marker, colour = STYLES[number % len(STYLES)]
        every = -(-len(path) // MARKS)
        lines += axis.plot(
            *path.T, dashes, marker=marker, color=colour, markersize=4, markevery=every, linewidth=1.5, label=label
        )
    axis.plot(*minimum, "*", color="white", markeredgecolor="black", markersize=14, zorder=4, label="minimum")
    for place in np.unique([path[0] for path in paths.values()], axis=0):
        axis.plot(*place, "X", color="white", markeredgecolor="black", markersize=11, zorder=5)
    axis.plot([], [], "X", color="white", markeredgecolor="black", markersize=11, linestyle="", label="start")
    axis.set(xlabel=xlabel, ylabel=ylabel, xlim=limits[0], ylim=limits[1])
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, frameon=False)
    if frames is None:
        return Picture(figure, alt)
    figure.subplots_adjust(left=0.13, right=0.74, top=0.96, bottom=0.13)
    longest = max(len(path) for path in paths.values())

    def draw(frame: int) -> None:
        shown = 1 + round((longest - 1) * frame / max(frames - 1, 1))
        for line, path in zip(lines, paths.values()):
            line.set_data(*path[:shown].T)

    return Animation(figure, draw, frames, alt, seconds)


def _limits(points: Sequence[np.ndarray]) -> Limits:
    """The smallest rectangle around the points, and a margin."""
    every = np.concatenate(points)
    low, high = every.min(axis=0), every.max(axis=0)
    margin = 0.08 * np.where(high > low, high - low, 1.0)
    return tuple(zip(low - margin, high + margin))


def _contours(axis, surface: Callable, limits: Limits) -> None:
    x, y = np.meshgrid(*(np.linspace(*ends, 100) for ends in limits))
    height = np.asarray(surface(x, y))
    span = np.ptp(height) or 1.0
    levels = height.min() + LEVELS * span
    axis.contourf(x, y, height, levels=[height.min() - 1e-3 * span, *levels], cmap="Greys_r", alpha=0.15)
    axis.contour(x, y, height, levels=levels[:-1], colors="silver", linewidths=0.8)
