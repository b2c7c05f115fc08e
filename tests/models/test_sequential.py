"""Sequential: a stack of layers is one layer."""

import numpy as np
import pytest

import kerasedu
from kerasedu import layers
from kerasedu.models import Sequential

RNG = np.random.default_rng(0)


def random(*shape):
    return RNG.normal(size=shape).astype("float32")


def test_the_output_is_that_of_layer_after_layer():
    first, second = layers.Dense(3, activation="relu"), layers.Dense(2)
    model = Sequential([first, second])
    x = random(5, 4)
    np.testing.assert_array_equal(model(x), second(first(x)))


def test_the_gradient_goes_back_layer_by_layer():
    first, second = layers.Dense(3, activation="tanh"), layers.Dense(2)
    model = Sequential([first, second])
    x, dy = random(5, 4), random(5, 2)
    model.forward(x)
    dx = model.backward(dy)
    second.forward(first.forward(x))
    expected = first.backward(second.backward(dy))
    np.testing.assert_allclose(dx, expected, rtol=1e-6)
    for got, wanted in zip(model.grads, [*first.grads, *second.grads], strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-6)


def test_a_layer_that_stands_twice_has_one_gradient_the_sum_of_both():
    shared = layers.Dense(3, use_bias=False, dtype="float64")
    model = Sequential([shared, shared])
    x, dy = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))
    model.forward(x)
    dx = model.backward(dy)
    w = shared.kernel.value
    assert len(model.weights) == 1
    np.testing.assert_allclose(model.grads[0], (x @ w).T @ dy + x.T @ (dy @ w.T))
    np.testing.assert_allclose(dx, dy @ w.T @ w.T)


def test_weights_come_layer_by_layer():
    model = Sequential([kerasedu.Input((4,)), layers.Dense(3), layers.Dense(2, use_bias=False)])
    assert [w.shape for w in model.get_weights()] == [(4, 3), (3,), (3, 2)]
    assert model.count_params() == 12 + 3 + 6


@pytest.mark.parametrize(
    "first",
    [[kerasedu.Input((4,)), layers.Dense(3)], [layers.Dense(3, input_shape=(4,))], [layers.Dense(3, input_dim=4)]],
    ids=["Input", "input_shape", "input_dim"],
)
def test_a_model_that_knows_its_input_is_built_at_once(first):
    model = Sequential(first)
    assert model.built
    assert model.input.shape == (None, 4)
    assert model.output.shape == (None, 3)
    assert [layer.name for layer in model.layers] == [first[-1].name]


def test_a_model_without_input_is_built_by_its_shape_or_its_first_batch():
    by_shape, by_batch = Sequential([layers.Dense(3)]), Sequential([layers.Dense(3)])
    assert not by_shape.built
    assert by_shape.weights == []
    by_shape.build((None, 4))
    by_batch(random(2, 4))
    for model in (by_shape, by_batch):
        assert model.built
        assert model.weights[0].shape == (4, 3)


def test_layers_are_added_and_popped():
    model = Sequential()
    model.add(kerasedu.Input((4,)))
    model.add(layers.Dense(3))
    model.add(layers.Dense(2))
    assert model.output.shape == (None, 2)
    popped = model.pop()
    assert popped.units == 2
    assert model.output.shape == (None, 3)
    assert len(model.weights) == 2


def test_weights_survive_when_a_layer_is_added():
    model = Sequential([kerasedu.Input((4,)), layers.Dense(3)])
    before = model.get_weights()
    model.add(layers.Dense(2))
    for got, wanted in zip(model.get_weights(), before):
        np.testing.assert_array_equal(got, wanted)


def test_a_sequential_is_a_layer_of_another():
    inner = Sequential([layers.Dense(3, activation="relu"), layers.Dense(2)])
    outer = Sequential([kerasedu.Input((4,)), inner, layers.Dense(1)])
    x, dy = random(5, 4), random(5, 1)
    outer.forward(x)
    outer.backward(dy)
    assert [g.shape for g in outer.grads] == [(4, 3), (3,), (3, 2), (2,), (2, 1), (1,)]
    flat = Sequential([*inner.layers, *outer.layers[1:]])
    np.testing.assert_array_equal(outer(x), flat(x))


def test_frozen_layers_have_no_gradients():
    model = Sequential([kerasedu.Input((4,)), layers.Dense(3, name="frozen"), layers.Dense(2)])
    model.get_layer("frozen").trainable = False
    model.forward(random(5, 4))
    model.backward(random(5, 2))
    assert [g.shape for g in model.grads] == [(3, 2), (2,)]
    assert [w.shape for w in model.weights] == [(4, 3), (3,), (3, 2), (2,)]
    assert [w.shape for w in model.non_trainable_weights] == [(4, 3), (3,)]


