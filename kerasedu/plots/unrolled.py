"""A recurrent network drawn once for each time step."""

from __future__ import annotations

from kerasedu.plots.picture import Picture


def unrolled(alt: str, steps: int = 4, backward: bool = False, window: int | None = None) -> Picture:
    """Draw states as circles from left to right, inputs under them, outputs above.

    Arguments:
        alt: the text alternative.
        steps: how many time steps.
        backward: whether to draw the way of the gradients, dashed, beside each arrow.
        window: cut that way behind every so many steps.
    """
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(1.5 * steps + 1, 3.2))
    _circle(axis, -1, 0, "$h$", "tab:gray")
    for t in range(steps):
        _circle(axis, t, -1, f"$x_{t}$", "tab:gray")
        _circle(axis, t, 0, f"$h_{t}$", "tab:purple")
        _circle(axis, t, 1, f"$y_{t}$", "tab:orange")
        cut = window is not None and t % window == 0
        _arrow(axis, (t - 1, 0), (t, 0), "U", backward and not cut)
        _arrow(axis, (t, -1), (t, 0), "W", backward)
        _arrow(axis, (t, 0), (t, 1), "V", backward)
        if cut and t:
            axis.vlines([t - 0.5] * 2, [-1.3, 0.35], [-0.25, 1.3], color="black", linewidth=1)
    axis.set(xlim=(-1.5, steps - 0.5), ylim=(-1.45, 1.45), xlabel="time step t →", aspect="equal")
    axis.set_xticks(range(steps))
    axis.set_yticks([-1, 0, 1], ["input", "state", "output"])
    for side in axis.spines.values():
        side.set_visible(False)
    return Picture(figure, alt)


def _circle(axis, x: float, y: float, text: str, colour: str) -> None:
    import matplotlib.pyplot as plt

    axis.add_patch(plt.Circle((x, y), 0.22, facecolor="white", edgecolor=colour, linewidth=2, zorder=2))
    axis.text(x, y, text, ha="center", va="center", zorder=3)


def _arrow(axis, start: tuple[float, float], end: tuple[float, float], weight: str, backward: bool) -> None:
    """An arrow from circle to circle with its weight's name; the gradient's dashed arrow the other way."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    near, far = ((x + f * dx, y + f * dy) for f in (0.25, 0.75))
    axis.annotate("", far, near, arrowprops={"arrowstyle": "-|>", "color": "black"})
    axis.text(
        x + dx / 2 + 0.1 * dy,
        y + dy / 2 + 0.1 * dx,
        weight,
        ha="center" if dx else "left",
        va="bottom" if dx else "center",
    )
    if backward:
        near, far = ((px - 0.11 * dy, py - 0.11 * dx) for px, py in (near, far))
        style = {"arrowstyle": "-|>", "color": "tab:red", "linestyle": "--", "linewidth": 1.6}
        axis.annotate("", near, far, arrowprops=style)
