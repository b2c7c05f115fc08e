"""An attack on softmax regression: every pixel moves by epsilon to where the loss grows."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _attacks(rng):
    for n, d, classes, epsilon, dtype in [
        (4, 5, 3, 0.1, "float64"),
        (20, 6, 5, 0.2, "float64"),
        (3, 3, 3, 0.25, "float64"),
        (1, 6, 2, 0.4, "float64"),
        (5, 4, 4, 0.15, "float32"),
        (2, 3, 2, 0.0, "float64"),
    ]:
        yield _case(rng, n, d, classes, epsilon, dtype)


def _case(rng, n, d, classes, epsilon, dtype):
    """Images with pixels of exactly 0 and 1, one pixel that no class looks at, and no gradient near 0 elsewhere."""
    while True:
        kernel = rng.normal(size=(d, classes)).astype(dtype)
        kernel[d - 1] = 0
        case = {
            "x": np.clip(rng.uniform(-0.3, 1.3, size=(n, d)), 0, 1).astype(dtype),
            "labels": rng.integers(classes, size=n),
            "kernel": kernel,
            "bias": rng.normal(size=classes).astype(dtype),
            "epsilon": epsilon,
        }
        gradients = _gradient(*(case[name] for name in ("x", "labels", "kernel", "bias")))
        if np.abs(gradients[:, : d - 1]).min() > 1e-3:
            return case


def _softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _gradient(x, labels, kernel, bias):
    return (_softmax(x @ kernel + bias) - np.eye(len(bias), dtype=x.dtype)[labels]) @ kernel.T


def _moved(x, direction, epsilon):
    return np.clip(x + epsilon * direction, 0, 1).astype(x.dtype)


def fgsm(x, labels, kernel, bias, epsilon):
    return _moved(x, np.sign(_gradient(x, labels, kernel, bias)), epsilon)


def _downhill(x, labels, kernel, bias, epsilon):
    return _moved(x, -np.sign(_gradient(x, labels, kernel, bias)), epsilon)


def _not_clipped(x, labels, kernel, bias, epsilon):
    return (x + epsilon * np.sign(_gradient(x, labels, kernel, bias))).astype(x.dtype)


def _gradient_itself(x, labels, kernel, bias, epsilon):
    return _moved(x, _gradient(x, labels, kernel, bias), epsilon)


def _unit_length(x, labels, kernel, bias, epsilon):
    gradient = _gradient(x, labels, kernel, bias)
    return _moved(x, gradient / np.linalg.norm(gradient, axis=1, keepdims=True), epsilon)


def _largest_is_one(x, labels, kernel, bias, epsilon):
    gradient = _gradient(x, labels, kernel, bias)
    return _moved(x, gradient / np.abs(gradient).max(), epsilon)


def _only_the_disturbance(x, labels, kernel, bias, epsilon):
    return (epsilon * np.sign(_gradient(x, labels, kernel, bias))).astype(x.dtype)


def _disturbance_clipped(x, labels, kernel, bias, epsilon):
    return x + np.clip(epsilon * np.sign(_gradient(x, labels, kernel, bias)), 0, 1).astype(x.dtype)


def _labels_forgotten(x, labels, kernel, bias, epsilon):
    return _moved(x, np.sign(_softmax(x @ kernel + bias) @ kernel.T), epsilon)


def _predicted_labels(x, labels, kernel, bias, epsilon):
    predicted = (x @ kernel + bias).argmax(axis=1)
    return fgsm(x, predicted, kernel, bias, epsilon)


def _score_of_the_label_raised(x, labels, kernel, bias, epsilon):
    return _moved(x, np.sign(kernel.T[labels]), epsilon)


def _score_of_the_label_lowered(x, labels, kernel, bias, epsilon):
    return _moved(x, -np.sign(kernel.T[labels]), epsilon)


def _kernel_not_transposed(x, labels, kernel, bias, epsilon):
    dz = _softmax(x @ kernel + bias) - np.eye(len(bias))[labels]
    return _moved(x, np.sign(dz @ kernel), epsilon)


def _bias_forgotten(x, labels, kernel, bias, epsilon):
    return _moved(x, np.sign(_gradient(x, labels, kernel, np.zeros_like(bias))), epsilon)


def _logits_taken_for_probabilities(x, labels, kernel, bias, epsilon):
    dz = x @ kernel + bias - np.eye(len(bias))[labels]
    return _moved(x, np.sign(dz @ kernel.T), epsilon)


def _softmax_over_the_batch(x, labels, kernel, bias, epsilon):
    dz = _softmax(x @ kernel + bias, axis=0) - np.eye(len(bias))[labels]
    return _moved(x, np.sign(dz @ kernel.T), epsilon)


def _softmax_over_everything(x, labels, kernel, bias, epsilon):
    e = np.exp(x @ kernel + bias)
    return _moved(x, np.sign((e / e.sum() - np.eye(len(bias))[labels]) @ kernel.T), epsilon)


def _one_from_all_labels_columns(x, labels, kernel, bias, epsilon):
    dz = _softmax(x @ kernel + bias)
    dz[:, labels] -= 1
    return _moved(x, np.sign(dz @ kernel.T), epsilon)


def _sign_too_early(x, labels, kernel, bias, epsilon):
    dz = _softmax(x @ kernel + bias) - np.eye(len(bias))[labels]
    return _moved(x, np.sign(np.sign(dz) @ kernel.T), epsilon)


def _every_pixel_moved(x, labels, kernel, bias, epsilon):
    return _moved(x, np.where(_gradient(x, labels, kernel, bias) > 0, 1, -1), epsilon)


def _every_pixel_raised(x, labels, kernel, bias, epsilon):
    return _moved(x, np.where(_gradient(x, labels, kernel, bias) >= 0, 1, -1), epsilon)


def _one_direction_for_all(x, labels, kernel, bias, epsilon):
    return _moved(x, np.sign(_gradient(x, labels, kernel, bias).mean(axis=0)), epsilon)


def _up_only(x, labels, kernel, bias, epsilon):
    return _moved(x, (_gradient(x, labels, kernel, bias) > 0).astype(x.dtype), epsilon)


def _in_place(x, labels, kernel, bias, epsilon):
    x += (epsilon * np.sign(_gradient(x, labels, kernel, bias))).astype(x.dtype)
    return np.clip(x, 0, 1)


def _mean_loss(x, labels, kernel, bias, epsilon):
    z = x @ kernel + bias
    p = np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])
    p[np.arange(len(x)), labels] -= 1
    gradient = np.einsum("nc,dc->nd", p / len(x), kernel)
    return np.minimum(1, np.maximum(0, x + epsilon * np.sign(gradient))).astype(x.dtype)


def _pixel_by_pixel(x, labels, kernel, bias, epsilon):
    attacked = x.copy()
    for i, label in enumerate(labels):
        e = np.exp(x[i] @ kernel + bias)
        slopes = kernel @ (e / e.sum()) - kernel[:, label]
        for j in range(x.shape[1]):
            if slopes[j] > 1e-6:
                attacked[i, j] = min(x[i, j] + epsilon, 1)
            elif slopes[j] < -1e-6:
                attacked[i, j] = max(x[i, j] - epsilon, 0)
    return attacked


FGSM = Exercise(
    id="fgsm",
    lesson="15",
    points=3,
    reference=fgsm,
    cases=_attacks,
    mistakes=(
        Mistake(_downhill, "The loss fell: an attack goes up its gradient."),
        Mistake(_not_clipped, "Some pixels left [0, 1]; no image has such pixels."),
        Mistake(_gradient_itself, "Each pixel moved by its gradient; the sign lets each move by the whole epsilon."),
        Mistake(_unit_length, "The gradient was scaled; the sign lets each pixel move by the whole epsilon."),
        Mistake(_largest_is_one, "Only one pixel moved by epsilon; the sign lets each move by the whole epsilon."),
        Mistake(_only_the_disturbance, "That is the disturbance; asked for are the disturbed images."),
        Mistake(_disturbance_clipped, "Clip the image, not the disturbance: a pixel may also get lighter."),
        Mistake(_labels_forgotten, "The gradient at the logits is p - one-hot labels; the labels are missing."),
        Mistake(_predicted_labels, "The loss is that of the given labels, not of what the network predicts."),
        Mistake(_score_of_the_label_raised, "That raises the label's score: the loss falls."),
        Mistake(
            _score_of_the_label_lowered,
            "That lowers the label's score only. The loss also grows when other scores rise: take its whole gradient.",
        ),
        Mistake(_kernel_not_transposed, "Back through a dense layer goes dz Wᵀ.", 4),
        Mistake(_bias_forgotten, "The logits are x W + b: without the bias the probabilities are others."),
        Mistake(_logits_taken_for_probabilities, "p are the probabilities: softmax is missing."),
        Mistake(_softmax_over_the_batch, "The probabilities of one image sum to 1: which axis are the classes?"),
        Mistake(_softmax_over_everything, "The probabilities of one image sum to 1; here those of the whole batch do."),
        Mistake(
            _one_from_all_labels_columns,
            "p[:, labels] takes these columns in every row. For one entry of each row: p[np.arange(n), labels].",
        ),
        Mistake(_sign_too_early, "The sign was taken at the logits. It is that of the gradient at the pixels."),
        Mistake(_every_pixel_moved, "A pixel whose gradient is 0 stays: its sign is 0."),
        Mistake(_every_pixel_raised, "A pixel whose gradient is 0 stays: its sign is 0."),
        Mistake(_one_direction_for_all, "Each image has a gradient of its own; here all moved alike."),
        Mistake(_up_only, "Pixels with a negative gradient move, too: down."),
        Mistake(_in_place, "Right numbers, but the caller's images were changed: make new ones."),
    ),
    alternatives=(_mean_loss, _pixel_by_pixel),
    hints=(
        "Compute the loss before and after. Did it grow? Are all pixels still between 0 and 1?",
        "Logits, softmax, p - one-hot, back through the dense layer; then the sign, times epsilon, and clip.",
        "dx = (p - np.eye(len(bias))[labels]) @ kernel.T",
    ),
    keeps_dtype=False,
)
