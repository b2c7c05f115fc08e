"""Random numbers whose spread follows from the number of inputs and outputs, so that signals keep their size."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kerasedu.config import floatx
from kerasedu.initializers.initializer import RandomInitializer
from kerasedu.initializers.random import standard_truncated_normal

__all__ = [
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "LecunNormal",
    "LecunUniform",
    "VarianceScaling",
    "compute_fans",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "variance_scaling",
]

MODES = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")

# Standard deviation of a standard normal number that is cut at ±2.
TRUNCATED_STDDEV = 0.87962566103423978


class VarianceScaling(RandomInitializer):
    """Random numbers with the mean 0 and the variance ``scale`` / n.

    n is the number of inputs of a unit (``fan_in``), of outputs that an input feeds (``fan_out``), or their mean.
    A uniform distribution then reaches to ±√(3 scale / n), and a truncated normal one is widened by 1 / 0.8796, which
    is what the cut takes away.

    Arguments:
        scale: a positive number.
        mode: what n is: ``"fan_in"``, ``"fan_out"`` or ``"fan_avg"``.
        distribution: ``"truncated_normal"`` (or ``"normal"``), ``"untruncated_normal"`` or ``"uniform"``.
        seed: see ``RandomInitializer``.
        input_axes, output_axes: the axes that count inputs and outputs, where ``compute_fans`` guesses wrong.

    Source: https://keras.io/api/layers/initializers/
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed=None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ):
        super().__init__(seed)
        distribution = "truncated_normal" if distribution.lower() == "normal" else distribution.lower()
        if scale <= 0:
            raise ValueError(f"{type(self).__name__} expected scale to be positive, got {scale!r}")
        if mode not in MODES:
            raise ValueError(f"{type(self).__name__} expected mode to be one of {MODES}, got {mode!r}")
        if distribution not in DISTRIBUTIONS:
            raise ValueError(
                f"{type(self).__name__} expected distribution to be one of {DISTRIBUTIONS}, got {distribution!r}"
            )
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.input_axes = input_axes
        self.output_axes = output_axes

    def __call__(self, shape, dtype=None):
        fan_in, fan_out = compute_fans(shape, self.input_axes, self.output_axes)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, n)
        generator = self.generator()
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            values = generator.uniform(-limit, limit, shape)
        elif self.distribution == "truncated_normal":
            values = standard_truncated_normal(generator, shape) * (math.sqrt(variance) / TRUNCATED_STDDEV)
        else:
            values = generator.normal(0.0, math.sqrt(variance), shape)
        return values.astype(dtype or floatx())


def compute_fans(
    shape: Sequence[int], input_axes: Sequence[int] | None = None, output_axes: Sequence[int] | None = None
) -> tuple[int, int]:
    """Number of inputs of a unit and of outputs of an input, for a kernel of ``shape``.

    (inputs, units) for Dense. (*window, channels, filters) for convolution: each output sums over the window's
    positions and the channels. A vector counts as both.
    """
    shape = tuple(shape)
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[axis] for axis in input_axes), math.prod(shape[axis] for axis in output_axes)
    if len(shape) < 2:
        return math.prod(shape), math.prod(shape)
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


class _Preset(VarianceScaling):
    """``VarianceScaling`` with three of its arguments fixed."""

    _scale: float
    _mode: str
    _distribution: str

    def __init__(self, seed=None, input_axes: Sequence[int] | None = None, output_axes: Sequence[int] | None = None):
        super().__init__(self._scale, self._mode, self._distribution, seed, input_axes, output_axes)


class GlorotUniform(_Preset):
    """Uniform within ±√(6 / (fan_in + fan_out)): signals keep their size forward and backward.

    Source: X. Glorot, Y. Bengio, https://proceedings.mlr.press/v9/glorot10a.html
    """

    _scale, _mode, _distribution = 1.0, "fan_avg", "uniform"


class GlorotNormal(_Preset):
    """Truncated normal with the variance 2 / (fan_in + fan_out).

    Source: X. Glorot, Y. Bengio, https://proceedings.mlr.press/v9/glorot10a.html
    """

    _scale, _mode, _distribution = 1.0, "fan_avg", "truncated_normal"


class HeUniform(_Preset):
    """Uniform within ±√(6 / fan_in), for ReLU, which silences half of the signal.

    Source: K. He et al., https://arxiv.org/abs/1502.01852
    """

    _scale, _mode, _distribution = 2.0, "fan_in", "uniform"


class HeNormal(_Preset):
    """Truncated normal with the variance 2 / fan_in, for ReLU.

    Source: K. He et al., https://arxiv.org/abs/1502.01852
    """

    _scale, _mode, _distribution = 2.0, "fan_in", "truncated_normal"


class LecunUniform(_Preset):
    """Uniform within ±√(3 / fan_in).

    Source: https://keras.io/api/layers/initializers/
    """

    _scale, _mode, _distribution = 1.0, "fan_in", "uniform"


class LecunNormal(_Preset):
    """Truncated normal with the variance 1 / fan_in, the one for SELU.

    Source: https://keras.io/api/layers/initializers/
    """

    _scale, _mode, _distribution = 1.0, "fan_in", "truncated_normal"


variance_scaling = VarianceScaling
glorot_uniform, glorot_normal = GlorotUniform, GlorotNormal
he_uniform, he_normal = HeUniform, HeNormal
lecun_uniform, lecun_normal = LecunUniform, LecunNormal
