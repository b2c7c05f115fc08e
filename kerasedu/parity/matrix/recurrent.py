"""Recurrent layers and their cells: outputs, states, masks and every gradient.

On a GPU, TensorFlow computes LSTM and GRU with cuDNN where their arguments allow it: ``use_cudnn`` asks for either
way, and both are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from kerasedu.layers import (
    GRU,
    LSTM,
    RNN,
    Bidirectional,
    GRUCell,
    LSTMCell,
    SimpleRNN,
    SimpleRNNCell,
    StackedRNNCells,
)
from kerasedu.parity.matrix.case import Case, Draw
from kerasedu.parity.matrix.layers import MASK, RANDOM_BIAS, layer_case

FAMILY = "recurrence"

KINDS = (SimpleRNN, LSTM, GRU)
FLAGS = ("return_sequences", "return_state", "go_backwards", "zero_output_for_mask")
OPTIONS: dict[type, tuple[dict[str, Any], ...]] = {
    SimpleRNN: ({"activation": "relu"}, {"activation": None, "use_bias": False}, {"unroll": True}),
    LSTM: (
        {"unit_forget_bias": False},
        {"activation": "softsign", "recurrent_activation": "hard_sigmoid"},
        {"use_bias": False},
        {"unroll": True},
        {"use_cudnn": False},
    ),
    GRU: (
        {"reset_after": False},
        {"reset_after": False, "use_bias": False},
        {"activation": "elu", "recurrent_activation": "hard_sigmoid"},
        {"use_bias": False},
        {"unroll": True},
        {"use_cudnn": False},
    ),
}


def recurrent_cases(dtype: str) -> Iterator[Case]:
    """Every kind with its flags, masks, initial states, options; cells one by one and stacked; both directions."""
    draw = Draw(dtype, 30)
    x = draw.normal(3, 4, 2)
    for kind, number, mask in product(KINDS, range(16), (None, MASK)):
        flags = {flag: bool(number >> bit & 1) for bit, flag in enumerate(FLAGS)}
        options: dict[str, Any] = {} if mask is None else {"mask": mask}
        if number % 3 == 1:
            options["initial_state"] = [draw.normal(3, 3) for _ in range(2 if kind is LSTM else 1)]
        layer = kind(3, dtype=dtype, **RANDOM_BIAS, **{flag: True for flag, on in flags.items() if on})
        yield layer_case(layer, x, dtype, FAMILY, **options)
    for kind in KINDS:
        for arguments in OPTIONS[kind]:
            layer = kind(3, return_sequences=True, dtype=dtype, **{**RANDOM_BIAS, **arguments})
            yield layer_case(layer, x, dtype, FAMILY)
        yield layer_case(kind(3, stateful=True, return_sequences=True, dtype=dtype), x, dtype, FAMILY, calls=2)
    yield from _cells(dtype)
    for kind, merge in product(KINDS, ("concat", "sum", "mul", "ave")):
        both = Bidirectional(kind(3, return_sequences=True, dtype=dtype, **RANDOM_BIAS), merge_mode=merge, dtype=dtype)
        yield layer_case(both, x, dtype, FAMILY, mask=MASK)


def _cells(dtype: str) -> Iterator[Case]:
    x = Draw(dtype, 31).normal(3, 4, 2)
    for cell in (
        SimpleRNNCell(3, activation="relu", dtype=dtype),
        LSTMCell(3, dtype=dtype),
        GRUCell(3, dtype=dtype),
        GRUCell(3, reset_after=False, dtype=dtype),
        StackedRNNCells([LSTMCell(3, dtype=dtype), GRUCell(2, dtype=dtype)], dtype=dtype),
    ):
        for mask in (None, MASK):
            options = {} if mask is None else {"mask": mask}
            layer = RNN(cell, return_sequences=True, return_state=True, dtype=dtype)
            names = ("RNN", type(cell).__name__)
            yield Case(FAMILY, names, layer, x, dtype, options=options)
