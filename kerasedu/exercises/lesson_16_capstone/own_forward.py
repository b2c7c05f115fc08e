"""The whole network forward: hidden layers with ReLU, softmax at the end."""

from itertools import pairwise

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def networks(rng):
    """Networks of one to three layers; the last two have logits so large that exp overflows, in the last the rows'
    lie far apart."""
    for n, sizes, dtype, scale in [
        (4, (3, 5, 2), "float64", 1),
        (1, (2, 4, 3), "float64", 1),
        (3, (3, 3, 3, 3), "float64", 1),
        (5, (4, 3), "float32", 1),
        (2, (3, 4, 3), "float64", 5000),
    ]:
        weights = []
        for d_in, units in pairwise(sizes):
            weights += [rng.normal(size=(d_in, units)).astype(dtype), rng.normal(size=units).astype(dtype)]
        yield {"x": scale * rng.normal(size=(n, sizes[0])).astype(dtype), "weights": weights}
    apart = np.array([[1000.0, 0.0], [-2000.0, 0.0]]) + rng.normal(size=(2, 2))
    yield {"x": apart, "weights": [np.array([[1.0, 1.0], [0.5, -0.5]]), rng.normal(size=2)]}


def own_forward(x, weights):
    return _forward(x, weights)


def softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _relu(z):
    return np.maximum(z, 0)


def _forward(x, weights, *, hidden=_relu, output=softmax, with_bias=True):
    *before, (kernel, bias) = zip(weights[::2], weights[1::2])
    for hidden_kernel, hidden_bias in before:
        x = hidden(x @ hidden_kernel + with_bias * hidden_bias)
    return output(x @ kernel + with_bias * bias)


def _relu_before_softmax(x, weights):
    return _forward(x, weights, output=lambda z: softmax(_relu(z)))


def _no_softmax(x, weights):
    return _forward(x, weights, output=lambda z: z)


def _softmax_everywhere(x, weights):
    return _forward(x, weights, hidden=softmax)


def _hidden_layers_linear(x, weights):
    return _forward(x, weights, hidden=lambda z: z)


def _softmax_over_the_batch(x, weights):
    return _forward(x, weights, output=lambda z: softmax(z, axis=0))


def _softmax_over_all(x, weights):
    return _forward(x, weights, output=lambda z: softmax(z, axis=None))


def _softmax_not_shifted(x, weights):
    return _forward(x, weights, output=lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))


def _biases_forgotten(x, weights):
    return _forward(x, weights, with_bias=False)


def _sigmoid_in_hidden_layers(x, weights):
    return _forward(x, weights, hidden=lambda z: 0.5 + 0.5 * np.tanh(0.5 * z))


def _two_layers_only(x, weights):
    w_1, b_1, w_2, b_2 = weights[:4]
    return softmax(_relu(x @ w_1 + b_1) @ w_2 + b_2)


def _shifted_by_the_largest_of_all(x, weights):
    return _forward(x, weights, output=lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=1, keepdims=True))


def _each_row_shifted_but_all_summed(x, weights):
    return _forward(x, weights, output=lambda z: _shifted_exp(z) / _shifted_exp(z).sum())


def _shifted_exp(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


def _tanh_in_hidden_layers(x, weights):
    return _forward(x, weights, hidden=np.tanh)


def _by_index(x, weights):
    last = len(weights) - 2
    for k in range(0, len(weights), 2):
        x = np.dot(x, weights[k]) + weights[k + 1]
        if k < last:
            x = x * (x > 0)
    logs = x - x.max(axis=-1)[:, None]
    return np.exp(logs - np.log(np.exp(logs).sum(axis=-1))[:, None])


def _sample_by_sample(x, weights):
    rows = []
    for a in x:
        layers = list(zip(weights[::2], weights[1::2]))
        for kernel, bias in layers[:-1]:
            a = np.where(kernel.T @ a + bias > 0, kernel.T @ a + bias, 0).astype(a.dtype)
        z = layers[-1][0].T @ a + layers[-1][1]
        e = np.exp(z - max(z))
        rows.append(e / sum(e))
    return np.array(rows)


OWN_FORWARD = Exercise(
    id="own_forward",
    lesson="16",
    points=3,
    reference=own_forward,
    cases=networks,
    mistakes=(
        Mistake(_relu_before_softmax, "The last layer has no ReLU: softmax needs negative logits as well."),
        Mistake(_no_softmax, "Those are the logits; probabilities were asked for."),
        Mistake(_softmax_everywhere, "softmax belongs to the last layer; the hidden ones have ReLU."),
        Mistake(_hidden_layers_linear, "Without an activation between them, all layers together are one linear map."),
        Mistake(_sigmoid_in_hidden_layers, "The hidden layers have ReLU, not the sigmoid."),
        Mistake(_two_layers_only, "It works for two layers only. The list may hold one pair, or three, or more."),
        Mistake(_softmax_over_the_batch, "The sum went over the batch: each row must sum to 1."),
        Mistake(_softmax_over_all, "The probabilities of all samples together sum to 1; those of each row must."),
        Mistake(_softmax_not_shifted, "exp overflows for large logits; subtract each row's largest first.", 9),
        Mistake(_biases_forgotten, "The biases have no effect."),
        Mistake(
            _shifted_by_the_largest_of_all,
            "All rows were shifted by the largest logit of the batch: a row far below it becomes 0 / 0. Shift by row.",
            9,
        ),
        Mistake(
            _each_row_shifted_but_all_summed,
            "The sum went over all samples; the probabilities of each row must sum to 1.",
        ),
        Mistake(_tanh_in_hidden_layers, "The hidden layers have ReLU, not tanh."),
    ),
    alternatives=(_by_index, _sample_by_sample),
    hints=(
        "Count the layers: how many of them have ReLU, and what has the last one?",
        "Take the weights two at a time. All but the last pair: x = relu(x W + b). The last: softmax of x W + b, each "
        "row shifted by its largest number.",
        "for kernel, bias in zip(weights[:-2:2], weights[1:-2:2]): runs over the hidden layers.",
    ),
    tolerance=4096.0,
)