def test_freezing_a_model_freezes_its_layers():
    model = Sequential([kerasedu.Input((4,)), layers.Dense(3)])
    model.trainable = False
    assert not model.layers[0].trainable
    assert model.trainable_weights == []


def test_layers_are_found_by_name_and_by_place():
    model = Sequential([layers.Dense(3, name="a"), layers.Dense(3, name="b")])
    assert model.get_layer("b") is model.get_layer(index=1) is model.layers[1]


def test_float64_stays_float64():
    model = Sequential([layers.Dense(3, dtype="float64"), layers.Dense(2, dtype="float64")])
    x = RNG.normal(size=(5, 4))
    assert model.forward(x).dtype == "float64"
    assert model.backward(np.ones((5, 2))).dtype == "float64"


def test_an_axis_of_length_one_is_added_or_dropped_where_only_it_is_wrong():
    model = Sequential([kerasedu.Input((1,)), layers.Dense(2)])
    x = random(5)
    np.testing.assert_array_equal(model(x), model(x[:, None]))
    flat = Sequential([kerasedu.Input((4,)), layers.Dense(2)])
    x = random(5, 4)
    np.testing.assert_array_equal(flat(x[..., None]), flat(x))


def test_a_part_of_a_model_is_a_model():
    model = Sequential([kerasedu.Input((4,)), layers.Dense(3, name="features"), layers.Dense(2)])
    features = kerasedu.Model(model.inputs, model.get_layer("features").output)
    x = random(5, 4)
    np.testing.assert_array_equal(features(x), model.layers[0](x))


def test_an_empty_batch_gives_an_empty_output():
    model = Sequential([kerasedu.Input((4,)), layers.Dense(3)])
    assert model(np.zeros((0, 4))).shape == (0, 3)


def built():
    return Sequential([kerasedu.Input((8,)), layers.Dense(1)], name="m")


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (
            lambda: Sequential().add(layers.Dense(8), activation="relu"),
            r"Options belong to the layer.*activation='relu'",
        ),
        (lambda: Sequential([layers.Dense]), "is a class"),
        (lambda: Sequential([layers.Dense(2)(kerasedu.Input((3,)))]), r"not what layer\(x\) returned"),
        (lambda: Sequential([3]), "Only instances of Layer.*got 3"),
        (lambda: Sequential([layers.Dense(2, name="a"), layers.Dense(2, name="a")]), "unique names.*'a'"),
        (lambda: Sequential([layers.Dense(2), kerasedu.Input((2,))]), "Input comes first"),
        (lambda: Sequential().build((None, 3)), "no layers"),
        (lambda: Sequential([layers.Dense(2)]).build(), "needs the shape"),
        (lambda: Sequential()(np.ones((2, 3))), "no layers"),
        (lambda: Sequential().pop(), "no layer to pop"),
        (lambda: Sequential([layers.Dense(2)]).input, "no input yet"),
        (lambda: Sequential([layers.Dense(2)]).outputs, "no output yet"),
        (lambda: Sequential([layers.Dense(2)]).set_weights([np.ones((3, 2))]), "no weights yet"),
        (lambda: built().build((None, 7)), r"configured for inputs of shape \(None, 8\)"),
        (lambda: built()(np.ones((8, 1))), r"m.*shape \(None, 8\), got shape \(8, 1\).*x.T"),
        (lambda: built()(np.ones(8)), r"x\[None"),
        (lambda: built()(np.ones((3, 2, 4))), r"x.reshape\(len\(x\), 8\)"),
        (lambda: built()(np.ones((3, 7))), "first axis counts the samples"),
        (lambda: built()([["a"] * 8]), "arrays of numbers"),
        (lambda: built().set_weights([np.ones((8, 2)), np.ones(2)]), r"kernel.*\(8, 1\), got \(8, 2\)"),
        (lambda: built().get_layer("x"), "has no layer 'x'"),
        (lambda: built().get_layer(index=1), "none at index 1"),
        (lambda: built().get_layer(), "a name or an index"),
        (lambda: built().get_layer("a", 0), "a name or an index"),
        (lambda: setattr(built(), "output", 1), "output cannot be set"),
        (lambda: built().backward(np.ones((2, 1))), "forward"),
    ],
)
def test_mistakes_get_an_answer(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt()


def test_what_a_model_does_not_have_yet_it_says_it_has_not():
    model = Sequential([layers.Dense(2)])
    assert not hasattr(model, "input_shape")
    assert not hasattr(model.layers[0], "output")
    model.build((None, 3))
    assert model.input_shape == (None, 3)
    assert model.output_shape == model.layers[0].output.shape == (None, 2)


def test_several_outputs_cannot_stand_in_a_row():
    with pytest.raises(ValueError, match="several outputs"):
        Sequential([kerasedu.Input((5, 2)), layers.LSTM(3, return_state=True)])
