"""Losses with their gradient, metrics batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from kerasedu import losses, metrics
from kerasedu.parity.matrix.case import Case, Draw

REAL = ("MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "LogCosh", "Huber", "CosineSimilarity")
SIGNS = ("Hinge", "SquaredHinge")
REDUCTIONS = ("sum_over_batch_size", "sum", "none")
FUNCTIONS = ("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "log_cosh", "huber",
             "cosine_similarity", "hinge", "squared_hinge")  # fmt: skip
THRESHOLDS = ({}, {"thresholds": 0.3}, {"thresholds": [0.2, 0.6]})
COUNTS = ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives")


def loss_cases(dtype: str) -> Iterator[Case]:
    """Every loss, with each reduction, with and without sample weights."""
    for reduction, weighted in product(REDUCTIONS, (False, True)):
        draw = Draw(dtype, 5)
        options = {"sample_weight": draw.positive(6)} if weighted else {}

        def case(loss, y_pred, y_true, options=options):
            return Case("losses", (type(loss).__name__,), loss, y_pred, dtype, y_true, options)

        for name in REAL:
            yield case(getattr(losses, name)(reduction=reduction), draw.normal(6, 4), draw.normal(6, 4))
        for name in SIGNS:
            yield case(getattr(losses, name)(reduction=reduction), draw.normal(6, 4), draw.bits(6, 4))
        huber = losses.Huber(delta=0.4, reduction=reduction)
        weights = {"sample_weight": draw.positive(6, 1)} if weighted else {}
        yield case(huber, draw.normal(6, 3, 4), draw.normal(6, 3, 4), weights)
        kl = losses.KLDivergence(reduction=reduction)
        yield case(kl, draw.probabilities(6, 4), draw.probabilities(6, 4))
        for logits, smoothing in product((False, True), (0.0, 0.1)):
            options_of_loss = {"from_logits": logits, "label_smoothing": smoothing, "reduction": reduction}
            scores = draw.normal(6, 4) if logits else draw.fractions(6, 4)
            yield case(losses.BinaryCrossentropy(**options_of_loss), scores, draw.bits(6, 4))
            scores = draw.normal(6, 4) if logits else draw.probabilities(6, 4)
            yield case(losses.CategoricalCrossentropy(**options_of_loss), scores, draw.one_hot(4, 6))
            if not smoothing:
                sparse = losses.SparseCategoricalCrossentropy(from_logits=logits, reduction=reduction)
                yield case(sparse, scores, draw.integers(4, 6))
    draw = Draw(dtype, 6)
    for name in FUNCTIONS:
        signs = "hinge" in name
        y_true = draw.bits(5, 3) if signs else draw.normal(5, 3)
        yield Case("losses", (name,), getattr(losses, name), draw.normal(5, 3), dtype, y_true)
    targets = {
        "binary_crossentropy": draw.bits(5, 3),
        "categorical_crossentropy": draw.one_hot(3, 5),
        "sparse_categorical_crossentropy": draw.integers(3, 5),
        "kl_divergence": draw.probabilities(5, 3),
    }
    for name, y_true in targets.items():
        yield Case("losses", (name,), getattr(losses, name), draw.probabilities(5, 3), dtype, y_true)


def metric_cases(dtype: str) -> Iterator[Case]:
    """Every metric over three batches, with and without sample weights; numbers in float32 as Keras keeps them."""
    if dtype != "float32":
        return
    draw = Draw(dtype, 7)
    one_hot, labels, scores = draw.one_hot(4, 12), draw.integers(4, 12), draw.probabilities(12, 4)
    bits, fractions = draw.bits(12), draw.fractions(12)
    for weighted in (False, True):
        options = {"sample_weight": draw.positive(12)} if weighted else {}

        def case(metric, y_pred, y_true=None, options=options):
            return Case("metrics", (type(metric).__name__,), metric, y_pred, dtype, y_true, options)

        yield case(metrics.Mean(), draw.normal(12))
        yield case(metrics.Sum(), draw.normal(12))
        yield case(metrics.Accuracy(), draw.integers(4, 12), labels)
        yield case(metrics.BinaryAccuracy(threshold=0.4), fractions, bits)
        yield case(metrics.CategoricalAccuracy(), scores, one_hot)
        yield case(metrics.SparseCategoricalAccuracy(), scores, labels)
        yield case(metrics.TopKCategoricalAccuracy(k=2), scores, one_hot)
        yield case(metrics.SparseTopKCategoricalAccuracy(k=2), scores, labels)
        for name in ("MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError"):
            yield case(getattr(metrics, name)(), draw.normal(12, 3), draw.normal(12, 3))
        yield case(metrics.R2Score(), draw.normal(12, 3), draw.normal(12, 3))
        yield case(metrics.BinaryCrossentropy(), fractions.reshape(12, 1), bits.reshape(12, 1))
        yield case(metrics.CategoricalCrossentropy(label_smoothing=0.1), scores, one_hot)
        yield case(metrics.SparseCategoricalCrossentropy(), scores, labels)
        for thresholds, name in product(THRESHOLDS, (*COUNTS, "Precision", "Recall")):
            yield case(getattr(metrics, name)(**thresholds), fractions, bits)
        for arguments in _f_scores():
            yield case(metrics.F1Score(**arguments), scores, one_hot)
            yield case(metrics.FBetaScore(beta=2.0, **arguments), scores, one_hot)
        for curve, method in product(("ROC", "PR"), ("interpolation", "minoring", "majoring")):
            yield case(metrics.AUC(curve=curve, summation_method=method, num_thresholds=20), fractions, bits)


def _f_scores() -> Iterator[dict[str, Any]]:
    for average in (None, "micro", "macro", "weighted"):
        yield {"average": average}
    yield {"threshold": float(np.float32(0.3))}
