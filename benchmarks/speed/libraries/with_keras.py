"""tf.keras: ``Model.fit``, and ``Adam.apply_gradients`` in a ``tf.function`` as ``fit`` has it, with their defaults."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.speed.workloads import Training, Update

PACKAGE = "tensorflow"
INSTALL = "make env"


def training(workload: Training) -> Callable[[int], None]:
    from tensorflow import keras

    from benchmarks.speed.libraries.as_in_keras import build

    model, (x, y) = build(keras, workload), workload.data(workload.steps)

    def run(steps: int) -> None:
        count = steps * workload.batch
        model.fit(x[:count], y[:count], batch_size=workload.batch, verbose=0)

    return run


def updating(workload: Update) -> Callable[[int], None]:
    import tensorflow as tf

    parameters, gradients = workload.data()
    variables = [tf.keras.Variable(value) for value in parameters]
    gradients = [tf.constant(gradient) for gradient in gradients]
    optimizer = tf.keras.optimizers.Adam()
    optimizer.build(variables)

    @tf.function
    def step(*gradients):
        optimizer.apply_gradients(zip(gradients, variables))

    def run(steps: int) -> None:
        for _ in range(steps):
            step(*gradients)

    return run
