"""All-reduce around a ring: every worker ends with the sum of all workers' arrays, and talks to its neighbour only.

Source: P. Patarasuk, X. Yuan, Bandwidth optimal all-reduce algorithms for clusters of workstations,
Journal of Parallel and Distributed Computing 69 (2009), doi 10.1016/j.jpdc.2008.09.002
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

__all__ = ["ring_all_reduce", "ring_steps"]


def ring_steps(chunks: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The 2 (n - 1) steps of an all-reduce: n - 1 in which chunks are added up, n - 1 in which sums are handed round.

    In each step worker i sends one chunk to worker (i + 1) mod n, all at the same time: chunk (i - s) mod n in step
    s = 0, …, n - 2, where it is added; then worker i has the whole sum of chunk (i + 1) mod n. In the second half
    it sends chunk (i + 1 - s) mod n, which takes the place of the receiver's own.

    Arguments:
        chunks: (n, n, …); ``chunks[i, c]`` is worker i's chunk c. It is left as it is.

    Yields:
        After each step: the chunk that each worker sent, (n,), and all chunks, a new array in the shape of ``chunks``.

    Raises:
        ValueError: there are not as many chunks as workers.
    """
    state = np.array(chunks)
    if state.ndim < 2 or state.shape[0] != state.shape[1]:
        raise ValueError(f"ring_steps needs as many chunks as workers, shape (n, n, …), got {state.shape}")
    worker = np.arange(len(state))
    right = np.roll(worker, -1)
    for step in range(len(state) - 1):
        sent = (worker - step) % len(state)
        state[right, sent] += state[worker, sent]
        yield sent, state.copy()
    for step in range(len(state) - 1):
        sent = (worker + 1 - step) % len(state)
        state[right, sent] = state[worker, sent]
        yield sent, state.copy()


def ring_all_reduce(arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The sum of n arrays of one shape, as each of n workers has it after the steps of ``ring_steps``.

    Each array is cut into n chunks of nearly equal size; the last may be filled up with zeros on the way.
    """
    shape, n = np.shape(arrays[0]), len(arrays)
    flat = np.stack([np.ravel(a) for a in arrays])
    size = -(-flat.shape[1] // n)
    chunks = np.pad(flat, ((0, 0), (0, n * size - flat.shape[1]))).reshape(n, n, size)
    states = [chunks, *(state for _, state in ring_steps(chunks))]
    return [worker.ravel()[: flat.shape[1]].reshape(shape) for worker in states[-1]]
