"""A whole network forward, with the cache that the way back needs."""

from itertools import pairwise

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _networks(rng):
    """Networks of one to four layers; some logits of the last two are so large that exp overflows."""
    for n, sizes, dtype, scale in [
        (4, (3, 5, 2), "float64", 1),
        (1, (2, 4, 3), "float64", 1),
        (3, (3, 3, 3, 3), "float64", 1),
        (5, (4, 3), "float32", 1),
        (2, (4, 6, 5, 3), "float32", 1),
        (2, (2, 3, 4, 3, 2), "float64", 1),
        (3, (3, 4, 3), "float64", 2000),
    ]:
        weights = []
        for d_in, units in pairwise(sizes):
            weights += [rng.normal(size=(d_in, units)).astype(dtype), rng.normal(size=units).astype(dtype)]
        yield {"x": (scale * rng.normal(size=(n, sizes[0]))).astype(dtype), "weights": weights}
    x = np.array([[2000.0, 0.0], [-3000.0, -2999.0], [1.0, 0.5]])
    yield {"x": x, "weights": [np.eye(2), rng.normal(size=2)]}


def _relu(z):
    return np.maximum(z, 0)


def _softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _forward(x, weights, hidden=_relu, output=_softmax):
    inputs, pre_activations = [], []
    last = len(weights) // 2 - 1
    for k, (kernel, bias) in enumerate(zip(weights[::2], weights[1::2])):
        z = x @ kernel + bias
        inputs.append(x)
        pre_activations.append(z)
        x = output(z) if k == last else hidden(z)
    return x, tuple(inputs), tuple(pre_activations)


def mlp_forward(x, weights):
    return _forward(x, weights)


def _outputs_kept(x, weights):
    p, inputs, pre_activations = _forward(x, weights)
    return p, (*inputs[1:], p), pre_activations


def _outputs_kept_with_relu(x, weights):
    p, inputs, pre_activations = _forward(x, weights)
    return p, (*inputs[1:], _relu(pre_activations[-1])), pre_activations


def _all_states_kept(x, weights):
    p, inputs, pre_activations = _forward(x, weights)
    return p, (*inputs, p), pre_activations


def _relu_in_place(x, weights):
    p, inputs, pre_activations = _forward(x, weights)
    return p, inputs, (*inputs[1:], pre_activations[-1])


def _relu_for_every_z(x, weights):
    _, inputs, pre_activations = _forward(x, weights)
    return _softmax(_relu(pre_activations[-1])), inputs, tuple(_relu(z) for z in pre_activations)


def _shifted_logits_kept(x, weights):
    p, inputs, (*others, z) = _forward(x, weights)
    return p, inputs, (*others, z - z.max(axis=1, keepdims=True))


def _softmax_shifted_by_one_number_for_all(x, weights):
    return _forward(x, weights, output=lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=1, keepdims=True))


def _outputs_as_pre_activations(x, weights):
    p, inputs, _ = _forward(x, weights)
    return p, inputs, (*inputs[1:], p)


def _last_layer_first(x, weights):
    p, inputs, pre_activations = _forward(x, weights)
    return p, inputs[::-1], pre_activations[::-1]


def _pre_activations_without_bias(x, weights):
    p, inputs, pre_activations = _forward(x, weights)
    return p, inputs, tuple(z - bias for z, bias in zip(pre_activations, weights[1::2]))


def _relu_on_the_last_layer(x, weights):
    return _forward(x, weights, output=lambda z: _softmax(_relu(z)))


def _no_softmax(x, weights):
    return _forward(x, weights, output=lambda z: z)


def _softmax_everywhere(x, weights):
    return _forward(x, weights, hidden=_softmax)


def _no_relu(x, weights):
    return _forward(x, weights, hidden=lambda z: z)


def _softmax_over_the_batch(x, weights):
    return _forward(x, weights, output=lambda z: _softmax(z, axis=0))


def _softmax_over_everything(x, weights):
    return _forward(x, weights, output=lambda z: _softmax(z, axis=(0, 1)))


def _softmax_not_shifted(x, weights):
    return _forward(x, weights, output=lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))


