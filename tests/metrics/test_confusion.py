"""Counts of the confusion matrix, precision and recall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kerasedu import metrics
from kerasedu.metrics.thresholds import Thresholds

LABELS = np.array([1, 1, 1, 0, 0, 0])
SCORES = np.array([0.9, 0.6, 0.5, 0.5, 0.7, 0.1])
COUNTS = ["TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives"]


def counts(y_true, y_pred, sample_weight=None, **options):
    return [getattr(metrics, name)(**options)(y_true, y_pred, sample_weight).tolist() for name in COUNTS]


def test_a_score_equal_to_the_threshold_is_negative():
    assert counts(LABELS, SCORES) == [2, 1, 2, 1]
    assert counts([1, 0], [0.5, 0.5]) == [0, 0, 1, 1]


def test_weights_are_added_up():
    assert counts(LABELS, SCORES, [1, 2, 4, 8, 16, 32]) == [3, 16, 40, 4]
    assert counts(LABELS, SCORES, 2.0) == [4, 2, 4, 2]


def test_several_thresholds_give_several_counts_in_their_order():
    assert counts(LABELS, SCORES, thresholds=[0.8, 0.05, 0.5]) == [[1, 3, 2], [0, 3, 1], [3, 0, 2], [2, 0, 1]]
    assert counts(LABELS, SCORES, thresholds=0.8) == [1, 0, 3, 2]
    assert counts(LABELS, SCORES, thresholds=[0.8]) == [1, 0, 3, 2]


def test_any_label_but_zero_is_one():
    assert counts([2, -1, 0.5, 0, 0, 0], SCORES) == counts(LABELS, SCORES)


def test_any_shape_is_taken_element_by_element():
    assert counts(LABELS.reshape(2, 3), SCORES.reshape(2, 3)) == counts(LABELS, SCORES)
    assert counts(LABELS.reshape(2, 3), SCORES.reshape(2, 3), [1, 10]) == [2, 10, 20, 1]
    weights = np.arange(6).reshape(2, 3)
    assert counts(LABELS.reshape(2, 3), SCORES.reshape(2, 3), weights) == counts(LABELS, SCORES, np.arange(6))
    assert counts(LABELS[:, None], SCORES) == counts(LABELS, SCORES[:, None]) == counts(LABELS, SCORES)
    assert counts(LABELS[:, None], SCORES[:, None], np.arange(6)) == counts(LABELS, SCORES, np.arange(6))


def test_batches_add_up():
    for name in COUNTS:
        metric = getattr(metrics, name)(thresholds=[0.25, 0.5, 0.75])
        whole = metric(LABELS, SCORES)
        metric.reset_state()
        assert metric.result().tolist() == [0, 0, 0]
        metric.update_state(LABELS[:2], SCORES[:2])
        metric.update_state(LABELS[2:], SCORES[2:])
        assert (metric.result() == whole).all()


def test_precision_and_recall():
    assert metrics.Precision()(LABELS, SCORES) == np.float64(2 / 3)
    assert metrics.Recall()(LABELS, SCORES) == np.float64(2 / 3)
    assert metrics.Precision(0.55)([0, 1, 1, 1], [0.6, 0.6, 0.5, 0.5]) == 1 / 2
    assert metrics.Recall(0.55)([0, 1, 1, 1], [0.6, 0.6, 0.5, 0.5]) == 1 / 3
    assert metrics.Precision()(LABELS, SCORES, sample_weight=[1, 2, 4, 8, 16, 32]) == 3 / 19
    assert metrics.Recall()(LABELS, SCORES, sample_weight=[1, 2, 4, 8, 16, 32]) == 3 / 7
    assert metrics.Recall([0.05, 0.5, 0.95])(LABELS, SCORES).tolist() == [1, 2 / 3, 0]


def test_precision_of_no_positives_is_zero():
    assert metrics.Precision().result() == metrics.Recall().result() == 0.0
    assert metrics.Precision()([1], [0.0]) == metrics.Recall()([0], [1.0]) == 0.0


TABLE = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.4, 0.4, 0.2]])
TRUE = np.array([[0, 1, 0], [0, 0, 1], [0, 1, 1]])


def test_top_k_lets_only_the_highest_scores_be_positive():
    assert metrics.Precision(top_k=1)(TRUE, TABLE) == 1 / 3  # of equal scores the first
    assert metrics.Recall(top_k=1)(TRUE, TABLE) == 1 / 4
    assert metrics.Recall(top_k=2)(TRUE, TABLE) == 3 / 4
    assert metrics.Recall(top_k=3)(TRUE, TABLE) == 1.0
    # With a threshold of its own, a high place is not enough.
    assert metrics.Recall(thresholds=0.45, top_k=2)(TRUE, TABLE) == 1 / 4
    with pytest.raises(ValueError, match="top_k = 4 asks for more scores than there are classes, 3"):
        metrics.Recall(top_k=4)(TRUE, TABLE)


def test_top_k_is_taken_along_the_last_axis():
    metric = metrics.Recall(top_k=1)
    assert metric(TRUE.reshape(1, 3, 3), TABLE.reshape(1, 3, 3)) == metrics.Recall(top_k=1)(TRUE, TABLE)
    steps = np.stack([TABLE, TABLE[::-1]], axis=1)
    assert metrics.Precision(top_k=2)(np.ones_like(steps), steps) == 1.0
    hits = metrics.Precision(top_k=2)
    hits(np.ones_like(steps), steps)
    assert hits.true_positives.value == 2 * 6
    # Of thirty equal scores the first twenty.
    first = metrics.Recall(top_k=20)
    assert first(np.arange(30)[None] < 20, np.full((1, 30), 0.5)) == 1.0


def test_class_id_looks_at_one_class():
    assert metrics.Recall(0.25, class_id=1)(TRUE, TABLE) == 1.0
    assert metrics.Precision(0.25, class_id=2)(TRUE, TABLE) == 1.0
    assert metrics.Recall(0.25, class_id=2)(TRUE, TABLE) == 1 / 2
    assert metrics.Recall(top_k=1, class_id=2)(TRUE, TABLE, sample_weight=[1, 3, 5]) == 3 / 8
    with pytest.raises(ValueError, match=r"with class_id expected scores \(batch, classes\), got \(6,\)"):
        metrics.Recall(class_id=1)(LABELS, SCORES)


@pytest.mark.parametrize("thresholds", [-0.1, 1.1, [0.5, 2.0], float("nan")])
def test_thresholds_are_probabilities(thresholds):
    for name in [*COUNTS, "Precision", "Recall"]:
        with pytest.raises(ValueError, match=f"{name} expected thresholds between 0 and 1, got"):
            getattr(metrics, name)(thresholds=thresholds)
    metrics.Precision(thresholds=[0.0, 1.0])


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"expected labels in the shape of the scores \(6,\), got \(3,\)"):
        metrics.Precision()(LABELS[:3], SCORES)
    with pytest.raises(ValueError, match=r"sample_weight of shape \(3,\) does not fit values of shape \(6,\)"):
        metrics.Precision()(LABELS, SCORES, [1, 2, 3])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_types(dtype):
    assert metrics.Precision()(LABELS, SCORES.astype(dtype)).dtype == dtype
    assert metrics.TruePositives(dtype=dtype)(LABELS, SCORES).dtype == dtype
    # 0.3 in float32 is not above the threshold 0.3, though it is above 0.3 in float64.
    assert metrics.TruePositives(thresholds=0.3)([1], np.array([0.3], dtype)) == 0
    assert metrics.TruePositives(dtype=dtype, thresholds=[0.3, 0.1])([1], [0.3]).tolist() == [0, 1]


def test_configurations():
    for name in COUNTS:
        config = getattr(metrics, name)(thresholds=[0.25, 0.75], name="n").get_config()
        assert config == {"thresholds": [0.25, 0.75], "name": "n", "dtype": None}
    for cls in (metrics.Precision, metrics.Recall):
        config = cls(0.25, 2, 1, "n", "float64").get_config()
        assert config == {"thresholds": 0.25, "top_k": 2, "class_id": 1, "name": "n", "dtype": "float64"}
        assert cls.from_config(config).get_config() == config
        assert [v.name for v in cls().variables] == list(cls.counts)


SPLITS = [np.array([0.5]), np.array([0.7, 0.2]), np.linspace(0, 1, 3), np.linspace(0, 1, 9)]


@given(
    arrays("float64", 7, elements=st.integers(0, 64).map(lambda i: i / 64)),
    arrays("float64", 7, elements=st.floats(0, 4)),
)
def test_buckets_and_comparisons_agree(scores, weights):
    for values in SPLITS[2:]:
        thresholds = Thresholds(values)
        assert thresholds.even
        direct, fast = thresholds.split_directly(scores, weights), thresholds.split_evenly(scores, weights)
        np.testing.assert_allclose(fast, direct, rtol=1e-14, atol=1e-14)
        columns = thresholds.split_evenly(scores[:6].reshape(3, 2), weights[:6].reshape(3, 2))
        directly = thresholds.split_directly(scores[:6].reshape(3, 2), weights[:6].reshape(3, 2))
        np.testing.assert_allclose(columns, directly, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("values", SPLITS, ids=len)
def test_every_weight_is_on_one_side(values):
    rng = np.random.default_rng(0)
    scores, weights = rng.random((20, 3)), rng.random((20, 3))
    above, below = Thresholds(values).split(scores, weights)
    assert above.shape == below.shape == (len(values), 3)
    np.testing.assert_allclose(above + below, np.broadcast_to(weights.sum(0), above.shape))


def test_only_evenly_spaced_thresholds_from_0_to_1_are_even():
    assert Thresholds([-1e-7, 0.5, 1 + 1e-7]).even
    assert not Thresholds([0.0, 0.4, 1.0]).even
    assert not Thresholds([0.0, 1.0]).even
    assert not Thresholds([0.5]).even
    assert not Thresholds([0.25, 0.5, 0.75]).even


def test_a_first_threshold_below_zero_is_below_every_score():
    scores, ones = np.array([0.0, -3.0, 0.5, 1.0, 7.0, np.nan]), np.ones(6)
    above, below = Thresholds([-1e-7, 0.5, 1 + 1e-7]).split(scores, ones)
    assert above.tolist() == [5.0, 2.0, 0.0]  # NaN is above nothing
    assert below.tolist() == [1.0, 4.0, 6.0]
    above, below = Thresholds([0.0, 0.5, 1.0]).split(scores, ones)
    assert above.tolist() == [3.0, 2.0, 0.0] and below.tolist() == [3.0, 4.0, 6.0]
