"""``to_keras`` and ``from_keras``: the same model with the same weights, either way."""

import numpy as np
import pytest

from kerasedu import layers, optimizers, parity
from kerasedu.models import Model, Sequential
from kerasedu.parity import oracle
from kerasedu.random import set_random_seed

pytestmark = pytest.mark.parity
keras, _ = oracle.load()
rng = np.random.default_rng(11)


@pytest.fixture(autouse=True)
def same_weights_every_time():
    set_random_seed(0)


def mlp():
    model = Sequential(
        [
            layers.Dense(5, activation="relu", kernel_regularizer="l2"),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ]
    )
    return model, rng.standard_normal((4, 6))


def cnn():
    model = Sequential(
        [
            layers.Input((8, 8, 2)),
            layers.ZeroPadding2D(1),
            layers.Conv2D(3, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Conv2D(4, (2, 3), strides=(2, 1), use_bias=False),
            layers.UpSampling2D(2),
            layers.AveragePooling2D((1, 2)),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2),
        ]
    )
    return model, rng.standard_normal((3, 8, 8, 2))


def simple_rnn():
    model = Sequential(
        [layers.Masking(0.0), layers.SimpleRNN(4, return_sequences=True, dropout=0.1), layers.SimpleRNN(3)]
    )
    x = rng.standard_normal((3, 5, 2))
    x[1, 3:] = 0
    return model, x


