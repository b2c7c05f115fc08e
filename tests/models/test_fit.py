"""The training loop: which samples, in which order, with which weights, and what is written into the history."""

import numpy as np
import pytest

import kerasedu
from kerasedu import Input, Model, Sequential, callbacks, layers, metrics, optimizers, regularizers

RNG = np.random.default_rng(2)
X = RNG.normal(size=(10, 3)).astype("float32")
Y = RNG.normal(size=(10, 2)).astype("float32")


def linear(learning_rate=0.1, loss="mse", units=2, **options):
    """One linear layer with the same weights each time."""
    model = Sequential([Input((3,)), layers.Dense(units, name="d")])
    model.set_weights([np.arange(3.0 * units).reshape(3, units) / 10, np.zeros(units)])
    model.compile(optimizers.SGD(learning_rate), loss, **options)
    return model


def step(weights, x, y, learning_rate=0.1, sample_weight=1.0):
    """One update of gradient descent on Σ wᵢ lᵢ / n, with lᵢ the mean squared error of sample i, by hand."""
    w, b = weights
    d = 2 * (x @ w + b - y) / y.shape[1] / len(x) * np.reshape(sample_weight, (-1, 1))
    return w - learning_rate * x.T @ d, b - learning_rate * d.sum(0)


def mse(weights, x, y, sample_weight=1.0):
    w, b = weights
    return float((((x @ w + b - y) ** 2).mean(1) * sample_weight).mean())


class Seen(Model):
    """A model that remembers the samples it was trained on: x is the sample's number."""

    def __init__(self):
        super().__init__()
        self._dense = layers.Dense(1, kernel_initializer="zeros")
        self._layers = [self._dense]
        self.batches = []
        self.compile("sgd", "mse")

    def call(self, x, training=False, mask=None):
        if training:
            self.batches.append(x[:, 0].astype(int).tolist())
        return self._dense.propagate(x, training)

    def call_backward(self, dy, cache):
        return self._dense.backpropagate(dy, cache)


def trained_on(samples, **options):
    model = Seen()
    x = np.arange(float(samples))[:, None]
    model.fit(x, np.zeros((samples, 1)), verbose=0, **options)
    return model.batches


# -- the step ------------------------------------------------------------------------------------------------------


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


# -- which samples -------------------------------------------------------------------------------------------------


def test_without_shuffling_batches_come_in_order_and_the_last_is_smaller():
    assert trained_on(5, batch_size=2, epochs=2, shuffle=False) == [[0, 1], [2, 3], [4]] * 2


def test_32_samples_make_a_batch_unless_told_otherwise():
    assert [len(batch) for batch in trained_on(70)] == [32, 32, 6]


def test_shuffling_makes_a_new_order_in_each_epoch_and_loses_no_sample():
    kerasedu.set_random_seed(0)
    batches = trained_on(40, batch_size=10, epochs=2)
    first, second = np.concatenate(batches[:4]), np.concatenate(batches[4:])
    assert first.tolist() != second.tolist()
    assert sorted(first) == sorted(second) == list(range(40))
    kerasedu.set_random_seed(0)
    assert trained_on(40, batch_size=10, epochs=2) == batches


def test_batches_can_be_shuffled_within():
    batches = trained_on(40, batch_size=20, shuffle="batch")
    assert [sorted(batch) for batch in batches] == [list(range(20)), list(range(20, 40))]
    assert batches[0] != list(range(20))


def test_the_validation_split_is_the_end_of_the_data():
    assert trained_on(10, validation_split=0.25, shuffle=False) == [[0, 1, 2, 3, 4, 5, 6]]


def test_an_epoch_of_so_many_steps_goes_on_where_the_last_one_stopped():
    assert trained_on(6, batch_size=2, steps_per_epoch=1, epochs=4, shuffle=False) == [[0, 1], [2, 3], [4, 5], [0, 1]]


def test_steps_alone_say_how_large_a_batch_is():
    assert [len(batch) for batch in trained_on(10, steps_per_epoch=3)] == [4, 4, 2]


def test_an_epoch_ends_with_the_data_and_the_next_begins_anew_with_a_warning():
    with pytest.warns(UserWarning, match="ended after 1 batches of epoch 2"):
        batches = trained_on(6, batch_size=2, steps_per_epoch=2, epochs=3, shuffle=False)
    assert batches == [[0, 1], [2, 3], [4, 5], [0, 1], [2, 3]]


def pieces(repeat=1):
    for _ in range(repeat):
        yield X[:4], Y[:4]
        yield X[4:], Y[4:]


def test_a_generator_gives_batches():
    from_generator, from_arrays = linear(), linear()
    from_generator.fit(pieces(2), steps_per_epoch=2, epochs=2, verbose=0)
    for _ in range(2):
        for x, y in pieces():
            from_arrays.train_on_batch(x, y)
    for got, wanted in zip(from_generator.get_weights(), from_arrays.get_weights()):
        np.testing.assert_array_equal(got, wanted)


