"""How far the requests have drifted from the training data: the population stability index."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _samples(rng):
    # len(training) - 1 and bins have no common factor, so that no edge falls on a training value, but for the last one:
    # there the edges are 3, 6 and 9, without a rounding error
    yield _case(rng.normal(size=30), rng.normal(size=25), 4)
    yield _case(rng.normal(size=50), rng.normal(2.0, 1.0, size=20), 5)  # beyond the largest training value
    yield _case(rng.exponential(size=42), rng.exponential(size=90) - 1, 6)  # below the smallest one
    yield _case(rng.normal(size=24), np.array([0.1]), 10)  # empty bins
    yield _case(rng.uniform(size=33), rng.uniform(0.4, 0.6, size=12), 3)
    yield _case(
        rng.permutation(np.arange(13.0)), rng.permutation([3.0, 3.0, 3.0, 6.0, 6.0, 9.0, rng.uniform(-1, 14)]), 4
    )


def _case(training, requests, bins):
    return {"training": training, "requests": requests, "bins": bins}


def _inner_edges(training, bins):
    return np.quantile(training, np.arange(1, bins) / bins)


def _counts(values, edges):
    return np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)


def _shares(values, edges):
    return (_counts(values, edges) + 1) / (len(values) + len(edges) + 1)


def _index(p, q):
    return np.sum((q - p) * np.log(q / p))


def drift_score(training, requests, bins):
    edges = _inner_edges(training, bins)
    return _index(_shares(training, edges), _shares(requests, edges))


def _equal_widths(training, requests, bins):
    edges = np.linspace(training.min(), training.max(), bins + 1)[1:-1]
    return _index(_shares(training, edges), _shares(requests, edges))


def _edges_of_the_requests(training, requests, bins):
    edges = _inner_edges(requests, bins)
    return _index(_shares(training, edges), _shares(requests, edges))


def _edges_of_both(training, requests, bins):
    edges = _inner_edges(np.concatenate([training, requests]), bins)
    return _index(_shares(training, edges), _shares(requests, edges))


def _own_edges_each(training, requests, bins):
    return _index(_shares(training, _inner_edges(training, bins)), _shares(requests, _inner_edges(requests, bins)))


def _outside_not_counted(training, requests, bins):
    edges = np.quantile(training, np.linspace(0, 1, bins + 1))
    p, q = ((np.histogram(values, edges)[0] + 1) / (len(values) + bins) for values in (training, requests))
    return _index(p, q)


def _outside_left_out(training, requests, bins):
    inside = requests[(requests >= training.min()) & (requests <= training.max())]
    return drift_score(training, inside, bins)


def _edges_to_the_left(training, requests, bins):
    return drift_score(-training, -requests, bins)


def _nothing_below_the_smallest(training, requests, bins):
    edges = np.append(np.quantile(training, np.arange(bins) / bins), np.inf)
    p, q = ((np.histogram(values, edges)[0] + 1) / (len(values) + bins) for values in (training, requests))
    return _index(p, q)


def _edges_without_interpolation(training, requests, bins):
    edges = np.sort(training)[np.arange(1, bins) * len(training) // bins]
    return _index(_shares(training, edges), _shares(requests, edges))


def _one_bin_less(training, requests, bins):
    return drift_score(training, requests, bins - 1)


def _empty_bins(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = (_counts(values, edges) / len(values) for values in (training, requests))
    return _index(p, q)


def _empty_bins_skipped(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = (_counts(values, edges) / len(values) for values in (training, requests))
    both = (p > 0) & (q > 0)
    return _index(p[both], q[both])


def _small_share_added(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = (_counts(values, edges) / len(values) + 1e-4 for values in (training, requests))
    return _index(p, q)


def _shares_too_large(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = ((_counts(values, edges) + 1) / len(values) for values in (training, requests))
    return _index(p, q)


def _one_added_to_the_total(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = ((_counts(values, edges) + 1) / (len(values) + 1) for values in (training, requests))
    return _index(p, q)


def _at_least_one(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = (np.maximum(_counts(values, edges), 1) / len(values) for values in (training, requests))
    return _index(p, q)


def _training_not_smoothed(training, requests, bins):
    edges = _inner_edges(training, bins)
    return _index(_counts(training, edges) / len(training), _shares(requests, edges))


def _both_divided_by_training(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = ((_counts(values, edges) + 1) / (len(training) + bins) for values in (training, requests))
    return _index(p, q)


def _one_share_added(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = (_counts(values, edges) / len(values) + 1 / bins for values in (training, requests))
    return _index(p, q)


def _counts_compared(training, requests, bins):
    edges = _inner_edges(training, bins)
    return _index(_counts(training, edges) + 1, _counts(requests, edges) + 1)


def _divergence_only(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = _shares(training, edges), _shares(requests, edges)
    return np.sum(q * np.log(q / p))


def _divergence_from_training(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = _shares(training, edges), _shares(requests, edges)
    return np.sum(p * np.log(p / q))


def _wrong_sign(training, requests, bins):
    return -drift_score(training, requests, bins)


def _mean_over_bins(training, requests, bins):
    return drift_score(training, requests, bins) / bins


def _decimal_logarithm(training, requests, bins):
    return drift_score(training, requests, bins) / np.log(10)


def _binary_logarithm(training, requests, bins):
    return drift_score(training, requests, bins) / np.log(2)


def _training_assumed_equal(training, requests, bins):
    edges = _inner_edges(training, bins)
    return _index(np.full(bins, 1 / bins), _shares(requests, edges))


def _one_bin_more(training, requests, bins):
    return drift_score(training, requests, bins + 1)


def _term_by_term(training, requests, bins):
    return np.abs(_terms(training, requests, bins)).max()


def _all_terms(training, requests, bins):
    return _terms(training, requests, bins)


def _terms(training, requests, bins):
    edges = _inner_edges(training, bins)
    p, q = _shares(training, edges), _shares(requests, edges)
    return (q - p) * np.log(q / p)


def _histograms(training, requests, bins):
    edges = np.percentile(training, np.linspace(0, 100, bins + 1))
    edges[0], edges[-1] = -np.inf, np.inf
    p = (1 + np.histogram(training, bins=edges)[0]) / (training.size + bins)
    q = (1 + np.histogram(requests, bins=edges)[0]) / (requests.size + bins)
    return float(np.dot(p - q, np.log(p) - np.log(q)))


def _bin_by_bin(training, requests, bins):
    edges = [-np.inf, *(np.quantile(training, k / bins) for k in range(1, bins)), np.inf]
    score = 0.0
    for k in range(bins):
        low, high = edges[k], edges[k + 1]
        p = (sum(low <= value < high for value in training) + 1) / (len(training) + bins)
        q = (sum(low <= value < high for value in requests) + 1) / (len(requests) + bins)
        score += (p - q) * np.log(p / q)
    return score


DRIFT_SCORE = Exercise(
    id="drift_score",
    lesson="15",
    points=3,
    reference=drift_score,
    cases=_samples,
    mistakes=(
        Mistake(_equal_widths, "Bins of equal width; quantiles give each bin as many training values."),
        Mistake(_edges_of_the_requests, "The edges came from the requests. What is normal, the training data says."),
        Mistake(_edges_of_both, "The requests moved the edges. What is normal, the training data says."),
        Mistake(
            _own_edges_each, "Both were put into bins of their own, so they look alike. Training's edges serve both."
        ),
        Mistake(
            _outside_not_counted,
            "Requests beyond the training range fell out of every bin: the outer bins have no outer edge.",
        ),
        Mistake(
            _outside_left_out,
            "Requests beyond the training range were dropped, though they have drifted most. The outer bins have no "
            "outer edge.",
        ),
        Mistake(_edges_to_the_left, "A number on an edge went to the bin on its left; searchsorted has side='right'."),
        Mistake(
            _nothing_below_the_smallest,
            "Requests below the smallest training number fell out of every bin: the first bin has no lower edge.",
        ),
        Mistake(
            _edges_without_interpolation,
            "A quantile may lie between two numbers, as np.quantile has it; this took one.",
        ),
        Mistake(_empty_bins, "An empty bin has the share 0 and the logarithm -inf: each bin gets 1 added."),
        Mistake(
            _empty_bins_skipped, "Empty bins were skipped, where the difference is greatest: each bin gets 1 added."
        ),
        Mistake(_small_share_added, "A small share was added; here it is 1 to each count, before dividing."),
        Mistake(
            _shares_too_large, "The shares sum to more than 1: 1 was added to each bin, so the total grew by bins."
        ),
        Mistake(_one_added_to_the_total, "1 was added to every bin, so the total grew by bins, not by 1."),
        Mistake(_at_least_one, "1 is added to each count, not only to those that are 0."),
        Mistake(_training_not_smoothed, "Training counts get 1 added, too, and the total of both grows by bins."),
        Mistake(_both_divided_by_training, "The requests' counts are divided by their own number, n + bins."),
        Mistake(_one_share_added, "1 is added to each count, before dividing, not 1/bins to each share."),
        Mistake(_counts_compared, "Counts grow with the number of requests; shares do not."),
        Mistake(_divergence_only, "That is one half: the sum weighs with q - p, which makes it symmetric."),
        Mistake(_divergence_from_training, "That is one half: the sum weighs with q - p, which makes it symmetric."),
        Mistake(_wrong_sign, "A score below 0: both factors, q - p and ln(q/p), must have the same sign."),
        Mistake(_mean_over_bins, "It is a sum over the bins, not a mean."),
        Mistake(_decimal_logarithm, "np.log10 is the decimal logarithm; ln is np.log."),
        Mistake(_binary_logarithm, "np.log2 is the binary logarithm; ln is np.log."),
        Mistake(_training_assumed_equal, "The training shares are counted too: they are only about 1/bins each."),
        Mistake(_one_bin_more, "There is a bin too many: bins bins have bins - 1 edges between them."),
        Mistake(_one_bin_less, "A bin is missing: bins bins have bins - 1 edges between them."),
        Mistake(_all_terms, "Those are the terms of the bins; the score is their sum."),
        Mistake(_term_by_term, "That is the largest term; the score is the sum over the bins."),
    ),
    alternatives=(_histograms, _bin_by_bin),
    hints=(
        "The same data twice must give 0. Then move all requests far to the right: does the score grow?",
        "bins - 1 inner quantiles of the training data cut the line; count both in the same bins, add 1, make shares.",
        "edges = np.quantile(training, np.arange(1, bins) / bins); np.searchsorted(edges, values, side='right') "
        "tells the bin of each value.",
    ),
    tolerance=1024.0,
)
