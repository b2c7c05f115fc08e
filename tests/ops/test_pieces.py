"""A large batch goes in pieces, and comes out as it would in one."""

import importlib

import numpy as np
import pytest

from kerasedu import ops

room = importlib.import_module("kerasedu.ops.pieces")  # not the function of the same name


@pytest.fixture
def small_cache(monkeypatch):
    monkeypatch.setattr(room, "FLOATS", 50)


@pytest.mark.parametrize(
    ("batch", "numbers", "lengths"),
    [(7, 140, [3, 3, 1]), (7, 50, [7]), (7, 51, [4, 3]), (3, 10_000, [1, 1, 1]), (1, 200, [1]), (0, 0, [0])],
)
def test_pieces_follow_each_other_and_fit_the_cache(small_cache, batch, numbers, lengths):
    found = list(room.pieces(batch, numbers))
    covered = [np.arange(batch)[piece] for piece in found]
    assert [len(piece) for piece in covered] == lengths
    np.testing.assert_array_equal(np.concatenate(covered), np.arange(batch))


def test_convolution_and_pooling_are_the_same_in_pieces(request):
    rng = np.random.default_rng(0)
    x, kernel = rng.standard_normal((5, 6, 7, 2)), rng.standard_normal((3, 2, 2, 4))
    dy, d_pool = rng.standard_normal((5, 4, 6, 4)), rng.standard_normal((5, 3, 3, 2))

    def everything():
        dx, d_kernel = ops.conv_backward(dy, x, kernel)
        return ops.conv(x, kernel), dx, d_kernel, ops.max_pool_backward(d_pool, x, 2)

    in_one = everything()
    request.getfixturevalue("small_cache")
    for whole, in_pieces in zip(in_one, everything(), strict=True):
        np.testing.assert_allclose(in_pieces, whole, rtol=1e-12, atol=1e-12)
