"""Functional models: a graph of layers is one layer."""

import numpy as np
import pytest

import kerasedu
from kerasedu import Input, Model, Sequential, layers
from kerasedu.gradcheck import check_gradients

RNG = np.random.default_rng(1)


def random(*shape):
    return RNG.normal(size=shape)


def dense(units, **options):
    return layers.Dense(units, dtype="float64", **options)


def two_in_two_out():
    a, b = Input((4,), name="a", dtype="float64"), Input((3,), name="b", dtype="float64")
    joined = layers.Concatenate(dtype="float64")([dense(2, activation="tanh")(a), b])
    return Model([a, b], [dense(2, name="p")(joined), dense(1, activation="sigmoid", name="q")(joined)])


# -- values and gradients ------------------------------------------------------------------------------------------


def test_several_inputs_and_outputs():
    model = two_in_two_out()
    a, b = random(5, 4), random(5, 3)
    p, q = model([a, b])
    h = np.concatenate([np.tanh(a @ model.weights[0].value), b], axis=1)
    np.testing.assert_allclose(p, h @ model.get_layer("p").kernel.value)
    np.testing.assert_allclose(q, 1 / (1 + np.exp(-h @ model.get_layer("q").kernel.value)))


def test_the_gradients_of_a_graph_are_right():
    model = two_in_two_out()
    assert check_gradients(model, [random(3, 4), random(3, 3)]).passed


def test_a_tensor_used_twice_adds_up_its_gradients():
    x = Input((3,), dtype="float64")
    h = dense(3, use_bias=False)(x)
    model = Model(x, layers.Multiply(dtype="float64")([h, h]))
    value, dy = random(4, 3), random(4, 3)
    model.forward(value)
    dx = model.backward(dy)
    w = model.weights[0].value
    np.testing.assert_allclose(dx, (2 * (value @ w) * dy) @ w.T)


def test_a_shared_layer_has_one_gradient_the_sum_over_its_calls():
    a, b = Input((3,), dtype="float64"), Input((3,), dtype="float64")
    shared = dense(2)
    model = Model([a, b], layers.Add(dtype="float64")([shared(a), shared(b)]))
    x, z, dy = random(4, 3), random(4, 3), random(4, 2)
    model.forward([x, z])
    model.backward(dy)
    assert len(model.weights) == 2
    np.testing.assert_allclose(model.grads[0], x.T @ dy + z.T @ dy)
    np.testing.assert_allclose(model.grads[1], 2 * dy.sum(0))


def test_an_output_without_gradient_counts_as_zero():
    model = two_in_two_out()
    x, dp = [random(5, 4), random(5, 3)], random(5, 2)
    model.forward(x)
    with_none = model.backward([dp, None]), model.grads
    model.forward(x)
    with_zeros = model.backward([dp, np.zeros((5, 1))]), model.grads
    for got, wanted in zip(with_none, with_zeros):
        for g, w in zip(got, wanted, strict=True):
            np.testing.assert_allclose(g, w)


def test_an_input_that_is_not_used_has_gradient_zero():
    a, b = Input((2,), name="a"), Input((3,), name="b")
    model = Model([a, b], layers.Dense(1)(a))
    model.forward([np.ones((4, 2)), np.ones((4, 3))])
    da, db = model.backward(np.ones((4, 1)))
    assert da.shape == (4, 2)
    np.testing.assert_array_equal(db, np.zeros((4, 3)))


def test_an_input_may_be_an_output():
    x = Input((2,))
    model = Model(x, [x, layers.Dense(3)(x)])
    value = random(4, 2).astype("float32")
    np.testing.assert_array_equal(model(value)[0], value)
    model.forward(value)
    np.testing.assert_allclose(model.backward([np.ones((4, 2)), np.zeros((4, 3))]), np.ones((4, 2)))


def test_a_middle_tensor_may_be_an_output_too():
    x = Input((3,), dtype="float64")
    h = dense(3, activation="tanh")(x)
    model = Model(x, [h, dense(2)(h)])
    assert check_gradients(model, random(4, 3)).passed


