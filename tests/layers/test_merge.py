"""Layers with several inputs: values, broadcasting, ties, masks."""

import numpy as np
import pytest

from kerasedu import layers
from kerasedu.gradcheck import check_gradients
from kerasedu.layers import Add, Average, Concatenate, Dense, Input, Masking, Maximum, Minimum, Multiply, Subtract
from kerasedu.models import Model

ELEMENTWISE = [Add, Average, Maximum, Minimum, Multiply]
A, B, C = np.array([[1.0, 5.0]]), np.array([[2.0, 4.0]]), np.array([[3.0, 0.0]])


def draw(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def named(layer):
    return getattr(layers, type(layer).__name__.lower())


@pytest.mark.parametrize(
    ("layer", "inputs", "expected"),
    [
        (Add(), [A, B, C], [[6, 9]]),
        (Average(), [A, B, C], [[2, 3]]),
        (Maximum(), [A, B, C], [[3, 5]]),
        (Minimum(), [A, B, C], [[1, 0]]),
        (Multiply(), [A, B, C], [[6, 0]]),
        (Subtract(), [A, B], [[-1, 1]]),
        (Concatenate(), [A, B, C], [[1, 5, 2, 4, 3, 0]]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_by_example_as_layer_and_as_function(layer, inputs, expected):
    assert layer(inputs).tolist() == expected
    assert named(layer)(inputs).tolist() == expected
    assert named(layer)(inputs, dtype="float64").dtype == np.float64


@pytest.mark.parametrize("layer_class", ELEMENTWISE)
def test_one_input_is_enough(layer_class):
    layer = layer_class()
    assert layer.forward([A]).tolist() == A.tolist()
    (dx,) = layer.backward(B)
    assert dx.tolist() == B.tolist()


@pytest.mark.parametrize("layer_class", [*ELEMENTWISE, Subtract])
@pytest.mark.parametrize(
    "shapes",
    [
        [(2, 3, 4), (2, 3, 4)],
        [(2, 3, 4), (2, 1, 4)],
        [(2, 1, 4), (2, 3, 1)],
        [(2, 3, 4), (2, 4)],  # an axis of length 1 is put behind the batch axis: (2, 1, 4)
        [(2,), (2, 3)],
    ],
    ids=str,
)
def test_shapes_broadcast_and_gradients_agree_with_differences(layer_class, shapes):
    if layer_class is not Subtract:
        shapes = [*shapes, shapes[-1]]
    xs = [draw(i, *shape) for i, shape in enumerate(shapes)]
    report = check_gradients(layer_class(), xs)
    assert report.passed, report
    layer = layer_class()
    y = layer.forward(xs)
    assert y.shape == layer.compute_output_shape(shapes)
    assert [dx.shape for dx in layer.backward(y)] == shapes
    assert layer.compute_output_shape([(None, *s[1:]) for s in shapes]) == (None, *y.shape[1:])


def test_missing_axes_go_behind_the_batch_axis():
    x, v = draw(0, 2, 3, 2), draw(1, 2, 2)
    np.testing.assert_allclose(Add(dtype="float64")([x, v]), x + v[:, None])


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ([(None, 3), (5, 3)], (5, 3)),
        ([(None, None, 3), (None, 4, 3)], (None, None, 3)),
        ([(None, None), (None, 1)], (None, None)),
        ([(None, 1), (None, 4), (None, 1)], (None, 4)),
        ([(2, 0), (2, 1)], (2, 0)),
        (((None, 3), [5, 3]), (5, 3)),
    ],
)
def test_output_shapes_with_unknown_lengths(shapes, expected):
    assert Add().compute_output_shape(shapes) == expected


@pytest.mark.parametrize("axis", [1, 2, -1, -2, 0])
def test_concatenate_along_any_axis(axis):
    shapes = [[2, 3, 4], [2, 3, 4]]
    shapes[1][axis] += 2
    xs = [draw(i, *shape) for i, shape in enumerate(shapes)]
    layer = Concatenate(axis, dtype="float64")
    y = layer.forward(xs)
    np.testing.assert_array_equal(y, np.concatenate(xs, axis))
    for dx, x in zip(layer.backward(y), xs):
        np.testing.assert_array_equal(dx, x)
    assert layer.compute_output_shape([tuple(shape) for shape in shapes]) == y.shape


def test_concatenate_knows_no_length_where_one_is_unknown():
    assert Concatenate().compute_output_shape([(None, 4, 2), (None, None, 3)]) == (None, 4, 5)
    assert Concatenate(1).compute_output_shape([(None, 4, 2), (None, None, 2)]) == (None, None, 2)


@pytest.mark.parametrize(("layer_class", "expected"), [(Maximum, [1, 0, 1]), (Minimum, [1, 1, 0])])
def test_of_equal_numbers_the_first_gets_the_gradient(layer_class, expected):
    layer = layer_class()
    layer.forward([np.array([[7.0, 1.0, 3.0]]), np.array([[7.0, 2.0, 2.0]]), np.array([[7.0, 2.0, 3.0]])])
    first, *others = layer.backward(np.ones((1, 3)))
    assert first.tolist() == [expected]
    assert (first + sum(others)).tolist() == [[1, 1, 1]]
    assert others[0].tolist() == ([[0, 1, 0]] if layer_class is Maximum else [[0, 0, 1]])


def test_an_input_used_twice_gets_both_gradients():
    x = Input((2,))
    model = Model(x, Multiply()([x, x]))
    model.forward(np.array([[3.0, 4.0]]))
    assert model.backward(np.ones((1, 2))).tolist() == [[6, 8]]


def test_arithmetic_on_symbolic_tensors_makes_these_layers():
    x, y = Input((2,)), Input((2,))
    model = Model([x, y], (x + y) * (x - y))
    assert [type(layer) for layer in model.layers[2:]] == [Add, Subtract, Multiply]
    assert model([np.array([[3.0, 5]]), np.array([[1.0, 2]])]).tolist() == [[8, 21]]


# -- masks ------------------------------------------------------------------------------------------------------------

X1, X2 = np.array([[[1.0], [2], [3], [4]]]), np.array([[[10.0], [20], [30], [0]]])
M1, M2 = np.array([[True, True, False, False]]), np.array([[True, False, True, False]])


@pytest.mark.parametrize(
    ("layer_class", "expected"),
    [
        (Add, [11, 22, 33, 4]),  # masked steps take part
        (Subtract, [-9, -18, -27, 4]),
        (Average, [5.5, 11, 16.5, 2]),
        (Multiply, [10, 2, 30, 0]),  # a masked factor counts as 1
        (Maximum, [10, 2, 30, 4]),  # a masked number does not take part
        (Minimum, [1, 2, 30, 4]),
    ],
)
def test_values_with_masks(layer_class, expected):
    y = layer_class()([X1, X2], mask=[M1, M2])
    assert y.ravel().tolist() == expected


@pytest.mark.parametrize("layer_class", [Multiply, Maximum, Minimum])
@pytest.mark.parametrize("masks", [[M1, M2], [None, M2], [M1, None]], ids=["both", "second", "first"])
def test_gradients_with_masks_agree_with_differences(layer_class, masks):
    report = check_gradients(layer_class(), [X1, X2], mask=masks)
    assert report.passed, report


def test_with_one_mask_missing_nothing_is_masked_away():
    assert Multiply()([X1, X2], mask=[M1, None]).ravel().tolist() == [10, 40, 30, 0]
    assert Maximum()([X1, X2, X1], mask=[M1, None, M2]).ravel().tolist() == [10, 20, 30, 0]


def test_a_third_mask_goes_on_from_the_first_two():
    x3, m3 = 100 * np.ones((1, 4, 1)), np.array([[False, False, False, True]])
    assert Minimum()([X1, X2, x3], mask=[M1, M2, m3]).ravel().tolist() == [1, 2, 30, 100]
    assert Multiply()([X1, X2, x3], mask=[M1, M2, m3]).ravel().tolist() == [10, 2, 30, 100]


@pytest.mark.parametrize("layer_class", [*ELEMENTWISE, Subtract])
def test_the_output_counts_where_one_input_does(layer_class):
    layer = layer_class()
    assert layer.compute_mask([X1, X2], [M1, M2]).tolist() == [[True, True, True, False]]
    assert layer.compute_mask([X1, X2], [M1, None]) is None
    assert layer.compute_mask([X1, X2], None) is None


def test_the_mask_of_an_input_that_gets_axes_changes_nothing():
    v = np.array([[2.0]])
    assert Multiply()([X1, v], mask=[M1, np.array([False])]).ravel().tolist() == [2, 4, 2, 2]


def test_concatenated_masks():
    pair = np.concatenate([X1, X1], axis=-1)
    assert Concatenate().compute_mask([X1, X2], [M1, M2]).tolist() == [[True, True, True, False]]
    assert Concatenate(1).compute_mask([X1, X2], [M1, M2]).tolist() == [[*M1[0], *M2[0]]]
    assert Concatenate(1).compute_mask([X1, X2], [M1, None]).tolist() == [[*M1[0], True, True, True, True]]
    assert Concatenate().compute_mask([X1, X2], [None, None]) is None
    assert Concatenate().compute_mask([X1, X2], None) is None
    full = np.array([[[True, False], [False, False], [True, True], [False, False]]])
    assert Concatenate(1).compute_mask([pair, pair], [full, None]).tolist() == [[True, False, True, False] + 4 * [True]]


def test_masks_reach_the_layer_in_a_model():
    a, b = Input((4, 1)), Input((4, 1))
    model = Model([a, b], Multiply()([Masking()(a), Masking(30)(b)]))
    assert model([X1, X2]).ravel().tolist() == [10, 40, 3, 0]


# -- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Add()([]), r"a list of inputs"),
        (lambda: Add()(A), r"Add layer .* a list of inputs, got one of shape \(1, 2\). Call it on \[a, b\]"),
        (lambda: Add()(Input((2,))), "a list of inputs"),
        (lambda: Concatenate()(A), "a list of inputs"),
        (lambda: Add()([A, np.zeros((1, 3))]), "inputs whose shapes broadcast"),
        (lambda: Add()([A, np.zeros((3, 2))]), "inputs with one batch size"),
        (lambda: Add()([Input((2,)), Input((3,))]), "inputs whose shapes broadcast"),
        (lambda: Subtract()([A, B, C]), "two inputs, got 3"),
        (lambda: Subtract()([A]), "two inputs, got 1"),
        (lambda: Concatenate()([A, np.zeros((2, 2))]), "equal shapes, except along axis 1"),
        (lambda: Concatenate(1)([X1, np.zeros((1, 4, 2))]), "equal shapes, except along axis 1"),
        (lambda: Concatenate()([A, X1]), "equal shapes"),
        (lambda: Concatenate(2)([A, B]), "inputs that have an axis 2"),
        (lambda: Concatenate(-3)([A, B]), "inputs that have an axis -3"),
        (lambda: Multiply()([X1, X2], mask=M1), "a list of 2 masks, one for each input"),
        (lambda: Multiply()([X1, X2], mask=[M1]), "a list of 2 masks"),
        (lambda: Concatenate().compute_mask([X1, X2], M1), "a list of 2 masks"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_shapes_are_checked_at_every_call():
    layer = Add()
    layer([A, B])
    with pytest.raises(ValueError, match="inputs whose shapes broadcast"):
        layer([A, np.zeros((1, 3))])


def test_configurations_repeat_the_layer():
    for layer in (Add(name="sum"), Concatenate(1), Maximum(dtype="float64")):
        assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()
    assert Concatenate(1).get_config()["axis"] == 1


@pytest.mark.parametrize("layer_class", [*ELEMENTWISE, Subtract, Concatenate])
def test_empty_batches_mixed_types_and_untouched_inputs(layer_class):
    layer = layer_class(dtype="float64")
    assert layer.forward([np.zeros((0, 2)), np.zeros((0, 2))]).shape[0] == 0
    inputs = [np.array([[1, 2]]), np.array([[3, 4]], "float32")]
    inputs[0].flags.writeable = inputs[1].flags.writeable = False
    y = layer.forward(inputs)
    assert [y.dtype, *(dx.dtype for dx in layer.backward(y))] == ["float64"] * 3


def test_a_residual_connection_learns_like_its_formula():
    x = Input((3,))
    dense = Dense(3)
    model = Model(x, Add()([x, dense(x)]))
    data, dy = draw(0, 4, 3).astype("float32"), draw(1, 4, 3).astype("float32")
    model.forward(data)
    np.testing.assert_allclose(model.backward(dy), dy + dy @ dense.kernel.value.T, rtol=1e-5)
