"""What is measured, in words that every library can follow: layers, shapes, numbers of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Dense(NamedTuple):
    units: int
    activation: str = "linear"  # or relu, softmax


class Conv(NamedTuple):
    filters: int
    kernel: int = 3
    activation: str = "relu"  # stride 1, no padding


class Pool(NamedTuple):
    size: int = 2  # maximum; stride = size


class Flatten(NamedTuple):
    pass


class Recurrent(NamedTuple):
    kind: str  # LSTM, GRU or SimpleRNN, with Keras's defaults; the last state only
    units: int


Layer = Dense | Conv | Pool | Flatten | Recurrent


@dataclass(frozen=True)
class Training:
    """Forward, backward and Adam on batches of random numbers. The loss is that which fits the last layer.

    Attributes:
        title: for people.
        input_shape: of one example, channels or features last.
        layers: from input to output.
        batch: examples per step.
        steps: how many make one timed run, so that fixed costs of a run weigh as little as in an epoch.
    """

    title: str
    input_shape: tuple[int, ...]
    layers: tuple[Layer, ...]
    batch: int
    steps: int

    @property
    def classifies(self) -> bool:
        """Whether the loss is cross-entropy of classes, else the mean squared error."""
        return self.layers[-1] == Dense(self.layers[-1].units, "softmax")

    def data(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """x of float32, shape (steps * batch, *input_shape); y int of shape (n,), or float32 of (n, units)."""
        rng = np.random.default_rng(0)
        count, units = steps * self.batch, self.layers[-1].units
        x = rng.standard_normal((count, *self.input_shape), dtype=np.float32)
        return x, rng.integers(units, size=count) if self.classifies else rng.standard_normal((count, units), "float32")

    def gemm_flops(self) -> int:
        """Multiplications and additions in the matrix products of a step: forward, for the weights, for the input.

        No product for the input of the first layer, whose gradient nobody needs; a recurrent layer needs that for its
        own state in any case.
        """
        total = 0
        for first, (layer, shape) in enumerate(zip(self.layers, self.shapes())):
            *positions, channels = shape
            backward_too = 3 if first else 2
            match layer:
                case Dense(units):
                    total += backward_too * 2 * channels * units
                case Conv(filters, kernel):
                    places = np.prod([n - kernel + 1 for n in positions], dtype=int)
                    total += backward_too * 2 * places * kernel**2 * channels * filters
                case Recurrent(kind, units):
                    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[kind]
                    total += positions[0] * 2 * gates * units * (backward_too * channels + 3 * units)
        return int(total) * self.batch

    def shapes(self) -> Iterator[tuple[int, ...]]:
        """The shape of one example before each layer."""
        shape = self.input_shape
        for layer in self.layers:
            yield shape
            match layer:
                case Dense(units) | Recurrent(_, units):
                    shape = (units,)
                case Conv(filters, kernel):
                    shape = (*(n - kernel + 1 for n in shape[:-1]), filters)
                case Pool(size):
                    shape = (*(n // size for n in shape[:-1]), shape[-1])
                case Flatten():
                    shape = (int(np.prod(shape)),)


@dataclass(frozen=True)
class Update:
    """Adam alone: new parameters from gradients that are there already."""

    title: str
    shapes: tuple[tuple[int, ...], ...]
    steps: int

    def data(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Parameters and gradients, float32."""
        rng = np.random.default_rng(0)
        parameters, gradients = ([rng.standard_normal(s, dtype=np.float32) for s in self.shapes] for _ in range(2))
        return parameters, gradients

    def megabytes(self) -> float:
        """To be moved at least: parameters, gradients and both moments come; all but the gradients go."""
        return 7 * 4 * sum(np.prod(shape) for shape in self.shapes) / 1e6


@dataclass(frozen=True)
class Import:
    """The library's import in a new process."""

    title: str


Workload = Training | Update | Import

# Names of what is measured beside the workloads: the machine itself, and "epochs=mlp", memory while it trains on.
MACHINE = "machine"
OVER_EPOCHS = "epochs="


def mlp(widths: tuple[int, ...] = (128, 64), batch: int = 128, steps: int = 300) -> Training:
    title = f"MLP {'-'.join(map(str, (784, *widths, 10)))}, batch {batch}"
    layers = (*(Dense(width, "relu") for width in widths), Dense(10, "softmax"))
    return Training(title, (784,), layers, batch, steps)


def cnn(batch: int, steps: int, side: int = 28) -> Training:
    title = f"CNN 32-64, {side}x{side}x1, batch {batch}"
    layers = (Conv(32), Pool(), Conv(64), Pool(), Flatten(), Dense(10, "softmax"))
    return Training(title, (side, side, 1), layers, batch, steps)


def series(kind: str, units: int = 50, time: int = 100, steps: int = 50) -> Training:
    """One feature at each of many steps, such as a price: the next value."""
    return Training(f"{kind} {units} x {time} steps", (time, 1), (Recurrent(kind, units), Dense(1)), 32, steps)


def rows(kind: str, units: int = 128, steps: int = 50) -> Training:
    """An image read row by row: its class."""
    layers = (Recurrent(kind, units), Dense(10, "softmax"))
    return Training(f"{kind} {units} x 28 steps", (28, 28), layers, 32, steps)


WORKLOADS: dict[str, Workload] = {
    "mlp": mlp(),
    "cnn-32": cnn(batch=32, steps=50),
    "cnn-128": cnn(batch=128, steps=16),
    "lstm-50x100": series("LSTM"),
    "lstm-128x28": rows("LSTM"),
    "gru-50x100": series("GRU"),
    "rnn-50x100": series("SimpleRNN", steps=100),
    "rnn-128x28": rows("SimpleRNN", steps=100),
    "adam-1m": Update("Adam, 1M parameters", ((784, 1000), (1000,), (1000, 200), (200,), (200, 10), (10,)), steps=200),
    "import": Import("import"),
}


class Family(NamedTuple):
    """Workloads that differ in one size, and the power of it with which their cost should grow."""

    title: str
    make: Callable[[int], Training]
    sizes: tuple[int, ...]
    powers: tuple[float, float]  # from, to


FAMILIES: dict[str, Family] = {
    "batch": Family("batch size, MLP", lambda n: mlp(batch=n, steps=100), (128, 256, 512, 1024, 2048), (1, 1)),
    "time": Family(
        "steps of a sequence, LSTM 50", lambda n: series("LSTM", time=n, steps=20), (50, 100, 200, 400), (1, 1)
    ),
    "side": Family("side of an image, CNN", lambda n: cnn(32, steps=10, side=n), (20, 28, 40, 56, 80), (2, 2)),
    "width": Family("units of two layers, MLP", lambda n: mlp((n, n), steps=50), (128, 256, 512, 1024), (1, 2)),
}


def find(name: str) -> Workload:
    """The workload with that name: one of WORKLOADS, or "family=size" of FAMILIES."""
    if name in WORKLOADS:
        return WORKLOADS[name]
    family, size = name.split("=")
    return FAMILIES[family].make(int(size))
