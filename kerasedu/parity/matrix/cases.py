"""All comparisons, family by family."""

from __future__ import annotations

from collections.abc import Iterator

from kerasedu.parity.matrix.case import Case
from kerasedu.parity.matrix.functions import function_cases
from kerasedu.parity.matrix.initializers import initializer_cases
from kerasedu.parity.matrix.layers import layer_cases
from kerasedu.parity.matrix.models import model_cases
from kerasedu.parity.matrix.objectives import loss_cases, metric_cases
from kerasedu.parity.matrix.optimizers import optimizer_cases
from kerasedu.parity.matrix.recurrent import recurrent_cases
from kerasedu.parity.matrix.spatial import spatial_cases

FAMILIES = (
    function_cases,
    initializer_cases,
    loss_cases,
    metric_cases,
    layer_cases,
    spatial_cases,
    recurrent_cases,
    optimizer_cases,
    model_cases,
)


def all_cases(pattern: str = "") -> Iterator[Case]:
    """Every case whose family, public names or label contain ``pattern``, small and large letters alike."""
    for dtype in ("float32", "float64"):
        for family in FAMILIES:
            for case in family(dtype):
                if pattern.lower() in f"{case.family} {' '.join(case.names)} {case.label}".lower():
                    yield case
