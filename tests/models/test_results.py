"""What fit, evaluate and predict return."""

import numpy as np
import pytest
from linear_models import X, Y, linear, mse

from kerasedu import Input, Sequential, callbacks, layers, metrics


def test_the_history_has_sorted_names_and_a_number_for_each_epoch():
    model = linear(metrics=["mae", metrics.MeanSquaredError(name="squared")])
    history = model.fit(X, Y, epochs=3, validation_split=0.3, verbose=0)
    assert list(history.history) == ["loss", "mae", "squared", "val_loss", "val_mae", "val_squared"]
    assert all(len(values) == 3 and isinstance(values[0], float) for values in history.history.values())
    assert history.epoch == [0, 1, 2]
    assert model.history is history


def test_validation_is_evaluation_after_the_epoch():
    model = linear(metrics=["mae"])
    history = model.fit(X[:6], Y[:6], validation_data=(X[6:], Y[6:]), verbose=0).history
    loss, mae = model.evaluate(X[6:], Y[6:], verbose=0)
    assert history["val_loss"] == [loss]
    assert history["val_mae"] == [mae]


def test_validation_weights():
    model = linear(0.0)
    w = np.arange(4.0)
    history = model.fit(X[:6], Y[:6], validation_data=(X[6:], Y[6:], w), verbose=0).history
    assert history["val_loss"][0] == pytest.approx(mse(model.get_weights(), X[6:], Y[6:], w), rel=1e-6)


@pytest.mark.parametrize(("frequency", "count"), [(2, 2), ([1, 5], 2), (3, 1)])
def test_validation_frequency(frequency, count):
    history = linear().fit(X, Y, epochs=5, validation_split=0.3, validation_freq=frequency, verbose=0).history
    assert len(history["val_loss"]) == count


def test_training_goes_on_from_initial_epoch():
    history = linear().fit(X, Y, epochs=5, initial_epoch=3, verbose=0)
    assert history.epoch == [3, 4]
    assert len(history.history["loss"]) == 2


def test_weighted_metrics_take_weights_and_plain_ones_do_not():
    model = linear(metrics=["mae"], weighted_metrics=["mae"])
    w = np.arange(10.0)
    result = model.evaluate(X, Y, sample_weight=w, return_dict=True, verbose=0)
    error = np.abs(model.predict(X, verbose=0) - Y).mean(1)
    assert list(result) == ["loss", "mae", "weighted_mae"]
    assert result["mae"] == pytest.approx(error.mean(), rel=1e-6)
    assert result["weighted_mae"] == pytest.approx((error * w).sum() / w.sum(), rel=1e-6)


@pytest.mark.parametrize(
    ("y", "y_pred", "loss", "expected"),
    [
        ([0, 1, 1, 0], [[0.1], [0.9], [0.2], [0.3]], "mse", 0.75),
        ([0, 1, 1, 0], [[0.6, 0.4], [0.7, 0.3], [0.2, 0.8], [0.1, 0.9]], "sparse_categorical_crossentropy", 0.5),
        (
            [[0], [1], [1], [0]],
            [[0.6, 0.4], [0.7, 0.3], [0.2, 0.8], [0.1, 0.9]],
            "sparse_categorical_crossentropy",
            0.5,
        ),
        ([[1, 0], [0, 1], [0, 1], [1, 0]], [[0.6, 0.4], [0.7, 0.3], [0.2, 0.8], [0.9, 0.1]], "mse", 0.75),
    ],
    ids=["binary", "sparse", "sparse column", "categorical"],
)
@pytest.mark.parametrize("name", ["accuracy", "acc"])
def test_accuracy_means_what_fits_the_shapes(y, y_pred, loss, expected, name):
    y_pred = np.array(y_pred)
    model = Sequential([Input((y_pred.shape[1],)), layers.Identity()])
    model.compile("sgd", loss, metrics=[name])
    assert model.evaluate(y_pred, np.array(y), verbose=0, return_dict=True)[name] == pytest.approx(expected)


def test_predictions_do_not_depend_on_the_batch_size():
    model = linear()
    np.testing.assert_allclose(model.predict(X, batch_size=3, verbose=0), model(X), rtol=1e-6)
    np.testing.assert_array_equal(model.predict_on_batch(X), model(X))


def test_evaluate_trains_nothing_and_drops_nothing():
    model = Sequential([Input((3,)), layers.Dropout(0.9), layers.Dense(2)])
    model.compile("sgd", "mse")
    before = model.get_weights()
    assert model.evaluate(X, Y, verbose=0) == model.evaluate(X, Y, verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_one_batch_is_one_step_of_fit():
    fitted, stepped = linear(metrics=["mae"]), linear(metrics=["mae"])
    history = fitted.fit(X, Y, batch_size=10, shuffle=False, verbose=0).history
    result = stepped.train_on_batch(X, Y, return_dict=True)
    assert result == {name: values[0] for name, values in history.items()}
    np.testing.assert_array_equal(fitted.get_weights()[0], stepped.get_weights()[0])
    assert stepped.test_on_batch(X, Y) == stepped.evaluate(X, Y, verbose=0)


def test_an_interrupted_training_can_go_on():
    def interrupt(batch, logs):
        if batch == 1:
            raise KeyboardInterrupt

    model = linear()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, batch_size=2, callbacks=[callbacks.LambdaCallback(on_train_batch_end=interrupt)], verbose=0)
    before = model.evaluate(X, Y, verbose=0)
    history = model.fit(X, Y, epochs=5, verbose=0)
    assert history.epoch == [0, 1, 2, 3, 4]
    assert model.evaluate(X, Y, verbose=0) < before


def test_inputs_are_not_changed_and_may_be_read_only_or_strided():
    x, y = np.asfortranarray(X.astype("float64")), Y[::-1]
    x.flags.writeable = y.flags.writeable = False
    kept = x.copy(), y.copy()
    linear().fit(x, y, verbose=0, validation_split=0.2)
    np.testing.assert_array_equal(x, kept[0])
    np.testing.assert_array_equal(y, kept[1])


def test_no_samples_give_no_predictions():
    assert linear().predict(X[:0], verbose=0).shape == (0, 2)


def test_lists_of_numbers_are_arrays():
    model = linear()
    np.testing.assert_array_equal(model.predict(X.tolist(), verbose=0), model.predict(X, verbose=0))
