"""Products of matrices by their definition, in all forms; derivatives against differences; distances of points."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import ops
from kerasedu.ops import matmul_backward

rng = np.random.default_rng(0)
A = np.array([[1.0, 2, 3], [4, 5, 6]])
B = np.array([[7.0, 8], [9, 10], [11, 12]])
lengths = st.integers(1, 5)


def slopes(f, dy, *arrays, h=1e-5):
    """dL/d(array) for each array and L = Σ dy f, by central differences."""
    gradients = []
    for place, array in enumerate(arrays):
        gradient = np.zeros(array.shape)
        for i in np.ndindex(array.shape):
            moved = [np.array(a) for a in arrays]
            moved[place][i] += h
            above = (dy * f(*moved)).sum()
            moved[place][i] -= 2 * h
            gradient[i] = (above - (dy * f(*moved)).sum()) / (2 * h)
        gradients.append(gradient)
    return gradients


def assert_derivative(f, backward, *arrays):
    dy = rng.standard_normal(np.shape(f(*arrays)))
    got = backward(dy, *arrays)
    for gradient, expected in zip(got, slopes(f, dy, *arrays), strict=True):
        np.testing.assert_allclose(gradient, expected, atol=1e-8)


# -- the product ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("product", [ops.matmul, ops.matmul_loops, ops.matmul_blocked, ops.dot])
def test_rows_meet_columns(product):
    np.testing.assert_array_equal(product(A, B), [[58, 64], [139, 154]])


@given(lengths, lengths, lengths, st.integers(1, 6))
def test_all_forms_agree(m, k, n, block_size):
    rng = np.random.default_rng(m + 10 * k + 100 * n)
    a, b = rng.standard_normal((m, k)), rng.standard_normal((k, n))
    expected = ops.matmul(a, b)
    np.testing.assert_allclose(ops.matmul_loops(a, b), expected, atol=1e-14)
    np.testing.assert_allclose(ops.matmul_blocked(a, b, block_size), expected, atol=1e-14)
    np.testing.assert_allclose(ops.einsum("ij,jk->ik", a, b), expected, atol=1e-14)


def test_blocks_are_64_wide_unless_told():
    a, b = rng.standard_normal((70, 65)), rng.standard_normal((65, 67))
    in_blocks = a[:64, :64] @ b[:64, :64] + a[:64, 64:] @ b[64:, :64]
    np.testing.assert_array_equal(ops.matmul_blocked(a, b)[:64, :64], in_blocks)
    np.testing.assert_array_equal(ops.matmul_blocked(a, b), ops.matmul_blocked(a, b, 64))
    np.testing.assert_allclose(ops.matmul_blocked(a, b), a @ b, atol=1e-12)


@pytest.mark.parametrize("block_size", [0, -1, 1.5, True, "8"])
def test_a_block_has_at_least_one_row(block_size):
    with pytest.raises(ValueError, match="block_size"):
        ops.matmul_blocked(A, B, block_size)


def test_a_block_size_may_be_a_numpy_integer():
    np.testing.assert_array_equal(ops.matmul_blocked(A, B, np.int64(1)), A @ B)


SHAPES = [
    ((2, 3), (3, 4)),
    ((3,), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3,)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((1, 2, 3), (5, 3, 4)),
    ((4, 1, 2, 3), (5, 3, 2)),
    ((3,), (5, 3, 2)),
    ((5, 2, 3), (3,)),
]


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_derivative_of_the_product(a, b):
    assert_derivative(ops.matmul, matmul_backward, rng.standard_normal(a), rng.standard_normal(b))


def test_the_derivative_is_a_product_with_the_transpose():
    dy = rng.standard_normal((2, 2))
    da, db = matmul_backward(dy, A, B)
    np.testing.assert_array_equal(da, dy @ B.T)
    np.testing.assert_array_equal(db, A.T @ dy)


def test_an_error_says_which_lengths_differ_and_whether_the_other_order_fits():
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(2, 3\): 3 is not 2"):
        ops.matmul(A, A)
    with pytest.raises(ValueError, match="3 is not 4") as error:
        ops.matmul(np.ones((3, 3)), np.ones((4, 4)))
    assert "would fit" not in str(error.value)
    with pytest.raises(ValueError, match=r"3 is not 4\. B A would fit"):
        ops.matmul(np.ones((2, 3)), np.ones((4, 2)))
    with pytest.raises(ValueError, match="3 is not 2"):
        matmul_backward(A, A, A)
    with pytest.raises(ValueError, match="3 is not 2"):
        ops.matmul(A, np.ones(2))


def test_numbers_are_no_matrices():
    for a, b in ((2.0, A), (A, 2.0)):
        with pytest.raises(ValueError, match="a number times an array"):
            ops.matmul(a, b)


@pytest.mark.parametrize("product", [ops.matmul_loops, ops.matmul_blocked])
def test_loops_are_for_two_matrices_that_fit(product):
    with pytest.raises(ValueError, match=f"^{product.__name__} expected two matrices"):
        product(A, np.ones(3))
    with pytest.raises(ValueError, match=f"^{product.__name__} expected two matrices"):
        product(np.ones((1, 2, 3)), B)
    with pytest.raises(ValueError, match="3 is not 2"):
        product(A, A)


@pytest.mark.parametrize("product", [ops.matmul, ops.matmul_loops, ops.matmul_blocked, ops.dot, ops.outer])
@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("float32", "float32", "float32"),
        ("float64", "float32", "float64"),
        ("int64", "float32", "float32"),
        ("int64", "int64", "int64"),
    ],
)
def test_types_of_products(product, a, b, expected):
    assert product(A.astype(a), B.astype(b)).dtype == expected


@pytest.mark.parametrize("backward", [ops.matmul_backward, ops.dot_backward])
def test_types_of_derivatives(backward):
    gradients = backward(np.ones((2, 2)), A.astype("float32"), B.astype("float32"))
    assert [g.dtype for g in gradients] == ["float32", "float32"]


def test_derivatives_at_integers_are_floating_point():
    a, b, dy = A.astype("int64"), B.astype("int64"), np.full((2, 2), 0.5)
    for backward in (ops.matmul_backward, ops.dot_backward, lambda dy, a, b: ops.einsum_backward(dy, "ij,jk", a, b)):
        da, db = backward(dy, a, b)
        np.testing.assert_array_equal(da, dy @ B.T)
        np.testing.assert_array_equal(db, A.T @ dy)
        assert da.dtype == db.dtype == "float32"
    np.testing.assert_array_equal(ops.outer_backward(np.full((1, 2), 0.5), [3], [1, 2])[0], [1.5])
    np.testing.assert_array_equal(ops.squared_difference_backward(0.5, 3, 1), [2, -2])


def test_empty_matrices_have_empty_products_and_sums_of_nothing_are_0():
    assert ops.matmul(np.ones((0, 3)), B).shape == (0, 2)
    np.testing.assert_array_equal(ops.matmul(np.ones((2, 0)), np.ones((0, 3))), np.zeros((2, 3)))
    da, db = matmul_backward(np.ones((0, 2)), np.ones((0, 3)), B)
    assert da.shape == (0, 3)
    np.testing.assert_array_equal(db, np.zeros((3, 2)))


# -- inner and outer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [*SHAPES[:4], ((2, 3), (4, 3, 2)), ((2, 2, 3), (3, 4)), ((2, 2, 3), (3,)), ((), (2, 3)), ((3,), ()), ((), ())],
)
def test_derivative_of_dot(a, b):
    assert_derivative(ops.dot, ops.dot_backward, rng.standard_normal(a), rng.standard_normal(b))


def test_dot_of_stacks_pairs_every_row_with_every_matrix():
    a, b = rng.standard_normal((2, 3)), rng.standard_normal((4, 3, 2))
    y = ops.dot(a, b)
    assert y.shape == (2, 4, 2)
    np.testing.assert_allclose(y[1, 3, 0], a[1] @ b[3, :, 0])


def test_outer_pairs_every_number_with_every_other():
    np.testing.assert_array_equal(ops.outer([1, 2], [[3, 4], [5, 6]]), [[3, 4, 5, 6], [6, 8, 10, 12]])


@pytest.mark.parametrize(("a", "b"), [((2,), (3,)), ((2, 2), (3,)), ((2,), (3, 1)), ((), (2,))])
def test_derivative_of_outer(a, b):
    assert_derivative(ops.outer, ops.outer_backward, rng.standard_normal(a), rng.standard_normal(b))


def test_outer_backward_keeps_float32():
    x = np.ones(3, "float32")
    assert [g.dtype for g in ops.outer_backward(np.ones((3, 3)), x, x)] == ["float32", "float32"]


# -- Einstein's sum ---------------------------------------------------------------------------------------------------

SUMS = [
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ba", (2, 3)),
    ("ij->", (2, 3)),
    ("ij->j", (2, 3)),
    ("ij->ji", (2, 3)),
    ("ii", (3, 3)),
    ("ii->i", (3, 3)),
    ("iij->j", (3, 3, 2)),
    ("i,j->ij", (2,), (3,)),
    ("i,i->i", (3,), (3,)),
    ("ij,k->i", (2, 3), (4,)),
    ("bij, bj, i -> b", (5, 2, 3), (5, 3), (2,)),
    ("...ij,...jk->...ik", (5, 2, 3), (5, 3, 4)),
    ("...ij,jk->...ik", (5, 2, 3), (3, 4)),
    ("...ij,...jk->...ik", (4, 1, 2, 3), (5, 3, 4)),
    ("...i,...i", (4, 3), (4, 3)),
    ("...i->i...", (4, 5, 3)),
    ("ij,ij->ij", (1, 3), (2, 3)),
]


@pytest.mark.parametrize(("subscripts", "shapes"), [(s, shapes) for s, *shapes in SUMS])
def test_sums_are_numpys_and_have_their_derivatives(subscripts, shapes):
    arrays = [rng.standard_normal(shape) for shape in shapes]
    np.testing.assert_allclose(ops.einsum(subscripts, *arrays), np.einsum(subscripts, *arrays), atol=1e-13)
    assert_derivative(
        lambda *arrays: ops.einsum(subscripts, *arrays),
        lambda dy, *arrays: ops.einsum_backward(dy, subscripts, *arrays),
        *arrays,
    )


def test_the_same_array_twice_has_two_gradients():
    da, db = ops.einsum_backward(np.ones((2, 2)), "ij,kj->ik", A, A)
    np.testing.assert_array_equal(da, np.ones((2, 2)) @ A)
    np.testing.assert_array_equal(db, np.ones((2, 2)) @ A)


def test_einsum_needs_an_operand_for_each_term():
    with pytest.raises(ValueError, match="expected 2 operands for 'ij,jk', got 1"):
        ops.einsum_backward(A, "ij,jk", A)
    with pytest.raises(ValueError):
        ops.einsum("ij,jk", A)


def test_einsum_promotes_and_keeps_float32():
    a, b = A.astype("float32"), B.astype("int64")
    assert ops.einsum("ij,jk", a, b).dtype == "float32"
    assert [g.dtype for g in ops.einsum_backward(np.ones((2, 2)), "ij,jk", a, b)] == ["float32", "float32"]


def test_a_sum_over_nothing_is_0_and_so_is_its_derivative():
    empty = np.ones((2, 0))
    np.testing.assert_array_equal(ops.einsum("ij->i", empty), [0, 0])
    (gradient,) = ops.einsum_backward(np.ones(2), "ij->i", empty)
    assert gradient.shape == (2, 0)


# -- differences of points --------------------------------------------------------------------------------------------


def test_squared_difference_broadcasts():
    np.testing.assert_array_equal(ops.squared_difference(A, [1, 2, 3]), [[0, 0, 0], [9, 9, 9]])
    assert ops.squared_difference(A.astype("float32"), np.array([1, 2, 3])).dtype == "float32"


@pytest.mark.parametrize(("x", "y"), [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1), (3,)), ((), (2,))])
def test_derivative_of_squared_difference(x, y):
    assert_derivative(
        ops.squared_difference, ops.squared_difference_backward, rng.standard_normal(x), rng.standard_normal(y)
    )


def test_squared_difference_backward_keeps_float32():
    x = np.ones(2, "float32")
    assert [g.dtype for g in ops.squared_difference_backward(np.ones(2), x, x)] == ["float32", "float32"]


def all_pairs(x, y):
    return np.array([[((p - q) ** 2).sum() for q in y] for p in x]).reshape(len(x), len(y))


def test_distances_by_hand():
    np.testing.assert_array_equal(
        ops.pairwise_squared_distances([[0, 0], [3, 4]], [[0, 0], [3, 0], [6, 8]]), [[0, 9, 100], [25, 16, 25]]
    )


@given(st.integers(0, 4), st.integers(0, 4), st.integers(1, 4), st.floats(-1e3, 1e3))
def test_distances_are_those_of_all_pairs(n, m, features, shift):
    rng = np.random.default_rng(n + 10 * m + 100 * features)
    x, y = rng.standard_normal((n, features)) + shift, rng.standard_normal((m, features)) + shift
    np.testing.assert_allclose(ops.pairwise_squared_distances(x, y), all_pairs(x, y), atol=1e-9)
    np.testing.assert_allclose(ops.pairwise_squared_distances(x), all_pairs(x, x), atol=1e-9)


@given(st.floats(0, 1e6), st.integers(1, 6))
def test_points_are_at_distance_0_from_themselves_and_never_below(shift, n):
    x = (np.random.default_rng(n).standard_normal((n, 3)) * 1e-3 + shift).astype("float32")
    d = ops.pairwise_squared_distances(np.concatenate([x, x]))
    assert d.dtype == "float32"
    assert (np.diag(d) == 0).all()
    assert (d >= 0).all()
    np.testing.assert_allclose(d, d.T)


def test_rounding_never_makes_a_distance_negative():
    x = rng.standard_normal((50, 3)) * 1e8
    assert (ops.pairwise_squared_distances(x, x.copy()) >= 0).all()


def test_far_from_the_origin_float32_points_keep_their_distances():
    x = np.array([[1000.0], [1000.5]], "float32")
    np.testing.assert_array_equal(ops.pairwise_squared_distances(x), [[0, 0.25], [0.25, 0]])
    np.testing.assert_array_equal(ops.pairwise_squared_distances(x, x + 1), [[1, 2.25], [0.25, 1]])


def test_derivative_of_distances():
    x, y = rng.standard_normal((3, 2)) + 5, rng.standard_normal((4, 2)) + 5
    assert_derivative(ops.pairwise_squared_distances, ops.pairwise_squared_distances_backward, x, y)
    dy = rng.standard_normal((3, 3))
    (expected,) = slopes(lambda x: all_pairs(x, x), dy, x)
    np.testing.assert_allclose(ops.pairwise_squared_distances_backward(dy, x), expected, atol=1e-8)


def test_distances_follow_the_type_of_the_points():
    x = np.ones((2, 3), "float32")
    assert ops.pairwise_squared_distances(x, x).dtype == "float32"
    assert ops.pairwise_squared_distances(x, x.astype("float64")).dtype == "float64"
    assert ops.pairwise_squared_distances([[1, 2]]).dtype == "float32"
    assert ops.pairwise_squared_distances_backward(np.ones((2, 2)), x).dtype == "float32"
    assert [g.dtype for g in ops.pairwise_squared_distances_backward(np.ones((2, 2)), x, x)] == ["float32", "float32"]


@pytest.mark.parametrize(
    "points", [(np.ones(3),), (np.ones((2, 3)), np.ones(3)), (np.ones((2, 3)), np.ones((2, 4))), (np.ones((1, 2, 3)),)]
)
def test_points_are_rows_with_the_same_features(points):
    shapes = " and ".join(str(p.shape) for p in points)
    with pytest.raises(ValueError, match=re.escape(f"as rows, (n, features), got shape {shapes}") + "$"):
        ops.pairwise_squared_distances(*points)


def test_nothing_is_changed():
    arrays = [A.copy(), B.copy()]
    for array in arrays:
        array.flags.writeable = False
    a, b = arrays
    for product in (ops.matmul, ops.matmul_loops, ops.matmul_blocked, ops.dot, ops.outer):
        product(a, b)
    ops.matmul_backward(np.ones((2, 2)), a, b)
    ops.dot_backward(np.ones((2, 2)), a, b)
    ops.einsum_backward(np.ones((2, 2)), "ij,jk", a, b)
    ops.pairwise_squared_distances_backward(np.ones((2, 2)), a)
    np.testing.assert_array_equal(a, A)
    np.testing.assert_array_equal(b, B)
