"""One hidden layer, two tasks: a class and some pixels. Their losses are weighted and added, so are the gradients."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

NAMES = ("loss", "dkernel", "ddigit_kernel", "dpixel_kernel")


def _models(rng):
    for n, d, units, classes, size, weights, dtype in [
        (4, 3, 5, 3, 2, (1.0, 0.5), "float64"),
        (1, 2, 6, 4, 3, (0.25, 2.0), "float64"),
        (3, 3, 3, 3, 3, (1.0, 8.0), "float64"),
        (5, 4, 4, 2, 1, (2.0, 3.0), "float32"),
    ]:
        kernels = rng.normal(size=(d, units)), rng.normal(size=(units, classes)), rng.normal(size=(units, size))
        kernel, digit_kernel, pixel_kernel = (k.astype(dtype) for k in kernels)
        x, labels = (rng.normal(size=(n, d)) + 0.3).astype(dtype), rng.integers(classes, size=n)
        if n == 1:  # the least probable class: a gradient of nearly 0 would consist of rounding errors
            labels = np.argmin(np.maximum(x @ kernel, 0) @ digit_kernel, axis=1)
        yield {
            "x": x,
            "kernel": kernel,
            "digit_kernel": digit_kernel,
            "pixel_kernel": pixel_kernel,
            "labels": labels,
            "pixels": rng.random((n, size)).astype(dtype),
            "loss_weights": weights,
        }


def _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels):
    """The hidden layer, both losses, and the gradient of each with respect to what its own kernel returns."""
    h = np.maximum(x @ kernel, 0)
    z = h @ digit_kernel
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    one_hot = np.eye(z.shape[1], dtype=z.dtype)[labels]
    difference = h @ pixel_kernel - pixels
    losses = -np.mean(np.sum(one_hot * log_p, axis=1)), np.mean(difference**2)
    return h, losses, (np.exp(log_p) - one_hot) / len(x), 2 * difference / difference.size


def _total(losses, loss_weights):
    return loss_weights[0] * losses[0] + loss_weights[1] * losses[1]


def two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    h, losses, dz, dv = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)
    dz, dv = loss_weights[0] * dz, loss_weights[1] * dv
    dh = (dz @ digit_kernel.T + dv @ pixel_kernel.T) * (h > 0)
    return _total(losses, loss_weights), x.T @ dh, h.T @ dz, h.T @ dv


def _weights_only_in_the_loss(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    loss, *_ = two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)
    return loss, *two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, (1, 1))[1:]


def _no_weights(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    return two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, (1, 1))


def _weights_only_at_the_hidden_layer(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    plain = two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, (1, 1))
    return *two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)[:2], *plain[2:]


def _last_task_overwrites(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    loss, _, ddigit, dpixel = two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)
    h, _, _, dv = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)
    dh = loss_weights[1] * dv @ pixel_kernel.T * (h > 0)
    return loss, x.T @ dh, ddigit, dpixel


def _only_the_first_task(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    loss, _, ddigit, dpixel = two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)
    h, _, dz, _ = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)
    dh = loss_weights[0] * dz @ digit_kernel.T * (h > 0)
    return loss, x.T @ dh, ddigit, dpixel


def _weights_normalised(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    shares = tuple(weight / sum(loss_weights) for weight in loss_weights)
    return two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, shares)


def _squares_summed_over_pixels(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    weights = loss_weights[0], loss_weights[1] * pixels.shape[1]
    return two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, weights)


def _pixel_gradient_over_samples_only(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    loss, *_ = two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)
    return loss, *_squares_summed_over_pixels(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)[1:]


def _summed_over_samples(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    weights = loss_weights[0] * len(x), loss_weights[1] * len(x)
    return two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, weights)


def _no_relu(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    h = x @ kernel
    z, difference = h @ digit_kernel, h @ pixel_kernel - pixels
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p, one_hot = e / e.sum(axis=1, keepdims=True), np.eye(z.shape[1], dtype=z.dtype)[labels]
    losses = -np.mean(np.sum(one_hot * np.log(p), axis=1)), np.mean(difference**2)
    dz, dv = loss_weights[0] * (p - one_hot) / len(x), loss_weights[1] * 2 * difference / difference.size
    return _total(losses, loss_weights), x.T @ (dz @ digit_kernel.T + dv @ pixel_kernel.T), h.T @ dz, h.T @ dv


def _weights_exchanged(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    return two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights[::-1])


def _relu_forgotten_backward(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    loss, _, ddigit, dpixel = two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)
    _, _, dz, dv = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)
    dh = loss_weights[0] * dz @ digit_kernel.T + loss_weights[1] * dv @ pixel_kernel.T
    return loss, x.T @ dh, ddigit, dpixel


def _relu_by_the_upstream(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    loss, _, ddigit, dpixel = two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)
    _, _, dz, dv = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)
    dh = np.maximum(loss_weights[0] * dz @ digit_kernel.T + loss_weights[1] * dv @ pixel_kernel.T, 0)
    return loss, x.T @ dh, ddigit, dpixel


def _two_forgotten(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    loss, *_ = two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)
    halved = loss_weights[0], loss_weights[1] / 2
    return loss, *two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, halved)[1:]


def _with(dz, dv, arguments, loss=None):
    """Results with other gradients dz, dv of what the two kernels return, and perhaps with another loss."""
    x, kernel, digit_kernel, pixel_kernel, *_ = arguments
    h = np.maximum(x @ kernel, 0)
    dh = (dz @ digit_kernel.T + dv @ pixel_kernel.T) * (h > 0)
    return two_tasks(*arguments)[0] if loss is None else loss, x.T @ dh, h.T @ dz, h.T @ dv


def _probabilities(x, kernel, digit_kernel):
    z = np.maximum(x @ kernel, 0) @ digit_kernel
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _half_of_the_squares(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    halved = loss_weights[0], loss_weights[1] / 2
    return two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, halved)


def _weights_twice_at_the_hidden_layer(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    squared = tuple(weight**2 for weight in loss_weights)
    loss, _, ddigit, dpixel = two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)
    return loss, two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, squared)[1], ddigit, dpixel


def _digit_gradient_not_divided(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    a, b = loss_weights
    *_, dz, dv = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)
    arguments = x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights
    return _with(a * len(x) * dz, b * dv, arguments)


def _softmax_entry_by_entry(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    a, b = loss_weights
    *_, dz, dv = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)
    p = _probabilities(x, kernel, digit_kernel)
    arguments = x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights
    return _with(a * dz * p * (1 - p), b * dv, arguments)


def _all_labels_in_all_rows(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    a, b = loss_weights
    _, losses, _, dv = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)
    p = _probabilities(x, kernel, digit_kernel)
    loss = a * -np.mean(np.log(p[:, labels])) + b * losses[1]
    p[:, labels] -= 1
    return _with(a * p / len(x), b * dv, (x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights), loss)


def _epsilon_in_the_logarithm(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    losses = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)[1]
    p = _probabilities(x, kernel, digit_kernel)[np.arange(len(x)), labels]
    loss = _total((-np.mean(np.log(p + 1e-7)), losses[1]), loss_weights)
    return loss, *two_tasks(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights)[1:]


def _task_by_task(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    """Each task alone, as if it had the network to itself; then the weighted sum of what comes out."""
    pre = x @ kernel
    h = np.where(pre > 0, pre, 0)
    e = np.exp(h @ digit_kernel)
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    loss = loss_weights[0] * -np.log(p[rows, labels]).mean()
    dz = p.copy()
    dz[rows, labels] -= 1
    dz *= loss_weights[0] / len(x)
    difference = h @ pixel_kernel - pixels
    loss = loss + loss_weights[1] * (difference**2).mean(axis=1).mean()
    dv = difference * (2 * loss_weights[1] / difference.shape[1] / len(x))
    dkernel = x.T @ np.where(pre > 0, dz @ digit_kernel.T, 0)
    dkernel += x.T @ np.where(pre > 0, dv @ pixel_kernel.T, 0)
    return [loss, dkernel, h.T @ dz, h.T @ dv]


def _as_one_wide_layer(x, kernel, digit_kernel, pixel_kernel, labels, pixels, loss_weights):
    """Both heads side by side: one kernel, one gradient, cut in two at the end."""
    heads, classes = np.hstack([digit_kernel, pixel_kernel]), digit_kernel.shape[1]
    h, losses, dz, dv = _parts(x, kernel, digit_kernel, pixel_kernel, labels, pixels)
    dout = np.hstack([loss_weights[0] * dz, loss_weights[1] * dv])
    dheads = h.T @ dout
    dkernel = np.einsum("ni,nj->ij", x, (dout @ heads.T) * (h > 0))
    return _total(losses, loss_weights), dkernel, dheads[:, :classes], dheads[:, classes:]


TWO_TASKS = Exercise(
    id="two_tasks",
    lesson="12",
    points=4,
    reference=two_tasks,
    cases=_models,
    mistakes=(
        Mistake(
            _weights_only_in_the_loss,
            "The loss is right. It counts each task by its weight, and so must the gradient of each.",
        ),
        Mistake(_no_weights, "Each loss is multiplied by its weight before they are added."),
        Mistake(
            _weights_only_at_the_hidden_layer,
            "The kernels of the tasks get gradients of the same total loss: the weights belong to them, too.",
        ),
        Mistake(
            _last_task_overwrites,
            "h is used by both tasks, and the gradients that come back from both are added. Here the second replaces "
            "the first.",
            6,
        ),
        Mistake(
            _only_the_first_task, "h is used by both tasks. Which share of its gradient comes back from the pixels?", 6
        ),
        Mistake(_weights_normalised, "The weights are factors, not shares: they need not add up to 1."),
        Mistake(
            _squares_summed_over_pixels,
            "Keras's mean squared error is a mean over the last axis as well: over the pixels, then over the samples.",
            7,
        ),
        Mistake(
            _pixel_gradient_over_samples_only,
            "The loss divides by samples and pixels, the gradient of the pixel task by the samples only.",
            7,
        ),
        Mistake(_summed_over_samples, "Both losses are means over the samples.", 7),
        Mistake(_no_relu, "The hidden layer is relu(x W): where x W is negative, h is 0."),
        Mistake(_weights_exchanged, "The first weight belongs to the digit, the second to the pixels."),
        Mistake(_relu_forgotten_backward, "Where h is 0, relu is flat: no gradient passes."),
        Mistake(
            _relu_by_the_upstream, "relu lets a gradient pass where its own input was positive, whatever its sign.", 11
        ),
        Mistake(_two_forgotten, "The derivative of a square has a factor 2."),
        Mistake(
            _half_of_the_squares,
            "Some texts halve the squared error, which takes the 2 out of its derivative. Keras's mean does not.",
        ),
        Mistake(
            _weights_twice_at_the_hidden_layer,
            "dz and dv hold the weights of the losses already; on the way back to h they are not multiplied again.",
        ),
        Mistake(
            _digit_gradient_not_divided, "The cross-entropy is a mean over n samples: its gradient is divided by n.", 7
        ),
        Mistake(
            _softmax_entry_by_entry,
            "(p - one-hot) / n is the gradient through softmax and cross-entropy together: no p (1 - p) comes on top.",
            8,
        ),
        Mistake(
            _all_labels_in_all_rows,
            "p[:, labels] takes all labels from every row. Each row has a label of its own: p[np.arange(n), labels].",
        ),
        Mistake(
            _epsilon_in_the_logarithm,
            "A number added inside the logarithm changes the loss. Shift z by its maximum instead, as in lesson 03.",
            9,
        ),
    ),
    alternatives=(_task_by_task, _as_one_wide_layer),
    hints=(
        "Go forward first: h, then both outputs, both losses, L. Then each output backward, up to h.",
        "h is used twice, so its gradient is a sum: digit part and pixel part, each with the weight of its loss.",
        "Pixel part: dv = b * 2 * (v - pixels) / pixels.size, then dv @ pixel_kernel.T goes back to h.",
    ),
    tolerance=256.0,
    results=NAMES,
    keeps_dtype=False,  # np.eye and Python's floats make float64 of float32
)