class Numbered:
    """Batches by number, as ``keras.utils.PyDataset`` gives them."""

    def __len__(self):
        return 2

    def __getitem__(self, i):
        return list(pieces())[i]


@pytest.mark.parametrize("batches", [list(pieces()), Numbered()], ids=["list", "len and []"])
def test_batches_that_can_be_gone_through_again_serve_every_epoch(batches):
    model, other = linear(), linear()
    history = model.fit(batches, epochs=3, validation_data=batches, verbose=0).history
    other.fit(pieces(3), steps_per_epoch=2, epochs=3, verbose=0)
    assert len(history["val_loss"]) == 3
    np.testing.assert_array_equal(model.get_weights()[0], other.get_weights()[0])
    np.testing.assert_array_equal(model.predict([(X[:4],), (X[4:],)], verbose=0), model.predict(X, verbose=0))


def test_a_generator_that_ends_early_ends_the_training():
    model = linear()
    with pytest.warns(UserWarning, match="ended after 0 batches of epoch 2"):
        history = model.fit(pieces(), epochs=3, verbose=0)
    assert history.epoch == [0]


# -- history -------------------------------------------------------------------------------------------------------


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


# -- several outputs -----------------------------------------------------------------------------------------------


def two_outputs(**options):
    x = Input((3,), name="x")
    model = Model(x, [layers.Dense(2, name="p")(x), layers.Dense(1, name="q")(x)])
    model.compile(optimizers.SGD(0.1), **options)
    return model


Y2 = [Y, Y[:, :1]]


def test_the_loss_is_the_weighted_sum_of_the_outputs_losses():
    model = two_outputs(loss=["mse", "mae"], loss_weights=[2.0, 0.5])
    logs = model.evaluate(X, Y2, return_dict=True, verbose=0)
    assert list(logs) == ["loss", "p_loss", "q_loss"]
    assert logs["loss"] == pytest.approx(2 * logs["p_loss"] + 0.5 * logs["q_loss"], rel=1e-6)
    assert logs["q_loss"] == pytest.approx(np.abs(model.predict(X, verbose=0)[1] - Y[:, :1]).mean(), rel=1e-6)


def test_the_loss_counts_samples_and_the_outputs_losses_count_batches():
    model = two_outputs(loss="mse")
    batches = [(X[:8], [y[:8] for y in Y2]), (X[8:], [y[8:] for y in Y2])]
    first, second = (model.test_on_batch(x, y, return_dict=True) for x, y in batches)
    logs = model.evaluate(X, Y2, batch_size=8, return_dict=True, verbose=0)
    assert logs["loss"] == pytest.approx((8 * first["loss"] + 2 * second["loss"]) / 10, rel=1e-6)
    assert logs["p_loss"] == pytest.approx((first["p_loss"] + second["p_loss"]) / 2, rel=1e-6)


def test_lists_and_dictionaries_mean_the_same():
    listed = two_outputs(loss=["mse", "mae"], loss_weights=[2.0, 0.5], metrics=[["mae"], ["mse"]])
    named = two_outputs(
        loss={"q": "mae", "p": "mse"}, loss_weights={"q": 0.5, "p": 2.0}, metrics={"p": "mae", "q": ["mse"]}
    )
    named.set_weights(listed.get_weights())
    first = listed.fit(X, Y2, epochs=2, shuffle=False, verbose=0).history
    second = named.fit({"x": X}, {"q": Y2[1], "p": Y2[0]}, epochs=2, shuffle=False, verbose=0).history
    assert first == second
    assert list(first) == ["loss", "p_loss", "p_mae", "q_loss", "q_mse"]


def test_evaluate_returns_loss_then_the_outputs_losses_then_metrics():
    model = two_outputs(loss="mse", metrics=[["mae"], ["mae"]])
    logs = model.evaluate(X, Y2, return_dict=True, verbose=0)
    names = ["loss", "p_loss", "q_loss", "p_mae", "q_mae"]
    assert model.evaluate(X, Y2, verbose=0) == [logs[name] for name in names]


def test_a_loss_may_stand_in_a_list_of_its_own():
    listed = two_outputs(loss={"p": ["mse"], "q": ["mae"]})
    plain = two_outputs(loss=["mse", "mae"])
    plain.set_weights(listed.get_weights())
    assert listed.evaluate(X, Y2, verbose=0) == plain.evaluate(X, Y2, verbose=0)


def test_an_output_without_loss_is_left_alone():
    model = two_outputs(loss=[None, "mse"])
    before = model.get_layer("p").get_weights()[0]
    history = model.fit(X, Y[:, :1], verbose=0).history
    assert list(history) == ["loss"]
    np.testing.assert_array_equal(model.get_layer("p").get_weights()[0], before)


