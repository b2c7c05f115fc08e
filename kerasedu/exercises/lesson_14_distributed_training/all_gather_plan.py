"""The second half of an all-reduce around a ring: who sends which chunk when."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _sizes(rng):
    for workers in (4, 2, 3, 7):
        yield {"workers": workers}


def _table(workers, sent, steps=None):
    steps = workers - 1 if steps is None else steps
    return np.array([[sent(i, s) for i in range(workers)] for s in range(steps)], int).reshape(steps, workers)


def all_gather_plan(workers):
    return _table(workers, lambda i, s: (i + 1 - s) % workers)


def _as_in_the_first_half(workers):
    return _table(workers, lambda i, s: (i - s) % workers)


def _chunks_upward(workers):
    return _table(workers, lambda i, s: (i + 1 + s) % workers)


def _whole_chunk_again(workers):
    return _table(workers, lambda i, s: (i + 1) % workers)


def _no_modulo(workers):
    return _table(workers, lambda i, s: i + 1 - s)


def _one_step_too_many(workers):
    return _table(workers, lambda i, s: (i + 1 - s) % workers, workers)


def _workers_in_rows(workers):
    return all_gather_plan(workers).T


def _chunk_before(workers):
    return _table(workers, lambda i, s: (i - 1 - s) % workers)


def _own_chunk(workers):
    return _table(workers, lambda i, s: i)


def _to_the_left(workers):
    return _table(workers, lambda i, s: (i - 1 + s) % workers)


def _what_the_receiver_has(workers):
    return _table(workers, lambda i, s: (i + 2 - s) % workers)


def _modulo_of_steps(workers):
    return _table(workers, lambda i, s: (i + 1 - s) % (workers - 1))


def _one_step_short(workers):
    return _table(workers, lambda i, s: (i + 1 - s) % workers, workers - 2)


def _first_half_upward(workers):
    return _table(workers, lambda i, s: (i + s) % workers)


def _mirrored(workers):
    return _table(workers, lambda i, s: (s + 1 - i) % workers)


def _counted_from_1(workers):
    return all_gather_plan(workers) + 1


def _by_broadcasting(workers):
    return (np.arange(workers) + 1 - np.arange(workers - 1)[:, None]) % workers


def _by_passing_on(workers):
    holds, plan = [(i + 1) % workers for i in range(workers)], []
    for _ in range(workers - 1):
        plan.append(holds)
        holds = holds[-1:] + holds[:-1]
    return np.array(plan, dtype=int).reshape(workers - 1, workers)


def _first_half_continued(workers):
    return _table(workers, lambda i, s: (i - (s + workers - 1)) % workers)


def _by_rolling(workers):
    plan = np.zeros((workers - 1, workers))
    for s in range(workers - 1):
        plan[s] = np.roll(np.arange(workers), s - 1)
    return plan


ALL_GATHER_PLAN = Exercise(
    id="all_gather_plan",
    lesson="14",
    points=2,
    reference=all_gather_plan,
    cases=_sizes,
    mistakes=(
        Mistake(
            _as_in_the_first_half,
            "That is the plan of the first half. Which chunk does worker i have whole when the second half begins?",
        ),
        Mistake(_whole_chunk_again, "Step 0 is right. Then each worker sends on what it has just received."),
        Mistake(_chunks_upward, "Step 0 is right. What came from worker i - 1 in step 0 was chunk i, not chunk i + 2."),
        Mistake(
            _no_modulo, "Chunks have the numbers 0 to n - 1: the ring closes, so take the rest of a division by n."
        ),
        Mistake(_one_step_too_many, "Everybody has one whole chunk at the start; n - 1 are missing."),
        Mistake(_workers_in_rows, "A row for each step, a column for each worker."),
        Mistake(
            _chunk_before,
            "Look at the end of the picture's upper row: which chunk of worker 0 has all four numbers in it?",
        ),
        Mistake(_own_chunk, "A worker has its whole sum in chunk i + 1 first, and then whatever came in."),
        Mistake(_to_the_left, "The ring still goes to the right, and step 0 starts with what each worker has whole."),
        Mistake(_modulo_of_steps, "There are n chunks, as many as workers: modulo n, not n - 1."),
        Mistake(_one_step_short, "Everybody lacks n - 1 chunks and gets one in a step: n - 1 rows."),
        Mistake(_first_half_upward, "Look at what worker i has whole at the start, and at what comes in from i - 1."),
        Mistake(_mirrored, "Worker 1 has chunk 2 whole at the start: the number grows with i, and falls with s."),
        Mistake(_counted_from_1, "Chunks are counted from 0."),
        Mistake(_what_the_receiver_has, "That is what worker i + 1 has whole; asked for is what worker i sends."),
    ),
    alternatives=(_by_broadcasting, _by_passing_on, _by_rolling, _first_half_continued),
    hints=(
        "Which chunk has worker 0 whole at the end of the picture's upper row, and where do the next 4s arrive?",
        "In step 0 worker i sends its whole chunk, i + 1. In each later step it sends what came in the step before.",
        "For 4 workers the rows are [1 2 3 0] and then [0 1 2 3] …",
    ),
)
