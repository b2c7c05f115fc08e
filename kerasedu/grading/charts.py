"""The plots of a teacher's report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.plots.picture import Picture


def distribution(points: Sequence[float], out_of: float) -> Picture:
    """How many students have how many points."""
    plt = _pyplot()
    figure, axis = plt.subplots(figsize=(7, 2.8))
    edges = np.linspace(0, max(out_of, 1), min(int(max(out_of, 1)), 20) + 1)
    counts, _, _ = axis.hist(np.clip(points, 0, edges[-1]), bins=edges, color="tab:blue", edgecolor="white")
    if len(points):
        axis.axvline(np.median(points), color="black", linestyle="--", label=f"median {np.median(points):g}")
        axis.legend()
    axis.set(xlabel=f"points, of {out_of:g} without those that a person gives", ylabel="students", ylim=(0, None))
    ranges = (f"{int(n)} from {low:g} to {high:g}" for n, low, high in zip(counts, edges, edges[1:]) if n)
    return Picture(figure, f"Points of {len(points)} students: {', '.join(ranges)}.")


def by_exercise(shares: Sequence[tuple[str, float | None]]) -> Picture:
    """The mean share of the points that each exercise brought."""
    plt = _pyplot()
    shares = [(name, share) for name, share in shares if share is not None]
    figure, axis = plt.subplots(figsize=(7, 0.5 + 0.32 * max(len(shares), 1)))
    bars = axis.barh([name for name, _ in shares], [100 * share for _, share in shares], color="tab:blue")
    axis.bar_label(bars, fmt="%.0f", padding=3)
    axis.set(xlabel="mean share of the points, in per cent", xlim=(0, 110))
    axis.invert_yaxis()
    return Picture(figure, "; ".join(f"{name}: {100 * share:.0f} per cent" for name, share in shares))


def _pyplot():
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    return plt
