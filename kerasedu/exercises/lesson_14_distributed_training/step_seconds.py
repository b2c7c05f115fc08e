"""How long a synchronous step takes."""

import math

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _settings(rng):
    for workers, batch_size in [(4, 64), (1, 32), (3, 64), (2, 7), (16, 10), (1000, 4096), (5, 5)]:
        yield {
            "workers": workers,
            "batch_size": batch_size,
            "sample_seconds": int(rng.integers(2, 10)) / 1000,
            "size": int(rng.integers(3, 17)) * 3e6 + 1e6,  # never a multiple of 3: bytes are not cut off
            "latency": int(rng.integers(1, 10)) / 1000,
            "bandwidth": int(rng.integers(1, 5)) * 1e9,
        }


def _share(workers, batch_size, sample_seconds):
    return math.ceil(batch_size / workers) * sample_seconds


def step_seconds(workers, batch_size, sample_seconds, size, latency, bandwidth):
    messages = 2 * (workers - 1)
    return _share(workers, batch_size, sample_seconds) + messages * (latency + size / (workers * bandwidth))


def _n_messages(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return _share(workers, batch_size, sample_seconds) + 2 * workers * (latency + size / (workers * bandwidth))


def _one_half_only(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return _share(workers, batch_size, sample_seconds) + (workers - 1) * (latency + size / (workers * bandwidth))


def _whole_arrays_sent(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return _share(workers, batch_size, sample_seconds) + 2 * (workers - 1) * (latency + size / bandwidth)


def _mean_share(workers, batch_size, sample_seconds, size, latency, bandwidth):
    messages = 2 * (workers - 1)
    return batch_size / workers * sample_seconds + messages * (latency + size / (workers * bandwidth))


def _share_rounded_down(workers, batch_size, sample_seconds, size, latency, bandwidth):
    messages = 2 * (workers - 1)
    return batch_size // workers * sample_seconds + messages * (latency + size / (workers * bandwidth))


def _whole_batch_each(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return batch_size * sample_seconds + 2 * (workers - 1) * (latency + size / (workers * bandwidth))


def _latency_once(workers, batch_size, sample_seconds, size, latency, bandwidth):
    sending = 2 * (workers - 1) * size / (workers * bandwidth)
    return _share(workers, batch_size, sample_seconds) + latency + sending


def _added_over_workers(workers, batch_size, sample_seconds, size, latency, bandwidth):
    messages = 2 * (workers - 1) * workers
    return _share(workers, batch_size, sample_seconds) + messages * (latency + size / (workers * bandwidth))


def _no_communication(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return _share(workers, batch_size, sample_seconds)


def _limit_of_many(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return _share(workers, batch_size, sample_seconds) + 2 * (workers - 1) * latency + 2 * size / bandwidth


def _one_more_always(workers, batch_size, sample_seconds, size, latency, bandwidth):
    rest = 0 if batch_size % workers else sample_seconds
    return rest + step_seconds(workers, batch_size, sample_seconds, size, latency, bandwidth)


def _at_the_same_time(workers, batch_size, sample_seconds, size, latency, bandwidth):
    sending = 2 * (workers - 1) * (latency + size / (workers * bandwidth))
    return max(_share(workers, batch_size, sample_seconds), sending)


def _rounded_to_the_nearest(workers, batch_size, sample_seconds, size, latency, bandwidth):
    messages = 2 * (workers - 1)
    return round(batch_size / workers) * sample_seconds + messages * (latency + size / (workers * bandwidth))


def _bytes_cut_off(workers, batch_size, sample_seconds, size, latency, bandwidth):
    sending = 2 * (workers - 1) * (latency + size // workers / bandwidth)
    return _share(workers, batch_size, sample_seconds) + sending


def _bytes_once(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return _share(workers, batch_size, sample_seconds) + 2 * (workers - 1) * latency + size / bandwidth


def _one_chunk_only(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return _share(workers, batch_size, sample_seconds) + 2 * (workers - 1) * latency + size / workers / bandwidth


def _no_latency(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return step_seconds(workers, batch_size, sample_seconds, size, 0, bandwidth)


def _one_sample_only(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return step_seconds(workers, workers, sample_seconds, size, latency, bandwidth)


def _rest_to_one_worker(workers, batch_size, sample_seconds, size, latency, bandwidth):
    largest = batch_size // workers + batch_size % workers
    return step_seconds(1, largest, sample_seconds, 0, 0, 1) + step_seconds(workers, 0, 0, size, latency, bandwidth)


def _shared_twice(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return step_seconds(workers, batch_size, sample_seconds / workers, size, latency, bandwidth)


def _chunks_of_one_less(workers, batch_size, sample_seconds, size, latency, bandwidth):
    sending = 2 * (workers - 1) * latency + 2 * size / bandwidth * (workers > 1)
    return _share(workers, batch_size, sample_seconds) + sending


def _four_bytes_each(workers, batch_size, sample_seconds, size, latency, bandwidth):
    return step_seconds(workers, batch_size, sample_seconds, 4 * size, latency, bandwidth)


def _ring_after_every_sample(workers, batch_size, sample_seconds, size, latency, bandwidth):
    sending = 2 * (workers - 1) * (latency + size / (workers * bandwidth))
    return _share(workers, batch_size, sample_seconds + sending)


def _message_by_message(workers, batch_size, sample_seconds, size, latency, bandwidth):
    seconds = sample_seconds * -(-batch_size // workers)
    chunk = size / workers
    for _ in range(2 * (workers - 1)):
        seconds += latency
        seconds += chunk / bandwidth
    return seconds


def _slowest_worker(workers, batch_size, sample_seconds, size, latency, bandwidth):
    longest = max(len(rows) for rows in np.array_split(np.arange(batch_size), workers))
    sending = 2 * size * (1 - 1 / workers) / bandwidth
    return np.float64(longest * sample_seconds + sending + 2 * latency * (workers - 1))


STEP_SECONDS = Exercise(
    id="step_seconds",
    lesson="14",
    points=2,
    reference=step_seconds,
    cases=_settings,
    mistakes=(
        Mistake(_n_messages, "One worker alone has nobody to send to, so its step must take no time for messages."),
        Mistake(_one_half_only, "n - 1 messages are one half of an all-reduce: the sums must be handed round, too."),
        Mistake(_whole_arrays_sent, "Each message holds one chunk, an n-th of the gradient."),
        Mistake(
            _mean_share,
            "Samples are not cut in pieces, and everybody waits for the worker with the largest share: round up.",
        ),
        Mistake(_share_rounded_down, "Everybody waits for the worker with the largest share: round up, not down."),
        Mistake(_whole_batch_each, "The workers share the batch."),
        Mistake(_latency_once, "Every message has its latency, and they come one after the other."),
        Mistake(_added_over_workers, "All workers send at the same time; their seconds do not add up."),
        Mistake(_no_communication, "The messages of the all-reduce take time, too."),
        Mistake(_limit_of_many, "2 · size / bandwidth is what the bytes tend to for many workers; here n is given."),
        Mistake(_one_more_always, "If the batch can be shared evenly, nobody has a sample more."),
        Mistake(_at_the_same_time, "The ring comes after the gradients: the two times add up."),
        Mistake(_bytes_cut_off, "The n-th part of the gradient is size / workers; // cuts something off."),
        Mistake(_bytes_once, "Each of the 2 (n - 1) messages has an n-th of the bytes: what does that add up to?"),
        Mistake(_one_chunk_only, "Every message has a chunk to carry, and they come one after the other."),
        Mistake(_no_latency, "Every message takes the latency, however short it is."),
        Mistake(_one_sample_only, "sample_seconds is for one sample; a worker has its share of the batch."),
        Mistake(
            _rest_to_one_worker, "What is left over is spread: shares differ by one sample at most, as in section 1."
        ),
        Mistake(_shared_twice, "The share of a worker is in the number of its samples; each takes its full time."),
        Mistake(_chunks_of_one_less, "The gradient is cut into n chunks, not n - 1."),
        Mistake(_four_bytes_each, "`size` is in bytes already."),
        Mistake(_ring_after_every_sample, "There is one all-reduce in a step, after all samples."),
        Mistake(_rounded_to_the_nearest, "Everybody waits for the worker with the largest share: round up."),
    ),
    alternatives=(_message_by_message, _slowest_worker),
    hints=(
        "Two parts, computing and sending. Try workers = 1: what must be left?",
        "Computing: the largest share of the batch. Sending: 2 (n - 1) messages one after the other, each a chunk.",
        "A message takes latency + size / (workers · bandwidth) seconds.",
    ),
    tolerance=65536.0,
)
