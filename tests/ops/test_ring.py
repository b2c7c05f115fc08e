"""Around a ring every worker ends with the same sum, after 2 (n - 1) messages of an n-th of the array."""

import numpy as np
import pytest

from kerasedu import ops

WORKERS = [1, 2, 3, 4, 7]


@pytest.mark.parametrize("n", WORKERS)
@pytest.mark.parametrize("shape", [(), (1,), (5,), (3, 4)])
def test_every_worker_ends_with_the_sum(n, shape):
    arrays = [np.random.default_rng(i).normal(size=shape) for i in range(n)]
    for result in ops.ring_all_reduce(arrays):
        np.testing.assert_allclose(result, sum(arrays), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("n", WORKERS)
def test_halfway_worker_i_has_the_whole_sum_of_chunk_i_plus_1_and_of_no_other(n):
    states = [state for _, state in ops.ring_steps(np.ones((n, n)))]
    assert len(states) == 2 * (n - 1)
    for i in range(n if n > 1 else 0):
        assert np.flatnonzero(states[n - 2][i] == n).tolist() == [(i + 1) % n]


@pytest.mark.parametrize("n", WORKERS)
def test_in_each_step_every_chunk_travels_once_so_that_no_two_messages_meet(n):
    for sent, _ in ops.ring_steps(np.zeros((n, n))):
        assert sorted(sent) == list(range(n))


def test_the_argument_is_left_alone_and_its_type_is_kept():
    chunks = np.ones((3, 3, 2), "float32")
    for _, state in ops.ring_steps(chunks):
        assert state.dtype == "float32"
    assert (chunks == 1).all()


def test_there_must_be_as_many_chunks_as_workers():
    with pytest.raises(ValueError, match=r"as many chunks as workers.*\(2, 3\)"):
        list(ops.ring_steps(np.ones((2, 3))))
