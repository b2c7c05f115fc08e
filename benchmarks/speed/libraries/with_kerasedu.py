"""kerasedu: ``Model.fit``, and ``Adam.apply_gradients`` as ``fit`` has it, with their defaults."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.speed.workloads import Training, Update

PACKAGE = "kerasedu"
INSTALL = "make env"


def training(workload: Training) -> Callable[[int], None]:
    import kerasedu
    from benchmarks.speed.libraries.as_in_keras import build

    model, (x, y) = build(kerasedu, workload), workload.data(workload.steps)

    def run(steps: int) -> None:
        count = steps * workload.batch
        model.fit(x[:count], y[:count], batch_size=workload.batch, verbose=0)

    return run


def updating(workload: Update) -> Callable[[int], None]:
    import kerasedu

    parameters, gradients = workload.data()
    variables = [kerasedu.Variable(value) for value in parameters]
    optimizer = kerasedu.optimizers.Adam()

    def run(steps: int) -> None:
        for _ in range(steps):
            optimizer.apply_gradients(zip(gradients, variables))

    return run
