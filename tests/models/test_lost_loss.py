"""A loss that is NaN stops fit, which says where the NaN began."""

import warnings

import numpy as np
import pytest

from kerasedu import Input, Sequential, layers, optimizers
from kerasedu.callbacks import TerminateOnNaN

X = np.ones((8, 3), dtype="float32")
Y = np.ones((8, 1), dtype="float32")


def net(learning_rate=0.1, loss="mse"):
    model = Sequential([Input((3,)), layers.Dense(2, name="first"), layers.Dense(1, name="last")])
    model.compile(optimizers.SGD(learning_rate), loss)
    return model


def fault_of(model, x=X, y=Y, **options):
    with pytest.raises(ValueError, match="the loss") as caught:
        model.fit(x, y, verbose=0, shuffle=False, **options)
    return str(caught.value)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_fault_in_the_input_is_found_there(value):
    x = X.copy()
    x[5, 1] = value
    message = fault_of(net(), x, batch_size=4)
    assert message.startswith("epoch 1, batch 2")
    assert "x, shape (4, 3)" in message
    assert ("NaN" if np.isnan(value) else "infinity") in message


def test_a_fault_in_the_targets_is_found_there():
    assert "y, shape (8, 1)" in fault_of(net(), y=Y * np.nan)


def test_a_fault_in_the_sample_weights_is_found_there():
    assert "sample_weight, shape (8,)" in fault_of(net(), sample_weight=np.full(8, np.nan))


def test_a_fault_in_a_weight_is_found_there():
    model = net()
    model.get_layer("last").kernel.value[0, 0] = np.nan
    assert "'last/kernel' holds NaN" in fault_of(model)


def test_an_overflow_is_found_in_the_layer_where_it_happens():
    model = net()
    model.get_layer("first").kernel.value[...] = 3e38
    assert "'first' computed infinity" in fault_of(model)


def test_an_overflow_in_a_nested_model_is_found_in_the_layer_inside():
    inner = Sequential([layers.Dense(2, name="deep", kernel_initializer="ones")], name="inner")
    model = Sequential([Input((3,)), inner])
    model.compile("sgd", "mse")
    inner.layers[0].kernel.value[...] = 3e38
    assert "'deep' computed infinity" in fault_of(model, y=np.ones((8, 2)))


def test_a_fault_in_the_loss_itself_is_found_there():
    assert "the loss itself" in fault_of(net(), y=np.full((8, 1), 1e30, dtype="float32"))


def test_too_large_a_learning_rate_is_found_out_and_the_last_good_weights_are_kept():
    model = net(learning_rate=1e12)
    message = fault_of(model, epochs=20)
    assert "learning rate" in message
    assert not message.startswith("epoch 1,")


@pytest.mark.parametrize("epochs_before", [0, 2])
def test_after_the_error_weights_and_optimizer_are_as_before_the_batch(epochs_before):
    model = net()
    model.compile("adam", "mse")
    model.fit(X, Y, epochs=epochs_before, verbose=0)
    model.optimizer.build(model.trainable_weights)
    before = [v.numpy() for v in (*model.weights, *model.optimizer.variables)]
    fault_of(model, X * np.nan)
    for variable, value in zip((*model.weights, *model.optimizer.variables), before, strict=True):
        np.testing.assert_array_equal(variable.value, value)
    assert np.isfinite(model.fit(X, Y, verbose=0).history["loss"]).all()


def test_terminate_on_nan_ends_quietly(capsys):
    model = net()
    history = model.fit(X * np.nan, Y, epochs=3, batch_size=4, callbacks=[TerminateOnNaN()], verbose=0)
    assert history.epoch == [0]
    assert np.isnan(history.history["loss"][0])
    assert np.isnan(model.get_weights()[0]).all()
    assert capsys.readouterr().out == "Batch 0: Invalid loss, terminating training\n"


def test_terminate_on_nan_may_raise():
    with pytest.raises(RuntimeError, match="batch 0: the loss is nan"):
        net().fit(X * np.nan, Y, callbacks=[TerminateOnNaN(raise_error=True)], verbose=0)


def test_nothing_is_written_to_stderr(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fault_of(net(learning_rate=1e30), epochs=20)
    assert capsys.readouterr().err == ""
