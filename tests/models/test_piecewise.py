"""A convolutional stack goes through a batch in pieces, and nobody can tell."""

import multiprocessing
import warnings
from threading import Event, current_thread, main_thread
from time import sleep

import numpy as np
import pytest

import kerasedu
from kerasedu import layers, threads
from kerasedu.layers import Conv2D
from kerasedu.models import piecewise

SHAPE = (10, 9, 2)


def network(**first):
    """Two convolutions, pooling and a dense layer, for images of ``SHAPE``."""
    kerasedu.random.set_random_seed(3)
    return kerasedu.Sequential(
        [
            layers.Input(SHAPE, dtype="float64"),
            layers.Conv2D(4, 3, activation="relu", dtype="float64", **first),
            layers.MaxPooling2D(dtype="float64"),
            layers.Conv2D(3, 2, dtype="float64"),
            layers.Activation("tanh", dtype="float64"),
            layers.Flatten(dtype="float64"),
            layers.Dense(5, activation="softmax", dtype="float64"),
        ]
    )


def images(count):
    return np.random.default_rng(4).normal(size=(count, *SHAPE))


def one_layer_at_a_time(model, x, dy):
    """Output, dL/dx and gradients of a stack, each layer on the whole batch."""
    for layer in model.layers:
        x = layer.forward(x)
    gradients = []
    for layer in reversed(model.layers):
        dy = layer.backward(dy)
        gradients = layer.grads + gradients
    return x, dy, gradients


@pytest.mark.parametrize("count", [32, 33, 50, 128])
@pytest.mark.parametrize("processors", [1, 3])
def test_pieces_give_what_the_whole_batch_gives(count, processors, monkeypatch):
    monkeypatch.setattr(threads, "processors", lambda: processors)
    model, x = network(), images(count)
    dy = np.random.default_rng(5).normal(size=(count, 5))
    y, dx, gradients = one_layer_at_a_time(model, x, dy)
    assert isinstance(piecewise.stages(model.layers, count)[0], piecewise.Piecewise)
    np.testing.assert_allclose(model.forward(x), y, rtol=1e-12)
    np.testing.assert_allclose(model.backward(dy), dx, rtol=1e-10, atol=1e-14)
    for got, expected in zip(model.grads, gradients, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-13)


def test_a_run_begins_with_a_convolution_and_ends_before_the_last_layer():
    stack = network().layers
    (run, *others) = piecewise.stages(stack, 64)
    assert run.layers == stack[:4]
    assert others == stack[4:]
    assert piecewise.stages(stack, 31) == stack
    assert piecewise.stages(stack[4:], 64) == stack[4:]
    assert piecewise.stages(stack[:1], 64) == stack[:1]


def test_layers_and_activations_of_ones_own_see_the_whole_batch():
    class Centred(Conv2D):
        def call(self, x, training=False, mask=None):
            return super().call(x - x.mean(axis=0), training, mask)

    own_activation = Conv2D(2, 3, activation=lambda x: x - x.mean(axis=0))
    for layer in (Centred(2, 3), own_activation, layers.BatchNormalization(), layers.Dropout(0.5)):
        assert piecewise.stages([layer, layers.Flatten()], 64)[0] is layer


def test_a_nan_in_a_piece_is_traced_to_its_layer_without_warnings():
    model, x = network(name="first"), np.abs(images(40))  # of infinities with both signs the sum would be NaN
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.layers[0].kernel.value[...] = 1e308
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"Conv2D layer 'first' computed infinity"):
            model.fit(x, np.zeros(40, int), verbose=0)


def test_weights_in_front_of_frozen_layers_still_learn():
    model, x = network(), images(48)
    model.layers[2].trainable = False
    y, cache = model.propagate(x, training=True)
    gradients = model.weight_gradients(np.ones_like(y), cache)
    _, expected = model.backpropagate(np.ones_like(y), cache)
    assert [g.shape for g in gradients] == [v.shape for v in model.trainable_weights]
    for got, wanted in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-12)


def _prediction_in_child(model, x, queue):
    queue.put(model.predict(x, batch_size=64, verbose=0))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_threads_do_not_outlive_a_fork(monkeypatch):
    monkeypatch.setattr(threads, "processors", lambda: 2)
    model, x = network(), images(64)
    y = model.predict(x, batch_size=64, verbose=0)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_prediction_in_child, args=(model, x, queue))
    child.start()
    try:
        np.testing.assert_array_equal(queue.get(timeout=60), y)
    finally:
        child.kill()
        child.join()


def test_an_error_in_a_thread_is_the_caller_s(monkeypatch):
    monkeypatch.setattr(threads, "processors", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        threads.in_threads(lambda n: 1 / n, [1, 0, 2])
    assert threads.in_threads(lambda n: n * n, range(5)) == [0, 1, 4, 9, 16]


def test_after_an_error_no_thread_works_on(monkeypatch):
    monkeypatch.setattr(threads, "processors", lambda: 2)
    other_has_begun, done = Event(), []

    def work(number):
        if current_thread() is main_thread():
            other_has_begun.wait(5)
            raise ZeroDivisionError
        other_has_begun.set()
        sleep(0.05)
        done.append(number)

    with pytest.raises(ZeroDivisionError):
        threads.in_threads(work, range(8))
    assert len(done) == 1
