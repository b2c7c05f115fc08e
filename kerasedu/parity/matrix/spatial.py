"""Convolution, pooling, padding and up-sampling: outputs and every gradient."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from kerasedu import layers
from kerasedu.parity.matrix.case import Case, Draw
from kerasedu.parity.matrix.layers import MASK, RANDOM_BIAS, layer_case

FAMILY = "convolution and pooling"

CHANNELS_FIRST = {"data_format": "channels_first"}
CONV1D: tuple[dict[str, Any], ...] = (
    {}, {"strides": 2}, {"dilation_rate": 2}, {"groups": 2}, {"use_bias": False}, {"activation": "relu"},
    {"kernel_size": 1},
)  # fmt: skip
CONV2D: tuple[dict[str, Any], ...] = (
    {}, {"strides": 2}, {"strides": (1, 3)}, {"dilation_rate": (2, 1)}, {"groups": 2}, {"use_bias": False},
    {"activation": "relu"}, {"kernel_size": 1}, {"kernel_size": (4, 1)},
)  # fmt: skip


def spatial_cases(dtype: str) -> Iterator[Case]:
    """Layers that slide a window."""
    draw = Draw(dtype, 20)
    series, images = draw.normal(3, 7, 4), draw.normal(2, 7, 6, 4)
    for padding, options in product(("valid", "same", "causal"), CONV1D):
        arguments = {"kernel_size": 3, "padding": padding, "dtype": dtype, **RANDOM_BIAS, **options}
        yield layer_case(layers.Conv1D(6, **arguments), series, dtype, FAMILY)
    for padding, options in product(("valid", "same"), CONV2D):
        arguments = {"kernel_size": (3, 2), "padding": padding, "dtype": dtype, **RANDOM_BIAS, **options}
        yield layer_case(layers.Conv2D(6, **arguments), images, dtype, FAMILY)
    yield from _pooling(dtype)
    for options in ({}, {"padding": (0, 2)}, {"padding": ((1, 2), (3, 0))}, {"padding": 2, **CHANNELS_FIRST}):
        yield layer_case(layers.ZeroPadding2D(dtype=dtype, **options), images, dtype, FAMILY)
    for options in ({}, {"size": (3, 1)}, {"interpolation": "bilinear"}, CHANNELS_FIRST):
        yield layer_case(layers.UpSampling2D(dtype=dtype, **options), images, dtype, FAMILY)


def _pooling(dtype: str) -> Iterator[Case]:
    draw = Draw(dtype, 21)
    series = draw.integers(9, 3, 7, 4).astype(dtype)  # few numbers, so ties in a window
    images = draw.integers(9, 2, 7, 6, 4).astype(dtype)
    sizes: tuple[dict[str, Any], ...] = ({}, {"pool_size": 3, "strides": 2}, {"pool_size": 2, "strides": 1})
    for kind, padding, options in product(
        ("Max", "Average"), ("valid", "same"), (*sizes, {"strides": 1, **CHANNELS_FIRST})
    ):
        arguments = {"padding": padding, "dtype": dtype, **options}
        yield layer_case(getattr(layers, f"{kind}Pooling1D")(**arguments), series, dtype, FAMILY)
        yield layer_case(getattr(layers, f"{kind}Pooling2D")(**arguments), images, dtype, FAMILY)
    for kind, options in product(("Max", "Average"), ({}, {"keepdims": True}, CHANNELS_FIRST)):
        yield layer_case(getattr(layers, f"Global{kind}Pooling1D")(dtype=dtype, **options), series, dtype, FAMILY)
        yield layer_case(getattr(layers, f"Global{kind}Pooling2D")(dtype=dtype, **options), images, dtype, FAMILY)
    yield layer_case(layers.GlobalAveragePooling1D(dtype=dtype), draw.normal(3, 4, 2), dtype, FAMILY, mask=MASK)
