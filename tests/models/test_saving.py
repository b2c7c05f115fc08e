"""A saved model comes back whole, and what is not a saved model is refused."""

import json
import zipfile

import numpy as np
import pytest

from kerasedu import Input, Model, Sequential, callbacks, layers, losses, metrics, optimizers
from kerasedu.models import clone_model, custom_object_scope, load_model, model_from_json, register_keras_serializable

RNG = np.random.default_rng(3)
X = RNG.normal(size=(20, 4)).astype("float32")
Y = RNG.normal(size=(20, 2)).astype("float32")


def assert_same_weights(a, b):
    for got, wanted in zip(a.get_weights(), b.get_weights(), strict=True):
        np.testing.assert_array_equal(got, wanted)


def saved_and_loaded(model, folder, **options):
    model.save(folder / "model.kerasedu")
    return load_model(folder / "model.kerasedu", **options)


def small(optimizer="adam"):
    model = Sequential([Input((4,)), layers.Dense(3, activation="relu"), layers.Dense(2)])
    model.compile(optimizer, "mse", metrics=["mae"])
    return model


@pytest.mark.parametrize(
    "optimizer",
    [
        optimizers.SGD(0.01, momentum=0.9, nesterov=True),
        optimizers.Adam(optimizers.schedules.ExponentialDecay(0.1, 3, 0.5), amsgrad=True, clipnorm=1.0),
        optimizers.RMSprop(centered=True, use_ema=True),
        optimizers.AdamW(0.01, weight_decay=0.1),
    ],
    ids=lambda optimizer: optimizer.name,
)
def test_training_goes_on_exactly_where_it_was(tmp_path, optimizer):
    model = small(optimizer)
    model.fit(X, Y, epochs=2, batch_size=8, verbose=0)
    twin = saved_and_loaded(model, tmp_path)
    first = model.fit(X, Y, epochs=3, batch_size=8, shuffle=False, verbose=0).history
    second = twin.fit(X, Y, epochs=3, batch_size=8, shuffle=False, verbose=0).history
    assert first == second
    assert_same_weights(model, twin)
    assert model.optimizer.iterations == twin.optimizer.iterations == 15


def test_a_model_that_was_never_compiled_or_built(tmp_path):
    model = Sequential([layers.Dense(2, name="d")], name="net")
    twin = saved_and_loaded(model, tmp_path)
    assert (twin.name, twin.layers[0].name, twin.built, twin.compiled) == ("net", "d", False, False)


def test_names_types_and_frozen_layers_come_back(tmp_path):
    frozen = layers.Dense(3, name="frozen", dtype="float64", trainable=False)
    model = Sequential([Input((4,), name="x", dtype="float64"), frozen, layers.Dense(2)])
    twin = saved_and_loaded(model, tmp_path)
    assert twin.input_names == ["x"]
    assert twin.get_layer("frozen").dtype == "float64"
    assert len(twin.trainable_weights) == 2
    assert_same_weights(model, twin)


def test_graphs_come_back(tmp_path):
    a, b = Input((4,), name="a"), Input((5, 3), name="b")
    shared = layers.Dense(3, activation="tanh")
    h = shared(layers.Dense(4)(a))
    y, state = layers.GRU(3, return_state=True)(b, initial_state=h)
    inner = Sequential([layers.Dense(2)], name="inner")
    model = Model({"a": a, "b": b}, {"p": inner(y), "q": layers.Add()([state, shared(a)])})
    twin = saved_and_loaded(model, tmp_path)
    value = {"a": X, "b": RNG.normal(size=(20, 5, 3))}
    for name in ("p", "q"):
        np.testing.assert_array_equal(model(value)[name], twin(value)[name])
    assert [layer.name for layer in twin.layers] == [layer.name for layer in model.layers]
    assert len(twin.weights) == len(model.weights)


def test_lists_of_outputs_come_back(tmp_path):
    x = Input((4,))
    model = Model([x], [layers.Dense(2)(x), layers.Dense(1)(x)])
    model.compile(
        "sgd",
        [losses.Huber(delta=2.0), "mse"],
        loss_weights=[1.0, 3.0],
        metrics=[[metrics.MeanSquaredError(name="m")], ["mae"]],
    )
    model.fit(X, [Y, Y[:, :1]], verbose=0)
    twin = saved_and_loaded(model, tmp_path)
    assert model.evaluate(X, [Y, Y[:, :1]], verbose=0) == twin.evaluate(X, [Y, Y[:, :1]], verbose=0)


def test_compiling_can_be_left_out(tmp_path):
    assert not saved_and_loaded(small(), tmp_path, compile=False).compiled


def test_configurations_make_the_same_model():
    model = small()
    twin = Sequential.from_config(json.loads(json.dumps(model.get_config())))
    twin.set_weights(model.get_weights())
    np.testing.assert_array_equal(twin(X), model(X))


def test_a_clone_starts_anew():
    model = small()
    twin = clone_model(model)
    assert [w.shape for w in twin.get_weights()] == [w.shape for w in model.get_weights()]
    assert not np.array_equal(twin.get_weights()[0], model.get_weights()[0])
    twin.fit(X, Y, verbose=0)
    assert (twin.optimizer.iterations, model.optimizer.iterations) == (1, 0)
    assert not clone_model(Sequential([layers.Dense(2)])).compiled


def test_an_architecture_is_a_text():
    model = small()
    twin = model_from_json(model.to_json(indent=1))
    twin.set_weights(model.get_weights())
    np.testing.assert_array_equal(twin(X), model(X))
    for text in ("", "{}", '{"class_name": "Nothing", "config": {}}', '{"class_name": "Dense", "config": {"x": 1}}'):
        with pytest.raises(ValueError, match="describes no model"):
            model_from_json(text)


