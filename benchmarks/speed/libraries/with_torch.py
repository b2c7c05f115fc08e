"""PyTorch: the eager training loop of its tutorials; batches are slices, which costs less than a ``DataLoader``.

Its LSTM, GRU and RNN have a second bias, so a few more parameters than Keras's.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.speed.workloads import Conv, Dense, Flatten, Layer, Pool, Recurrent, Training, Update

PACKAGE = "torch"
INSTALL = 'pip install -c constraints.txt -e ".[bench]"'


def build(workload: Training):
    """The model as an ``nn.Sequential``, channels first; it ends in logits, as PyTorch's cross-entropy wants them."""
    from torch import nn

    return nn.Sequential(
        *(module for layer, shape in zip(workload.layers, workload.shapes()) for module in _modules(nn, layer, shape))
    )


def _modules(nn, layer: Layer, shape: tuple[int, ...]) -> list:
    match layer:
        case Dense(units, activation):
            return [nn.Linear(shape[-1], units), *([nn.ReLU()] if activation == "relu" else [])]
        case Conv(filters, kernel):
            return [nn.Conv2d(shape[-1], filters, kernel), nn.ReLU()]
        case Pool(size):
            return [nn.MaxPool2d(size)]
        case Flatten():
            return [nn.Flatten()]
        case Recurrent(kind, units):
            recurrent = {"LSTM": nn.LSTM, "GRU": nn.GRU, "SimpleRNN": nn.RNN}[kind]
            return [recurrent(shape[-1], units, batch_first=True), _last_state(nn)]


def _last_state(nn):
    class LastState(nn.Module):
        def forward(self, outputs):
            return outputs[0][:, -1]

    return LastState()


def training(workload: Training) -> Callable[[int], None]:
    import torch

    model, (x, y) = build(workload), map(torch.from_numpy, workload.data(workload.steps))
    if len(workload.input_shape) == 3:
        x = x.permute(0, 3, 1, 2).contiguous()
    optimizer = torch.optim.Adam(model.parameters())
    loss_of = torch.nn.CrossEntropyLoss() if workload.classifies else torch.nn.MSELoss()

    def run(steps: int) -> None:
        for some_x, some_y in zip(x.split(workload.batch)[:steps], y.split(workload.batch)):
            optimizer.zero_grad()
            loss_of(model(some_x), some_y).backward()
            optimizer.step()

    return run


def updating(workload: Update) -> Callable[[int], None]:
    import torch

    parameters, gradients = ([torch.from_numpy(value) for value in values] for values in workload.data())
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient
    optimizer = torch.optim.Adam(parameters)

    def run(steps: int) -> None:
        for _ in range(steps):
            optimizer.step()

    return run
