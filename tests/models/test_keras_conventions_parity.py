"""Order and names of everything that a model returns are those of Keras."""

import numpy as np
import pytest

import kerasedu
from kerasedu import parity
from kerasedu.parity import oracle

pytestmark = pytest.mark.parity
X = np.random.default_rng(5).normal(size=(12, 3)).astype("float32")


@pytest.fixture(autouse=True)
def same_weights_every_time():
    kerasedu.set_random_seed(0)


@pytest.fixture(scope="module")
def keras():
    return oracle.load()[0]


def branching(library):
    x = library.Input((3,), name="x")
    deep = library.layers.Dense(4, name="a1")(library.layers.Dense(4, name="a0")(x))
    shallow = library.layers.Dense(4, name="b0")(x)
    joined = library.layers.Add(name="sum")([shallow, deep])
    return library.Model(x, [library.layers.Dense(1, name="late")(joined), shallow])


def crossing(library):
    x, z = library.Input((3,), name="x"), library.Input((3,), name="z")
    shared = library.layers.Dense(3, name="shared")
    first = library.layers.Dense(3, name="first")(shared(x))
    second = library.layers.Dense(3, name="second")(shared(first))
    return library.Model([z, x], library.layers.Concatenate(name="join")([second, z, shared(z)]))


def unused(library):
    x, z = library.Input((3,), name="x"), library.Input((2,), name="z")
    return library.Model([x, z], library.layers.Dense(2, name="d")(x))


def nested(library):
    inner = library.Sequential([library.layers.Dense(3, name="i0"), library.layers.Dense(2, name="i1")], name="inner")
    x = library.Input((3,), name="x")
    side = library.layers.Dense(2, name="side")(x)
    return library.Model(x, library.layers.Add(name="sum")([side, inner(x)]))


@pytest.mark.parametrize("draw", [branching, crossing, unused, nested])
def test_layers_and_weights_come_in_the_same_order(keras, draw):
    ours, theirs = draw(kerasedu), draw(keras)
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    assert [w.shape for w in ours.weights] == [tuple(w.shape) for w in theirs.weights]


def multi(library, **options):
    x = library.Input((3,), name="x")
    model = library.Model(x, [library.layers.Dense(2, name="p")(x), library.layers.Dense(1, name="q")(x)])
    model.compile("sgd", ["mse", "mse"], **options)
    return model


OPTIONS = [
    {},
    {"metrics": [["mae"], ["mse", "mae"]]},
    {"metrics": ["mae", None]},
    {"metrics": {"q": "mae"}, "weighted_metrics": {"q": ["mae", "mae"], "p": ["mse"]}},
    {"metrics": [["mae", "mae"], []], "loss_weights": [0.5, 2]},
    {"loss_weights": [3.0, 1.0]},
]


@pytest.mark.parametrize("options", OPTIONS, ids=[str(o) for o in OPTIONS])
def test_names_and_order_of_results(keras, options):
    theirs, ours = multi(keras, **options), multi(kerasedu, **options)
    ours.set_weights(theirs.get_weights())
    y = [X[:, :2], X[:, :1]]
    expected = theirs.fit(X, y, epochs=2, shuffle=False, validation_split=0.25, verbose=0).history
    got = ours.fit(X, y, epochs=2, shuffle=False, validation_split=0.25, verbose=0).history
    assert list(got) == list(expected)
    for name in got:
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-4)
    np.testing.assert_allclose(ours.evaluate(X, y, verbose=0), theirs.evaluate(X, y, verbose=0), rtol=1e-4)
    assert list(ours.evaluate(X, y, verbose=0, return_dict=True)) == list(
        theirs.evaluate(X, y, verbose=0, return_dict=True)
    )
    assert ours.metrics_names == theirs.metrics_names
    assert np.shape(ours.train_on_batch(X, y)) == np.shape(theirs.train_on_batch(X, y))


