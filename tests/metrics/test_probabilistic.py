"""Cross-entropies as metrics."""

import numpy as np
import pytest

from kerasedu import metrics

LABELS = np.array([0, 2, 1])
ONE_HOT = np.eye(3)[LABELS]
PROBABILITIES = np.array([[0.5, 0.25, 0.25], [0.2, 0.2, 0.6], [0.1, 0.7, 0.2]])
LOGITS = np.log(PROBABILITIES) + np.array([[1.0], [-2.0], [0.5]])
EACH = -np.log([0.5, 0.6, 0.7])


def test_categorical_crossentropy():
    np.testing.assert_allclose(metrics.CategoricalCrossentropy()(ONE_HOT, PROBABILITIES), EACH.mean())
    np.testing.assert_allclose(metrics.CategoricalCrossentropy(from_logits=True)(ONE_HOT, LOGITS), EACH.mean())
    np.testing.assert_allclose(
        metrics.CategoricalCrossentropy()(ONE_HOT, PROBABILITIES, [1, 2, 3]), np.average(EACH, weights=[1, 2, 3])
    )
    smooth = -np.mean(np.sum((ONE_HOT * 0.7 + 0.1) * np.log(PROBABILITIES), axis=1))
    np.testing.assert_allclose(metrics.CategoricalCrossentropy(label_smoothing=0.3)(ONE_HOT, PROBABILITIES), smooth)
    first = metrics.CategoricalCrossentropy(axis=1)(ONE_HOT.reshape(1, 3, 3).swapaxes(1, 2), PROBABILITIES.T[None])
    np.testing.assert_allclose(first, EACH.mean())


@pytest.mark.parametrize("labels", [LABELS, LABELS[:, None]])
def test_sparse_categorical_crossentropy(labels):
    np.testing.assert_allclose(metrics.SparseCategoricalCrossentropy()(labels, PROBABILITIES), EACH.mean())
    np.testing.assert_allclose(metrics.SparseCategoricalCrossentropy(from_logits=True)(labels, LOGITS), EACH.mean())
    np.testing.assert_allclose(
        metrics.SparseCategoricalCrossentropy()(labels, PROBABILITIES, [1, 2, 3]),
        np.average(EACH, weights=[1, 2, 3]),
    )


@pytest.mark.parametrize("labels", [LABELS, LABELS[:, None]])
def test_an_ignored_class_counts_unless_there_are_weights(labels):
    metric = metrics.SparseCategoricalCrossentropy(ignore_class=2)
    np.testing.assert_allclose(metric(labels, PROBABILITIES), (EACH[0] + EACH[2]) / 3)
    metric.reset_state()
    np.testing.assert_allclose(metric(labels, PROBABILITIES, [1, 1, 1]), (EACH[0] + EACH[2]) / 2)
    metric.reset_state()
    np.testing.assert_allclose(metric(labels, PROBABILITIES, [1, 2, 3]), (EACH[0] + 3 * EACH[2]) / 4)


def test_an_ignored_class_in_sequences():
    labels, probabilities = np.array([[0, 2], [1, 2]]), np.stack([PROBABILITIES[:2], PROBABILITIES[1:]])
    weights = np.array([[1.0, 5.0], [3.0, 7.0]])
    expected = -(np.log(0.5) + 3 * np.log(0.2)) / 4
    for shape in ((2, 2), (2, 2, 1)):
        metric = metrics.SparseCategoricalCrossentropy(ignore_class=2)
        np.testing.assert_allclose(metric(labels.reshape(shape), probabilities, weights), expected)


def test_binary_crossentropy():
    y, p = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.5, 0.25], [0.2, 0.6]])
    each = -np.log([[0.5, 0.75], [0.8, 0.6]]).mean(axis=1)
    np.testing.assert_allclose(metrics.BinaryCrossentropy()(y, p), each.mean())
    np.testing.assert_allclose(metrics.BinaryCrossentropy(from_logits=True)(y, np.log(p / (1 - p))), each.mean())
    np.testing.assert_allclose(metrics.BinaryCrossentropy()(y, p, [3, 1]), np.average(each, weights=[3, 1]))
    smooth = -np.mean((0.8 * y + 0.1) * np.log(p) + (1 - (0.8 * y + 0.1)) * np.log(1 - p))
    np.testing.assert_allclose(metrics.BinaryCrossentropy(label_smoothing=0.2)(y, p), smooth)


OPTIONS = {
    "BinaryCrossentropy": {"from_logits": True, "label_smoothing": 0.25},
    "CategoricalCrossentropy": {"from_logits": True, "label_smoothing": 0.25, "axis": 1},
    "SparseCategoricalCrossentropy": {"from_logits": True, "ignore_class": 1, "axis": 1},
}
DEFAULTS = {"from_logits": False, "label_smoothing": 0, "axis": -1, "ignore_class": None}


@pytest.mark.parametrize("name", OPTIONS)
def test_configurations(name):
    cls = getattr(metrics, name)
    config = cls("mine", "float64", **OPTIONS[name]).get_config()
    assert config == {"name": "mine", "dtype": "float64", **OPTIONS[name]}
    assert cls.from_config(config).get_config() == config
    kerasname = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)[1:]
    assert cls().get_config() == {"name": kerasname, "dtype": None} | {key: DEFAULTS[key] for key in OPTIONS[name]}
