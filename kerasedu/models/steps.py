"""What a model remembers of a forward pass."""

from __future__ import annotations

from typing import Any, NamedTuple

from kerasedu.layers.layer import Layer


class Step(NamedTuple):
    """What one call of a layer did: its output (a list of several), the output's mask, and the layer's own cache."""

    layer: Layer
    output: Any
    mask: Any
    cache: Any
