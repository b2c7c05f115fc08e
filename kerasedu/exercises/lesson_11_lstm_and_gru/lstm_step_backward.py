"""One step of the LSTM, backward."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _steps(rng):
    for n, d, u, dtype in [(4, 3, 2, "float64"), (1, 2, 5, "float64"), (3, 3, 3, "float64"), (2, 1, 4, "float32")]:
        shapes = {"dh": (n, u), "dc": (n, u), "x": (n, d), "h": (n, u), "c": (n, u)}
        shapes |= {"kernel": (d, 4 * u), "recurrent_kernel": (u, 4 * u), "bias": (4 * u,)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def lstm_step_backward(dh, dc, x, h, c, kernel, recurrent_kernel, bias):
    return _backward(dh, dc, x, h, c, kernel, recurrent_kernel, bias)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _gates(x, h, c, kernel, recurrent_kernel, bias):
    z_i, z_f, z_g, z_o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
    i, f, g, o = _sigmoid(z_i), _sigmoid(z_f), np.tanh(z_g), _sigmoid(z_o)
    return i, f, g, o, f * c + i * g


def _backward(
    dh,
    dc,
    x,
    h,
    c,
    kernel,
    recurrent_kernel,
    bias,
    *,
    by_output=1,
    by_carry=1,
    slope=lambda s: s * (1 - s),
    slope_of_candidate=lambda g: 1 - g**2,
    read_by_forget="old",
    read_by_output=np.tanh,
    forget_passed=True,
    order=(0, 1, 2, 3),
    back=None,
):
    """The right gradients, unless an option brings in a mistake."""
    i, f, g, o, c_new = _gates(x, h, c, kernel, recurrent_kernel, bias)
    dc = by_carry * dc + by_output * dh * o * (1 - np.tanh(c_new) ** 2)
    df = dc * (c if read_by_forget == "old" else c_new)
    blocks = [
        dc * g * slope(i),
        df * slope(f),
        dc * i * slope_of_candidate(g),
        dh * read_by_output(c_new) * slope(o),
    ]
    dz = np.hstack([blocks[k] for k in order])
    back = recurrent_kernel.T if back is None else back
    return dz @ kernel.T, dz @ back, dc * f if forget_passed else dc, x.T @ dz, h.T @ dz, dz.sum(axis=0)


def _output_path_dropped(*arguments):
    return _backward(*arguments, by_output=0)


def _carry_path_dropped(*arguments):
    return _backward(*arguments, by_carry=0)


def _forget_gate_not_passed(*arguments):
    return _backward(*arguments, forget_passed=False)


def _gates_without_slope(*arguments):
    return _backward(*arguments, slope=lambda s: 1, slope_of_candidate=lambda g: 1)


def _sigmoids_slope_for_the_candidate(*arguments):
    return _backward(*arguments, slope_of_candidate=lambda g: g * (1 - g))


def _tanhs_slope_for_the_gates(*arguments):
    return _backward(*arguments, slope=lambda s: 1 - s**2)


def _forget_gate_with_new_carry(*arguments):
    return _backward(*arguments, read_by_forget="new")


def _output_gate_without_tanh(*arguments):
    return _backward(*arguments, read_by_output=lambda c: c)


def _blocks_in_another_order(*arguments):
    return _backward(*arguments, order=(0, 1, 3, 2))


def _slope_of_the_old_carry(dh, dc, x, h, c, kernel, recurrent_kernel, bias):
    o = _gates(x, h, c, kernel, recurrent_kernel, bias)[3]
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    return _backward(dh, dc, x, h, c, kernel, recurrent_kernel, bias, by_output=0)


def _bias_not_summed(*arguments):
    *rest, _ = _backward(*arguments)
    return *rest, _dz(*arguments)


def _recurrent_kernel_of_the_new_state(*arguments):
    dx, dh, dc, dkernel, _, dbias = _backward(*arguments)
    *_, o, c_new = _gates(*arguments[2:])
    return dx, dh, dc, dkernel, (o * np.tanh(c_new)).T @ _dz(*arguments), dbias


def _tanhs_slope_missing(dh, dc, x, h, c, kernel, recurrent_kernel, bias):
    o = _gates(x, h, c, kernel, recurrent_kernel, bias)[3]
    return _backward(dh, dc + dh * o, x, h, c, kernel, recurrent_kernel, bias, by_output=0)


def _slope_from_the_carry_itself(dh, dc, x, h, c, kernel, recurrent_kernel, bias):
    *_, o, c_new = _gates(x, h, c, kernel, recurrent_kernel, bias)
    return _backward(dh, dc + dh * o * (1 - c_new**2), x, h, c, kernel, recurrent_kernel, bias, by_output=0)


def _old_carry_without_the_output_path(dh, dc, *arguments):
    dx, dh_old, _, *weights = _backward(dh, dc, *arguments)
    return dx, dh_old, dc * _gates(*arguments)[1], *weights


def _dc_for_the_output_gate(dh, dc, x, h, c, kernel, recurrent_kernel, bias):
    *_, o, c_new = _gates(x, h, c, kernel, recurrent_kernel, bias)
    a, u = np.tanh(c_new), h.shape[1]
    dz = _dz(dh, dc, x, h, c, kernel, recurrent_kernel, bias)
    dz[:, 3 * u :] = (dc + dh * o * (1 - a**2)) * a * o * (1 - o)
    old_carry = _backward(dh, dc, x, h, c, kernel, recurrent_kernel, bias)[2]
    return dz @ kernel.T, dz @ recurrent_kernel.T, old_carry, x.T @ dz, h.T @ dz, dz.sum(axis=0)


def _upstream_added_to_the_old_state(dh, dc, *arguments):
    dx, dh_old, *rest = _backward(dh, dc, *arguments)
    return dx, dh_old + dh, *rest


def _dz(dh, dc, x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o, c_new = _gates(x, h, c, kernel, recurrent_kernel, bias)
    a = np.tanh(c_new)
    dc = dc + dh * o * (1 - a * a)
    return np.concatenate(
        [dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g) * (1 + g), dh * a * o * (1 - o)], axis=1
    )


def _gate_by_gate(dh, dc, x, h, c, kernel, recurrent_kernel, bias):
    i, f, g, o, c_new = _gates(x, h, c, kernel, recurrent_kernel, bias)
    u, a = h.shape[1], np.tanh(c_new)
    through = dc + dh * o * (1 - a**2)
    of_sums = [through * g * i * (1 - i), through * c * f * (1 - f), through * i * (1 - g**2), dh * a * o * (1 - o)]
    dx, dh_old = np.zeros_like(x), np.zeros_like(h)
    dkernel, drecurrent_kernel, dbias = np.empty_like(kernel), np.empty_like(recurrent_kernel), np.empty_like(bias)
    for k, dz in enumerate(of_sums):
        columns = slice(k * u, (k + 1) * u)
        dx += dz @ kernel[:, columns].T
        dh_old += dz @ recurrent_kernel[:, columns].T
        dkernel[:, columns], drecurrent_kernel[:, columns], dbias[columns] = x.T @ dz, h.T @ dz, dz.sum(axis=0)
    return dx, dh_old, f * through, dkernel, drecurrent_kernel, dbias


def _one_joined_matrix(dh, dc, x, h, c, kernel, recurrent_kernel, bias):
    d, joined = x.shape[1], np.vstack([kernel, recurrent_kernel])
    _, f, _, o, c_new = _gates(x, h, c, kernel, recurrent_kernel, bias)
    dz = _dz(dh, dc, x, h, c, kernel, recurrent_kernel, bias)
    dinputs, djoined = dz @ joined.T, np.hstack([x, h]).T @ dz
    carry = f * (dc + dh * o / np.cosh(c_new) ** 2)
    return [dinputs[:, :d], dinputs[:, d:], carry, djoined[:d], djoined[d:], np.einsum("nk->k", dz)]


LSTM_STEP_BACKWARD = Exercise(
    id="lstm_step_backward",
    lesson="11",
    points=6,
    reference=lstm_step_backward,
    cases=_steps,
    results=("dx", "dh", "dc", "dkernel", "drecurrent_kernel", "dbias"),
    mistakes=(
        Mistake(
            _output_path_dropped,
            "The new carry is used twice: by the next step and by the output. The part through h' is missing.",
            30,
        ),
        Mistake(
            _carry_path_dropped,
            "The new carry is used twice: by the output and by the next step. The dc that came in was dropped.",
            30,
        ),
        Mistake(_forget_gate_not_passed, "dc is that of the new carry; on its way to the old one stands a gate."),
        Mistake(
            _gates_without_slope,
            "Those are the gradients of the gates; z lies before the sigmoid and tanh, whose slopes are missing.",
        ),
        Mistake(_sigmoids_slope_for_the_candidate, "The candidate comes from tanh: its slope is not that of a gate."),
        Mistake(_tanhs_slope_for_the_gates, "Gates come from the sigmoid s, whose slope is s (1 - s)."),
        Mistake(_forget_gate_with_new_carry, "f multiplies the carry before the step: df needs that one, not the new."),
        Mistake(_output_gate_without_tanh, "o multiplies tanh(c'), not c' itself."),
        Mistake(
            _blocks_in_another_order,
            "The four parts of dz stand in another order than the columns of the kernels: i, f, g, o.",
            31,
        ),
        Mistake(_slope_of_the_old_carry, "The output reads the new carry, so tanh's slope belongs to that one."),
        Mistake(_bias_not_summed, "All samples use the same bias: its gradient is a sum over the batch.", 5),
        Mistake(_recurrent_kernel_of_the_new_state, "U met the state before the step; its gradient needs that one."),
        Mistake(
            _tanhs_slope_missing, "Between the carry and h' stands tanh: what dh adds to dc is multiplied by its slope."
        ),
        Mistake(
            _slope_from_the_carry_itself,
            "tanh's slope is 1 - tanh²(c'), not 1 - c'²: c' goes in, and does not come out.",
        ),
        Mistake(
            _old_carry_without_the_output_path,
            "The old carry got f times the dc that came in. The part through h' passes f as well.",
        ),
        Mistake(_dc_for_the_output_gate, "h' = o tanh(c'): the output gate hears from dh, the other three from dc."),
        Mistake(
            _upstream_added_to_the_old_state,
            "h enters the step through U only. dh belongs to h', and does not pass on as it is.",
        ),
    ),
    alternatives=(_gate_by_gate, _one_joined_matrix),
    hints=(
        "Draw an arrow for each use of the new carry, and one for each use of every gate.",
        "First dc: what came in, plus what comes through h' = o tanh(c'). Then each gate's gradient, times its slope, "
        "makes one block of dz; from dz on all is as in a dense layer with two inputs.",
        "dc = dc + dh * o * (1 - np.tanh(c_new) ** 2)",
    ),
    tolerance=1024.0,
)
