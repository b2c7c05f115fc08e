"""All-reduce around a ring, one table for each step."""

from __future__ import annotations

import numpy as np

from kerasedu.ops import ring_steps
from kerasedu.plots.picture import Picture


def ring(alt: str, workers: int = 4) -> Picture:
    """Draw how many workers' numbers are in each chunk of each worker: at the start, and after each step s.

    The upper row adds chunks up, the lower row hands the sums round. Chunks that came in that step have a frame.

    Arguments:
        alt: the text alternative.
        workers: n, at least 2; there are 2 (n - 1) steps.
    """
    import matplotlib.pyplot as plt

    start = np.ones((workers, workers), "int64")
    panels = [("start", None, start)]
    panels += [(f"after s = {k % (workers - 1)}", *step) for k, step in enumerate(ring_steps(start))]
    size = (1.15 + 0.42 * workers) * np.array([workers, 2])
    figure, axes = plt.subplots(2, workers, figsize=size, layout="constrained")
    axes[1, 0].set_axis_off()  # the second half has one table less
    halves = {"reduce-scatter": (axes[0], panels[:workers]), "all-gather": (axes[1, 1:], panels[workers:])}
    for name, (places, tables) in halves.items():
        for axis, (title, sent, counts) in zip(places, tables):
            _table(axis, counts, sent)
            axis.set_title(title, fontsize=11)
        places[0].set_ylabel(f"{name}\nworker", fontsize=11)
    return Picture(figure, alt)


def _table(axis, counts: np.ndarray, sent: np.ndarray | None) -> None:
    import matplotlib.pyplot as plt

    n = len(counts)
    axis.imshow(counts, cmap="Purples", vmin=0, vmax=1.7 * n)
    for (worker, chunk), count in np.ndenumerate(counts):
        weight = "bold" if count == n else "normal"
        axis.text(chunk, worker, str(count), ha="center", va="center", fontsize=11, fontweight=weight)
    for sender, chunk in enumerate(() if sent is None else sent):
        place = (chunk - 0.44, (sender + 1) % n - 0.44)
        axis.add_patch(plt.Rectangle(place, 0.88, 0.88, fill=False, edgecolor="black", linewidth=2.2))
    axis.set_xticks(range(n))
    axis.set_yticks(range(n))
    axis.set_xlabel("chunk")