def test_weights_alone(tmp_path):
    model, other = small(), small()
    model.save_weights(tmp_path / "w")
    other.load_weights(tmp_path / "w")
    assert_same_weights(model, other)
    model.save(tmp_path / "whole")
    third = small()
    third.load_weights(tmp_path / "whole")
    assert_same_weights(model, third)


# -- the learner's own classes and functions -----------------------------------------------------------------------


class Doubling(layers.Layer):
    """y = f x."""

    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x, training=False, mask=None):
        return self.factor * x, None

    def call_backward(self, dy, cache):
        return self.factor * dy, []


def test_own_layers_are_found_by_name(tmp_path):
    model = Sequential([Input((4,)), Doubling(3.0)])
    for options in ({}, {"custom_objects": {"Doubling": Doubling}}):
        np.testing.assert_array_equal(saved_and_loaded(model, tmp_path, **options)(X), 3 * X)


def test_own_functions_are_found_if_registered_or_given(tmp_path):
    model = Sequential([Input((4,)), layers.Dense(2)])
    model.compile("sgd", "mse", metrics=[_largest])
    assert saved_and_loaded(model, tmp_path, custom_objects={"_largest": _largest}).compiled
    with pytest.raises(ValueError, match="_largest"):
        saved_and_loaded(model, tmp_path)
    with custom_object_scope({"_largest": _largest}):
        assert saved_and_loaded(model, tmp_path).compiled
    register_keras_serializable()(_largest)
    assert saved_and_loaded(model, tmp_path).compiled


def _largest(y_true, y_pred):
    return np.abs(y_true - y_pred).max(-1)


# -- the file ------------------------------------------------------------------------------------------------------


def test_a_file_is_replaced_only_if_allowed(tmp_path):
    path = tmp_path / "m"
    small().save(path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="exists already"):
        small().save(path, overwrite=False)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "m"
    small().save(path)
    before = path.read_bytes()

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", interrupted)
    with pytest.raises(KeyboardInterrupt):
        small().save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 nothing more"])
def test_what_is_no_archive_is_refused(tmp_path, content):
    path = tmp_path / "m"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="cannot be read as a file of kerasedu"):
        load_model(path)
    with pytest.raises(ValueError, match="cannot be read as a file of kerasedu"):
        small().load_weights(path)


def test_a_truncated_or_altered_file_is_refused(tmp_path):
    path = tmp_path / "m"
    small().save(path)
    whole = path.read_bytes()
    for damaged in (whole[:-30], whole[: len(whole) // 2], whole[:500] + b"\xff" * 8 + whole[508:]):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match="cannot be"):
            load_model(path)


def test_pickles_are_refused(tmp_path):
    path = tmp_path / "m.npz"
    np.savez(path, architecture=np.array([{"format": "kerasedu model 1"}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        load_model(path)


def test_compressed_archives_are_refused(tmp_path):
    path = tmp_path / "m.npz"
    np.savez_compressed(path, weight_0=np.zeros(10**6))
    with pytest.raises(ValueError, match="compressed"):
        load_model(path)


def test_a_file_of_keras_is_recognised(tmp_path):
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", "")
    with pytest.raises(ValueError, match="from_keras"):
        load_model(path)


@pytest.mark.parametrize(
    "architecture",
    [
        "not json",
        "[]",
        "{}",
        '{"format": "kerasedu model 99"}',
        '{"format": "kerasedu model 1", "compile": null, "model": {"class_name": "os.system", "config": {}}}',
        '{"format": "kerasedu model 1", "compile": null, "model": {"class_name": "Sequential", "config": {}}}',
        '{"format": "kerasedu model 1", "compile": null, "model": {"class_name": "Dense", "config": {"units": 1e99}}}',
        '{"format": "kerasedu model 1", "compile": null, "model": ' + "[" * 100000 + "]" * 100000 + "}",
    ],
)
def test_an_architecture_that_makes_no_sense_is_refused(tmp_path, architecture):
    path = tmp_path / "m.npz"
    np.savez(path, architecture=np.array(architecture))
    with pytest.raises(ValueError, match="cannot be loaded as a model"):
        load_model(path)


def test_missing_and_wrong_weights_are_refused(tmp_path):
    model = small()
    model.save(tmp_path / "m")
    with np.load(tmp_path / "m") as archive:
        arrays = dict(archive)
    for change in ({"weight_0": None}, {"weight_1": None}, {"weight_0": np.zeros((9, 9))}):
        altered = {name: change.get(name, value) for name, value in arrays.items()}
        np.savez(tmp_path / "altered.npz", **{n: v for n, v in altered.items() if v is not None})
        with pytest.raises(ValueError, match="cannot be loaded as a model"):
            load_model(tmp_path / "altered.npz")


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda folder: load_model(folder / "none"), "there is no file"),
        (lambda folder: load_model(folder), "there is no file"),
        (lambda folder: small().save(folder / "none" / "m"), "cannot write"),
        (lambda folder: Sequential([layers.Dense(2)]).save_weights(folder / "m"), "no weights to save yet"),
    ],
)
def test_mistakes_get_an_answer(tmp_path, attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt(tmp_path)


def test_weights_that_do_not_fit_are_named(tmp_path):
    small().save_weights(tmp_path / "w")
    with pytest.raises(ValueError, match="do not fit"):
        Sequential([Input((4,)), layers.Dense(2)]).load_weights(tmp_path / "w")


def test_checkpoints_are_models(tmp_path):
    model = small()
    path = tmp_path / "{epoch}.kerasedu"
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[callbacks.ModelCheckpoint(path)])
    assert_same_weights(load_model(tmp_path / "2.kerasedu"), model)
