"""The gradients of the states when the way back is cut at the windows' borders."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _windows(rng):
    for n, steps, units, window, dtype in [
        (3, 6, 2, 2, "float64"),
        (1, 7, 3, 3, "float64"),
        (2, 5, 4, 5, "float64"),
        (2, 4, 2, 1, "float64"),
        (4, 8, 3, 3, "float32"),
    ]:
        yield {
            "dhs": rng.normal(size=(n, steps, units)).astype(dtype),
            "slopes": rng.uniform(0.2, 1, size=(n, steps, units)).astype(dtype),
            "recurrent_kernel": rng.normal(size=(units, units)).astype(dtype),
            "window": window,
        }


def truncated_upstream(dhs, slopes, recurrent_kernel, window):
    return _backward(dhs, slopes, recurrent_kernel, lambda t: (t + 1) % window == 0)


def _backward(dhs, slopes, recurrent_kernel, cut):
    """The gradients, with the way from step t + 1 to step t closed where ``cut(t)``."""
    total = np.zeros_like(dhs)
    back = np.zeros_like(dhs[:, 0])
    for t in reversed(range(dhs.shape[1])):
        if cut(t):
            back = np.zeros_like(back)
        total[:, t] = dhs[:, t] + back
        back = (total[:, t] * slopes[:, t]) @ recurrent_kernel.T
    return total


def _never_cut(dhs, slopes, recurrent_kernel, window):
    return _backward(dhs, slopes, recurrent_kernel, lambda t: False)


def _always_cut(dhs, slopes, recurrent_kernel, window):
    return _backward(dhs, slopes, recurrent_kernel, lambda t: True)


def _cut_inside(dhs, slopes, recurrent_kernel, window):
    return _backward(dhs, slopes, recurrent_kernel, lambda t: t % window == 0)


def _counted_from_the_end(dhs, slopes, recurrent_kernel, window):
    steps = dhs.shape[1]
    return _backward(dhs, slopes, recurrent_kernel, lambda t: (steps - 1 - t) % window == 0)


def _last_window_only(dhs, slopes, recurrent_kernel, window):
    last = (dhs.shape[1] - 1) // window * window
    total = _never_cut(dhs, slopes, recurrent_kernel, window)
    total[:, :last] = 0
    return total


def _outputs_lost_at_the_border(dhs, slopes, recurrent_kernel, window):
    dhs = dhs.copy()
    dhs[:, window - 1 :: window] = 0
    return truncated_upstream(dhs, slopes, recurrent_kernel, window)


def _first_border_only(dhs, slopes, recurrent_kernel, window):
    return _backward(dhs, slopes, recurrent_kernel, lambda t: t == window - 1)


def _cut_a_step_early(dhs, slopes, recurrent_kernel, window):
    return _backward(dhs, slopes, recurrent_kernel, lambda t: (t - 1) % window == 0)


def _last_steps_skipped(dhs, slopes, recurrent_kernel, window):
    total, back = np.zeros_like(dhs), np.zeros_like(dhs[:, 0])
    for t in reversed(range(dhs.shape[1])):
        if (t + 1) % window:
            total[:, t] = dhs[:, t] + back
            back = (total[:, t] * slopes[:, t]) @ recurrent_kernel.T
    return total


def _window_by_window(dhs, slopes, recurrent_kernel, window):
    parts = [slice(start, start + window) for start in range(0, dhs.shape[1], window)]
    whole = [_never_cut(dhs[:, part], slopes[:, part], recurrent_kernel, window) for part in parts]
    return np.concatenate(whole, axis=1)


def _with_a_factor(dhs, slopes, recurrent_kernel, window):
    total = dhs.copy()
    for t in range(dhs.shape[1] - 2, -1, -1):
        same_window = t // window == (t + 1) // window
        total[:, t] += same_window * ((total[:, t + 1] * slopes[:, t + 1]) @ recurrent_kernel.T)
    return total


TRUNCATED_UPSTREAM = Exercise(
    id="truncated_upstream",
    lesson="10",
    points=2,
    reference=truncated_upstream,
    cases=_windows,
    mistakes=(
        Mistake(_never_cut, "Gradients still cross the borders: this is back-propagation through all time."),
        Mistake(_always_cut, "Nothing comes back at any step; inside a window it must.", 30),
        Mistake(_cut_inside, "The cut is one step off: with window 3 the first window is t = 0, 1, 2."),
        Mistake(
            _counted_from_the_end, "The windows are counted from the start of the sequence; the last may be short."
        ),
        Mistake(_last_window_only, "The earlier windows have outputs too: each gets its own gradients."),
        Mistake(_outputs_lost_at_the_border, "At a border only what comes from the next window is cut; dhs stays."),
        Mistake(_first_border_only, "The first border is cut; a long sequence has one every `window` steps."),
        Mistake(_cut_a_step_early, "The cut is one step off: with window 3 nothing may come back from t = 3 to t = 2."),
        Mistake(
            _last_steps_skipped, "The last step of a window was left out; it still has its output: only back is 0."
        ),
    ),
    alternatives=(_window_by_window, _with_a_factor),
    hints=(
        "With window 3, which of the steps from t = 0 to 6 are the last of their window?",
        "When step t is the last of its window, nothing may come back from step t + 1: set back to zeros there.",
        "Step t is the last of its window if (t + 1) % window == 0.",
    ),
    tolerance=1024.0,
)
