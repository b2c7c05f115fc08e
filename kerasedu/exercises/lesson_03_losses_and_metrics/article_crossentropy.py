"""Find the bug: the article's cross-entropy, a sum over samples of p log q, for one probability a sample."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _predictions(rng):
    """Probabilities between 0.1 and 0.9; in the last cases some are exactly 0, or 1."""
    for n, dtype in [(4, "float64"), (1, "int64"), (7, "int64")]:
        y_true = rng.permutation(np.arange(n) % 2).astype(dtype)
        yield {"y_true": y_true, "y_pred": rng.uniform(0.1, 0.9, size=n)}
    yield {"y_true": np.array([1, 0, 1]), "y_pred": np.array([0.0, 0.0, 0.4])}
    yield {"y_true": np.array([0, 1, 0, 1]), "y_pred": np.array([1.0, 1.0, 0.3, 0.0])}


def article_crossentropy(y_true, y_pred):
    return -np.mean(y_true * np.log(_clip(y_pred)) + (1 - y_true) * np.log(1 - _clip(y_pred)))


def _clip(p, epsilon=1e-7):
    return np.clip(p, epsilon, 1 - epsilon)


def _as_printed(y_true, y_pred):
    return -np.sum(y_true * np.log(y_pred))


def _printed_as_a_mean(y_true, y_pred):
    return -np.mean(y_true * np.log(y_pred))


def _printed_but_clipped(y_true, y_pred):
    return -np.sum(y_true * np.log(_clip(y_pred)))


def _zeros_cost_nothing(y_true, y_pred):
    return -np.mean(y_true * np.log(_clip(y_pred)))


def _mean_over_the_ones(y_true, y_pred):
    return -np.sum(y_true * np.log(_clip(y_pred))) / np.sum(y_true)


def _other_logarithm(y_true, y_pred):
    return article_crossentropy(y_true, y_pred) / np.log(10)


def _logarithm_of_base_2(y_true, y_pred):
    return article_crossentropy(y_true, y_pred) / np.log(2)


def _nan_replaced(y_true, y_pred):
    return -np.mean(np.nan_to_num(y_true * np.log(y_pred) + (1 - y_true) * np.log(1 - y_pred)))


def _signs_mixed(y_true, y_pred):
    p = _clip(y_pred)
    return -np.mean(y_true * np.log(p) - (1 - y_true) * np.log(1 - p))


def _one_per_sample(y_true, y_pred):
    return -(y_true * np.log(_clip(y_pred)) + (1 - y_true) * np.log(1 - _clip(y_pred)))


def _sum_over_samples(y_true, y_pred):
    return -np.sum(y_true * np.log(_clip(y_pred)) + (1 - y_true) * np.log(1 - _clip(y_pred)))


def _sum_not_clipped(y_true, y_pred):
    return -np.sum(y_true * np.log(y_pred) + (1 - y_true) * np.log(1 - y_pred))


def _not_clipped(y_true, y_pred):
    return -np.mean(y_true * np.log(y_pred) + (1 - y_true) * np.log(1 - y_pred))


def _chosen_and_not_clipped(y_true, y_pred):
    return np.mean(-np.log(np.where(y_true == 1, y_pred, 1 - y_pred)))


def _clipped_elsewhere(y_true, y_pred):
    p = _clip(y_pred, 1e-12)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


def _clipped_from_below_only(y_true, y_pred):
    p = np.maximum(y_pred, 1e-7)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))


def _sign_forgotten(y_true, y_pred):
    return -article_crossentropy(y_true, y_pred)


def _complement_of_the_logarithm(y_true, y_pred):
    log = np.log(_clip(y_pred))
    return -np.mean(y_true * log + (1 - y_true) * (1 - log))


def _logarithm_of_the_mean(y_true, y_pred):
    p = _clip(y_pred)
    return -np.log(np.mean(np.where(y_true == 1, p, 1 - p)))


def _of_the_true_answer(y_true, y_pred):
    of_truth = np.where(y_true == 1, y_pred, 1 - y_pred)
    return np.mean(-np.log(np.maximum(of_truth, 1e-7)))


def _epsilon_added(y_true, y_pred):
    total = 0.0
    for y, p in zip(y_true, y_pred):
        total -= np.log(p + 1e-7) if y else np.log(1 - p + 1e-7)
    return total / len(y_true)


def _each_part_on_its_own(y_true, y_pred):
    p = np.minimum(np.maximum(y_pred, 1e-7), 1 - 1e-7)
    ones, zeros = y_true > 0.5, y_true < 0.5
    return float(-(np.log(p[ones]).sum() + np.log1p(-p[zeros]).sum()) / p.size)


ARTICLE_CROSSENTROPY = Exercise(
    id="article_crossentropy",
    lesson="03",
    points=3,
    reference=article_crossentropy,
    cases=_predictions,
    mistakes=(
        Mistake(
            _as_printed,
            "Take y_true = [0, 0] and y_pred = [0.9, 0.9]: what does it cost to be wrong twice? Then put a batch in "
            "twice, and then a probability of 0.",
            7,
        ),
        Mistake(
            _printed_as_a_mean, "Take y_true = [0, 0] and y_pred = [0.9, 0.9]: what does it cost to be wrong twice?"
        ),
        Mistake(
            _printed_but_clipped,
            "Take y_true = [0, 0] and y_pred = [0.9, 0.9]: what does it cost to be wrong twice? Then put a batch in "
            "twice.",
            7,
        ),
        Mistake(_zeros_cost_nothing, "Samples with label 0 cost nothing: a program that always answers 1 has loss 0."),
        Mistake(_mean_over_the_ones, "Samples with label 0 still cost nothing, and they do not count among the n."),
        Mistake(_other_logarithm, "The natural logarithm is meant: np.log, not np.log10."),
        Mistake(_logarithm_of_base_2, "The natural logarithm is meant: np.log, not np.log2."),
        Mistake(
            _nan_replaced,
            "np.nan_to_num makes a huge number of an infinite one. Keras keeps p away from 0 and 1 before ln.",
        ),
        Mistake(_signs_mixed, "The two terms are added: one minus stands before both."),
        Mistake(_one_per_sample, "Those are the losses of the samples; asked for is one number.", 7),
        Mistake(_sum_over_samples, "Put the batch in twice: the loss doubles. Keras divides by something.", 7),
        Mistake(_sum_not_clipped, "Put the batch in twice: the loss doubles. And what if a probability is 0?", 7),
        Mistake(
            _not_clipped,
            "Right until a probability is exactly 0 or 1: ln 0 is -inf, and 0 · inf is not a number. Where does Keras "
            "stop?",
        ),
        Mistake(_chosen_and_not_clipped, "Right until the true answer has probability 0: where does Keras stop?"),
        Mistake(_clipped_elsewhere, "Finite, but the limit is not Keras's: which ε does the text give?"),
        Mistake(_clipped_from_below_only, "p = 1 with label 0 takes ln(1 - 1). The other end needs a limit, too."),
        Mistake(_sign_forgotten, "Logarithms of probabilities are negative; a loss is not."),
        Mistake(
            _complement_of_the_logarithm,
            "The probability of the answer 0 is 1 - p, so its logarithm is needed, not 1 minus the logarithm of p.",
        ),
        Mistake(_logarithm_of_the_mean, "First the logarithm of each sample's probability, then the mean."),
    ),
    alternatives=(_of_the_true_answer, _epsilon_added, _each_part_on_its_own),
    hints=(
        "Try three small batches: only labels 0; the same batch twice; a probability of exactly 0.",
        "Each sample costs -ln of the probability that was given to its true answer: p for label 1, 1 - p for label 0. "
        "The loss is the mean over the samples.",
        "p = np.clip(y_pred, 1e-7, 1 - 1e-7)",
    ),
    tolerance=1e10,  # clipping at 1e-7 or adding 1e-7: both are common
)