def test_arithmetic_on_tensors_makes_layers():
    a, b = Input((3,)), Input((3,))
    x, z = random(2, 3).astype("float32"), random(2, 3).astype("float32")
    for tensor, expected in ((a + b, x + z), (a - b, x - z), (a * b, x * z)):
        np.testing.assert_array_equal(Model([a, b], tensor)([x, z]), expected)


def test_a_model_in_a_model():
    inner = two_in_two_out()
    a, b = Input((4,), dtype="float64"), Input((3,), dtype="float64")
    p, q = inner([a, b])
    outer = Model([a, b], layers.Concatenate(dtype="float64")([q, p]))
    x = [random(5, 4), random(5, 3)]
    np.testing.assert_array_equal(outer(x), np.concatenate(inner(x)[::-1], axis=1))
    assert check_gradients(outer, x).passed
    assert outer.weights == inner.weights


def test_states_flow_through_the_graph():
    x, h0, c0 = Input((5, 2), dtype="float64"), Input((3,), dtype="float64"), Input((3,), dtype="float64")
    y, _, c = layers.LSTM(3, return_state=True, dtype="float64")(x, initial_state=[h0, c0])
    model = Model([x, h0, c0], [y, c])
    value = [random(4, 5, 2), random(4, 3), random(4, 3)]
    lstm = model.layers[-1]
    expected = lstm(value[0], initial_state=value[1:])
    np.testing.assert_array_equal(model(value)[1], expected[2])
    assert check_gradients(model, value).passed


def test_masks_flow_through_the_graph():
    x = Input((4, 2))
    masked = layers.Masking()(x)
    model = Model(x, layers.LSTM(3)(masked))
    value = random(2, 4, 2).astype("float32")
    value[:, 2:] = 0
    np.testing.assert_allclose(model(value), model.layers[-1](value[:, :2]), rtol=1e-6)


def test_training_reaches_every_layer():
    x = Input((1000,))
    model = Model(x, Sequential([layers.Dropout(0.5)])(x))
    ones = np.ones((1, 1000))
    assert (model(ones) == 1).all()
    assert 300 < (model(ones, training=True) == 0).sum() < 700


# -- structure -----------------------------------------------------------------------------------------------------


def test_inputs_and_outputs_by_name():
    a, b = Input((2,), name="a"), Input((2,), name="b")
    model = Model({"b": b, "a": a}, {"sum": a + b, "difference": a - b})
    x, z = random(3, 2).astype("float32"), random(3, 2).astype("float32")
    result = model({"a": x, "b": z})
    assert set(result) == {"sum", "difference"}
    np.testing.assert_array_equal(result["sum"], x + z)
    np.testing.assert_array_equal(result["difference"], x - z)
    np.testing.assert_array_equal(model.predict({"a": x, "b": z}, verbose=0)["difference"], x - z)
    model.forward({"a": x, "b": z})
    da, db = model.backward({"sum": np.ones((3, 2)), "difference": np.full((3, 2), 10)})
    assert (da == 11).all()
    assert (db == -9).all()


def test_the_keys_of_a_dictionary_of_inputs_count_and_not_the_names_of_the_tensors():
    a, b = Input((2,), name="a"), Input((3,), name="b")
    model = Model({"first": a, "second": b}, layers.Concatenate()([a, b]))
    model.compile("sgd", "mse")
    x = {"second": np.ones((4, 3)), "first": np.zeros((4, 2))}
    np.testing.assert_array_equal(model.predict(x, verbose=0), model(x))


def test_a_tuple_of_outputs_stays_a_tuple():
    x = Input((2,))
    model = Model(x, (layers.Dense(1)(x), layers.Dense(2)(x)))
    assert [y.shape for y in model(np.ones((3, 2)))] == [(3, 1), (3, 2)]
    assert isinstance(model(np.ones((3, 2))), tuple)
    assert isinstance(model.predict(np.ones((3, 2)), verbose=0), tuple)


def test_a_list_of_one_is_one():
    x = Input((3,))
    model = Model([x], [layers.Dense(2)(x)])
    value = random(4, 3)
    np.testing.assert_array_equal(model([value]), model(value))


def test_weights_have_keras_order_deepest_layer_first():
    x = Input((2,))
    long = layers.Dense(3, name="deep_2")(layers.Dense(3, name="deep_1")(x))
    short = layers.Dense(3, name="shallow")(x)
    model = Model(x, [short, long])
    assert [layer.name for layer in model.layers[1:]] == ["deep_1", "shallow", "deep_2"]


