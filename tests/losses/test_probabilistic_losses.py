"""Cross-entropies and KL divergence: smoothing, logits, ignored classes, and what Keras looks through."""

import math
import warnings

import numpy as np
import pytest

from kerasedu import activations, losses, ops

P = np.array([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]])
Z = np.array([[2.0, -1.0, 0.5], [0.0, 3.0, -2.0]])
ONE_HOT = np.array([[1.0, 0, 0], [0, 0, 1]])
SOFT = np.array([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
K = np.array([0, 2])
log = math.log

BINARY, CATEGORICAL, SPARSE = (
    losses.BinaryCrossentropy,
    losses.CategoricalCrossentropy,
    losses.SparseCategoricalCrossentropy,
)


def slope(loss, y_true, y_pred, h=1e-6):
    """dL/dy_pred, by central differences."""
    gradient = np.zeros(y_pred.shape)
    for i in np.ndindex(y_pred.shape):
        up, down = y_pred.copy(), y_pred.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = np.sum(loss(y_true, up) - loss(y_true, down)) / (2 * h)
    return gradient


# -- values and derivatives -------------------------------------------------------------------------------------------


def test_binary_is_a_mean_over_the_numbers_of_a_sample():
    np.testing.assert_allclose(
        losses.binary_crossentropy([[1, 0]], [[0.8, 0.4]]), -(log(0.8) + log(0.6)) / 2, rtol=1e-6
    )
    by_column = ops.binary_crossentropy(SOFT, P).mean(0)
    np.testing.assert_allclose(losses.binary_crossentropy(SOFT, P, axis=0), by_column, rtol=1e-14)


def test_categorical_is_a_sum_over_the_classes():
    np.testing.assert_allclose(losses.categorical_crossentropy(ONE_HOT, P), [-log(0.7), -log(0.4)], rtol=1e-14)
    expected = ops.categorical_crossentropy(SOFT, P, axis=0)
    np.testing.assert_allclose(losses.categorical_crossentropy(SOFT, P, axis=0), expected)


def test_classes_lie_on_the_last_of_any_number_of_axes():
    y, p = np.stack([SOFT] * 4)[:, :, None], np.stack([P] * 4)[:, :, None]
    assert losses.binary_crossentropy(y, p).shape == losses.categorical_crossentropy(y, p).shape == (4, 2, 1)
    assert losses.kl_divergence(y, p).shape == (4, 2, 1)
    np.testing.assert_allclose(
        losses.categorical_crossentropy(y, p, label_smoothing=0.3)[3, :, 0],
        losses.categorical_crossentropy(SOFT, P, label_smoothing=0.3),
    )
    for loss in (BINARY(), CATEGORICAL(label_smoothing=0.3), losses.KLDivergence()):
        loss.forward(y, p)
        np.testing.assert_allclose(loss.backward(), slope(loss, y, p), rtol=1e-6, atol=1e-8)


def test_sparse_is_categorical_for_class_numbers():
    np.testing.assert_allclose(losses.sparse_categorical_crossentropy(K, P), [-log(0.7), -log(0.4)], rtol=1e-14)
    np.testing.assert_allclose(SPARSE(from_logits=True)(K, Z), CATEGORICAL(from_logits=True)(ONE_HOT, Z), rtol=1e-14)


def test_smoothing_moves_labels_towards_equal_parts():
    np.testing.assert_allclose(
        losses.binary_crossentropy(ONE_HOT, P, label_smoothing=0.2),
        losses.binary_crossentropy(0.8 * ONE_HOT + 0.1, P),
        rtol=1e-14,
    )
    np.testing.assert_allclose(
        losses.categorical_crossentropy(ONE_HOT, P, label_smoothing=0.3),
        losses.categorical_crossentropy(0.7 * ONE_HOT + 0.1, P),
        rtol=1e-14,
    )


def test_smoothing_counts_the_last_axis_whatever_the_axis_of_the_classes():
    y_true = np.array([[1.0, 0, 1], [0, 1, 0]])  # two classes, on the first axis
    expected = losses.categorical_crossentropy(0.7 * y_true + 0.1, P, axis=0)
    np.testing.assert_allclose(losses.categorical_crossentropy(y_true, P, label_smoothing=0.3, axis=0), expected)


def test_kl_divergence_by_hand():
    expected = [(y * np.log(y / p)).sum() for y, p in zip(SOFT, P)]
    np.testing.assert_allclose(losses.kl_divergence(SOFT, P), expected, rtol=1e-14)
    np.testing.assert_allclose(losses.kl_divergence(P, P), 0, atol=1e-16)


def test_kl_divergence_clips_both():
    expected = 1 * log(1 / 1e-7) + 1e-7 * log(1e-7 / 1)
    np.testing.assert_allclose(losses.kl_divergence([[1.0, 0.0]], np.array([[0.0, 1.0]])), expected, rtol=1e-12)
    np.testing.assert_allclose(losses.kl_divergence([[1.5, 0.5]], np.array([[0.5, 1.5]])), log(2) + 0.5 * log(0.5))
    loss = losses.KLDivergence()
    loss.forward([[1.5, 0.5]], np.array([[0.5, 1.0]]))
    np.testing.assert_allclose(loss.backward(), [[-2, -0.5]])
    loss.forward([[1.0, 0.5, 0.5, 0.5]], np.array([[0.0, 1.0, 1.5, 1e-7]]))
    np.testing.assert_allclose(loss.backward(), [[0, -0.5, 0, -0.5e7]])


CASES = [
    (BINARY(), ONE_HOT, P),
    (BINARY(axis=0), ONE_HOT, P),
    (BINARY(label_smoothing=0.2), ONE_HOT, P),
    (BINARY(from_logits=True), ONE_HOT, Z),
    (BINARY(from_logits=True, label_smoothing=0.2), ONE_HOT, Z),
    (CATEGORICAL(), SOFT, P),
    (CATEGORICAL(label_smoothing=0.2), ONE_HOT, P),
    (CATEGORICAL(axis=0), SOFT, P),
    (CATEGORICAL(from_logits=True), SOFT, Z),
    (CATEGORICAL(from_logits=True, label_smoothing=0.2), SOFT, Z),
    (CATEGORICAL(from_logits=True, axis=0), SOFT / SOFT.sum(0), Z),
    (SPARSE(), K, P),
    (SPARSE(), K[:, None], P),
    (SPARSE(from_logits=True), K, Z),
    (SPARSE(ignore_class=2), K, P),
    (SPARSE(ignore_class=-1, from_logits=True), [[-1], [1]], Z),
    (losses.KLDivergence(), SOFT, P),
]


@pytest.mark.parametrize(("loss", "y_true", "y_pred"), CASES, ids=lambda x: repr(x) if hasattr(x, "name") else "")
@pytest.mark.parametrize("reduction", ["sum", "sum_over_batch_size", "none"])
def test_derivatives_are_slopes(loss, y_true, y_pred, reduction):
    loss = type(loss)(**{**loss.get_config(), "reduction": reduction})
    loss.forward(y_true, y_pred)
    np.testing.assert_allclose(loss.backward(), slope(loss, y_true, y_pred), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("loss", "y_true", "y_pred"), CASES, ids=lambda x: repr(x) if hasattr(x, "name") else "")
def test_without_reduction_the_object_is_the_function(loss, y_true, y_pred):
    options = {k: v for k, v in loss.get_config().items() if k not in ("name", "reduction", "dtype")}
    loss = type(loss)(**options, reduction="none")
    np.testing.assert_array_equal(loss(y_true, y_pred), getattr(losses, loss.name)(y_true, y_pred, **options))


def test_defaults():
    for loss in (BINARY(), CATEGORICAL()):
        assert (loss.from_logits, loss.label_smoothing, loss.axis) == (False, 0.0, -1)
    assert (SPARSE().from_logits, SPARSE().ignore_class, SPARSE().axis) == (False, None, -1)
    np.testing.assert_array_equal(
        losses.binary_crossentropy(SOFT, P), losses.binary_crossentropy(SOFT, P, False, 0.0, -1)
    )
    np.testing.assert_array_equal(
        losses.categorical_crossentropy(SOFT, P), losses.categorical_crossentropy(SOFT, P, False, 0.0, -1)
    )
    np.testing.assert_array_equal(
        losses.sparse_categorical_crossentropy(K, P), losses.sparse_categorical_crossentropy(K, P, False, None, -1)
    )


def test_the_gradient_at_the_logits_is_probability_less_label():
    loss = CATEGORICAL(from_logits=True, reduction="sum")
    loss.forward(ONE_HOT, Z)
    np.testing.assert_allclose(loss.backward(), ops.softmax(Z) - ONE_HOT, rtol=1e-14)
    loss = BINARY(from_logits=True, reduction="sum")
    loss.forward(ONE_HOT, Z)
    np.testing.assert_allclose(loss.backward(), (ops.sigmoid(Z) - ONE_HOT) / 3, rtol=1e-13)


def test_saturated_probabilities_teach_nothing_but_their_logits_do():
    z = np.array([[-40.0]])
    on_probabilities, on_logits = BINARY(), BINARY(from_logits=True)
    np.testing.assert_allclose(on_probabilities.forward([[1.0]], ops.sigmoid(z)), -log(1e-7))
    np.testing.assert_array_equal(on_probabilities.backward(), 0)
    np.testing.assert_allclose(on_logits.forward([[1.0]], z), 40)
    np.testing.assert_allclose(on_logits.backward(), -1)


# -- ignored classes --------------------------------------------------------------------------------------------------


def test_an_ignored_class_costs_nothing_and_does_not_count():
    labels = np.array([0, -1])
    np.testing.assert_allclose(losses.sparse_categorical_crossentropy(labels, P, ignore_class=-1), [-log(0.7), 0])
    loss = SPARSE(ignore_class=-1)
    np.testing.assert_allclose(loss.forward(labels, P), -log(0.7))
    np.testing.assert_array_equal(loss.backward()[1], 0)
    np.testing.assert_allclose(SPARSE(ignore_class=-1, reduction="sum")(labels, P), -log(0.7))
    np.testing.assert_allclose(loss(labels, P, sample_weight=[3.0, 5.0]), -3 * log(0.7))
    np.testing.assert_allclose(loss(labels[:, None], P), -log(0.7))


def test_a_class_that_exists_can_be_ignored():
    np.testing.assert_allclose(SPARSE(ignore_class=0)(K, P), -log(0.4))
    assert SPARSE(ignore_class=0)([0, 0], P) == 0


def test_ignored_classes_and_masks_add_up():
    value, cache = SPARSE(ignore_class=-1).propagate(
        [[0, -1, 1]], np.stack([P[0]] * 3)[None], mask=[[True, True, False]]
    )
    np.testing.assert_allclose(value, -log(0.7))
    gradient = SPARSE(ignore_class=-1).backpropagate(cache)
    np.testing.assert_array_equal(gradient[0, 1:], 0)
    value, _ = SPARSE().propagate([[0, 1]], np.stack([P[0]] * 2)[None], mask=[[True, False]])
    np.testing.assert_allclose(value, -log(0.7))
    value, _ = SPARSE(ignore_class=-1).propagate([[0, -1]], np.stack([P[0]] * 2)[None])
    np.testing.assert_allclose(value, -log(0.7))


# -- labels that do not fit -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "y_true", "message"),
    [
        (CATEGORICAL(), K, "one-hot labels. For class numbers, use sparse_categorical_crossentropy"),
        (CATEGORICAL(), K[:, None], "one-hot labels"),
        (SPARSE(), ONE_HOT, "one-hot? Then use categorical_crossentropy"),
        (SPARSE(), [0, 3], "whole numbers from 0 to 2"),
        (SPARSE(), [0.5, 1], "whole numbers"),
        (SPARSE(ignore_class=0), [0, -1], "whole numbers"),
        (SPARSE(axis=0), K, "last axis"),
        (BINARY(), K, "Broadcasting"),
    ],
    ids=str,
)
def test_an_error_names_the_remedy(loss, y_true, message):
    with pytest.raises(ValueError) as error:
        loss(y_true, P)
    assert message in str(error.value)


def test_one_class_alone_gives_a_warning():
    with pytest.warns(UserWarning, match=r"of one class is always 0; .* shape \(2, 1\)"):
        np.testing.assert_allclose(losses.categorical_crossentropy(np.ones((2, 1)), np.ones((2, 1))), 0, atol=1e-6)


# -- on logits --------------------------------------------------------------------------------------------------------

PAIRS = [(BINARY, activations.sigmoid), (CATEGORICAL, activations.softmax), (SPARSE, activations.softmax)]


@pytest.mark.parametrize(("cls", "activation"), PAIRS)
def test_a_loss_and_its_activation_join(cls, activation):
    loss = cls(reduction="sum", name="mine")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        joined = loss.on_logits(activation)
    assert type(joined) is cls
    assert joined.get_config() == {**loss.get_config(), "from_logits": True}
    assert not loss.from_logits
    y_true = K if cls is SPARSE else ONE_HOT
    np.testing.assert_allclose(joined(y_true, Z), loss(y_true, activation(Z)), rtol=1e-12)


@pytest.mark.parametrize(("cls", "activation"), PAIRS)
def test_logits_that_are_said_to_be_logits_are_taken_before_the_activation_with_a_warning(cls, activation):
    loss = cls(from_logits=True)
    with pytest.warns(UserWarning, match=f"{loss.name} has from_logits=True, but the last layer ends in"):
        joined = loss.on_logits(activation)
    assert joined.get_config() == loss.get_config()


@pytest.mark.parametrize(
    ("cls", "activation"),
    [(BINARY, activations.softmax), (CATEGORICAL, activations.sigmoid), (SPARSE, activations.sigmoid)],
)
def test_keras_looks_through_the_other_activation_too(cls, activation):
    with pytest.warns(UserWarning, match=f"{cls.activation}, but the last layer ends in {activation.__name__}"):
        joined = cls().on_logits(activation)
    assert joined.from_logits


@pytest.mark.parametrize("cls", [BINARY, CATEGORICAL, SPARSE])
@pytest.mark.parametrize("activation", [activations.linear, activations.relu, activations.log_softmax, None])
def test_no_other_activation_joins(cls, activation):
    assert cls().on_logits(activation) is None


def test_a_learner_s_own_softmax_is_not_looked_through():
    def softmax(x):
        return np.exp(x) / np.exp(x).sum(-1, keepdims=True)

    assert CATEGORICAL().on_logits(activations.get(softmax)) is None


def test_with_an_ignored_class_keras_takes_the_probabilities():
    assert SPARSE(ignore_class=-1).on_logits(activations.softmax) is None
    assert SPARSE(ignore_class=0).on_logits(activations.softmax) is None


def test_other_losses_never_join():
    assert losses.MeanSquaredError().on_logits(activations.sigmoid) is None
