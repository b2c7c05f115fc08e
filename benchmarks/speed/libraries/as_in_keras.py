"""A workload as a model of Keras or of kerasedu: they have the same names, so one text makes both."""

from __future__ import annotations

from types import ModuleType

from benchmarks.speed.workloads import Conv, Dense, Flatten, Layer, Pool, Recurrent, Training


def build(keras: ModuleType, workload: Training):
    """The compiled model, made by ``keras``: that package or kerasedu."""
    stack = [keras.layers.Input(workload.input_shape), *(_layer(keras.layers, layer) for layer in workload.layers)]
    model = keras.Sequential(stack)
    model.compile("adam", "sparse_categorical_crossentropy" if workload.classifies else "mse")
    return model


def _layer(layers: ModuleType, layer: Layer):
    match layer:
        case Dense(units, activation):
            return layers.Dense(units, activation=activation)
        case Conv(filters, kernel, activation):
            return layers.Conv2D(filters, kernel, activation=activation)
        case Pool(size):
            return layers.MaxPooling2D(size)
        case Flatten():
            return layers.Flatten()
        case Recurrent(kind, units):
            return getattr(layers, kind)(units)
