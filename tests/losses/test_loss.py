"""What all losses share: reductions, weights, masks, shapes, types, and the way back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import config, losses
from kerasedu.losses.reduction import match_ranks, reduce_losses

L = np.array([1.0, 2.0, 6.0])
W = np.array([1.0, 0.0, 3.0])
TABLE = np.array([[1.0, 2.0, 6.0], [3.0, 4.0, 5.0]])
REDUCTIONS = ["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None]
CLASSES = [cls for cls in vars(losses).values() if isinstance(cls, type) and losses.Loss in cls.__mro__[1:]]


class Identity(losses.Loss):
    """The predictions themselves are the losses."""

    def call(self, y_true, y_pred):
        return y_pred

    def call_backward(self, dl, y_true, y_pred):
        return dl


def reduced(y_pred, reduction="sum_over_batch_size", sample_weight=None, mask=None):
    """L and dL/dy_pred of the loss ``Identity``."""
    loss = Identity(reduction=reduction)
    value, cache = loss.propagate(np.zeros_like(y_pred), y_pred, sample_weight, mask)
    return value, loss.backpropagate(cache)


# -- reductions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reduction", "value", "gradient"),
    [
        ("sum_over_batch_size", 3, [1 / 3] * 3),
        ("mean", 3, [1 / 3] * 3),
        ("mean_with_sample_weight", 3, [1 / 3] * 3),
        ("sum", 9, [1, 1, 1]),
        ("none", L, [1, 1, 1]),
        (None, L, [1, 1, 1]),
    ],
)
def test_reductions(reduction, value, gradient):
    got, slope = reduced(L, reduction)
    np.testing.assert_allclose(got, value)
    np.testing.assert_allclose(slope, gradient)


@pytest.mark.parametrize(
    ("reduction", "value", "gradient"),
    [
        ("sum_over_batch_size", 19 / 3, W / 3),
        ("mean", 19 / 3, W / 3),
        ("mean_with_sample_weight", 19 / 4, W / 4),
        ("sum", 19, W),
        ("none", [1, 0, 18], W),
        (None, [1, 0, 18], W),
    ],
)
def test_weights_multiply_but_only_one_mean_divides_by_them(reduction, value, gradient):
    got, slope = reduced(L, reduction, W)
    np.testing.assert_allclose(got, value)
    np.testing.assert_allclose(slope, gradient)


@pytest.mark.parametrize(
    ("reduction", "value", "gradient"),
    [
        ("sum_over_batch_size", 3.5, [0.5, 0, 0.5]),
        ("mean", 3.5, [0.5, 0, 0.5]),
        ("mean_with_sample_weight", 3.5, [0.5, 0, 0.5]),
        ("sum", 7, [1, 0, 1]),
        ("none", [1, 0, 6], [1, 0, 1]),
        (None, [1, 0, 6], [1, 0, 1]),
    ],
)
def test_what_is_masked_does_not_count(reduction, value, gradient):
    got, slope = reduced(L, reduction, mask=[True, False, True])
    np.testing.assert_allclose(got, value)
    np.testing.assert_allclose(slope, gradient)


def test_the_mean_over_what_counts_is_that_of_the_weighted_losses():
    value, _ = reduced(L, "mean", sample_weight=[2.0, 5.0, 3.0], mask=[True, False, True])
    np.testing.assert_allclose(value, (2 * 1 + 3 * 6) / 2)
    value, _ = reduced(L, "mean_with_sample_weight", sample_weight=[2.0, 5.0, 3.0], mask=[True, False, True])
    np.testing.assert_allclose(value, (2 * 1 + 3 * 6) / 5)
    value, _ = reduced(L, "sum", sample_weight=[2.0, 5.0, 3.0], mask=[True, False, True])
    np.testing.assert_allclose(value, 20)


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum"])
def test_if_nothing_counts_the_loss_is_0(reduction):
    for options in ({"mask": [False] * 3}, {"sample_weight": [0.0] * 3}):
        with np.errstate(all="raise"):
            value, slope = reduced(L, reduction, **options)
        assert value == 0
        np.testing.assert_array_equal(slope, 0)


def test_a_loss_alone_and_an_empty_batch_are_not_reduced():
    value, slope = reduced(np.float64(3.0))
    assert (value, slope) == (3, 1)
    for reduction in REDUCTIONS:
        value, slope = reduced(np.zeros(0), reduction)
        assert value.shape == slope.shape == (0,)
    value, slope = reduced(np.zeros((0, 2)))
    assert value == 0
    assert slope.shape == (0, 2)


def test_a_weight_for_each_of_many_samples_repeats_a_single_loss():
    value, slope = reduced(np.float64(3.0), sample_weight=[1.0, 2.0, 6.0])
    np.testing.assert_allclose([value, slope], [9, 3])
    value, slope = reduced(np.float64(3.0), "sum", sample_weight=[1.0, 2.0, 6.0])
    np.testing.assert_allclose([value, slope], [27, 9])
    value, slope = reduced(np.float64(3.0), sample_weight=2.0)
    np.testing.assert_allclose([value, slope], [6, 2])


@pytest.mark.parametrize(
    "weights",
    [
        2.0,
        [2.0],
        [[2.0]],
        [[1.0], [3.0]],
        [1.0, 2.0, 3.0],
        [[1.0, 2.0, 3.0]],
        [[1.0, 2.0, 3.0], [0, 1, 0]],
        [[[1.0], [2.0], [3.0]]],
    ],
)
@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum"])
def test_weights_of_time_steps_broadcast_from_the_right(weights, reduction):
    weights = np.array(weights)
    w = np.broadcast_to(weights[..., 0] if weights.ndim == 3 else weights, TABLE.shape)
    n = 6 if reduction != "sum" else 1
    value, slope = reduced(TABLE, reduction, weights)
    np.testing.assert_allclose(value, (w * TABLE).sum() / n)
    np.testing.assert_allclose(slope, w / n)


def test_the_weighted_mean_divides_by_the_weights_as_given_not_as_repeated():
    value, slope = reduced(TABLE, "mean_with_sample_weight", [[1.0], [3.0]])
    np.testing.assert_allclose(value, (9 + 3 * 12) / 4)
    np.testing.assert_allclose(slope, np.array([[1] * 3, [3] * 3]) / 4)


def test_a_column_of_weights_is_one_for_each_sample():
    np.testing.assert_allclose(reduced(L, sample_weight=W[:, None])[0], 19 / 3)
    np.testing.assert_allclose(reduced(L, sample_weight=W[:, None])[1], W / 3)


def test_a_column_of_losses_meets_a_row_of_weights():
    value, slope = reduced(L[:, None], "sum", W)
    assert value == 19
    np.testing.assert_array_equal(slope, W[:, None])


def test_masks_meet_weights_by_the_same_rules():
    mask = np.array([[True, True, False], [True, False, False]])
    value, slope = reduced(TABLE, sample_weight=[[1.0], [2.0]], mask=mask)
    np.testing.assert_allclose(value, (1 + 2 + 2 * 3) / 3)
    np.testing.assert_allclose(slope, np.array([[1, 1, 0], [2, 0, 0]]) / 3)


def test_weights_that_do_not_fit_are_refused():
    message = r"sample_weight of shape \(2,\) does not fit losses of shape \(2, 3\)\..*\(n, 1\) for losses \(n, t\)"
    with pytest.raises(ValueError, match=message):
        reduced(TABLE, sample_weight=[1.0, 2.0])
    with pytest.raises(ValueError, match="does not fit"):
        reduced(TABLE, sample_weight=[1.0, 2.0], mask=np.ones((2, 3)))


@given(st.sampled_from(REDUCTIONS), st.integers(1, 5), st.integers(0, 99))
def test_the_gradient_is_the_slope_and_reductions_are_linear(reduction, n, seed):
    rng = np.random.default_rng(seed)
    values, w, mask = rng.standard_normal(n), rng.random(n), rng.random(n) < 0.7
    value, slope = reduced(values, reduction, w, mask)
    np.testing.assert_allclose(np.sum(value), (slope * values).sum(), atol=1e-14)


def test_unknown_reductions_are_refused():
    with pytest.raises(ValueError, match=r"MeanSquaredError expected reduction to be one of .* got 'average'"):
        losses.MeanSquaredError(reduction="average")


def test_reduce_losses_has_no_weights_unless_given():
    value, dl = reduce_losses(np.float32([1, 3]), "mean")
    assert value == 2
    assert value.dtype == dl.dtype == "float32"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((3,), (3, 1), ((3, 1), (3, 1))),
        ((3, 1), (3,), ((3, 1), (3, 1))),
        ((2, 3), (2, 3, 1), ((2, 3), (2, 3))),
        ((2, 3, 1), (2, 3), ((2, 3), (2, 3))),
        ((3,), (3, 2), ((3,), (3, 2))),
        ((3, 2), (3,), ((3, 2), (3,))),
        ((), (1,), ((), ())),
        ((3,), (3,), ((3,), (3,))),
        ((3,), (3, 1, 1), ((3,), (3, 1, 1))),
    ],
)
def test_an_axis_of_length_1_is_added_or_dropped(a, b, expected):
    a, b = match_ranks(np.zeros(a), np.zeros(b))
    assert (a.shape, b.shape) == expected


# -- the object -------------------------------------------------------------------------------------------------------


def test_forward_keeps_what_backward_needs_and_calling_does_not():
    loss = losses.MeanSquaredError()
    with pytest.raises(ValueError, match=r"mean_squared_error: backward\(\) needs the values of a forward pass"):
        loss.backward()
    loss([[0.0]], [[1.0]])
    with pytest.raises(ValueError, match="keeps nothing"):
        loss.backward()
    assert loss.forward([[0.0]], [[3.0]], sample_weight=[2.0]) == 18
    assert loss([[0.0]], [[3.0]], sample_weight=[2.0]) == 18
    np.testing.assert_array_equal(loss.backward(), [[12]])
    np.testing.assert_array_equal(loss.backward(), [[12]])


def test_propagate_keeps_nothing_in_the_loss():
    loss = losses.MeanSquaredError()
    _, first = loss.propagate([[0.0]], [[1.0]])
    _, second = loss.propagate([[0.0]], [[2.0]])
    assert loss.backpropagate(first) == 2
    assert loss.backpropagate(second) == 4
    with pytest.raises(ValueError):
        loss.backward()


@pytest.mark.parametrize(
    ("y_true", "y_pred"), [((3,), (3, 1)), ((3, 1), (3,)), ((2, 3, 1), (2, 3)), ((2, 3), (2, 3, 1)), ((3,), (3,))]
)
def test_gradients_have_the_shape_of_the_predictions(y_true, y_pred):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.random(y_true), rng.random(y_pred)
    loss = losses.MeanSquaredError(reduction="sum")
    value = loss.forward(y_true, y_pred)
    d = y_pred.ravel() - y_true.ravel()
    size = 3 if (y_true.ndim, y_pred.ndim) in ((1, 1), (3, 2), (2, 3)) and y_pred.shape != (3, 1) else 1
    np.testing.assert_allclose(value, (d**2).sum() / size)
    np.testing.assert_allclose(loss.backward().ravel(), 2 * d / size)
    assert loss.backward().shape == y_pred.shape


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_type_is_that_of_the_predictions(cls, dtype):
    y_true = [0, 1] if "Sparse" in cls.__name__ else [[0, 1], [1, 0]]
    y_pred = np.array([[0.4, 0.6], [0.8, 0.2]], dtype)
    for reduction in ("sum", "none"):
        loss = cls(reduction=reduction)
        assert loss.forward(y_true, y_pred, sample_weight=[1.0, 2.0]).dtype == dtype
        assert loss.backward().dtype == dtype
    assert cls().forward(y_true, (y_pred > 0.5).astype(int)).dtype == "float32"


@pytest.mark.parametrize("cls", CLASSES)
def test_a_type_that_is_asked_for_is_that_of_the_value(cls):
    y_true = [0, 1] if "Sparse" in cls.__name__ else [[0, 1], [1, 0]]
    y_pred = np.array([[0.4, 0.6], [0.8, 0.2]])
    loss = cls(dtype="float32")
    assert loss.forward(y_true, y_pred).dtype == "float32"
    assert loss.backward().dtype == "float64"
    assert loss.get_config()["dtype"] == loss.dtype == "float32"
    assert cls(dtype=np.float64).forward(y_true, y_pred.astype("float32")).dtype == "float64"


@pytest.mark.parametrize("cls", CLASSES)
def test_nothing_is_changed_and_any_layout_will_do(cls):
    rng = np.random.default_rng(0)
    y_pred = rng.random((6, 8))[::2, ::-2]
    y_true = np.arange(3) if "Sparse" in cls.__name__ else np.eye(4)[:3]
    for array in (y_pred, y_true):
        array.flags.writeable = False
    before = y_pred.copy(), y_true.copy()
    loss = cls()
    value = loss.forward(y_true, y_pred)
    gradient = loss.backward()
    assert value == cls()(y_true.copy(), y_pred.copy())
    np.testing.assert_array_equal(y_pred, before[0])
    np.testing.assert_array_equal(y_true, before[1])
    assert gradient.shape == y_pred.shape


@pytest.mark.parametrize("cls", CLASSES)
def test_an_empty_batch_has_an_empty_gradient(cls):
    loss = cls()
    y_true = np.zeros(0, int) if "Sparse" in cls.__name__ else np.zeros((0, 3))
    loss.forward(y_true, np.zeros((0, 3)))
    assert loss.backward().shape == (0, 3)


@pytest.mark.parametrize("cls", CLASSES)
def test_duplicating_the_batch_leaves_the_mean_and_doubles_the_sum(cls):
    rng = np.random.default_rng(0)
    y_true = np.arange(3) if "Sparse" in cls.__name__ else np.eye(3)
    y_pred = rng.uniform(0.1, 0.9, (3, 3))
    twice = np.concatenate([y_true, y_true]), np.concatenate([y_pred, y_pred])
    np.testing.assert_allclose(cls()(*twice), cls()(y_true, y_pred))
    np.testing.assert_allclose(cls(reduction="sum")(*twice), 2 * cls(reduction="sum")(y_true, y_pred))


@pytest.mark.parametrize("cls", CLASSES)
def test_the_order_of_samples_does_not_matter(cls):
    rng = np.random.default_rng(0)
    y_true = np.arange(3) if "Sparse" in cls.__name__ else np.eye(3)
    y_pred, order = rng.uniform(0.1, 0.9, (3, 3)), [2, 0, 1]
    loss = cls()
    value = loss.forward(y_true, y_pred)
    gradient = loss.backward()
    np.testing.assert_allclose(loss.forward(y_true[order], y_pred[order]), value)
    np.testing.assert_allclose(loss.backward(), gradient[order])


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if "Crossentropy" not in cls.__name__])
@pytest.mark.parametrize(("y_true", "y_pred"), [((2, 3), (2, 1)), ((3,), (3, 2)), ((2, 3), (3,)), ((2,), (3,))])
def test_shapes_that_would_broadcast_are_refused(cls, y_true, y_pred):
    name = "huber" if cls is losses.Huber else cls().name
    with pytest.raises(ValueError, match=rf"^{name} expected labels in the shape of the predictions.*Broadcasting"):
        cls()(np.ones(y_true), np.ones(y_pred))


def test_two_numbers_are_refused():
    with pytest.raises(ValueError, match="mean_squared_error expected arrays with at least one axis"):
        losses.mean_squared_error(1.0, 2.0)


def test_an_own_loss_says_what_it_lacks():
    own = type("OwnLoss", (losses.Loss,), {})()
    assert own.name == "own_loss"
    assert own.reduction == "sum_over_batch_size"
    assert own.on_logits(None) is None
    with pytest.raises(NotImplementedError, match="OwnLoss does not define call"):
        own([1.0], [1.0])
    with pytest.raises(NotImplementedError, match="OwnLoss does not define call_backward"):
        own.call_backward(None, None, None)


# -- found by name ----------------------------------------------------------------------------------------------------

NAMES = {
    "MeanSquaredError": "mean_squared_error",
    "MeanAbsoluteError": "mean_absolute_error",
    "MeanAbsolutePercentageError": "mean_absolute_percentage_error",
    "Huber": "huber",
    "LogCosh": "log_cosh",
    "CosineSimilarity": "cosine_similarity",
    "Hinge": "hinge",
    "SquaredHinge": "squared_hinge",
    "KLDivergence": "kl_divergence",
    "BinaryCrossentropy": "binary_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
}


def test_every_loss_has_a_function():
    assert {cls.__name__ for cls in CLASSES} == set(NAMES)


@pytest.mark.parametrize(("name", "function"), NAMES.items())
def test_each_is_found_as_class_and_as_function(name, function):
    cls = getattr(losses, name)
    for identifier in (name, function, cls, cls(), getattr(losses, function)):
        found = losses.get(identifier)
        assert type(found) is cls
        assert found.get_config() == cls().get_config()
    assert cls().name == ("huber_loss" if name == "Huber" else function)
    loss = cls(name="mine", reduction="sum", dtype="float64")
    again = losses.get({"class_name": name, "config": loss.get_config()})
    assert again.get_config() == loss.get_config()
    assert again.name == "mine"
    assert again.reduction == "sum"


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("mse", "MeanSquaredError"),
        ("MSE", "MeanSquaredError"),
        ("mae", "MeanAbsoluteError"),
        ("MAE", "MeanAbsoluteError"),
        ("mape", "MeanAbsolutePercentageError"),
        ("bce", "BinaryCrossentropy"),
        ("kld", "KLDivergence"),
        ("KLD", "KLDivergence"),
    ],
)
def test_keras_s_short_names(short, name):
    assert type(losses.get(short)) is getattr(losses, name)


def test_objects_other_functions_and_none_are_returned_as_they_are():
    loss = losses.Huber(delta=3.0)
    assert losses.get(loss) is loss
    assert losses.get(np.subtract) is np.subtract
    assert losses.get(None) is None
    with pytest.raises(ValueError, match=r"unknown loss 'mean_square_error'\. Did you mean 'mean_squared_error'"):
        losses.get("mean_square_error")


def test_integers_are_computed_in_the_default_type(monkeypatch):
    assert losses.mean_squared_error([1], [2]).dtype == "float32"
    monkeypatch.setattr(config, "_floatx", "float64")
    assert losses.mean_squared_error([1], [2]).dtype == "float64"