def lstm():
    model = Sequential(
        [
            layers.Embedding(10, 4, mask_zero=True),
            layers.LSTM(3, recurrent_dropout=0.2),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    return model, rng.integers(0, 10, (3, 6))


def gru():
    model = Sequential([layers.GRU(4, return_sequences=True, reset_after=False), layers.GRU(3, go_backwards=True)])
    return model, rng.standard_normal((3, 5, 2))


def wrappers():
    model = Sequential(
        [
            layers.TimeDistributed(layers.Dense(4)),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode="sum"),
            layers.RNN([layers.GRUCell(4), layers.SimpleRNNCell(3)], return_sequences=True),
            layers.RNN(layers.LSTMCell(2)),
        ]
    )
    return model, rng.standard_normal((3, 5, 2))


def two_inputs_two_outputs():
    left, right = layers.Input((4,), name="left"), layers.Input((3,), name="right")
    a = layers.Dense(5, activation="tanh", name="shared_size")(left)
    b = layers.Dense(5, activation="tanh")(right)
    joined = layers.Concatenate()([a, layers.LayerNormalization()(b), layers.Multiply()([a, b])])
    model = Model([left, right], [layers.Dense(2, name="first")(joined), layers.Dense(1, name="second")(a + b)])
    return model, [rng.standard_normal((3, 4)), rng.standard_normal((3, 3))]


def shared_layer():
    one, other = layers.Input((4,)), layers.Input((4,))
    shared = layers.Dense(3, activation="relu")
    top = layers.Dense(2)
    model = Model([one, other], layers.Subtract()([top(shared(other)), top(shared(one))]))
    return model, [rng.standard_normal((3, 4)), rng.standard_normal((3, 4))]


def nested():
    inner = Sequential([layers.Dense(3, activation="relu"), layers.Dense(2)])
    x = layers.Input((4,))
    middle = layers.Input((2,))
    outer = Model(middle, {"double": layers.Add()([middle, middle]), "dense": layers.Dense(2)(middle)})
    y = outer(inner(x))
    model = Model(x, y if isinstance(y, (list, dict)) else [y])
    return model, rng.standard_normal((3, 4))


def with_states():
    x, h = layers.Input((5, 2)), layers.Input((3,))
    sequence, state = layers.GRU(3, return_sequences=True, return_state=True)(x, initial_state=h)
    model = Model([x, h], [sequence, layers.Dense(2)(state)])
    return model, [rng.standard_normal((2, 5, 2)), rng.standard_normal((2, 3))]


KINDS = [mlp, cnn, simple_rnn, lstm, gru, wrappers, two_inputs_two_outputs, shared_layer, nested, with_states]


def predictions(model, x):
    y = model(x)
    if isinstance(y, dict):
        y = [y[key] for key in sorted(y)]
    return [np.asarray(item) for item in (y if isinstance(y, (list, tuple)) else [y])]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_model_goes_to_keras_and_back(kind):
    model, x = kind()
    x = (
        [a.astype("float32") for a in x]
        if isinstance(x, list)
        else x.astype("float32" if x.dtype.kind == "f" else x.dtype)
    )
    ours = predictions(model, x)
    theirs = parity.to_keras(model)
    back = parity.from_keras(theirs)
    assert theirs.name == back.name == model.name
    for a, b in zip(model.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(ours, predictions(theirs, x), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    for a, b in zip(ours, predictions(back, x), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_to_keras_of_from_keras_is_the_identity(kind):
    model, x = kind()
    predictions(model, x)
    theirs = parity.to_keras(model)
    again = parity.to_keras(parity.from_keras(theirs))
    assert again.get_config() == theirs.get_config()
    for a, b in zip(theirs.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_models_born_in_keras_come_back_unchanged():
    x = keras.Input((6, 3), name="sequence")
    shared = keras.layers.Dense(4, activation="gelu", kernel_initializer="he_uniform", bias_regularizer="l1")
    y = keras.layers.Bidirectional(keras.layers.LSTM(2, return_sequences=True, dropout=0.1))(shared(x))
    y = keras.layers.TimeDistributed(keras.layers.Dense(4, kernel_constraint="non_neg"))(y)
    y = keras.layers.Average()([y, shared(x)])
    y = keras.layers.RNN([keras.layers.GRUCell(3), keras.layers.LSTMCell(2)], return_sequences=True)(y)
    y, state = keras.layers.GRU(3, return_state=True)(y)
    model = keras.Model(x, {"state": state, "output": keras.layers.Dropout(0.3, seed=1)(y)})
    again = parity.to_keras(parity.from_keras(model))
    assert again.get_config() == model.get_config()
    data = rng.standard_normal((2, 6, 3)).astype("float32")
    for name, value in model(data).items():
        np.testing.assert_array_equal(value, again(data)[name])


@pytest.mark.parametrize("read_back", [False, True], ids=["drawn", "read from a configuration"])
def test_masks_of_functional_models_find_their_way(read_back):
    words = keras.Input((5,), dtype="int32")
    y = keras.layers.Embedding(10, 4, mask_zero=True)(words)
    y = keras.layers.LSTM(3, return_sequences=True)(y)
    model = keras.Model(words, keras.layers.GRU(2)(keras.layers.Concatenate()([y, y])))
    if read_back:
        weights = model.get_weights()
        model = keras.Model.from_config(model.get_config())
        model.set_weights(weights)
    data = np.array([[1, 2, 0, 0, 0], [3, 0, 4, 5, 6]])
    np.testing.assert_allclose(parity.from_keras(model)(data), model(data), rtol=1e-5, atol=1e-6)


def test_models_keep_float64():
    model = Sequential([layers.Input((4,), dtype="float64"), layers.Dense(3, dtype="float64")])
    x = rng.standard_normal((2, 4))
    theirs = parity.to_keras(model)
    assert keras.config.floatx() == "float32"
    np.testing.assert_allclose(theirs(x), model(x), rtol=1e-14)
    assert parity.from_keras(theirs)(x).dtype == np.float64


def test_a_model_without_weights_stays_without():
    theirs = parity.to_keras(Sequential([layers.Dense(3)]))
    assert not theirs.built
    assert not parity.from_keras(theirs).built
    assert not parity.to_keras(layers.LSTM(2)).built


@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.Dense(3),
        lambda: layers.Bidirectional(layers.GRU(2)),
        lambda: layers.TimeDistributed(layers.Dense(2)),
        lambda: layers.LSTM(2),
        lambda: layers.Conv1D(2, 3),
    ],
)
def test_single_layers_keep_their_weights(layer):
    ours = layer()
    x = rng.standard_normal((2, 5, 4)).astype("float32")
    y = ours(x)
    theirs = parity.to_keras(ours)
    np.testing.assert_allclose(theirs(x), y, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(parity.from_keras(theirs)(x), y)


def test_frozen_layers_stay_frozen():
    model = Sequential([layers.Input((3,)), layers.Dense(2, trainable=False), layers.Dense(2)])
    theirs = parity.to_keras(model)
    assert [layer.trainable for layer in theirs.layers] == [False, True]
    assert len(theirs.trainable_weights) == len(parity.from_keras(theirs).trainable_weights) == 2
    model.trainable = False
    assert not parity.to_keras(model).trainable_weights
    assert not parity.from_keras(parity.to_keras(model)).trainable_weights


def test_compiled_models_stay_compiled():
    model = Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")])
    model.compile(
        optimizers.Adam(optimizers.schedules.ExponentialDecay(0.1, 5, 0.5), beta_1=0.8),
        "categorical_crossentropy",
        metrics=["accuracy"],
    )
    theirs = parity.to_keras(model)
    back = parity.from_keras(theirs)
    assert theirs.optimizer.beta_1 == back.optimizer.beta_1 == 0.8
    assert back.optimizer.get_config()["learning_rate"]["config"]["decay_rate"] == 0.5
    x, y = rng.standard_normal((20, 3)), np.eye(2)[rng.integers(0, 2, 20)]
    runs = [m.fit(x, y, epochs=2, shuffle=False, verbose=0).history for m in (model, theirs, back)]
    assert set(runs[0]) == {"loss", "accuracy"}
    for run in runs[1:]:
        np.testing.assert_allclose(run["loss"], runs[0]["loss"], rtol=1e-5)


def test_keras_operators_become_merging_layers():
    x = keras.Input((3,))
    theirs = keras.Model(x, (x + keras.layers.Dense(3)(x)) * x - x)
    data = rng.standard_normal((2, 3)).astype("float32")
    np.testing.assert_allclose(parity.from_keras(theirs)(data), theirs(data), rtol=1e-5, atol=1e-6)


class Doubled(layers.Dense):
    """A layer that Keras lacks."""


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Doubled(3, name="twice"), r"Keras has no class Doubled \('twice' is a "),
        (lambda: Sequential([layers.Dense(2), Doubled(3, name="twice")]), r"'twice' is a "),
        (lambda: 3, "to_keras expected a layer or a model, got int"),
    ],
)
def test_what_keras_lacks_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        parity.to_keras(make())


class Subclassed(keras.Model):
    """Computes in its own way."""


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: keras.layers.Conv3D(2, 3, name="c"), "kerasedu.layers has no Conv3D, the class of 'c'"),
        (lambda: keras.Sequential([keras.layers.GaussianNoise(0.1, name="g")]), "no GaussianNoise, the class of 'g'"),
        (lambda: keras.layers.Dense(2, activation="mish"), "mish"),
        (lambda: keras.layers.Dense(2, dtype="mixed_float16"), "mixed_float16"),
        (lambda: keras.layers.LSTM(2, activity_regularizer="l2"), "LSTM has no argument activity_regularizer"),
        (lambda: Subclassed(name="own"), "'own' is a Subclassed, which computes in its own way"),
        (lambda: 3, "from_keras expected a Keras layer or model, got int"),
    ],
)
def test_what_kerasedu_lacks_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        parity.from_keras(make())


def test_operations_that_kerasedu_lacks_are_named():
    x = keras.Input((3,))
    with pytest.raises(ValueError, match=r"kerasedu has no layer for keras.ops.exp \(Exp\)"):
        parity.from_keras(keras.Model(x, keras.ops.exp(x)))
    with pytest.raises(ValueError, match="cannot repeat the call of 'multiply"):
        parity.from_keras(keras.Model(x, x * 2))
    with pytest.raises(ValueError, match="'training': True"):
        parity.from_keras(keras.Model(x, keras.layers.Dropout(0.5)(x, training=True)))
    sequence, mask = keras.Input((4, 3)), keras.Input((4,), dtype="bool")
    with pytest.raises(ValueError, match="'mask'"):
        parity.from_keras(keras.Model([sequence, mask], keras.layers.LSTM(2)(sequence, mask=mask)))
