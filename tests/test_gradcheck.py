"""Numerical gradients are right to ten digits, and a wrong derivative does not pass."""

import numpy as np
import pytest

from kerasedu import activations, layers, losses, ops
from kerasedu.gradcheck import STEP, check_gradients, numerical_gradient
from kerasedu.models import Model, Sequential

X = np.random.default_rng(5).standard_normal((3, 4))


def test_the_gradient_of_a_sum_of_sines_is_the_cosine():
    np.testing.assert_allclose(numerical_gradient(lambda x: np.sin(x).sum(), X), np.cos(X), atol=2e-10)


def test_the_gradient_of_a_quadratic_form():
    a = np.random.default_rng(6).standard_normal((4, 4))
    x = X[0]
    np.testing.assert_allclose(numerical_gradient(lambda x: x @ a @ x, x), (a + a.T) @ x, atol=1e-9)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3, 1e6])
def test_the_step_grows_with_the_number(size):
    assert numerical_gradient(lambda x: float(x**2), size) == pytest.approx(2 * size, rel=1e-6)


def test_the_default_step_has_the_smallest_error():
    def error(step):
        return np.abs(numerical_gradient(lambda x: np.exp(x).sum(), X, eps=step) - np.exp(X)).max()

    assert error(STEP) < 1e-9
    assert error(STEP) < error(STEP * 1e3) / 100
    assert error(STEP) < error(STEP / 1e5) / 100


def test_float32_is_moved_in_float64():
    gradient = numerical_gradient(lambda x: (x**2).sum(), X.astype("float32"))
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, 2 * X.astype("float32"), atol=1e-8)


def test_the_point_is_left_alone():
    x = X.copy()
    x.setflags(write=False)
    numerical_gradient(lambda x: (x**2).sum(), x)


def test_at_a_kink_the_result_lies_between_the_slopes():
    assert numerical_gradient(lambda x: float(np.abs(x)), 0.0) == 0
    assert numerical_gradient(lambda x: float(np.maximum(x, 0)), 0.0) == 0.5


def test_a_function_of_many_numbers_is_refused():
    with pytest.raises(ValueError, match=r"one number as result, got shape \(3, 4\)"):
        numerical_gradient(lambda x: x, X)


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softplus", "gelu", "elu", "softmax"])
def test_activations_pass(name):
    for subject in (activations.get(name), getattr(ops, name)):
        check = check_gradients(subject, X)
        assert check.passed, check


def test_functions_of_several_arrays_pass():
    check = check_gradients(ops.matmul, (X, X.T))
    assert [row[0] for row in check.rows] == ["dL/dx[0]", "dL/dx[1]"]
    assert check.passed, check
    for check in (
        check_gradients(ops.einsum, ("ij,kj->ik", X, X + 1)),
        check_gradients(ops.concatenate, [X, X], axis=1),
        check_gradients(ops.moments, X, axes=(0,)),
    ):
        assert check.passed, check


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_layers_pass_in_float64_whatever_their_type(dtype):
    layer = layers.Dense(3, activation="tanh", dtype=dtype)
    check = check_gradients(layer, X)
    assert [row[0] for row in check.rows] == ["dL/dx", "dL/dkernel", "dL/dbias"]
    assert max(row[1] for row in check.rows) < 1e-9
    assert check.passed, check
    assert layer.dtype == layer.kernel.dtype == dtype


def test_layers_inside_layers_pass():
    layer = layers.Bidirectional(layers.LSTM(2, return_sequences=True))
    x = np.random.default_rng(1).standard_normal((2, 3, 2)).astype("float32")
    check = check_gradients(layer, x, mask=np.array([[True, True, False], [True, True, True]]))
    assert len(check.rows) == 7
    assert check.passed, check


def test_initial_states_have_gradients_too():
    x, h = np.random.default_rng(1).standard_normal((2, 3, 2)), np.ones((2, 4))
    check = check_gradients(layers.GRU(4), x, initial_state=[h])
    assert [row[0] for row in check.rows][:2] == ["dL/dx", "dL/dstate"]
    assert check.passed, check


