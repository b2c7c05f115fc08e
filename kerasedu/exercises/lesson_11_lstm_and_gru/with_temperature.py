"""Probabilities made sharper or flatter before a letter is drawn."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _predictions(rng):
    for n, k, temperature, dtype in [
        (3, 4, 0.5, "float64"),
        (1, 6, 2.0, "float64"),
        (4, 4, 0.25, "float64"),
        (2, 3, 4.0, "float32"),
        (2, 5, 1.0, "float64"),
    ]:
        p = rng.dirichlet(np.ones(k), size=n) + 0.01
        yield {"probabilities": (p / p.sum(axis=1, keepdims=True)).astype(dtype), "temperature": temperature}


def with_temperature(probabilities, temperature):
    p = probabilities ** (1 / temperature)
    return p / p.sum(axis=-1, keepdims=True)


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _softmax_twice(probabilities, temperature):
    return _softmax(probabilities / temperature)


def _divided(probabilities, temperature):
    p = probabilities / temperature
    return p / p.sum(axis=-1, keepdims=True)


def _not_normalized(probabilities, temperature):
    return probabilities ** (1 / temperature)


def _power_of_the_temperature(probabilities, temperature):
    return with_temperature(probabilities, 1 / temperature)


def _normalized_over_all(probabilities, temperature):
    p = probabilities ** (1 / temperature)
    return p / p.sum()


def _normalized_over_the_batch(probabilities, temperature):
    p = probabilities ** (1 / temperature)
    return p / p.sum(axis=0)


def _likeliest_only(probabilities, temperature):
    return np.eye(probabilities.shape[1], dtype=probabilities.dtype)[probabilities.argmax(axis=1)]


def _by_logits(probabilities, temperature):
    return _softmax(np.log(probabilities) / temperature)


def _row_by_row(probabilities, temperature):
    rows = []
    for row in probabilities:
        weights = [p ** (1 / temperature) for p in row]
        rows.append([w / sum(weights) for w in weights])
    return np.array(rows)


WITH_TEMPERATURE = Exercise(
    id="with_temperature",
    lesson="11",
    points=2,
    reference=with_temperature,
    cases=_predictions,
    mistakes=(
        Mistake(
            _softmax_twice,
            "Probabilities went through softmax once more, which flattens them: it is the logits that are divided by "
            "T.",
            10,
        ),
        Mistake(_divided, "Dividing all by T changes no ratio, so after normalising they are what they were."),
        Mistake(_not_normalized, "The powers are right; probabilities must sum to 1."),
        Mistake(
            _power_of_the_temperature, "The wrong way round: a low temperature must make the likely letter likelier."
        ),
        Mistake(_normalized_over_all, "Each row is a prediction of its own, and sums to 1."),
        Mistake(_normalized_over_the_batch, "The sum went over the batch; the letters are on the last axis."),
        Mistake(_likeliest_only, "That is the limit for T = 0: the likeliest letter always. Here all keep a share."),
    ),
    alternatives=(_by_logits, _row_by_row),
    hints=(
        "Try p = [0.8, 0.2] and T = 0.5: is the first letter more likely afterwards?",
        "softmax(z / T) with z = log p is the same as p to the power 1 / T, divided by the row's sum.",
        "probabilities ** (1 / temperature) are the numbers before they are made to sum to 1.",
    ),
    tolerance=256.0,
)
