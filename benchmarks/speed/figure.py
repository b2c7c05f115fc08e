"""The results as a picture: a panel for each workload, a bar for each library."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.speed.results import floor, typical
from benchmarks.speed.table import OURS, number
from benchmarks.speed.workloads import WORKLOADS
from kerasedu.plots import Picture

COLUMNS = 2


def draw(results: dict, libraries: Sequence[str]) -> Picture | None:
    """Milliseconds per step on a logarithmic axis; the dashed line is the floor. None if there is nothing to draw."""
    import matplotlib.pyplot as plt

    shown = [name for name in WORKLOADS if name != "import" and any(typical(results, name, lib) for lib in libraries)]
    if not shown:
        return None
    rows = -(-len(shown) // COLUMNS)
    height = rows * (0.55 + 0.24 * len(libraries)) + 0.4
    figure, axes = plt.subplots(rows, COLUMNS, figsize=(9, height), sharex=True, squeeze=False, layout="constrained")
    for axis, name in zip(axes.flat, shown):
        _panel(axis, results, name, libraries)
    for axis in axes.flat[len(shown) :]:
        axis.set_visible(False)
    figure.supxlabel("milliseconds per training step (logarithmic); dashed: the floor", fontsize=10)
    return Picture(figure, _alt(results, shown, libraries))


def _panel(axis, results: dict, name: str, libraries: Sequence[str]) -> None:
    times = [typical(results, name, library) for library in libraries]
    places = range(len(libraries))
    colours = ["tab:purple" if library == OURS else "lightgrey" for library in libraries]
    axis.barh(places, [time or 0 for time in times], color=colours, edgecolor="0.4", linewidth=0.5)
    for place, time in zip(places, times):
        end = (time, place) if time else (0, place)
        edge = "data" if time else axis.get_yaxis_transform()  # not measured: at the left edge
        axis.annotate(number(time), end, (3, 0), xycoords=edge, textcoords="offset points", va="center")
    lowest = floor(results, name)
    if lowest:
        axis.axvline(lowest, color="black", linestyle="--", linewidth=1)
    axis.set(xscale="log", yticks=places, yticklabels=libraries)
    axis.invert_yaxis()
    axis.set_title(WORKLOADS[name].title, fontsize=10, loc="left")
    axis.margins(x=0.2)
    axis.spines[["top", "right"]].set_visible(False)
    axis.tick_params(labelbottom=True)


def _alt(results: dict, names: Sequence[str], libraries: Sequence[str]) -> str:
    sentences = []
    for name in names:
        times = {library: typical(results, name, library) for library in libraries}
        said = ", ".join(f"{library} {number(time)}" for library, time in times.items() if time)
        sentences.append(f"{WORKLOADS[name].title}: {said}.")
    return "Milliseconds per training step. " + " ".join(sentences)
