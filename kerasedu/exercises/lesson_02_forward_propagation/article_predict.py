"""Find the bug: the article's data has samples in columns, and reshape is no transpose."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _article_data(rng):
    for d, n, hidden, units in [(8, 5, 10, 1), (8, 1, 10, 1), (8, 8, 8, 1), (3, 6, 4, 2), (2, 7, 3, 1)]:
        shapes = {"x": (d, n), "kernel_1": (d, hidden), "bias_1": (hidden,), "kernel_2": (hidden, units)}
        shapes |= {"bias_2": (units,)}
        yield {name: 0.6 * rng.normal(size=shape) for name, shape in shapes.items()}


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _relu(z):
    return np.maximum(z, 0)


def _network(rows, kernel_1, bias_1, kernel_2, bias_2, hidden=_relu, output=_sigmoid):
    return output(hidden(rows @ kernel_1 + bias_1) @ kernel_2 + bias_2)


def article_predict(x, kernel_1, bias_1, kernel_2, bias_2):
    return _network(x.T, kernel_1, bias_1, kernel_2, bias_2)


def _reshaped(x, *weights):
    return _network(x.reshape(-1, len(x)), *weights)


def _reshaped_in_the_order_of_columns(x, *weights):
    return _network(x.reshape(-1, len(x), order="F"), *weights)


def _as_it_came(x, *weights):
    return _network(x, *weights)


def _result_in_columns(x, *weights):
    return article_predict(x, *weights).T


def _first_sample_only(x, *weights):
    return _network(x[:, :1].T, *weights)


def _rows_reversed(x, *weights):
    return _network(np.rot90(x), *weights)


def _kernel_reshaped(x, kernel_1, bias_1, kernel_2, bias_2):
    h = _relu(kernel_1.reshape(-1, len(x)) @ x + bias_1[:, None]).T
    return _sigmoid(h @ kernel_2 + bias_2)


def _no_relu(x, *weights):
    return _network(x.T, *weights, hidden=lambda z: z)


def _relu_at_the_end(x, *weights):
    return _network(x.T, *weights, output=lambda z: _sigmoid(_relu(z)))


def _no_sigmoid(x, *weights):
    return _network(x.T, *weights, output=lambda z: z)


def _columns_throughout(x, kernel_1, bias_1, kernel_2, bias_2):
    h = np.maximum(kernel_1.T @ x + bias_1[:, None], 0)
    z = kernel_2.T @ h + bias_2[:, None]
    return (1 / (1 + np.exp(-z))).T


def _column_after_column(x, kernel_1, bias_1, kernel_2, bias_2):
    h = np.maximum(np.dot(x.flatten(order="F").reshape(-1, len(x)), kernel_1) + bias_1, 0)
    return 1 / (1 + np.exp(-(np.dot(h, kernel_2) + bias_2)))


def _sample_by_sample(x, *weights):
    return np.vstack([_network(x[:, i], *weights) for i in range(x.shape[1])])


ARTICLE_PREDICT = Exercise(
    id="article_predict",
    lesson="02",
    points=2,
    reference=article_predict,
    cases=_article_data,
    mistakes=(
        Mistake(
            _reshaped,
            "reshape reads the numbers row by row and fills rows with them: a row now holds one feature of several "
            "samples. Compare x[:, 0], the first sample, with the first row of your x.",
        ),
        Mistake(
            _reshaped_in_the_order_of_columns,
            'order="F" makes reshape read and also write by columns, so the samples are mixed as before.',
        ),
        Mistake(_as_it_came, "Dense reads samples in rows; here they are still in columns."),
        Mistake(_result_in_columns, "The right numbers, in a row; the result has a row for each sample."),
        Mistake(_first_sample_only, "Only the first column was used; every column is a sample."),
        Mistake(_rows_reversed, "A rotation turns columns into rows too, and reverses their order."),
        Mistake(
            _kernel_reshaped,
            "The kernel must be transposed to stand left of a column; reshape leaves its numbers in reading order.",
            3,
        ),
        Mistake(_no_relu, "The hidden layer has lost its ReLU."),
        Mistake(_relu_at_the_end, "The output layer has the sigmoid alone: with ReLU before it nothing falls below ½."),
        Mistake(_no_sigmoid, "The sigmoid of the output layer is missing."),
    ),
    alternatives=(_columns_throughout, _column_after_column, _sample_by_sample),
    hints=(
        "Take x of shape (2, 3) with the numbers 0 to 5, and print what the first line makes of it.",
        "Sample i is column i. It must become row i, with its features in their order.",
        "One operation swaps rows and columns, so that entry [f, i] goes to [i, f]; every array has it as .T",
    ),
    tolerance=1024.0,
)
