"""F1 and Fβ: averages, thresholds, weights."""

import numpy as np
import pytest

from kerasedu.metrics import F1Score, FBetaScore, Precision, Recall

LABELS = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]])
SCORES = np.array([[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.3, 0.6, 0.1]])
# Highest scores: classes 0, 1, 0, 1. TP 1 1 0, FP 1 1 0, FN 0 1 1: F1 2/3, 1/2, 0.


def close(got, expected):
    np.testing.assert_allclose(got, expected, atol=3e-7)


def test_one_number_for_each_class_and_their_averages():
    close(F1Score()(LABELS, SCORES), [2 / 3, 1 / 2, 0])
    close(F1Score("macro")(LABELS, SCORES), (2 / 3 + 1 / 2) / 3)
    close(F1Score("weighted")(LABELS, SCORES), (1 * 2 / 3 + 2 * 1 / 2) / 4)
    close(F1Score("micro")(LABELS, SCORES), 2 * 2 / (2 * 2 + 2 + 2))


def test_epsilon_is_added_to_each_denominator():
    precision, recall = 1 / (2 + 1e-7), 1 / (1 + 1e-7)
    expected = 2 * precision * recall / (precision + recall + 1e-7)
    assert F1Score()(LABELS, SCORES)[0] == pytest.approx(expected, rel=1e-14)
    assert F1Score("weighted")([[1.0]], [[1.0]]) == pytest.approx(
        (1 / (1 + 1e-7)) ** 2 * 2 / (2 / (1 + 1e-7) + 1e-7) / (1 + 1e-7), rel=1e-14
    )


def test_beta_says_how_much_recall_weighs():
    # Class 0: precision 1/2, recall 1.
    close(FBetaScore(beta=2.0)(LABELS, SCORES)[0], 5 * 0.5 / (4 * 0.5 + 1))
    close(FBetaScore(beta=0.5)(LABELS, SCORES)[0], 1.25 * 0.5 / (0.25 * 0.5 + 1))
    close(FBetaScore()(LABELS, SCORES), F1Score()(LABELS, SCORES))


def test_with_a_threshold_it_is_made_of_precision_and_recall():
    labels, scores = LABELS[:, :1], SCORES[:, :1]
    for threshold in (0.25, 0.5, 1.0):
        precision, recall = Precision(threshold)(labels, scores), Recall(threshold)(labels, scores)
        expected = 2 * precision * recall / (precision + recall) if precision else 0.0
        close(F1Score(threshold=threshold)(labels, scores), [expected])
    # A score equal to the threshold is negative.
    close(F1Score(threshold=0.6)(labels, scores), [0.0])


def test_equal_highest_scores_are_all_positive_but_not_zero():
    close(F1Score()([[1, 0], [0, 1]], [[0.5, 0.5], [0.5, 0.5]]), [2 / 3, 2 / 3])
    close(F1Score()([[1, 0], [0, 1]], [[0.0, 0.0], [0.0, 0.0]]), [0.0, 0.0])
    close(F1Score()([[1, 0]], [[-0.5, -1.0]]), [1.0, 0.0])


def test_weights():
    # Weights 1, 2, 3, 4: TP 1 2 0, FP 3 4 0, FN 0 3 4.
    weights = [1, 2, 3, 4]
    close(F1Score()(LABELS, SCORES, weights), [2 / 5, 4 / 11, 0])
    close(F1Score("weighted")(LABELS, SCORES, weights), (1 * 2 / 5 + 5 * 4 / 11) / 10)
    close(F1Score("micro")(LABELS, SCORES, weights), 6 / (6 + 7 + 7))
    close(F1Score()(LABELS, SCORES, 2.0), F1Score()(LABELS, SCORES))


@pytest.mark.parametrize("average", [None, "micro", "macro", "weighted"])
def test_batches_add_up_and_reset_forgets(average):
    metric = F1Score(average)
    assert metric.result() == 0.0
    whole = metric(LABELS, SCORES)
    metric.reset_state()
    assert np.all(metric.result() == 0.0)
    metric.update_state(LABELS[:1], SCORES[:1])
    assert np.array_equal(metric(LABELS[1:], SCORES[1:]), whole)
    assert [v.name for v in metric.variables] == ["true_positives", "false_positives", "false_negatives"]
    assert metric.true_positives.shape == (() if average == "micro" else (3,))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_types(dtype):
    assert F1Score()(LABELS, SCORES.astype(dtype)).dtype == F1Score(dtype=dtype)(LABELS, SCORES).dtype == dtype
    assert F1Score(dtype=dtype).result().dtype == dtype


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"average": "mean"}, "average to be None, 'micro', 'macro' or 'weighted', got 'mean'"),
        ({"beta": 0.0}, "beta to be a float > 0, got 0.0"),
        ({"beta": -1.0}, "beta to be a float > 0, got -1.0"),
        ({"beta": 1}, "beta to be a float > 0, got 1"),
        ({"threshold": 0.0}, r"threshold to be a float in \(0, 1\] or None, got 0.0"),
        ({"threshold": 1.5}, "threshold .* got 1.5"),
        ({"threshold": 1}, "threshold .* got 1"),
    ],
)
def test_impossible_settings_are_refused(options, message):
    with pytest.raises(ValueError, match=f"fbeta_score expected {message}"):
        FBetaScore(**options)


def test_class_numbers_and_wrong_weights_are_refused():
    with pytest.raises(ValueError, match=r"\(batch, classes\), got \(4,\) and \(4, 3\).*one-hot"):
        F1Score()([0, 1, 1, 2], SCORES)
    with pytest.raises(ValueError, match=r"labels and scores .* got \(4,\) and \(4,\)"):
        F1Score()(LABELS[:, 0], SCORES[:, 0])
    with pytest.raises(ValueError, match=r"sample_weight of shape \(4, 1\) does not fit values of shape \(4,\)"):
        F1Score()(LABELS, SCORES, np.ones((4, 1)))


def test_configurations():
    config = F1Score("macro", 0.5, "f", "float64").get_config()
    assert config == {"average": "macro", "threshold": 0.5, "name": "f", "dtype": "float64"}
    assert F1Score().name == "f1_score" and FBetaScore().name == "fbeta_score"
    config = {"average": None, "beta": 1.0, "threshold": None, "name": "fbeta_score", "dtype": None}
    assert FBetaScore().get_config() == config