def test_each_output_may_have_its_sample_weights():
    model = two_outputs(loss="mse")
    w = [np.arange(10.0), np.ones(10)]
    logs = model.evaluate(X, Y2, sample_weight=w, return_dict=True, verbose=0)
    p, q = model.predict(X, verbose=0)
    assert logs["p_loss"] == pytest.approx((((p - Y) ** 2).mean(1) * w[0]).mean(), rel=1e-5)
    assert logs["q_loss"] == pytest.approx(((q - Y[:, :1]) ** 2).mean(), rel=1e-5)
    same = model.evaluate(X, Y2, sample_weight={"p": w[0], "q": w[1]}, return_dict=True, verbose=0)
    assert same == logs


def test_one_weight_for_all_outputs():
    model = two_outputs(loss="mse")
    w = np.arange(10.0)
    one, two = (model.evaluate(X, Y2, sample_weight=s, verbose=0) for s in (w, [w, w]))
    assert one == two


# -- evaluate, predict, one batch ----------------------------------------------------------------------------------


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


# -- mistakes ------------------------------------------------------------------------------------------------------


def uncompiled():
    return Sequential([Input((3,)), layers.Dense(2)])


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: uncompiled().fit(X, Y), "not compiled.*before fit"),
        (lambda: uncompiled().evaluate(X, Y), "not compiled.*before evaluate"),
        (lambda: uncompiled().train_on_batch(X, Y), "not compiled"),
        (lambda: linear(loss=None).fit(X, Y, verbose=0), "no loss to compute"),
        (lambda: linear().fit(X, Y[:5]), r"cardinality.*x: \(10, 3\); y: \(5, 2\)"),
        (lambda: linear().fit(X[:0], Y[:0]), "0 samples"),
        (lambda: linear().evaluate(X[:0], Y[:0]), "0 samples"),
        (lambda: linear().fit(X), "'d' has a loss, so it needs targets"),
        (lambda: linear().fit(np.zeros((2, 4, 3), "uint8"), Y), "Scale them first"),
        (lambda: linear().fit(X, Y, batch_size=0), "batch_size is a positive"),
        (lambda: linear().fit(X, Y, validation_split=0.99), "leaves nothing"),
        (lambda: linear().fit(pieces(), validation_split=0.5), "needs arrays"),
        (lambda: linear().fit(pieces(), sample_weight=np.ones(10)), "third entry"),
        (lambda: linear().fit(iter([])), "ended after 0 batches of epoch 1"),
        (lambda: linear().fit(X, Y, validation_freq=0.5, validation_split=0.5, verbose=0), "validation_freq"),
        (lambda: linear().fit(X, [Y, Y]), "y has 2 arrays, the model takes 1"),
        (lambda: linear().fit([X, X], Y), "x has 2 arrays, the model takes 1"),
        (lambda: linear().fit({"z": X}, Y), "x has no entry"),
        (lambda: linear().fit([[1, 2, 3], [1, 2]], Y), "unequal lengths"),
        (lambda: linear().fit(X, Y, class_weight={}, sample_weight=np.ones(10)), "not both"),
        (lambda: two_outputs(loss="mse").fit(X, Y2, class_weight={0: 1}), "models with one output"),
        (lambda: two_outputs(loss="mse").fit(X, Y), "takes 2 arrays as y"),
        (lambda: two_outputs(loss="mse").fit(X, Y2, sample_weight=[np.ones(10)]), "1 arrays for 2 outputs"),
        (lambda: two_outputs(loss="mse").fit(X, Y2, sample_weight=np.ones((10, 2))), "one number a sample"),
        (lambda: two_outputs(loss={"r": "mse"}), r"names \['r'\]"),
        (lambda: two_outputs(loss=["mse"]), "1 entries for 2 outputs"),
        (lambda: two_outputs(loss="mse", metrics=["mae"]), "has an entry"),
        (lambda: two_outputs(loss="mse", loss_weights=[1.0]), "loss_weights has 1 entries"),
        (lambda: linear(metrics="mae"), r"metrics=\['mae'\]"),
        (lambda: linear(loss="mean_square_error"), "unknown loss.*mean_squared_error"),
        (lambda: linear(loss=lambda y, p: 0), "derivative is not known"),
        (lambda: uncompiled().compile("adm", "mse"), "unknown optimizer 'adm'.*adam"),
    ],
)
def test_mistakes_get_an_answer(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt()


def test_a_model_without_trainable_weights_warns():
    model = linear()
    model.trainable = False
    with pytest.warns(UserWarning, match="no trainable weights"):
        model.fit(X, Y, verbose=0)
