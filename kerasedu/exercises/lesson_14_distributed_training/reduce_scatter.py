"""The first half of an all-reduce around a ring."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _rings(rng):
    for workers, size, dtype in [
        (3, 1, "float64"),
        (2, 1, "float64"),
        (3, 2, "float64"),
        (4, 1, "float32"),
        (1, 3, "float64"),
        (5, 2, "float64"),
    ]:
        yield {"chunks": rng.normal(size=(workers, workers, size)).astype(dtype)}


def _walk(chunks, sent, to_the=1, steps=-1, add=True):
    """The state after each worker i has sent chunk ``sent(i, step)`` to worker i + to_the, in every step."""
    chunks, n = chunks.copy(), len(chunks)
    for step in range(n + steps):
        for i in range(n):
            c, j = sent(i, step) % n, (i + to_the) % n
            chunks[j, c] = chunks[i, c] + add * chunks[j, c]
    return chunks


def reduce_scatter(chunks):
    return _walk(chunks, lambda i, step: i - step)


def _chunk_does_not_change(chunks):
    return _walk(chunks, lambda i, step: i)


def _same_chunk_from_all(chunks):
    return _walk(chunks, lambda i, step: step)


def _chunks_upward(chunks):
    return _walk(chunks, lambda i, step: i + step)


def _one_chunk_ahead(chunks):
    return _walk(chunks, lambda i, step: i - step - 1)


def _to_the_left(chunks):
    return _walk(chunks, lambda i, step: i - step, to_the=-1)


def _overwritten(chunks):
    return _walk(chunks, lambda i, step: i - step, add=False)


def _one_step_too_many(chunks):
    return _walk(chunks, lambda i, step: i - step, steps=0)


def _one_step_short(chunks):
    return _walk(chunks, lambda i, step: i - step, steps=-2)


def _everything_everywhere(chunks):
    return np.repeat(chunks.sum(axis=0, keepdims=True), len(chunks), axis=0)


def _mean_in_place_of_sum(chunks):
    return reduce_scatter(chunks) / len(chunks)


def _receivers_chunk(chunks):
    chunks, n = chunks.copy(), len(chunks)
    for step in range(n - 1):
        for i in range(n):
            chunks[(i + 1) % n, (i + 1 - step) % n] += chunks[i, (i - step) % n]
    return chunks


def _sent_away(chunks):
    chunks, n = chunks.copy(), len(chunks)
    for step in range(n - 1):
        for i in range(n):
            c = (i - step) % n
            chunks[(i + 1) % n, c] += chunks[i, c]
            chunks[i, c] = 0
    return chunks


def _receivers_number(chunks):
    return _walk(chunks, lambda i, step: i + 1 - step)


def _old_chunks_sent(chunks):
    state, n = chunks.copy(), len(chunks)
    for step in range(n - 1):
        for i in range(n):
            state[(i + 1) % n, (i - step) % n] += chunks[i, (i - step) % n]
    return state


def _axes_swapped(chunks):
    return reduce_scatter(chunks.swapaxes(0, 1)).swapaxes(0, 1)


def _ring_not_closed(chunks):
    state, n = chunks.copy(), len(chunks)
    for step in range(n - 1):
        for i in range(n - 1):
            state[i + 1, (i - step) % n] += state[i, (i - step) % n]
    return state


def _no_modulo(chunks):
    state, n = chunks.copy(), len(chunks)
    for step in range(n - 1):
        for i in range(n):
            state[i + 1, i - step] += state[i, i - step]
    return state


def _modulo_of_steps(chunks):
    state, n = chunks.copy(), len(chunks)
    for step in range(n - 1):
        for i in range(n):
            c = (i - step) % (n - 1)
            state[(i + 1) % n, c] += state[i, c]
    return state


def _ever_farther(chunks):
    state, n = chunks.copy(), len(chunks)
    for step in range(n - 1):
        for i in range(n):
            c = (i - step) % n
            state[(i + 1 + step) % n, c] += state[i, c]
    return state


def _sender_adds(chunks):
    state, n = chunks.copy(), len(chunks)
    for step in range(n - 1):
        for i in range(n):
            c = (i - step) % n
            state[i, c] += state[(i + 1) % n, c]
    return state


def _all_chunks_sent(chunks):
    state, n = chunks.copy(), len(chunks)
    for _ in range(n - 1):
        for i in range(n):
            state[(i + 1) % n] += state[i]
    return state


def _only_the_whole_sums(chunks):
    state, n = chunks.copy(), len(chunks)
    for i in range(n):
        state[i, (i + 1) % n] = chunks[:, (i + 1) % n].sum(axis=0)
    return state


def _nothing_sent(chunks):
    return chunks.copy()


def _all_at_once(chunks):
    state, worker, n = chunks.copy(), np.arange(len(chunks)), len(chunks)
    for step in range(n - 1):
        chunk = (worker - step) % n
        state[(worker + 1) % n, chunk] += state[worker, chunk]
    return state


def _chunk_by_chunk(chunks):
    result, n = chunks.copy(), len(chunks)
    for c in range(n):
        total = chunks[c, c]
        for hop in range(1, n):
            total = total + chunks[(c + hop) % n, c]
            result[(c + hop) % n, c] = total
    return result


def _pulled(chunks):
    n, state = len(chunks), [list(worker) for worker in chunks]
    for step in range(n - 1):
        before = [list(row) for row in state]
        for j in range(n):
            c = (j - 1 - step) % n
            state[j][c] = before[j][c] + before[j - 1][c]
    return np.array(state)


REDUCE_SCATTER = Exercise(
    id="reduce_scatter",
    lesson="14",
    points=3,
    reference=reduce_scatter,
    cases=_rings,
    mistakes=(
        Mistake(
            _chunk_does_not_change,
            "Step s = 0 is right. After it, a worker must send on what it has just received, not the same chunk again.",
        ),
        Mistake(
            _same_chunk_from_all,
            "All workers send the same chunk in a step, so the others wait. In the picture every worker sends another "
            "one.",
        ),
        Mistake(_chunks_upward, "Worker i sends on the chunk that came in the step before: its number goes down."),
        Mistake(_one_chunk_ahead, "In step 0 worker i sends chunk i; yours starts one chunk off."),
        Mistake(_to_the_left, "Worker i sends to worker i + 1."),
        Mistake(_overwritten, "What arrives is added to the receiver's own chunk; it doesn't take its place.", 6),
        Mistake(_one_step_too_many, "After n - 1 steps a chunk has passed every worker; once more counts one twice."),
        Mistake(_one_step_short, "A chunk has to make n - 1 hops to meet all workers."),
        Mistake(
            _everything_everywhere,
            "That is the end of an all-reduce. After its first half each worker has one whole sum only.",
        ),
        Mistake(_mean_in_place_of_sum, "This half only adds; who wants a mean divides afterwards."),
        Mistake(_receivers_chunk, "A chunk must be added to the same chunk of the receiver: one number c for both."),
        Mistake(_sent_away, "Sending makes a copy: the sender keeps what it had."),
        Mistake(
            _receivers_number,
            "In step 0 worker i sends chunk i, not chunk i + 1. (If you let worker i receive: it gets chunk i - 1.)",
        ),
        Mistake(
            _old_chunks_sent,
            "Each worker sends its own first numbers. It has to send on the sum that came in the step before.",
        ),
        Mistake(_axes_swapped, "chunks[i, c] is worker i's chunk c: the worker comes first."),
        Mistake(_ring_not_closed, "The last worker sends to worker 0."),
        Mistake(_no_modulo, "The ring closes: numbers of workers and of chunks are taken modulo n."),
        Mistake(_modulo_of_steps, "There are n chunks, as many as workers: modulo n, not n - 1."),
        Mistake(_ever_farther, "In every step worker i sends to worker i + 1, its neighbour."),
        Mistake(_sender_adds, "It is the receiver, worker i + 1, whose chunk grows."),
        Mistake(_all_chunks_sent, "A worker sends one chunk in a step, not all of them."),
        Mistake(
            _only_the_whole_sums,
            "The whole sums are in their places. On the way there, the sums of two, three, … workers stay behind.",
        ),
        Mistake(_nothing_sent, "Nothing has been sent yet."),
    ),
    alternatives=(_all_at_once, _chunk_by_chunk, _pulled),
    hints=(
        "Run it on np.ones((4, 4, 1)) and hold the result against the end of the picture's upper row.",
        "In step 0 worker i sends chunk i. In the next step it sends what came from worker i - 1: chunk i - 1.",
        "c = (i - step) % workers; the receiver is (i + 1) % workers.",
    ),
)
