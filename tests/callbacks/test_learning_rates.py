"""Callbacks that change the learning rate."""

import numpy as np
import pytest
from scripted import X, Y, net, run

from kerasedu.callbacks import LearningRateScheduler, ReduceLROnPlateau


def test_the_learning_rate_follows_the_schedule_and_is_logged(capsys):
    model = net(0.5)
    scheduler = LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate, verbose=1)
    history = model.fit(X, Y, epochs=3, callbacks=[scheduler], verbose=0).history
    assert history["learning_rate"] == [0.5, 0.25, 0.125]
    assert float(model.optimizer.learning_rate) == 0.125
    assert "Epoch 2: LearningRateScheduler setting learning rate to 0.25." in capsys.readouterr().out


def test_a_schedule_of_the_epoch_alone():
    history = net().fit(X, Y, epochs=2, callbacks=[LearningRateScheduler(lambda epoch: 1.0 / 2**epoch)], verbose=0)
    assert history.history["learning_rate"] == [1.0, 0.5]


def test_a_schedule_returns_a_float():
    with pytest.raises(ValueError, match="returns a float, got"):
        net().fit(X, Y, callbacks=[LearningRateScheduler(lambda epoch, rate: "0.1")], verbose=0)


@pytest.mark.parametrize(
    ("values", "options", "rates"),
    [
        ([3, 2, 1], {"patience": 1}, [1, 1, 1]),
        ([3, 3, 3, 3], {"patience": 1}, [1, 1, 0.5, 0.25]),
        ([3, 3, 3, 3, 3], {"patience": 2}, [1, 1, 1, 0.5, 0.5]),
        ([3, 3, 3, 3, 3, 3], {"patience": 1, "cooldown": 2}, [1, 1, 0.5, 0.5, 0.25, 0.25]),
        ([3, 3, 3, 3], {"patience": 1, "min_lr": 0.4}, [1, 1, 0.5, 0.4]),
        ([3, 2.99, 2.98], {"patience": 1, "min_delta": 0.1}, [1, 1, 0.5]),
        ([1, 2, 2], {"patience": 1, "mode": "max"}, [1, 1, 1]),
        ([1, 2, 2, 2], {"patience": 1, "mode": "max"}, [1, 1, 1, 0.5]),
    ],
)
def test_the_learning_rate_falls_when_nothing_gets_better(values, options, rates):
    model = net(1.0)
    _, history = run(values, ReduceLROnPlateau(factor=0.5, **options), model=model)
    np.testing.assert_allclose(history.history["learning_rate"], rates)


def test_a_fall_is_told(capsys):
    run([3, 3], ReduceLROnPlateau(factor=0.5, patience=1, verbose=1), model=net(1.0))
    assert "Epoch 2: ReduceLROnPlateau reducing learning rate to 0.5." in capsys.readouterr().out


def test_a_factor_of_one_would_not_reduce():
    with pytest.raises(ValueError, match="less than 1"):
        ReduceLROnPlateau(factor=1.0)


def test_a_plateau_of_a_number_that_is_not_logged_warns():
    with pytest.warns(UserWarning, match="ReduceLROnPlateau watches 'val_loss'"):
        net().fit(X, Y, callbacks=[ReduceLROnPlateau()], verbose=0)