def test_integer_inputs_have_no_gradient():
    check = check_gradients(layers.Embedding(5, 2), np.array([[1, 4], [1, 0]]))
    assert [row[0] for row in check.rows] == ["dL/dembeddings"]
    assert check.passed, check


def test_batch_normalization_passes_in_training_and_keeps_its_averages():
    layer = layers.BatchNormalization()
    layer(X)
    check = check_gradients(layer, X, training=True)
    assert check.passed, check
    np.testing.assert_array_equal(layer.get_weights()[2], np.zeros(4))


def test_models_pass():
    a, b = layers.Input((4,)), layers.Input((4,))
    shared = layers.Dense(3, activation="tanh", name="shared")
    model = Model([a, b], layers.Concatenate()([shared(a), shared(b)]))
    check = check_gradients(model, [X, X[::-1]])
    assert [row[0] for row in check.rows] == ["dL/dx[0]", "dL/dx[1]", "dL/dshared/kernel", "dL/dshared/bias"]
    assert check.passed, check
    check = check_gradients(Sequential([layers.Dense(2, activation="sigmoid"), layers.Dense(1)]), X)
    assert len(check.rows) == 5
    assert check.passed, check


def test_losses_pass():
    y = np.random.default_rng(8).uniform(0.1, 0.9, (3, 4))
    for loss in (losses.MeanSquaredError(), losses.BinaryCrossentropy(), losses.KLDivergence()):
        check = check_gradients(loss, y, np.round(y), sample_weight=np.array([1.0, 0.0, 2.0]))
        assert check.passed, check


class Wrong(layers.Dense):
    """A dense layer whose derivative is wrong in one place."""

    mistake = staticmethod(lambda dx, dw, db: (dx, dw, db))

    def call_backward(self, dy, cache):
        dx, (dw, db) = super().call_backward(dy, cache)
        dx, dw, db = self.mistake(dx, dw, db)
        return dx, [dw, db]


@pytest.mark.parametrize(
    ("mistake", "row"),
    [
        (lambda dx, dw, db: (dx * 1.001, dw, db), "dL/dx"),
        (lambda dx, dw, db: (dx, dw * 1.001, db), "dL/dkernel"),
        (lambda dx, dw, db: (dx, dw, db / 3), "dL/dbias"),
        (lambda dx, dw, db: (dx, dw.T, db), "dL/dkernel"),
        (lambda dx, dw, db: (dx, dw, np.zeros_like(db)), "dL/dbias"),
    ],
    ids=["factor in dx", "factor in dw", "mean instead of sum", "transposed", "missing"],
)
def test_a_wrong_derivative_does_not_pass(mistake, row):
    layer = Wrong(4)
    layer.mistake = mistake
    check = check_gradients(layer, X)
    assert not check.passed
    assert [what for what, error, limit in check.rows if error > limit] == [row]
    assert "DIFFERENT" in str(check)


def test_a_gradient_of_the_wrong_shape_does_not_pass():
    layer = Wrong(3)
    layer.mistake = lambda dx, dw, db: (dx, dw.T, db)
    check = check_gradients(layer, X)
    assert not check.passed
    assert "dL/dkernel (shape (3, 4) instead of (4, 3))" in str(check)


def test_a_function_without_derivative_is_refused():
    def lonely(x):
        return x

    with pytest.raises(ValueError, match="lonely has no lonely_backward beside it"):
        check_gradients(lonely, X)


def test_the_table_names_the_subject_and_every_comparison():
    text = str(check_gradients(layers.Dense(2, name="first"), X))
    assert text.splitlines()[0] == "Dense layer 'first': gradients against numerical ones"
    assert [line.split()[0] for line in text.splitlines()[1:]] == ["dL/dx", "dL/dkernel", "dL/dbias"]
    assert text.count("equal") == 3
