"""Back-propagation through time for a simple recurrent network."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _sequences(rng):
    sizes = [(3, 4, 2, 5), (1, 6, 3, 2), (3, 3, 3, 3), (2, 1, 4, 3), (2, 5, 1, 4)]
    for (n, steps, d, units), dtype in zip(sizes, ["float64", "float64", "float64", "float64", "float32"]):
        shapes = {"dhs": (n, steps, units), "x": (n, steps, d), "h": (n, units), "kernel": (d, units)}
        shapes |= {"recurrent_kernel": (units, units), "bias": (units,)}
        case = {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}
        for name in ("kernel", "recurrent_kernel", "bias"):  # few states so near ±1 that 1 - state² is hardly exact
            case[name] /= 2
        yield case


def bptt(dhs, x, h, kernel, recurrent_kernel, bias):
    return _backward(dhs, x, h, kernel, recurrent_kernel, bias)


def _states(x, h, kernel, recurrent_kernel, bias):
    """The states before and after each step, (batch, time + 1, units)."""
    states = [h]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ kernel + states[-1] @ recurrent_kernel + bias))
    return np.stack(states, axis=1)


def _backward(
    dhs, x, h, kernel, recurrent_kernel, bias, *, carry=1, back=None, slope_of=1, met_by_u=0, summed=True, curved=True
):
    """The right gradients, unless an option brings in a mistake."""
    states = _states(x, h, kernel, recurrent_kernel, bias)
    back = recurrent_kernel.T if back is None else back
    dx, dh = np.empty_like(x), np.zeros_like(h)
    weights = [np.zeros_like(w) for w in (kernel, recurrent_kernel, bias)]
    for t in reversed(range(x.shape[1])):
        slope = 1 - states[:, t + slope_of] ** 2 if curved else 1
        dz = (dhs[:, t] + carry * dh) * slope
        dx[:, t], dh = dz @ kernel.T, dz @ back
        of_step = x[:, t].T @ dz, states[:, t + met_by_u].T @ dz, dz.sum(axis=0)
        weights = [summed * total + gradient for total, gradient in zip(weights, of_step)]
    return dx, dh, *weights


def _path_dropped(*arguments):
    return _backward(*arguments, carry=0)


def _weights_of_one_step(*arguments):
    return _backward(*arguments, summed=False)


def _mean_over_steps(dhs, *arguments):
    dx, dh, *weights = _backward(dhs, *arguments)
    return dx, dh, *(w / w.dtype.type(dhs.shape[1]) for w in weights)


def _recurrent_kernel_not_transposed(dhs, x, h, kernel, recurrent_kernel, bias):
    return _backward(dhs, x, h, kernel, recurrent_kernel, bias, back=recurrent_kernel)


def _slope_one_step_early(*arguments):
    return _backward(*arguments, slope_of=0)


def _recurrent_kernel_with_new_state(*arguments):
    return _backward(*arguments, met_by_u=1)


def _no_slope(*arguments):
    return _backward(*arguments, curved=False)


def _only_the_last_output(dhs, *arguments):
    last = np.zeros_like(dhs)
    last[:, -1] = dhs[:, -1]
    return _backward(last, *arguments)


def _slope_of_the_output_path_only(dhs, x, h, kernel, recurrent_kernel, bias):
    return _looped(dhs, x, h, kernel, recurrent_kernel, bias, dz_of=lambda dh, back, slope: dh * slope + back)


def _back_gathered(dhs, x, h, kernel, recurrent_kernel, bias):
    return _looped(dhs, x, h, kernel, recurrent_kernel, bias, kept=1)


def _forward_in_time(dhs, x, h, kernel, recurrent_kernel, bias):
    return _looped(dhs, x, h, kernel, recurrent_kernel, bias, turned=False)


def _looped(
    dhs,
    x,
    h,
    kernel,
    recurrent_kernel,
    bias,
    *,
    dz_of=lambda dh, back, slope: (dh + back) * slope,
    kept=0,
    turned=True,
):
    """The loop as in the ordered lines, with the mistake that an option brings in."""
    states = _states(x, h, kernel, recurrent_kernel, bias)
    dx, back = np.empty_like(x), np.zeros_like(h)
    weights = [np.zeros_like(w) for w in (kernel, recurrent_kernel, bias)]
    for t in range(x.shape[1])[:: -1 if turned else 1]:
        dz = dz_of(dhs[:, t], back, 1 - states[:, t + 1] ** 2)
        dx[:, t], back = dz @ kernel.T, kept * back + dz @ recurrent_kernel.T
        of_step = x[:, t].T @ dz, states[:, t].T @ dz, dz.sum(axis=0)
        weights = [total + gradient for total, gradient in zip(weights, of_step)]
    return dx, back, *weights


def _bias_not_summed(*arguments):
    return *_backward(*arguments)[:4], _dz(*arguments).sum(axis=1)


def _bias_averaged(dhs, *arguments):
    dx, dh, dkernel, drecurrent_kernel, dbias = _backward(dhs, *arguments)
    return dx, dh, dkernel, drecurrent_kernel, dbias / dbias.dtype.type(len(dhs))


def _dz(dhs, x, h, kernel, recurrent_kernel, bias):
    """The gradients of the sums before tanh, (batch, time, units)."""
    states = _states(x, h, kernel, recurrent_kernel, bias)
    dz, back = np.zeros_like(dhs), np.zeros_like(h)
    for t in reversed(range(x.shape[1])):
        dz[:, t] = (dhs[:, t] + back) * (1 - states[:, t + 1] ** 2)
        back = dz[:, t] @ recurrent_kernel.T
    return dz


def _dh_left_at_zero(dhs, *arguments):
    dx, dh, *weights = _backward(dhs, *arguments)
    return dx, np.zeros_like(dh), *weights


def _dh_before_the_recurrent_kernel(*arguments):
    dx, _, *weights = _backward(*arguments)
    return dx, _dz(*arguments)[:, 0], *weights


def _weights_afterwards(dhs, x, h, kernel, recurrent_kernel, bias):
    states = _states(x, h, kernel, recurrent_kernel, bias)
    dz = np.zeros_like(dhs)
    upstream = np.zeros_like(h)
    for t in range(x.shape[1] - 1, -1, -1):
        dz[:, t] = (dhs[:, t] + upstream) * (1 - states[:, t + 1] ** 2)
        upstream = dz[:, t] @ recurrent_kernel.T
    dkernel = np.einsum("ntd,ntu->du", x, dz)
    drecurrent_kernel = np.einsum("ntv,ntu->vu", states[:, :-1], dz)
    return dz @ kernel.T, upstream, dkernel, drecurrent_kernel, dz.sum(axis=(0, 1))


def _one_joined_matrix(dhs, x, h, kernel, recurrent_kernel, bias):
    states = _states(x, h, kernel, recurrent_kernel, bias)
    d, joined = len(kernel), np.vstack([kernel, recurrent_kernel])
    djoined, dbias = np.zeros_like(joined), np.zeros_like(bias)
    dx, dh = [], np.zeros_like(h)
    for t in range(x.shape[1])[::-1]:
        dz = (dhs[:, t] + dh) * (1 + states[:, t + 1]) * (1 - states[:, t + 1])
        djoined += np.hstack([x[:, t], states[:, t]]).T @ dz
        dbias += np.add.reduce(dz)
        both = dz @ joined.T
        dx, dh = [both[:, :d], *dx], both[:, d:]
    return np.stack(dx, axis=1), dh, djoined[:d], djoined[d:], dbias


BPTT = Exercise(
    id="bptt",
    lesson="10",
    points=5,
    reference=bptt,
    cases=_sequences,
    results=("dx", "dh", "dkernel", "drecurrent_kernel", "dbias"),
    mistakes=(
        Mistake(
            _path_dropped,
            "Each state is used twice: as an output, and by the next step. What comes back from the next is missing.",
            30,
        ),
        Mistake(
            _weights_of_one_step,
            "The gradients of the weights are those of one step. The same weights work at every step: gather all.",
            29,
        ),
        Mistake(_mean_over_steps, "The weights' gradients were divided by the number of steps: they are sums.", 29),
        Mistake(
            _recurrent_kernel_not_transposed,
            "Forward h meets U; on the way back dz must meet its transpose. U is square, so no shape complains.",
            4,
        ),
        Mistake(_slope_one_step_early, "The slope 1 - h² belongs to the state that tanh made, the one after the step."),
        Mistake(_recurrent_kernel_with_new_state, "U met the state before the step; dU needs that one, not the new."),
        Mistake(_no_slope, "tanh has a slope: dz is not the gradient of the state, but that times 1 - h²."),
        Mistake(_only_the_last_output, "Every step has an output, so dhs[:, t] enters at each step, not at the last."),
        Mistake(
            _slope_of_the_output_path_only,
            "Both gradients arrive at the state, and tanh lies behind it: add first, then multiply the sum by 1 - h².",
        ),
        Mistake(
            _back_gathered,
            "What comes back was gathered over all steps. A state hears from the next step only; the weights gather.",
        ),
        Mistake(_forward_in_time, "The last state hears from the loss first: go through the steps from the end."),
        Mistake(_bias_not_summed, "All samples use the same bias: its gradient is a sum over the batch, too.", 5),
        Mistake(
            _bias_averaged, "The bias's gradient is a sum over the batch; a mean belongs to the loss, if at all.", 7
        ),
        Mistake(_dh_left_at_zero, "All but dh is right: what has the first step sent back to the h that came in?"),
        Mistake(_dh_before_the_recurrent_kernel, "That is dz of the first step. On its way to h it meets U."),
    ),
    alternatives=(_weights_afterwards, _one_joined_matrix),
    hints=(
        "For each t, write down everything that the state after step t is used for: that many gradients arrive there.",
        "dL/dh_t = dhs[:, t] + what step t + 1 sends back; then one step backward, and its dh travels on to t - 1.",
        "dz = (dhs[:, t] + dh) * (1 - states[:, t] ** 2)   # dh comes from step t + 1, zeros at first",
    ),
    tolerance=4096.0,  # sums over steps and samples may be taken in any order
)
