"""Find the bug: the weights of another library's GRU, turned into those of Keras's."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _weights(rng):
    for d, u, dtype in [(3, 2, "float64"), (2, 2, "float64"), (1, 4, "float32"), (6, 2, "float64")]:
        shapes = {"weight_x": (3 * u, d), "weight_h": (3 * u, u), "bias_x": (3 * u,), "bias_h": (3 * u,)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def imported_gru(weight_x, weight_h, bias_x, bias_h):
    return _imported(weight_x, weight_h, bias_x, bias_h, (1, 0, 2))


def _imported(weight_x, weight_h, bias_x, bias_h, order):
    wx, wh, bx, bh = (_ordered(weight, order) for weight in (weight_x, weight_h, bias_x, bias_h))
    return wx.T, wh.T, np.stack([bx, bh])


def _ordered(weight, order):
    blocks = np.split(weight, 3)
    return np.concatenate([blocks[k] for k in order])


def _order_left_as_it_was(*weights):
    return _imported(*weights, (0, 1, 2))


def _candidate_first(*weights):
    return _imported(*weights, (2, 1, 0))


def _candidate_in_the_middle(*weights):
    return _imported(*weights, (1, 2, 0))


def _biases_not_reordered(weight_x, weight_h, bias_x, bias_h):
    kernel, recurrent_kernel, _ = imported_gru(weight_x, weight_h, bias_x, bias_h)
    return kernel, recurrent_kernel, np.stack([bias_x, bias_h])


def _only_the_kernel_reordered(weight_x, weight_h, bias_x, bias_h):
    return imported_gru(weight_x, weight_h, bias_x, bias_h)[0], weight_h.T, np.stack([bias_x, bias_h])


def _biases_added(*weights):
    kernel, recurrent_kernel, bias = imported_gru(*weights)
    return kernel, recurrent_kernel, bias.sum(axis=0)


def _biases_added_in_one_row(*weights):
    kernel, recurrent_kernel, bias = imported_gru(*weights)
    return kernel, recurrent_kernel, np.stack([bias.sum(axis=0), np.zeros_like(bias[1])])


def _bias_rows_exchanged(*weights):
    kernel, recurrent_kernel, bias = imported_gru(*weights)
    return kernel, recurrent_kernel, bias[::-1]


def _reshaped_instead_of_transposed(weight_x, weight_h, bias_x, bias_h):
    _, _, bias = imported_gru(weight_x, weight_h, bias_x, bias_h)
    wx, wh = _ordered(weight_x, (1, 0, 2)), _ordered(weight_h, (1, 0, 2))
    return wx.reshape(wx.shape[::-1]), wh.reshape(wh.shape[::-1]), bias


def _only_the_biases_reordered(weight_x, weight_h, bias_x, bias_h):
    return weight_x.T, weight_h.T, imported_gru(weight_x, weight_h, bias_x, bias_h)[2]


def _recurrent_kernel_not_reordered(weight_x, weight_h, bias_x, bias_h):
    kernel, _, bias = imported_gru(weight_x, weight_h, bias_x, bias_h)
    return kernel, weight_h.T, bias


def _all_reversed(weight_x, weight_h, bias_x, bias_h):
    return weight_x[::-1].T, weight_h[::-1].T, np.stack([bias_x[::-1], bias_h[::-1]])


def _overwritten_before_it_was_read(weight_x, weight_h, bias_x, bias_h):
    kernel, recurrent_kernel, bias = (w.copy() for w in (weight_x.T, weight_h.T, np.stack([bias_x, bias_h])))
    u = weight_h.shape[1]
    for array in (kernel, recurrent_kernel, bias):
        array[:, :u] = array[:, u : 2 * u]
    return kernel, recurrent_kernel, bias


def _by_index(weight_x, weight_h, bias_x, bias_h):
    u = weight_h.shape[1]
    columns = [*range(u, 2 * u), *range(u), *range(2 * u, 3 * u)]
    bias = np.vstack((bias_x, bias_h))
    return weight_x[columns].T, weight_h.T[:, columns], bias[:, columns]


def _exchanged_in_copies(weight_x, weight_h, bias_x, bias_h):
    u = weight_h.shape[1]
    new = [weight_x.T.copy(), weight_h.T.copy(), np.array([bias_x, bias_h])]
    for array in new:
        reset = array[:, :u].copy()
        array[:, :u] = array[:, u : 2 * u]
        array[:, u : 2 * u] = reset
    return new


IMPORTED_GRU = Exercise(
    id="imported_gru",
    lesson="11",
    points=3,
    reference=imported_gru,
    cases=_weights,
    results=("kernel", "recurrent_kernel", "bias"),
    mistakes=(
        Mistake(
            _order_left_as_it_was,
            "Every shape fits, and two gates do each other's work: compare the order of the blocks with Keras's.",
            31,
        ),
        Mistake(_candidate_first, "The candidate is last in both libraries; it is the two gates that differ.", 31),
        Mistake(_candidate_in_the_middle, "The candidate is last in Keras: z, r, g.", 31),
        Mistake(_biases_not_reordered, "The kernels are right; the biases have blocks of gates as well.", 31),
        Mistake(_only_the_kernel_reordered, "The kernel is right; the other arrays have blocks of gates as well.", 31),
        Mistake(
            _biases_added,
            "Keras's bias has two rows here. They must stay apart, for the reset gate multiplies one of them only.",
            32,
        ),
        Mistake(
            _biases_added_in_one_row,
            "The shape fits, but in the candidate the reset gate multiplies b' and not b: the sum is not enough.",
            32,
        ),
        Mistake(_bias_rows_exchanged, "The row for x comes first, then the one for h.", 32),
        Mistake(_reshaped_instead_of_transposed, "reshape keeps the order of the numbers in memory; transpose.", 3),
        Mistake(_only_the_biases_reordered, "The biases are right; the kernels have blocks of gates as well.", 31),
        Mistake(_recurrent_kernel_not_reordered, "Kernel and biases are right; U has blocks of gates as well.", 31),
        Mistake(
            _all_reversed, "Single rows were reversed. Whole blocks of u rows change places, and two of three.", 31
        ),
        Mistake(
            _overwritten_before_it_was_read,
            "One block stands there twice: a slice is a view, and was overwritten before it was read. Copy it first.",
        ),
    ),
    alternatives=(_by_index, _exchanged_in_copies),
    hints=(
        "Write down the order of the gates in both libraries. Which blocks have to change places?",
        "Cut each array into its three blocks, put them together as z, r, g, and only then transpose.",
        "r, z, g = np.split(weight_x, 3)",
    ),
)
