"""Embedding and Masking against Keras."""

import numpy as np
import pytest

from kerasedu import parity
from kerasedu.layers import Embedding, Masking

pytestmark = pytest.mark.parity

WORDS = np.array([[3, 1, 0, 0], [3, 3, 3, 2]])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "words", [WORDS, WORDS.astype("int32"), WORDS[:, :, None], WORDS[0]], ids=lambda a: str(a.shape)
)
@pytest.mark.parametrize("mask_zero", [False, True])
def test_embedding(mask_zero, words, dtype):
    report = parity.check(Embedding(5, 3, mask_zero=mask_zero, dtype=dtype), words)
    assert report.passed, report


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("mask_value", [0.0, 2.0])
def test_masking(mask_value, dtype):
    x = WORDS[..., None] * np.array([1.0, 1.0])
    report = parity.check(Masking(mask_value=mask_value, dtype=dtype), x)
    assert report.passed, report
