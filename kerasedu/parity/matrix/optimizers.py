"""Optimizers step by step, with each of their options, and schedules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from kerasedu import optimizers
from kerasedu.optimizers import schedules
from kerasedu.parity.matrix.case import Case, Draw

STEPS = 50
COMMON: tuple[dict[str, Any], ...] = (
    {"weight_decay": 0.01},
    {"clipnorm": 0.7},
    {"clipvalue": 0.3},
    {"global_clipnorm": 0.9},
    {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 7},
    {"gradient_accumulation_steps": 3},
    {"loss_scale_factor": 4.0},
)
OPTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "SGD": ({}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}),
    "RMSprop": ({}, {"rho": 0.8, "epsilon": 1e-3}, {"momentum": 0.9}, {"centered": True}),
    "Adagrad": ({}, {"initial_accumulator_value": 0.7, "epsilon": 1e-3}),
    "Adadelta": ({}, {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-3}),
    "Adam": ({}, {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}, {"amsgrad": True}),
    "AdamW": ({}, {"weight_decay": 0.1, "amsgrad": True}),
    "Adamax": ({}, {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    "Nadam": ({}, {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
}
SCHEDULES = (
    schedules.ExponentialDecay(0.01, 100, 0.7),
    schedules.ExponentialDecay(0.01, 100, 0.7, staircase=True),
    schedules.InverseTimeDecay(0.01, 100, 0.7),
    schedules.InverseTimeDecay(0.01, 100, 0.7, staircase=True),
    schedules.PiecewiseConstantDecay([100, 300, 700], [0.01, 0.003, 0.02, 0.001]),
    schedules.PolynomialDecay(0.01, 300),
    schedules.PolynomialDecay(0.01, 300, 0.002, power=2.0, cycle=True),
    schedules.CosineDecay(0.01, 300),
    schedules.CosineDecay(0.001, 300, alpha=0.1, warmup_target=0.01, warmup_steps=50),
)


def optimizer_cases(dtype: str) -> Iterator[Case]:
    """50 steps of every optimizer with every option; learning rates over 1,000 steps."""
    draw = Draw(dtype, 40)
    start = [draw.normal(2, 3), draw.normal(4)]
    for name, variants in OPTIONS.items():
        kind = getattr(optimizers, name)
        for options in (*variants, *COMMON):
            yield Case("optimizers", (name,), kind(**options), start, dtype, options={"steps": STEPS})
        falling = kind(learning_rate=schedules.PiecewiseConstantDecay([10, 30], [0.05, 0.02, 0.01]))
        label = f"{name}(learning_rate=PiecewiseConstantDecay([10, 30], [0.05, 0.02, 0.01])), {STEPS} steps"
        yield Case("optimizers", (name,), falling, start, dtype, options={"steps": STEPS}, label=label)
    for schedule in SCHEDULES:
        steps = np.arange(0, 1000, 7)
        yield Case("schedules", (type(schedule).__name__,), schedule, steps, dtype)