@pytest.mark.parametrize(
    "options",
    [
        {"batch_size": 5, "steps_per_epoch": 2, "epochs": 4},
        {"steps_per_epoch": 5, "epochs": 3},
        {"batch_size": 4, "epochs": 3, "initial_epoch": 1},
        {"batch_size": 4, "epochs": 5, "validation_split": 0.3, "validation_freq": [1, 4]},
        {"batch_size": 4, "epochs": 2, "validation_split": 0.3, "validation_steps": 1},
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:.*(ran out of data|the data ended)")
def test_the_same_batches_make_the_same_epochs(keras, options):
    theirs = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    ours = kerasedu.Sequential([kerasedu.Input((3,)), kerasedu.layers.Dense(1)])
    ours.set_weights(theirs.get_weights())
    histories, batches = [], []
    for model, library in ((ours, kerasedu), (theirs, keras)):
        seen = []
        model.compile("sgd", "mse")
        record = library.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs, seen=seen: seen.append(batch))
        history = model.fit(X, X[:, :1], shuffle=False, verbose=0, callbacks=[record], **options)
        histories.append((history.epoch, history.history))
        batches.append(seen)
    assert batches[0] == batches[1]
    assert histories[0][0] == histories[1][0]
    assert list(histories[0][1]) == list(histories[1][1])
    for name, values in histories[0][1].items():
        np.testing.assert_allclose(values, histories[1][1][name], rtol=1e-5)


def test_dictionaries_of_inputs_and_outputs(keras):
    models = []
    for library in (kerasedu, keras):
        a, b = library.Input((3,), name="a"), library.Input((3,), name="b")
        z = library.layers.Dense(2, name="z")(b)
        model = library.Model({"b": b, "a": a}, {"second": z, "first": library.layers.Dense(1, name="y")(a)})
        model.compile("sgd", {"second": "mse", "first": "mae"}, metrics={"first": ["mse"]})
        models.append(model)
    ours, theirs = models
    ours.set_weights(theirs.get_weights())
    x, y = {"a": X, "b": -X}, {"first": X[:, :1], "second": X[:, :2]}
    expected = theirs.fit(x, y, epochs=2, shuffle=False, verbose=0).history
    got = ours.fit(x, y, epochs=2, shuffle=False, verbose=0).history
    assert list(got) == list(expected)
    for name in got:
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-5)
    ours_predicted, theirs_predicted = ours.predict(x, verbose=0), theirs.predict(x, verbose=0)
    for name in ("first", "second"):
        np.testing.assert_allclose(ours_predicted[name], theirs_predicted[name], rtol=1e-5, atol=1e-6)


def test_unfreezing_a_model_unfreezes_all_of_it(keras):
    for library in (kerasedu, keras):
        model = library.Sequential([library.Input((3,)), library.layers.Dense(2), library.layers.Dense(1)])
        model.layers[0].trainable = False
        assert len(model.trainable_weights) == 2
        model.trainable = False
        assert (len(model.trainable_weights), model.layers[1].trainable) == (0, False)
        model.trainable = True
        assert len(model.trainable_weights) == 4


def test_converted_models_train_alike():
    model = branching(kerasedu)
    model.compile("adam", "mse")
    report = parity.check(model, X, [X[:, :1], np.repeat(X[:, :2], 2, axis=1)], epochs=3, batch_size=4)
    assert report.passed, report


def random_graph(library, seed):
    """A model of one to three inputs and outputs, in which layers are joined, shared and used again at random."""
    draw = np.random.default_rng(seed)
    layers = library.layers
    inputs = [library.Input((3,), name=f"in_{i}") for i in range(draw.integers(1, 4))]
    shared = [layers.Dense(3, activation="tanh", name=f"shared_{i}") for i in range(2)]
    tensors = list(inputs)
    for i in range(draw.integers(3, 9)):
        kind, a, b = draw.integers(4), *(tensors[k] for k in draw.integers(len(tensors), size=2))
        if kind == 0:
            tensors.append(layers.Dense(3, activation="relu", name=f"dense_{i}")(a))
        elif kind == 1:
            tensors.append(shared[draw.integers(2)](a))
        elif kind == 2:
            tensors.append(layers.Add(name=f"add_{i}")([a, b]))
        else:
            joined = layers.Concatenate(name=f"join_{i}")([a, b])
            tensors.append(layers.Dense(3, activation="tanh", name=f"dense_{i}")(joined))
    ends = [tensors[-k] for k in draw.integers(1, 4, size=draw.integers(1, 4))]
    outputs = [layers.Dense(2, activation="softmax" if i % 2 else None, name=f"out_{i}")(t) for i, t in enumerate(ends)]
    return library.Model([inputs[i] for i in draw.permutation(len(inputs))], outputs)


@pytest.mark.parametrize("seed", range(8))
def test_random_graphs_have_the_same_layers_and_train_alike(keras, seed):
    ours, theirs = random_graph(kerasedu, seed), random_graph(keras, seed)
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    theirs.set_weights(ours.get_weights())
    draw = np.random.default_rng(seed)
    x = [draw.normal(size=(10, 3)).astype("float32") for _ in ours.inputs]
    y = [np.eye(2, dtype="float32")[draw.integers(2, size=10)] for _ in ours.outputs]
    histories = []
    for model in (ours, theirs):
        model.compile("sgd", ["categorical_crossentropy" if i % 2 else "mse" for i in range(len(y))])
        histories.append(model.fit(x, y if len(y) > 1 else y[0], batch_size=4, shuffle=False, verbose=0).history)
    assert list(histories[0]) == list(histories[1])
    for name, values in histories[0].items():
        np.testing.assert_allclose(values, histories[1][name], rtol=1e-5, atol=1e-6)
    for got, wanted in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)
