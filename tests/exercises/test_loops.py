"""Exercises that ask for operations on whole arrays do not accept a loop over the samples."""

import numpy as np
import pytest

from kerasedu.exercises import catalogue, evaluate
from kerasedu.exercises.result import TOO_SLOW


@pytest.mark.slow
def test_a_loop_over_very_many_samples_takes_too_long(monkeypatch):
    monkeypatch.setattr("kerasedu.exercises.judging_functions.SECONDS", 2.0)

    def loop(x, lengths):
        y = np.empty_like(x[:, 0])
        for i in range(len(x)):
            y[i] = x[i, : lengths[i]].mean(axis=0)
        return y

    result = evaluate(catalogue()["mean_of_valid"], loop, seed=0)
    assert result.status == TOO_SLOW
    assert "one over very many numbers" in result.message
