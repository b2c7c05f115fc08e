"""Causal convolution with holes, for arrays whose first axis is time."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _signals(rng):
    sizes = [(6, 2, 3, 2, 4, 2), (5, 5, 2, 3, 3, 1), (1, 3, 2, 3, 2, 2), (9, 1, 1, 3, 2, 3), (4, 4, 4, 2, 4, 2)]
    for (time, n, d, size, filters, dilation), dtype in zip(
        sizes, ["float64", "float64", "float64", "float32", "float64"]
    ):
        shapes = {"x": (time, n, d), "kernel": (size, d, filters), "bias": (filters,)}
        yield {k: rng.normal(size=shape).astype(dtype) for k, shape in shapes.items()} | {"dilation": dilation}


def causal_dilated(x, kernel, bias, dilation):
    back = (len(kernel) - 1) * dilation
    return _convolve(np.concatenate([_zeros(x, back), x]), kernel, bias, dilation)


def _zeros(x, steps):
    return np.zeros((steps, *x.shape[1:]), x.dtype)


def _convolve(padded, kernel, bias, dilation):
    steps = len(padded) - (len(kernel) - 1) * dilation
    return sum(padded[o * dilation : o * dilation + steps] @ k for o, k in enumerate(kernel)) + bias


def _flipped(x, kernel, bias, dilation):
    return causal_dilated(x, kernel[::-1], bias, dilation)


def _centred(x, kernel, bias, dilation):
    back = (len(kernel) - 1) * dilation
    before = back // 2
    return _convolve(np.concatenate([_zeros(x, before), x, _zeros(x, back - before)]), kernel, bias, dilation)


def _looks_ahead(x, kernel, bias, dilation):
    back = (len(kernel) - 1) * dilation
    return _convolve(np.concatenate([x, _zeros(x, back)]), kernel, bias, dilation)


def _flipped_and_ahead(x, kernel, bias, dilation):
    return _looks_ahead(x, kernel[::-1], bias, dilation)


def _only_whole_windows(x, kernel, bias, dilation):
    if len(x) <= (len(kernel) - 1) * dilation:
        return np.zeros((0, x.shape[1], len(bias)), x.dtype)
    return _convolve(x, kernel, bias, dilation)


def _without_holes(x, kernel, bias, dilation):
    return causal_dilated(x, kernel, bias, 1)


def _only_the_past(x, kernel, bias, dilation):
    back = (len(kernel) - 1) * dilation
    return _convolve(np.concatenate([_zeros(x, back + dilation), x])[: len(x) + back], kernel, bias, dilation)


def _reads_the_end(x, kernel, bias, dilation):
    steps = np.arange(len(x))
    return sum(x[(steps - (len(kernel) - 1 - o) * dilation) % len(x)] @ k for o, k in enumerate(kernel)) + bias


def _negative_index(x, kernel, bias, dilation):
    y = np.zeros((*x.shape[:2], len(bias)), x.dtype) + bias
    for t in range(len(x)):
        for o, k in enumerate(kernel):
            y[t] += x[t - (len(kernel) - 1 - o) * dilation] @ k
    return y


def _first_step_lost(x, kernel, bias, dilation):
    without = x.copy()
    without[0] = 0
    return causal_dilated(without, kernel, bias, dilation)


def _shares_overwritten(x, kernel, bias, dilation):
    return causal_dilated(x, np.concatenate([0 * kernel[:-1], kernel[-1:]]), bias, dilation)


def _first_step_repeated(x, kernel, bias, dilation):
    back = (len(kernel) - 1) * dilation
    return _convolve(np.concatenate([np.repeat(x[:1], back, axis=0), x]), kernel, bias, dilation)


def _slides_over_the_batch(x, kernel, bias, dilation):
    return causal_dilated(x.swapaxes(0, 1), kernel, bias, dilation).swapaxes(0, 1)


def _bias_forgotten(x, kernel, bias, dilation):
    return causal_dilated(x, kernel, np.zeros_like(bias), dilation)


def _bias_in_every_window_place(x, kernel, bias, dilation):
    return causal_dilated(x, kernel, bias * bias.dtype.type(len(kernel)), dilation)


def _dilation_as_a_stride(x, kernel, bias, dilation):
    return causal_dilated(x, kernel, bias, 1)[::dilation]


def _bias_until_all_is_there(x, kernel, bias, dilation):
    y, back = causal_dilated(x, kernel, bias, dilation), (len(kernel) - 1) * dilation
    y[:back] = bias
    return y


def _zero_until_all_is_there(x, kernel, bias, dilation):
    y, back = causal_dilated(x, kernel, bias, dilation), (len(kernel) - 1) * dilation
    y[:back] = 0
    return y


def _samples_first(x, kernel, bias, dilation):
    return causal_dilated(x, kernel, bias, dilation).swapaxes(0, 1)


def _with_relu(x, kernel, bias, dilation):
    return np.maximum(causal_dilated(x, kernel, bias, dilation), 0)


def _step_by_step(x, kernel, bias, dilation):
    time, n, _ = x.shape
    y = np.zeros((time, n, kernel.shape[2]), x.dtype)
    for t in range(time):
        for o in range(len(kernel)):
            source = t - (len(kernel) - 1 - o) * dilation
            if source >= 0:
                y[t] += x[source] @ kernel[o]
    return y + bias


def _shares_shifted(x, kernel, bias, dilation):
    y = np.broadcast_to(bias, (*x.shape[:2], len(bias))).copy()
    for age, k in enumerate(kernel[::-1]):
        delay = age * dilation
        if delay < len(x):
            y[delay:] += np.einsum("tnd,df->tnf", x[: len(x) - delay], k)
    return y


def _kernel_with_zeros_between(x, kernel, bias, dilation):
    back = (len(kernel) - 1) * dilation
    wide = np.zeros((back + 1, *kernel.shape[1:]), kernel.dtype)
    wide[::dilation] = kernel
    padded = np.pad(x, ((back, 0), (0, 0), (0, 0)))
    return np.stack([np.tensordot(padded[t : t + back + 1], wide, axes=([0, 2], [0, 1])) for t in range(len(x))]) + bias


CAUSAL_DILATED = Exercise(
    id="causal_dilated",
    lesson="09",
    points=3,
    reference=causal_dilated,
    cases=_signals,
    mistakes=(
        Mistake(
            _flipped,
            "kernel[0] met the newest step. Layers do not flip: the last entry, kernel[K - 1], meets x[t].",
            24,
        ),
        Mistake(_centred, "The zeros are shared between both ends, so y[t] sees steps after t. All come before."),
        Mistake(_looks_ahead, "The zeros stand behind the signal: y[t] is made of the steps from t on."),
        Mistake(_flipped_and_ahead, "y[t] is made of the steps after t, not of those before it."),
        Mistake(_only_whole_windows, "The first steps are missing: zeros stand before the signal, so no step is lost."),
        Mistake(_without_holes, "dilation does nothing here: neighbours in the kernel are dilation steps apart."),
        Mistake(_only_the_past, "One place off: x[t] itself belongs to y[t]."),
        Mistake(_reads_the_end, "A negative index reads from the end: the first steps have seen the last ones."),
        Mistake(_negative_index, "A negative index reads from the end: the first steps have seen the last ones."),
        Mistake(_first_step_lost, "x[0] counts for nothing here: index 0 is inside the signal."),
        Mistake(_shares_overwritten, "Only the newest share is left: the shares of all kernel entries are added."),
        Mistake(_first_step_repeated, "Before the signal there are zeros, not copies of its first step."),
        Mistake(_slides_over_the_batch, "The window slid over the samples: here time is the first axis."),
        Mistake(_bias_forgotten, "The bias is missing."),
        Mistake(_bias_in_every_window_place, "The bias is added once, not once for each entry of the kernel."),
        Mistake(_dilation_as_a_stride, "That leaves steps out of the result; dilation leaves gaps inside the window."),
        Mistake(
            _bias_until_all_is_there, "In the first steps only what lies before the signal is zero; x[0] is there."
        ),
        Mistake(
            _zero_until_all_is_there, "In the first steps only what lies before the signal is zero; x[0] is there."
        ),
        Mistake(_samples_first, "The numbers are right; time is the first axis of y as well."),
        Mistake(_with_relu, "The layer is asked for without activation."),
    ),
    alternatives=(_step_by_step, _shares_shifted, _kernel_with_zeros_between),
    hints=(
        "With two kernel entries and dilation 3: which two steps of x make y[7]? And which make y[1]?",
        "y[t] = Σₒ x[t - (K - 1 - o) · dilation] kernel[o] + bias; where the index is negative, x counts as 0.",
        "x[t] @ kernel[-1] is the newest share of y[t]; the next one is x[t - dilation] @ kernel[-2].",
    ),
    tolerance=256.0,
)
