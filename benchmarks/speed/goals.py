"""How fast kerasedu has to be, and how fast it wants to be: as a share of the time that another library takes.

Readable NumPy need not be slow. What a training step costs beyond its matrix products is mostly memory: arrays made
anew, written and read once more. A library that knows the whole step can spare much of that, and the bounds below say
how much was found to be within reach. Only recurrent networks, small networks and the optimizer can be a good deal
faster than TensorFlow, whose every operation has a fixed cost; convolution is a contest of matrix products.
"""

from __future__ import annotations

from typing import NamedTuple


class Goal(NamedTuple):
    """kerasedu's time is at most ``must`` times, better ``aim`` times, that of the library ``against``."""

    workload: str
    against: str
    must: float
    aim: float | None = None


class Limit(NamedTuple):
    """What importing kerasedu costs at most: ``measure`` is "milliseconds" or "megabytes" (of the whole process)."""

    measure: str
    must: float
    aim: float | None = None


GOALS = (
    Goal("mlp", "tf.keras", must=0.45, aim=0.35),
    Goal("mlp", "PyTorch", must=1),
    Goal("mlp", "DeZero", must=1),
    Goal("mlp", "numpy-ml", must=1),
    Goal("cnn-32", "tf.keras", must=1, aim=0.8),
    Goal("cnn-32", "DeZero", must=1 / 7),
    Goal("cnn-128", "tf.keras", must=1.5, aim=1.2),
    Goal("lstm-50x100", "tf.keras", must=0.5, aim=0.35),
    Goal("lstm-128x28", "tf.keras", must=0.6, aim=0.45),
    Goal("gru-50x100", "tf.keras", must=0.65, aim=0.45),
    Goal("rnn-50x100", "tf.keras", must=0.35, aim=0.25),
    Goal("rnn-128x28", "tf.keras", must=0.4, aim=0.3),
    Goal("adam-1m", "tf.keras", must=0.75, aim=0.5),
)
IMPORT_LIMITS = (Limit("milliseconds", must=100, aim=80), Limit("megabytes", must=35))


def verdict(value: float | None, must: float, aim: float | None) -> str:
    """In one or two words whether ``value`` is small enough; None was not measured."""
    if value is None:
        return "not measured"
    if value > must:
        return "missed"
    return "aim reached" if aim is not None and value <= aim else "reached"
