"""The tape differentiates what NumPy computes: against numerical gradients, and against the layers' own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import layers
from kerasedu.autodiff import Tensor, topological_order, unbroadcast
from kerasedu.gradcheck import numerical_gradient

rng = np.random.default_rng(7)
A = rng.standard_normal((3, 4))
B = rng.standard_normal((4, 2))
POSITIVE = rng.uniform(0.5, 2, (3, 4))


OPERATIONS = {
    "a + 2": (lambda a: a + 2, A),
    "2 + a": (lambda a: 2 + a, A),
    "a - 0.1": (lambda a: a - 0.1, A),
    "0.1 - a": (lambda a: 0.1 - a, A),
    "-a": (lambda a: -a, A),
    "a * 0.1": (lambda a: a * 0.1, A),
    "a / 3": (lambda a: a / 3, A),
    "1 / a": (lambda a: 1 / a, POSITIVE),
    "a ** 3": (lambda a: a**3, A),
    "a ** 0.5": (lambda a: a**0.5, POSITIVE),
    "a ** -2": (lambda a: a**-2, POSITIVE),
    "a @ B": (lambda a: a @ B, A),
    "Bᵀ @ aᵀ": (lambda a: B.T @ a.T, A),
    "array + a": (lambda a: A + a, A),
    "array * a": (lambda a: A * a, A),
    "array - a": (lambda a: A - a, A),
    "array / a": (lambda a: A / a, POSITIVE),
    "a a": (lambda a: a * a, A),
    "a aᵀ": (lambda a: a @ a.T, A),
    "a / (1 + a)": (lambda a: a / (1 + a), POSITIVE),
}
METHODS = {
    "exp": (lambda a: a.exp(), np.exp, A),
    "log": (lambda a: a.log(), np.log, POSITIVE),
    "tanh": (lambda a: a.tanh(), np.tanh, A),
    "relu": (lambda a: a.relu(), lambda a: np.maximum(a, 0), A),
    "sum": (lambda a: a.sum(), np.sum, A),
    "sum of rows": (lambda a: a.sum(axis=0), lambda a: a.sum(axis=0), A),
    "sum of columns": (lambda a: a.sum(axis=-1, keepdims=True), lambda a: a.sum(axis=-1, keepdims=True), A),
    "sum of two axes": (lambda a: a.sum(axis=(0, 1)), lambda a: a.sum(axis=(0, 1)), A),
    "mean": (lambda a: a.mean(), np.mean, A),
    "mean of columns": (lambda a: a.mean(axis=1), lambda a: a.mean(axis=1), A),
    "reshape": (lambda a: a.reshape(2, 6), lambda a: a.reshape(2, 6), A),
    "reshape by tuple": (lambda a: a.reshape((4, -1)), lambda a: a.reshape((4, -1)), A),
    "T": (lambda a: a.T, lambda a: a.T, A),
    "transpose": (
        lambda a: a.reshape(3, 2, 2).transpose(2, 0, 1),
        lambda a: a.reshape(3, 2, 2).transpose(2, 0, 1),
        A,
    ),
}
CASES = {name: (f, f, x) for name, (f, x) in OPERATIONS.items()} | METHODS


@pytest.mark.parametrize("case", CASES, ids=str)
def test_value_and_gradient_of_every_operation(case):
    on_tensors, on_arrays, x = CASES[case]
    a = Tensor(x)
    y = on_tensors(a)
    np.testing.assert_allclose(y.value, on_arrays(x), rtol=1e-13)
    dy = np.random.default_rng(1).standard_normal(y.shape)
    y.backward(dy)
    np.testing.assert_allclose(a.grad, numerical_gradient(lambda x: np.vdot(dy, on_arrays(x)), x), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("shape", [(), (1,), (4,), (1, 4), (3, 1), (1, 1)])
@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__mul__", "__truediv__"])
def test_a_broadcast_operand_gets_the_sum_over_its_copies(shape, operation):
    small = np.random.default_rng(2).uniform(1, 2, shape)
    a, b = Tensor(A), Tensor(small)
    getattr(a, operation)(b).sum().backward()
    expected = numerical_gradient(lambda small: getattr(A, operation)(small).sum(), small)
    assert b.grad.shape == shape
    np.testing.assert_allclose(b.grad, expected, atol=1e-8)


def test_stacks_of_matrices_multiply_one_by_one():
    a, b = np.ones((5, 3, 4)), rng.standard_normal((4, 2))
    x, w = Tensor(a), Tensor(b)
    (x @ w).sum().backward()
    np.testing.assert_allclose(w.grad, np.full((4, 2), 15.0))
    np.testing.assert_allclose(x.grad, np.broadcast_to(b.sum(axis=1), (5, 3, 4)))


def test_a_tensor_used_twice_gets_both_gradients():
    a = Tensor(3.0)
    (a * a + a).backward()
    assert a.grad == 7.0


def test_a_diamond_is_walked_once():
    a = Tensor(2.0)
    b = a * 3
    y = b * b
    y.backward()
    assert (b.grad, a.grad) == (12.0, 36.0)
    order = topological_order(y)
    assert len(order) == len(set(order)) == 4
    assert all(order.index(parent) < order.index(t) for t in order for parent, _ in t.parents)


def test_many_paths_cost_no_more_than_many_operations():
    a = y = Tensor(1.0)
    for _ in range(60):
        y = y + y
    y.backward()
    assert a.grad == 2.0**60


def test_a_long_chain_needs_no_deep_stack():
    a = y = Tensor(1.0)
    for _ in range(5_000):
        y = y * 1.0
    y.backward()
    assert a.grad == 1.0


def test_a_second_backward_starts_anew():
    a = Tensor([1.0, 2.0])
    loss = (a * a).sum()
    loss.backward()
    loss.backward()
    np.testing.assert_array_equal(a.grad, [2.0, 4.0])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_take_the_type_of_the_tensor_they_meet(dtype):
    a = Tensor(np.array([0.1], dtype))
    y = ((0.1 + a) / 3) ** 2
    y.backward()
    assert y.value.dtype == a.grad.dtype == dtype
    assert y.value[0] == pytest.approx((0.2 / 3) ** 2, rel=float(np.finfo(dtype).eps) * 4)


def test_integers_become_floating_point():
    a = Tensor([1, 2, 3])
    (a * a).sum().backward()
    np.testing.assert_array_equal(a.grad, [2.0, 4.0, 6.0])
    assert a.grad.dtype == np.float32


def test_backward_starts_from_a_single_number():
    with pytest.raises(ValueError, match=r"a single number; this has shape \(3, 4\): give dy"):
        Tensor(A).backward()
    with pytest.raises(ValueError, match=r"dy has shape \(2,\), the tensor has \(3, 4\)"):
        Tensor(A).backward([1, 2])


def test_at_multiplies_matrices_only():
    with pytest.raises(ValueError, match=r"shapes \(3, 4\) and \(4,\): reshape\(1, -1\) makes a row"):
        Tensor(A) @ Tensor(A[0])


def test_the_representation_shows_the_numbers():
    assert repr(Tensor([1.5])) == "Tensor(array([1.5]))"


@given(st.sampled_from([(), (4,), (1, 4), (3, 1), (2, 1, 1), (2, 3, 4), (1, 1, 1)]))
def test_unbroadcast_is_the_adjoint_of_broadcasting(shape):
    r = np.random.default_rng(3)
    x, dy = r.standard_normal(shape), r.standard_normal((2, 3, 4))
    assert np.vdot(np.broadcast_to(x, (2, 3, 4)), dy) == pytest.approx(np.vdot(x, unbroadcast(dy, shape)))


def test_the_tape_agrees_with_the_layers_on_a_network():
    x = rng.standard_normal((6, 5))
    stack = [
        layers.Dense(4, "tanh", dtype="float64"),
        layers.Dense(3, "relu", dtype="float64"),
        layers.Dense(2, dtype="float64"),
    ]
    y = x
    for layer in stack:
        y = layer.forward(y)
    dy = rng.standard_normal(y.shape)

    weights = [[Tensor(w) for w in layer.get_weights()] for layer in stack]
    t = first = Tensor(x)
    for (w, b), f in zip(weights, (Tensor.tanh, Tensor.relu, lambda z: z)):
        t = f(t @ w + b)
    t.backward(dy)

    np.testing.assert_allclose(t.value, y, rtol=1e-12)
    dx = dy
    for layer, pair in zip(reversed(stack), reversed(weights)):
        dx = layer.backward(dx)
        for tensor, gradient in zip(pair, layer.grads):
            np.testing.assert_allclose(tensor.grad, gradient, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(first.grad, dx, rtol=1e-11, atol=1e-13)


def test_the_tape_agrees_with_softmax_crossentropy():
    from kerasedu import losses

    z, p = rng.standard_normal((5, 3)), np.eye(3)[[0, 2, 1, 1, 0]]
    logits = Tensor(z)
    loss = (logits.exp().sum(axis=-1, keepdims=True).log() - logits) * p
    loss = loss.sum(axis=-1).mean()
    loss.backward()
    reference = losses.CategoricalCrossentropy(from_logits=True)
    assert loss.value == pytest.approx(reference.forward(p, z), rel=1e-12)
    np.testing.assert_allclose(logits.grad, reference.backward(), rtol=1e-9, atol=1e-12)


def test_the_tape_agrees_with_back_propagation_through_time():
    x = rng.standard_normal((2, 6, 3))
    rnn = layers.SimpleRNN(4, dtype="float64")
    y = rnn.forward(x)
    dy = rng.standard_normal(y.shape)
    dx = rnn.backward(dy)

    w, u, b = (Tensor(v) for v in rnn.get_weights())
    steps = [Tensor(x[:, t]) for t in range(6)]
    h = Tensor(np.zeros((2, 4)))
    for step in steps:
        h = (step @ w + h @ u + b).tanh()
    h.backward(dy)
    np.testing.assert_allclose(h.value, y, rtol=1e-12)
    for tensor, gradient in zip((w, u, b), rnn.grads):
        np.testing.assert_allclose(tensor.grad, gradient, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(np.stack([s.grad for s in steps], axis=1), dx, rtol=1e-10, atol=1e-13)
