"""One step of training: the loss, its gradient, the update."""

import numpy as np
import pytest
from linear_models import X, Y, linear, mse, step

from kerasedu import Input, Model, Sequential, layers, optimizers, regularizers


def test_each_batch_is_one_step_of_gradient_descent():
    model = linear()
    weights = model.get_weights()
    model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    for _ in range(2):
        for rows in (slice(0, 4), slice(4, 8), slice(8, 10)):
            weights = step(weights, X[rows], Y[rows])
    for got, wanted in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-7)


def test_the_loss_of_an_epoch_is_the_mean_over_samples_each_before_its_update():
    model = linear()
    weights, expected = model.get_weights(), []
    history = model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0).history
    for _ in range(2):
        total = 0.0
        for rows in (slice(0, 4), slice(4, 8), slice(8, 10)):
            total += mse(weights, X[rows], Y[rows]) * len(X[rows])
            weights = step(weights, X[rows], Y[rows])
        expected.append(total / 10)
    np.testing.assert_allclose(history["loss"], expected, rtol=1e-6)


def test_sample_weights_scale_losses_but_the_mean_is_over_the_number_of_samples():
    w = np.arange(10.0)
    model = linear()
    weights = model.get_weights()
    history = model.fit(X, Y, batch_size=10, sample_weight=w, shuffle=False, verbose=0).history
    np.testing.assert_allclose(history["loss"], [mse(weights, X, Y, w)], rtol=1e-6)
    for got, wanted in zip(model.get_weights(), step(weights, X, Y, sample_weight=w), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-7)


def softmax(loss):
    model = Sequential([Input((3,)), layers.Dense(2, activation="softmax", kernel_initializer="zeros")])
    model.compile(optimizers.SGD(0.1), loss)
    return model


@pytest.mark.parametrize("form", ["numbers", "column", "one-hot"])
def test_class_weights_are_sample_weights_by_class(form):
    labels = np.array([0, 1, 1, 0, 1, 0, 0, 1, 1, 1])
    y = {"numbers": labels, "column": labels[:, None], "one-hot": np.eye(2)[labels]}[form]
    loss = "categorical_crossentropy" if form == "one-hot" else "sparse_categorical_crossentropy"
    by_class, by_sample = softmax(loss), softmax(loss)
    by_class.fit(X, y, class_weight={1: 3.0}, shuffle=False, verbose=0)
    by_sample.fit(X, y, sample_weight=np.where(labels == 1, 3.0, 1.0), shuffle=False, verbose=0)
    for got, wanted in zip(by_class.get_weights(), by_sample.get_weights()):
        np.testing.assert_array_equal(got, wanted)


def test_penalties_add_to_the_loss_and_to_the_gradient():
    model = linear()
    model.get_layer("d").kernel.regularizer = regularizers.L2(0.5)
    w, b = model.get_weights()
    history = model.fit(X, Y, batch_size=10, shuffle=False, verbose=0).history
    np.testing.assert_allclose(history["loss"], [mse((w, b), X, Y) + 0.5 * (w**2).sum()], rtol=1e-6)
    stepped, _ = step((w, b), X, Y)
    np.testing.assert_allclose(model.get_weights()[0], stepped - 0.1 * 2 * 0.5 * w, rtol=1e-5)
    np.testing.assert_allclose(model.evaluate(X, Y, verbose=0), mse(model.get_weights(), X, Y) + sum(model.losses))


def test_the_loss_of_a_masked_sequence_is_the_mean_over_the_steps_that_count():
    model = Sequential([Input((4, 1)), layers.Masking(), layers.Dense(1, kernel_initializer="ones")])
    model.compile(optimizers.SGD(0.0), "mse")
    x = np.array([[1, 2, 0, 0], [3, 0, 0, 0]], dtype="float32")[..., None]
    assert model.evaluate(x, np.zeros((2, 4, 1)), verbose=0) == pytest.approx((1 + 4 + 9) / 3)


def test_a_softmax_that_saturates_still_learns():
    model = Sequential([Input((1,)), layers.Dense(2, activation="softmax", use_bias=False)])
    model.set_weights([np.array([[0.0, 200.0]])])
    model.compile(optimizers.SGD(1.0), "sparse_categorical_crossentropy")
    loss = model.train_on_batch(np.ones((1, 1)), np.zeros(1))
    assert loss == pytest.approx(200)
    np.testing.assert_allclose(model.get_weights()[0], [[1, 199]])


def test_a_sigmoid_that_saturates_still_learns():
    model = Sequential([Input((1,)), layers.Dense(1, activation="sigmoid", use_bias=False)])
    model.set_weights([np.array([[-200.0]])])
    model.compile(optimizers.SGD(1.0), "binary_crossentropy")
    assert model.train_on_batch(np.ones((1, 1)), np.ones((1, 1))) == pytest.approx(200)
    np.testing.assert_allclose(model.get_weights()[0], [[-199]])


def test_a_softmax_inside_a_nested_model_joins_with_the_loss_too():
    inner = Sequential([layers.Dense(2, activation="softmax", use_bias=False)])
    x = Input((1,))
    model = Model(x, [inner(x), layers.Dense(1, use_bias=False)(x)])
    inner.set_weights([np.array([[0.0, 200.0]])])
    model.compile(optimizers.SGD(1.0), ["sparse_categorical_crossentropy", None])
    assert model.train_on_batch(np.ones((1, 1)), np.zeros(1)) == pytest.approx(200)
    np.testing.assert_allclose(inner.get_weights()[0], [[1, 199]])


def test_frozen_weights_stay():
    model = Sequential([Input((3,)), layers.Dense(4, trainable=False), layers.Dense(2)])
    model.compile("adam", "mse")
    before = model.get_weights()
    model.fit(X, Y, verbose=0)
    after = model.get_weights()
    assert [bool((a == b).all()) for a, b in zip(before, after)] == [True, True, False, False]


def test_freezing_works_at_once_and_thawing_after_compiling_again():
    model = Sequential([Input((3,)), layers.Dense(4), layers.Dense(2)])
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)
    model.layers[0].trainable = False
    before = model.get_weights()
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    model.layers[0].trainable = True
    with pytest.raises(ValueError, match="after trainable = True"):
        model.fit(X, Y, verbose=0)
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)
    assert not np.array_equal(model.get_weights()[0], before[0])


def test_compiling_again_keeps_the_weights():
    model = linear()
    model.fit(X, Y, verbose=0)
    before = model.get_weights()
    model.compile("adam", "mae")
    for got, wanted in zip(model.get_weights(), before):
        np.testing.assert_array_equal(got, wanted)