def _every_layer_from_x(x, weights):
    inputs = [x] * (len(weights) // 2)
    pre_activations = [x @ kernel + bias for kernel, bias in zip(weights[::2], weights[1::2])]
    return _softmax(pre_activations[-1]), tuple(inputs), tuple(pre_activations)


def _kernels_transposed(x, weights):
    return _forward(x, [w.T for w in weights])


def _two_layers_only(x, weights):
    w_1, b_1, w_2, b_2 = weights[:4]
    z_1 = x @ w_1 + b_1
    h = _relu(z_1)
    z_2 = h @ w_2 + b_2
    return _softmax(z_2), (x, h), (z_1, z_2)


def _pairs_of_weights(x, weights):
    pairs = [weights[k : k + 2] for k in range(0, len(weights), 2)]
    inputs, pre_activations = [x], []
    for kernel, bias in pairs[:-1]:
        pre_activations.append(np.dot(inputs[-1], kernel) + bias)
        inputs.append(pre_activations[-1] * (pre_activations[-1] > 0))
    kernel, bias = pairs[-1]
    pre_activations.append(np.dot(inputs[-1], kernel) + bias)
    z = pre_activations[-1] - pre_activations[-1].max(axis=-1)[:, None]
    return np.exp(z - np.log(np.exp(z).sum(axis=-1))[:, None]), inputs, pre_activations


def _by_recursion(x, weights):
    kernel, bias, *rest = weights
    z = np.einsum("nd,du->nu", x, kernel) + bias
    if not rest:
        return [np.array([np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in z]), [x], [z]]
    p, inputs, pre_activations = _by_recursion(np.where(z > 0, z, np.zeros_like(z)), rest)
    return [p, [x, *inputs], [z, *pre_activations]]


MLP_FORWARD = Exercise(
    id="mlp_forward",
    lesson="02",
    points=6,
    reference=mlp_forward,
    cases=_networks,
    mistakes=(
        Mistake(_outputs_kept, "Your list holds what each layer gave. Asked for is what each layer received, x first."),
        Mistake(
            _outputs_kept_with_relu,
            "Your list holds what each layer gave. Asked for is what each received: put x in before it changes.",
        ),
        Mistake(
            _all_states_kept, "One array too many: p is nobody's input. There are as many inputs as there are layers."
        ),
        Mistake(
            _relu_in_place,
            "Where z was negative, your cache holds 0: ReLU overwrote it, or its result was kept instead.",
        ),
        Mistake(
            _relu_for_every_z,
            "What you keep as z has been through ReLU, in the last layer too. z is the sum before it, and softmax "
            "reads the last z.",
        ),
        Mistake(
            _shifted_logits_kept,
            "The last z of your cache is the shifted one. The shift is softmax's own affair: z stays x W + b.",
        ),
        Mistake(_outputs_as_pre_activations, "Those are the layers' outputs. z is the sum before the activation."),
        Mistake(_last_layer_first, "The right arrays, the last layer's first; the lists begin with the first layer."),
        Mistake(_pre_activations_without_bias, "z = x W + b, with the bias."),
        Mistake(_relu_on_the_last_layer, "The last layer has softmax alone: it needs negative logits as well."),
        Mistake(_no_softmax, "The last layer's activation is missing: each row of p must sum to 1."),
        Mistake(_softmax_everywhere, "softmax belongs to the last layer; the hidden ones have ReLU."),
        Mistake(_no_relu, "Without an activation between them all layers together are one, as section 2 showed."),
        Mistake(_softmax_over_the_batch, "The sum went over the batch: each row of p must sum to 1."),
        Mistake(_softmax_over_everything, "All of p sums to 1; each row, one for each sample, must."),
        Mistake(_softmax_not_shifted, "exp overflows for large logits: subtract each row's largest first.", 9),
        Mistake(
            _softmax_shifted_by_one_number_for_all,
            "One shift for the whole batch: in a row far below the largest number 0/0 is left. Each row needs its own.",
            9,
        ),
        Mistake(_every_layer_from_x, "Every layer read x; a layer reads what the layer before it gave."),
        Mistake(_kernels_transposed, "Keras's kernels are (d_in, units): x W needs no transpose.", 3),
        Mistake(_two_layers_only, "It works for two layers only. The list may hold one pair, or three, or more."),
    ),
    alternatives=(_pairs_of_weights, _by_recursion),
    hints=(
        "For two layers, write down on paper what the two lists hold, with shapes.",
        "In a loop over the pairs (W, b): z from the current input, both into their lists, then the next input.",
        "for k in range(0, len(weights), 2): with weights[k] the kernel and weights[k + 1] the bias; the last pair has "
        "k == len(weights) - 2",
    ),
    tolerance=4096.0,
    results=("p", "inputs", "pre_activations"),
)
