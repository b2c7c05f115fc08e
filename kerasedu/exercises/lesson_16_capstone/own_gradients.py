"""The gradients of all weights, from the loss back to the first layer."""

from itertools import pairwise

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake
from kerasedu.exercises.lesson_16_capstone.own_forward import softmax


def _batches(rng):
    for n, sizes in [(4, (3, 5, 4)), (1, (2, 4, 3)), (3, (3, 3, 3, 3)), (6, (4, 3)), (5, (2, 6, 4, 3))]:
        weights = []
        for d_in, units in pairwise(sizes):
            weights += [rng.normal(size=(d_in, units)), rng.normal(size=units)]
        labels = rng.integers(sizes[-1] - 1, size=n)  # the last class does not occur
        yield {"x": rng.normal(size=(n, sizes[0])), "labels": labels, "weights": weights}


def own_gradients(x, labels, weights):
    return _gradients(x, labels, weights)


def _states(x, weights):
    """The input of each layer, and the probabilities."""
    inputs = [x]
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2]):
        inputs.append(np.maximum(inputs[-1] @ kernel + bias, 0))
    return inputs, softmax(inputs[-1] @ weights[-2] + weights[-1])


def _softmax_crossentropy(p, one_hot):
    return (p - one_hot) / len(p)


def _relu_backward(dx, x):
    return dx * (x > 0)


def _summed(dz):
    return dz.sum(axis=0)


def _gradients(
    x, labels, weights, *, at_logits=_softmax_crossentropy, through_relu=_relu_backward, bias=_summed, old_input=False
):
    """The right gradients, unless an option brings in a mistake."""
    inputs, p = _states(x, weights)
    dz = at_logits(p, np.eye(p.shape[1])[labels])
    gradients = []
    for k in reversed(range(len(inputs))):
        gradients = [inputs[k].T @ dz, bias(dz), *gradients]
        if k:
            dz = through_relu(dz @ weights[2 * k].T, inputs[k])
    return tuple(gradients)


def _sum_of_the_batch(*arguments):
    return _gradients(*arguments, at_logits=lambda p, y: p - y)


def _sign_reversed(*arguments):
    return _gradients(*arguments, at_logits=lambda p, y: (y - p) / len(p))


def _softmax_elementwise(*arguments):
    return _gradients(*arguments, at_logits=lambda p, y: -y * (1 - p) / len(p))


def _softmax_derived_twice(*arguments):
    return _gradients(*arguments, at_logits=lambda p, y: (p - y) * p * (1 - p) / len(p))


def _divided_by_the_classes_too(*arguments):
    return _gradients(*arguments, at_logits=lambda p, y: (p - y) / p.size)


def _relu_without_slope(*arguments):
    return _gradients(*arguments, through_relu=lambda dx, x: dx)


def _relu_by_the_sign_of_the_gradient(*arguments):
    return _gradients(*arguments, through_relu=lambda dx, x: dx * (dx > 0))


def _bias_not_summed(*arguments):
    return _gradients(*arguments, bias=lambda dz: dz)


def _bias_averaged(*arguments):
    return _gradients(*arguments, bias=lambda dz: dz.mean(axis=0))


def _last_layer_first(x, labels, weights):
    gradients = _gradients(x, labels, weights)
    pairs = list(zip(gradients[::2], gradients[1::2]))[::-1]
    return tuple(gradient for pair in pairs for gradient in pair)


def _as_many_classes_as_labels(x, labels, weights):
    return _gradients(x, labels, weights, at_logits=lambda p, y: p - np.eye(labels.max() + 1)[labels])


def _kernel_and_bias_in_a_pair(x, labels, weights):
    gradients = _gradients(x, labels, weights)
    return list(zip(gradients[::2], gradients[1::2]))


def _labels_as_numbers(x, labels, weights):
    return _gradients(x, labels, weights, at_logits=lambda p, y: (p - labels[:, None]) / len(p))


def _every_label_in_every_row(x, labels, weights):
    def at_logits(p, y):
        dz = p.copy()
        dz[:, labels] -= 1
        return dz / len(p)

    return _gradients(x, labels, weights, at_logits=at_logits)


def _list_turned_round(x, labels, weights):
    return _gradients(x, labels, weights)[::-1]


def _layer_by_layer(x, labels, weights):
    inputs, p = _states(x, weights)
    n = len(x)
    p[np.arange(n), labels] -= 1
    upstream = p / n
    gradients = [None] * len(weights)
    for layer in range(len(weights) // 2 - 1, -1, -1):
        a = inputs[layer]
        gradients[2 * layer] = np.einsum("ni,nj->ij", a, upstream)
        gradients[2 * layer + 1] = np.ones(n) @ upstream
        upstream = np.where(a > 0, upstream @ weights[2 * layer].T, 0)
    return gradients


def _sample_by_sample(x, labels, weights):
    totals = [np.zeros_like(w) for w in weights]
    for i in range(len(x)):
        one = _gradients(x[i : i + 1], labels[i : i + 1], weights)
        totals = [total + g for total, g in zip(totals, one)]
    return [total / len(x) for total in totals]


OWN_GRADIENTS = Exercise(
    id="own_gradients",
    lesson="16",
    points=5,
    reference=own_gradients,
    cases=_batches,
    mistakes=(
        Mistake(_sum_of_the_batch, "The loss is the mean over the batch: doubling the batch must change nothing.", 7),
        Mistake(_sign_reversed, "The sign is wrong: with this gradient the loss would grow."),
        Mistake(
            _softmax_elementwise,
            "Each logit moves every probability, so the gradient at the other classes is not zero.",
            8,
        ),
        Mistake(
            _softmax_derived_twice,
            "p - y is the gradient at the logits already: softmax's slope is in it.",
            8,
        ),
        Mistake(_divided_by_the_classes_too, "The mean goes over the samples; over the classes the loss is a sum.", 7),
        Mistake(_relu_without_slope, "The gradient went through ReLU unchanged. What is its slope where it gave 0?"),
        Mistake(
            _relu_by_the_sign_of_the_gradient,
            "ReLU's slope depends on its input, not on the sign of the gradient that arrives.",
            11,
        ),
        Mistake(_bias_not_summed, "All samples use the same bias: its gradient is a sum over the batch.", 5),
        Mistake(_bias_averaged, "The mean is in dz already; for the bias the batch is summed.", 5),
        Mistake(
            _as_many_classes_as_labels,
            "A batch need not hold every class: the number of classes is that of the last layer's units.",
        ),
        Mistake(
            _kernel_and_bias_in_a_pair, "One list of arrays was asked for, like the weights: kernel, bias, kernel, …"
        ),
        Mistake(_last_layer_first, "The right gradients in reverse: they come in the order of the weights."),
        Mistake(_labels_as_numbers, "The label itself was subtracted from all classes. It is a name: make it one-hot."),
        Mistake(
            _every_label_in_every_row,
            "p[:, labels] picks the labels of all samples in every row; each row has one label of its own.",
        ),
        Mistake(
            _list_turned_round, "The right gradients in reverse: they come in the order of the weights, W before b."
        ),
    ),
    alternatives=(_layer_by_layer, _sample_by_sample),
    hints=(
        "Write the shape of every gradient beside that of its weight; the first that does not fit is the place.",
        "At the logits: (p - one_hot) / n. Then for each layer, from the last: kernel, bias, and back through the "
        "kernel and the ReLU before it.",
        "dz = (p - np.eye(classes)[labels]) / n",
    ),
    tolerance=4096.0,
)
