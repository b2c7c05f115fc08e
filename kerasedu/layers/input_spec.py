"""``InputSpec``: the shapes that a layer accepts."""

from __future__ import annotations


class InputSpec:
    """What a layer accepts: the number of axes, and the length of some of them (axis -> length)."""

    def __init__(self, ndim: int | None = None, min_ndim: int | None = None, axes: dict[int, int] | None = None):
        self.ndim = ndim
        self.min_ndim = min_ndim
        self.axes = axes or {}

    def fault(self, shape: tuple[int | None, ...]) -> tuple[str, str, str] | None:
        """None if ``shape`` is accepted; otherwise what was expected, what came, and the usual cause."""
        ndim = len(shape)
        if self.ndim is not None and ndim != self.ndim:
            return f"{self.ndim} axes, the batch first", f"shape {shape}", _axes_hint(ndim, self.ndim)
        if self.min_ndim is not None and ndim < self.min_ndim:
            return f"at least {self.min_ndim} axes, the batch first", f"shape {shape}", _axes_hint(ndim, self.min_ndim)
        for axis, length in self.axes.items():
            if shape[axis] not in (length, None):
                return f"axis {axis} of length {length}", f"shape {shape}", "Did you forget Flatten, or to transpose?"
        return None


def _axes_hint(ndim: int, expected: int) -> str:
    if ndim == expected - 1:
        return "Is the batch axis or the channel axis missing? x[None, ...] adds a batch axis, x[..., None] a channel."
    return "Did you forget Flatten?" if ndim > expected else ""
