"""Areas under curves, computed by hand for three thresholds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kerasedu.metrics import AUC

LABELS = np.array([0, 0, 1, 1])
SCORES = np.array([0.0, 0.5, 0.3, 0.9])
# Thresholds just below 0, at 0.5, just above 1:
#   TP 2 1 0    FP 2 0 0    TN 0 2 2    FN 0 1 2
# Weighted 1, 2, 3, 4:
#   TP 7 4 0    FP 3 0 0    TN 0 3 3    FN 0 3 7
WEIGHTS = np.array([1, 2, 3, 4])


def area(curve="ROC", method="interpolation", weights=None, **options):
    return AUC(num_thresholds=3, curve=curve, summation_method=method, **options)(LABELS, SCORES, weights)


def test_roc():
    # (1, 1), (0, 1/2), (0, 0)
    assert area() == 0.75
    assert area(method="majoring") == 1.0
    assert area(method="minoring") == 0.5
    # (1, 1), (0, 4/7), (0, 0)
    assert area(weights=WEIGHTS) == (1 + 4 / 7) / 2
    assert area(method="majoring", weights=WEIGHTS) == 1.0
    assert area(method="minoring", weights=WEIGHTS) == 4 / 7


def test_precision_over_recall():
    # Weighted: recall 1, 4/7, 0 and precision 7/10, 1, 0.
    np.testing.assert_allclose(area("PR", "majoring", WEIGHTS), 3 / 7 * 1 + 4 / 7 * 1, rtol=1e-14)
    np.testing.assert_allclose(area("PR", "minoring", WEIGHTS), 3 / 7 * 0.7 + 4 / 7 * 0, rtol=1e-14)


def test_precision_is_interpolated_along_true_and_false_positives():
    # From p = 10 to 4, TP from 7 to 4: slope 1/2, intercept 2. From 4 to 0: slope 1, intercept 0.
    expected = (0.5 * (3 + 2 * np.log(10 / 4)) + 1 * (4 + 0)) / 7
    np.testing.assert_allclose(area("PR", weights=WEIGHTS), expected, rtol=1e-14)


def test_the_interpolated_area_is_the_limit_of_many_small_steps():
    rng = np.random.default_rng(0)
    labels = rng.random(50) < 0.4
    scores = np.clip(rng.normal(labels * 0.3 + 0.4, 0.2), 0, 1)
    metric = AUC(num_thresholds=5, curve="PR")
    got = metric(labels, scores)
    tp, fp, _, fn = (v.value for v in metric.variables)
    total = 0.0
    for i in range(4):
        s = np.linspace(0, 1, 20001)
        t, f = tp[i + 1] + s * (tp[i] - tp[i + 1]), fp[i + 1] + s * (fp[i] - fp[i + 1])
        precision = np.divide(t, t + f, out=np.ones_like(t), where=t + f > 0)
        total += np.trapezoid(precision, t / (tp[i] + fn[i]))
    np.testing.assert_allclose(got, total, rtol=1e-5)


def test_precision_gain_over_recall_gain():
    # Weighted, odds P / N = 7/3: recall gain 1, max(0, 1 - 7/3 · 3/4) = 0, 0; precision gain 1 - 7/3 · 3/7 = 0, 1, 1.
    np.testing.assert_allclose(area("PRGAIN", "majoring", WEIGHTS), 1.0, rtol=1e-14)
    np.testing.assert_allclose(area("PRGAIN", "minoring", WEIGHTS), 0.0, atol=1e-14)
    np.testing.assert_allclose(area("PRGAIN", weights=WEIGHTS), 0.5, rtol=1e-14)


@given(st.integers(0, 2**32 - 1))
def test_roc_is_the_probability_of_the_right_order(seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, 30)
    scores = rng.integers(1, 9, 30) / 8  # 0 would fall into one bucket with 1/8
    positive, negative = scores[labels == 1], scores[labels == 0]
    if len(positive) and len(negative):
        wins = (positive[:, None] > negative).mean() + (positive[:, None] == negative).mean() / 2
        np.testing.assert_allclose(AUC(num_thresholds=9)(labels, scores), wins, rtol=1e-12)


@given(arrays("float64", (6, 2), elements=st.floats(0, 1)), arrays("bool", (6, 2)), st.integers(0, 6))
def test_batches_add_up(scores, labels, cut):
    for options in ({}, {"curve": "PR"}, {"multi_label": True}, {"thresholds": [0.3, 0.7]}):
        whole, parts = AUC(**options), AUC(**options)
        for part in (slice(0, cut), slice(cut, None)):
            parts.update_state(labels[part], scores[part])
        np.testing.assert_allclose(parts.result(), whole(labels, scores), rtol=1e-12, atol=1e-15)


def test_perfect_and_reversed_order():
    assert AUC()(LABELS, LABELS) == 1.0
    assert AUC()(LABELS, 1 - LABELS) == 0.0
    assert AUC(curve="PR")(LABELS, LABELS) == 1.0


def test_one_class_alone_has_no_area():
    assert AUC()([1, 1], [0.2, 0.9]) == AUC()([0, 0], [0.2, 0.9]) == AUC(curve="PR")([0, 0], [0.2, 0.9]) == 0.0
    assert AUC().result() == AUC(curve="PR").result() == AUC(multi_label=True).result() == 0.0


def test_negative_weights_have_no_area_below_precision():
    assert area("PR", weights=-WEIGHTS) == 0.0


def test_thresholds_of_one_s_own_are_sorted_and_completed():
    metric = AUC(thresholds=[0.6, 0.4])
    assert metric.num_thresholds == len(metric.true_positives.value) == 4
    # TP 2 1 1 0, FP 2 1 0 0: three points and two triangles.
    assert metric(LABELS, SCORES) == 0.5 * (1 + 0.5) / 2 + 0.5 * 0.5
    assert AUC(thresholds=[0.25, 0.75, 0.5])(LABELS, SCORES) == AUC(num_thresholds=5)(LABELS, SCORES)
    assert len(AUC().true_positives.value) == AUC().num_thresholds == 200


LABELS_2 = np.array([[0, 1], [0, 1], [1, 0], [1, 0]])
SCORES_2 = np.array([[0.0, 0.9], [0.5, 0.3], [0.3, 0.6], [0.9, 0.1]])


def test_labels_one_by_one_or_all_together():
    first, second = (AUC(num_thresholds=3)(LABELS_2[:, i], SCORES_2[:, i]) for i in (0, 1))
    assert (first, second) == (0.75, 0.5)
    assert AUC(num_thresholds=3, multi_label=True)(LABELS_2, SCORES_2) == (0.75 + 0.5) / 2
    weighted = AUC(num_thresholds=3, multi_label=True, label_weights=[3, 1])(LABELS_2, SCORES_2)
    assert weighted == (3 * 0.75 + 0.5) / 4
    together = AUC(num_thresholds=3)(LABELS_2, SCORES_2)
    assert together == AUC(num_thresholds=3)(LABELS_2.ravel(), SCORES_2.ravel())
    counted = AUC(num_thresholds=3, label_weights=[3, 1])(LABELS_2, SCORES_2)
    assert counted == AUC(num_thresholds=3)(LABELS_2.ravel(), SCORES_2.ravel(), [3, 1] * 4) != together
    assert AUC(multi_label=True, label_weights=[0, 0])(LABELS_2, SCORES_2) == 0.0


def test_a_weight_for_each_element_of_the_batch():
    metric = AUC(num_thresholds=3, multi_label=True)
    got = metric(LABELS_2, SCORES_2, sample_weight=WEIGHTS)
    each = [AUC(num_thresholds=3)(LABELS_2[:, i], SCORES_2[:, i], WEIGHTS) for i in (0, 1)]
    assert got == np.mean(each)
    assert metric.true_positives.shape == (3, 2)
    metric.reset_state()
    assert metric.result() == 0.0


def test_logits():
    logits = np.log(np.array([0.25, 0.75, 0.5, 0.9]) / (1 - np.array([0.25, 0.75, 0.5, 0.9])))
    assert AUC(from_logits=True)(LABELS, logits) == AUC()(LABELS, [0.25, 0.75, 0.5, 0.9])


def test_scores_beyond_0_and_1_are_clipped():
    assert AUC()(LABELS, [-1.0, 0.5, 0.3, 2.0]) == AUC()(LABELS, [0.0, 0.5, 0.3, 1.0])


def test_no_score_is_above_the_last_threshold_and_every_one_above_the_first():
    metric = AUC(thresholds=[0.3])
    metric([1, 1, 0], [0.0, 1.0, 1.0])
    assert metric.true_positives.value.tolist() == [2, 1, 0]
    assert metric.false_positives.value.tolist() == [1, 1, 0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_types(dtype):
    assert AUC()(LABELS, SCORES.astype(dtype)).dtype == AUC(dtype=dtype)(LABELS, SCORES).dtype == dtype


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"curve": "PRC"}, "curve to be one of ROC, PR, PRGAIN, got 'PRC'"),
        ({"summation_method": "mean"}, "summation_method to be one of interpolation, majoring, minoring, got 'mean'"),
        ({"num_thresholds": 1}, "num_thresholds > 1, got 1"),
        ({"thresholds": [0.5, 1.5]}, "thresholds between 0 and 1"),
        ({"num_labels": 2}, "only with multi_label=True"),
    ],
)
def test_impossible_settings_are_refused(options, message):
    with pytest.raises(ValueError, match=f"AUC .*{message}"):
        AUC(**options)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"multi_label expected scores \(batch, labels\), got \(4,\)"):
        AUC(multi_label=True)(LABELS, SCORES)
    with pytest.raises(ValueError, match=r"multi_label expected scores \(batch, 3\), got \(4, 2\)"):
        AUC(multi_label=True, num_labels=3)(LABELS_2, SCORES_2)


def test_configurations():
    assert AUC(name="area").get_config() == {
        "num_thresholds": 200,
        "curve": "ROC",
        "summation_method": "interpolation",
        "name": "area",
        "dtype": None,
        "thresholds": None,
        "multi_label": False,
        "num_labels": None,
        "label_weights": None,
        "from_logits": False,
    }
    for options in ({"curve": "pr", "thresholds": [0.25, 0.5]}, {"multi_label": True, "label_weights": [1.0, 2.0]}):
        config = AUC(name="a", summation_method="Majoring", **options).get_config()
        assert AUC.from_config(config).get_config() == config
        assert config["summation_method"] == "majoring" and config["curve"] == options.get("curve", "ROC").upper()
    assert AUC(num_thresholds=2, multi_label=True, num_labels=3).variables[0].shape == (2, 3)
    names = ["true_positives", "false_positives", "true_negatives", "false_negatives"]
    assert [v.name for v in AUC().variables] == names