def test_a_model_may_begin_in_the_middle_of_another():
    x = Input((4,))
    h = layers.Dense(3)(x)
    whole = Model(x, layers.Dense(2)(h))
    second = Model(h, whole.output)
    value = random(5, 3).astype("float32")
    np.testing.assert_array_equal(second(value), whole.layers[-1](value))
    assert len(second.weights) == 2


def test_the_shape_of_the_output_follows_from_that_of_the_input():
    model = two_in_two_out()
    assert model.compute_output_shape([(7, 4), (7, 3)]) == [(7, 2), (7, 1)]
    assert [t.shape for t in model.outputs] == [(None, 2), (None, 1)]


def test_model_makes_functional_models():
    x = Input((2,))
    model = Model(inputs=x, outputs=layers.Dense(1)(x), name="net")
    assert isinstance(model, kerasedu.models.Functional)
    assert isinstance(model, Model)
    assert model.name == "net"


def test_a_subclass_computes_in_its_own_way():
    class Residual(Model):
        """y = x + f(x)."""

        def __init__(self, units):
            super().__init__()
            self.inner = layers.Dense(units)
            self._layers = [self.inner]

        def call(self, x, training=False, mask=None):
            y, cache = self.inner.propagate(x, training)
            return x + y, cache

        def call_backward(self, dy, cache):
            dx, gradients = self.inner.backpropagate(dy, cache)
            return dx + dy, gradients

    model = Residual(3)
    model.compile("sgd", "mse")
    x, y = random(64, 3), random(64, 3)
    history = model.fit(x, y, epochs=20, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert model.predict(x, verbose=0).shape == (64, 3)


def chain():
    x = Input((3,), name="x")
    return x, layers.Dense(2, name="d")(x)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: Model(layers.Dense(3), layers.Dense(3)), r"symbolic tensors, got Dense layer.*y = layer\(x\)"),
        (lambda: Model(chain()[0], layers.Dense(3)), "outputs are symbolic tensors, got Dense layer"),
        (lambda: Model(np.ones(3), chain()[1]), "inputs are symbolic tensors"),
        (lambda: Model(chain()[0], chain()[1]), r"graph disconnected.*'x'"),
        (lambda: Model(inputs=chain()[0]), r"needs outputs"),
        (lambda: Model(*chain()).add(layers.Dense(2)), "only a Sequential model grows"),
        (lambda: setattr(Model(*chain()), "output", 3), "output cannot be set"),
        (lambda: setattr(Model(*chain()), "layers", []), "layers cannot be set"),
        (lambda: two_in_two_out()(np.ones((2, 4))), "expected 2 inputs"),
        (lambda: two_in_two_out()([np.ones((2, 4)), np.ones((2, 4))]), r"'b' of shape \(None, 3\), got shape \(2, 4\)"),
        (lambda: Model({"x": chain()[0]}, chain()[0]), "graph disconnected"),
        (lambda: np.asarray(chain()[1]), "has a shape but no values yet"),
        (lambda: Input(8), r"such as \(8,\)"),
        (lambda: Input(), "one of shape and batch_shape"),
        (lambda: Input((3,), batch_shape=(None, 3)), "one of shape and batch_shape"),
        (lambda: Input(batch_size=2, batch_shape=(None, 3)), "stands in batch_shape already"),
        (lambda: Input((2.5,)), "whole numbers"),
        (lambda: layers.Dense(3).output, "no output yet"),
        (lambda: layers.Dense(3, unit=4), "no argument 'unit'.*units"),
    ],
)
def test_mistakes_get_an_answer(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt()


def test_names_in_a_model_are_unique():
    x = Input((2,))
    with pytest.raises(ValueError, match="the name 'same'"):
        Model(x, layers.Dense(2, name="same")(layers.Dense(2, name="same")(x)))


def test_a_missing_input_is_named():
    a, b = Input((2,), name="a"), Input((2,), name="b")
    model = Model([a, b], a + b)
    with pytest.raises(ValueError, match="inputs named a, b, got the names a"):
        model({"a": np.ones((2, 2))})
