"""The training loop in full: softmax regression by mini-batch gradient descent."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _runs(rng):
    for n, d, classes, epochs, batch_size, scale in [
        (7, 3, 4, 2, 3, 1.0),
        (6, 2, 2, 1, 6, 1.0),
        (4, 4, 4, 3, 1, 1.0),
        (5, 3, 3, 2, 8, 1.0),
        (6, 2, 3, 1, 4, 600.0),  # exp overflows unless softmax shifts
    ]:
        yield {
            "x": scale * rng.normal(size=(n, d)),
            "y": rng.permutation(n) % classes,
            "kernel": rng.normal(size=(d, classes)),
            "bias": rng.normal(size=classes),
            "orders": np.stack([rng.permutation(n) for _ in range(epochs)]),
            "batch_size": batch_size,
            "learning_rate": 0.2,
        }
    yield {  # rows far apart: a maximum of its own for each
        "x": np.array([[1.0], [-0.6]]),
        "y": np.array([1, 0]),
        "kernel": np.array([[500.0, 499.5, 499.0]]),
        "bias": rng.normal(size=3),
        "orders": np.array([[1, 0]]),
        "batch_size": 2,
        "learning_rate": 0.2,
    }


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _batches(x, y, orders, batch_size):
    for order in orders:
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            yield x[rows], y[rows]


def _gradients(x, y, kernel, bias, softmax=_softmax, count=None):
    dz = (softmax(x @ kernel + bias) - np.eye(len(bias))[y]) / (count or len(x))
    return x.T @ dz, dz.sum(axis=0)


def _train(batches, kernel, bias, learning_rate, **how):
    for x, y in batches:
        dkernel, dbias = _gradients(x, y, kernel, bias, **how)
        kernel, bias = kernel - learning_rate * dkernel, bias - learning_rate * dbias
    return kernel, bias


def train_softmax(x, y, kernel, bias, orders, batch_size, learning_rate):
    return _train(_batches(x, y, orders, batch_size), kernel, bias, learning_rate)


def _gradient_of_the_sum(x, y, kernel, bias, orders, batch_size, learning_rate):
    return _train(_batches(x, y, orders, batch_size), kernel, bias, learning_rate, count=1)


def _divided_by_batch_size(x, y, kernel, bias, orders, batch_size, learning_rate):
    return _train(_batches(x, y, orders, batch_size), kernel, bias, learning_rate, count=batch_size)


def _divided_by_all_samples(x, y, kernel, bias, orders, batch_size, learning_rate):
    return _train(_batches(x, y, orders, batch_size), kernel, bias, learning_rate, count=len(x))


def _bias_after_the_kernel(x, y, kernel, bias, orders, batch_size, learning_rate):
    for x_batch, y_batch in _batches(x, y, orders, batch_size):
        kernel = kernel - learning_rate * _gradients(x_batch, y_batch, kernel, bias)[0]
        bias = bias - learning_rate * _gradients(x_batch, y_batch, kernel, bias)[1]
    return kernel, bias


def _bias_forgotten(x, y, kernel, bias, orders, batch_size, learning_rate):
    start = bias
    for x_batch, y_batch in _batches(x, y, orders, batch_size):
        kernel = kernel - learning_rate * _gradients(x_batch, y_batch, kernel, bias)[0]
    return kernel, start


def _order_ignored(x, y, kernel, bias, orders, batch_size, learning_rate):
    return train_softmax(x, y, kernel, bias, np.sort(orders), batch_size, learning_rate)


def _labels_not_shuffled(x, y, kernel, bias, orders, batch_size, learning_rate):
    def batches():
        for order in orders:
            for start in range(0, len(x), batch_size):
                part = slice(start, start + batch_size)
                yield x[order[part]], y[part]

    return _train(batches(), kernel, bias, learning_rate)


def _labels_not_one_hot(x, y, kernel, bias, orders, batch_size, learning_rate):
    for x_batch, y_batch in _batches(x, y, orders, batch_size):
        dz = (_softmax(x_batch @ kernel + bias) - y_batch[:, None]) / len(x_batch)
        kernel, bias = kernel - learning_rate * x_batch.T @ dz, bias - learning_rate * dz.sum(axis=0)
    return kernel, bias


def _every_label_in_every_row(x, y, kernel, bias, orders, batch_size, learning_rate):
    for x_batch, y_batch in _batches(x, y, orders, batch_size):
        dz = _softmax(x_batch @ kernel + bias)
        dz[:, y_batch] -= 1
        dz = dz / len(x_batch)
        kernel, bias = kernel - learning_rate * x_batch.T @ dz, bias - learning_rate * dz.sum(axis=0)
    return kernel, bias


def _slope_once_more(x, y, kernel, bias, orders, batch_size, learning_rate):
    for x_batch, y_batch in _batches(x, y, orders, batch_size):
        p = _softmax(x_batch @ kernel + bias)
        dz = (p - np.eye(len(bias))[y_batch]) * p * (1 - p) / len(x_batch)
        kernel, bias = kernel - learning_rate * x_batch.T @ dz, bias - learning_rate * dz.sum(axis=0)
    return kernel, bias


def _each_epoch_from_the_start(x, y, kernel, bias, orders, batch_size, learning_rate):
    return train_softmax(x, y, kernel, bias, orders[-1:], batch_size, learning_rate)


def _first_epoch_again(x, y, kernel, bias, orders, batch_size, learning_rate):
    return train_softmax(x, y, kernel, bias, [orders[0] for _ in orders], batch_size, learning_rate)


def _one_epoch_only(x, y, kernel, bias, orders, batch_size, learning_rate):
    return train_softmax(x, y, kernel, bias, orders[:1], batch_size, learning_rate)


def _rest_dropped(x, y, kernel, bias, orders, batch_size, learning_rate):
    whole = len(x) // batch_size * batch_size
    return train_softmax(x, y, kernel, bias, orders[:, :whole], batch_size, learning_rate)


def _one_update_an_epoch(x, y, kernel, bias, orders, batch_size, learning_rate):
    return train_softmax(x, y, kernel, bias, orders, len(x), learning_rate)


def _uphill(x, y, kernel, bias, orders, batch_size, learning_rate):
    return train_softmax(x, y, kernel, bias, orders, batch_size, -learning_rate)


def _no_shift(x, y, kernel, bias, orders, batch_size, learning_rate):
    def softmax(z):
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    return _train(_batches(x, y, orders, batch_size), kernel, bias, learning_rate, softmax=softmax)


def _softmax_over_the_batch(x, y, kernel, bias, orders, batch_size, learning_rate):
    return _train(_batches(x, y, orders, batch_size), kernel, bias, learning_rate, softmax=lambda z: _softmax(z.T).T)


def _one_maximum_for_all_rows(x, y, kernel, bias, orders, batch_size, learning_rate):
    def softmax(z):
        e = np.exp(z - z.max())
        return e / e.sum(axis=1, keepdims=True)

    return _train(_batches(x, y, orders, batch_size), kernel, bias, learning_rate, softmax=softmax)


def _last_batch_only(x, y, kernel, bias, orders, batch_size, learning_rate):
    last = (len(x) - 1) // batch_size * batch_size
    return train_softmax(x, y, kernel, bias, orders[:, last:], batch_size, learning_rate)


def _mean_taken_twice_for_the_bias(x, y, kernel, bias, orders, batch_size, learning_rate):
    for x_batch, y_batch in _batches(x, y, orders, batch_size):
        dkernel, dbias = _gradients(x_batch, y_batch, kernel, bias)
        kernel, bias = kernel - learning_rate * dkernel, bias - learning_rate * dbias / len(x_batch)
    return kernel, bias


def _forward_without_bias(x, y, kernel, bias, orders, batch_size, learning_rate):
    for x_batch, y_batch in _batches(x, y, orders, batch_size):
        dkernel, dbias = _gradients(x_batch, y_batch, kernel, np.zeros_like(bias))
        kernel, bias = kernel - learning_rate * dkernel, bias - learning_rate * dbias
    return kernel, bias


def _in_place(x, y, kernel, bias, orders, batch_size, learning_rate):
    for x_batch, y_batch in _batches(x, y, orders, batch_size):
        dkernel, dbias = _gradients(x_batch, y_batch, kernel, bias)
        kernel -= learning_rate * dkernel
        bias -= learning_rate * dbias
    return kernel, bias


def _bias_as_a_row(x, y, kernel, bias, orders, batch_size, learning_rate):
    weights = np.vstack([kernel, bias])
    x = np.hstack([x, np.ones((len(x), 1))])
    for order in orders:
        for k in range(-(-len(x) // batch_size)):
            rows = order[k * batch_size : (k + 1) * batch_size]
            z = x[rows] @ weights
            p = np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])
            p[np.arange(len(rows)), y[rows]] -= 1
            weights = weights - learning_rate / len(rows) * x[rows].T @ p
    return [weights[:-1], weights[-1]]


def _on_copies_sample_by_sample(x, y, kernel, bias, orders, batch_size, learning_rate):
    kernel, bias = kernel.copy(), bias.copy()
    for order in np.asarray(orders).tolist():
        while order:
            rows, order = order[:batch_size], order[batch_size:]
            dkernel, dbias = np.zeros_like(kernel), np.zeros_like(bias)
            for row in rows:
                z = x[row] @ kernel + bias
                e = np.exp(z - max(z))
                error = e / sum(e) - (np.arange(len(bias)) == y[row])
                dkernel += np.outer(x[row], error) / len(rows)
                dbias += error / len(rows)
            kernel -= learning_rate * dkernel
            bias -= learning_rate * dbias
    return kernel, bias


TRAIN_SOFTMAX = Exercise(
    id="train_softmax",
    lesson="05",
    points=4,
    reference=train_softmax,
    cases=_runs,
    mistakes=(
        Mistake(_gradient_of_the_sum, "That is the gradient of the sum over the batch; the loss is the mean.", 7),
        Mistake(_divided_by_batch_size, "The last batch may be smaller: its mean divides by the samples it has.", 7),
        Mistake(_divided_by_all_samples, "The mean runs over the batch, not over all samples of x.", 7),
        Mistake(
            _bias_after_the_kernel,
            "The bias's gradient was computed after the kernel had changed. First all gradients, then all updates.",
            12,
        ),
        Mistake(
            _bias_forgotten,
            "The bias came back as it was. It takes a step too: for each class, the sum of dz over the batch. (Over "
            "the classes dz sums to 0.)",
        ),
        Mistake(_order_ignored, "The samples came as they stand in x; each epoch has an order of its own."),
        Mistake(_labels_not_shuffled, "The rows of x were picked by order, those of y were not."),
        Mistake(
            _labels_not_one_hot,
            "A label is the number of a class, no quantity: subtract 1 from the probability of that class alone.",
        ),
        Mistake(
            _every_label_in_every_row,
            "p[:, y] picks the columns of all labels in every row; each row has one label: p[np.arange(rows), y].",
        ),
        Mistake(
            _slope_once_more,
            "p - one-hot is the gradient at the logits already: p (1 - p) is in it, and would be there twice.",
        ),
        Mistake(
            _each_epoch_from_the_start, "Each epoch began with the first weights; it goes on where the last one ended."
        ),
        Mistake(_first_epoch_again, "Every epoch went through the order of the first one."),
        Mistake(_one_epoch_only, "There is one epoch for each row of orders; yours stopped after the first."),
        Mistake(_rest_dropped, "Samples that do not fill a batch were left out; they make a smaller batch."),
        Mistake(_one_update_an_epoch, "There was one update an epoch. Each mini-batch makes one."),
        Mistake(_uphill, "The loss grew: against the gradient goes down."),
        Mistake(
            _no_shift,
            "exp overflowed where logits are large. Softmax stays the same if the row's maximum is subtracted first.",
            9,
        ),
        Mistake(
            _one_maximum_for_all_rows,
            "Some rows became 0/0: their logits lie far below the one maximum of all rows. Each row has its own.",
            9,
        ),
        Mistake(
            _last_batch_only,
            "There was one update an epoch, from its last batch: the updates belong inside the inner loop.",
        ),
        Mistake(
            _mean_taken_twice_for_the_bias,
            "Dividing by the rows has made dz a mean already; the bias's gradient is its sum over the batch.",
            5,
        ),
        Mistake(_forward_without_bias, "The logits are x W + b; the bias is missing in the forward pass."),
        Mistake(_softmax_over_the_batch, "The probabilities of one sample sum to 1: which axis are the classes?"),
        Mistake(_in_place, "Right numbers, but `-=` changed the caller's arrays: kernel = kernel - … makes new ones."),
    ),
    alternatives=(_bias_as_a_row, _on_copies_sample_by_sample),
    hints=(
        "Two loops, epochs and batches. In the inner one: rows, forward, gradients, updates, in this order.",
        "Forward: p = softmax(x W + b). Gradients: dz = (p - one-hot) / samples in the batch, dW = xᵀ dz, db = the sum "
        "of dz over the batch. Then both updates.",
        "for order in orders: for start in range(0, len(x), batch_size): rows = order[start : start + batch_size]",
    ),
    tolerance=8192.0,
    results=("kernel", "bias"),
)
