"""EarlyStopping: training ends when nothing gets better."""

import pytest
from scripted import X, Y, epoch_of, net, run

from kerasedu.callbacks import EarlyStopping


@pytest.mark.parametrize(
    ("values", "options", "epochs"),
    [
        ([3, 2, 1, 0], {}, 4),
        ([3, 2, 2, 1], {}, 3),
        ([3, 4, 1, 1], {}, 2),
        ([3, 4, 5, 6], {"patience": 1}, 2),
        ([3, 4, 5, 6, 7], {"patience": 3}, 4),
        ([3, 4, 2, 4, 5, 6, 7], {"patience": 3}, 6),
        ([3, 2.9, 2.8, 2.7], {"min_delta": 0.5}, 2),
        ([3, 2.4, 2.3, 2.2], {"min_delta": 0.5}, 3),
        ([1, 2, 3, 2, 1], {"mode": "max"}, 4),
        ([5, 5, 5, 5], {"start_from_epoch": 2}, 4),
        ([5, 5, 5, 5, 5], {"start_from_epoch": 2}, 4),
        ([5, 4, 3, 2], {"baseline": 1, "patience": 2}, 4),
        ([5, 6, 7, 8, 9], {"baseline": 1, "patience": 3}, 3),
        ([0.5, 2, 3, 4, 5], {"baseline": 1, "patience": 3}, 4),
        ([3, float("nan"), 2, 3], {}, 2),
    ],
)
def test_training_stops_when_nothing_gets_better(values, options, epochs):
    stopping = EarlyStopping(**options)
    _, history = run(values, stopping)
    assert len(history.epoch) == epochs
    assert stopping.stopped_epoch == (epochs - 1 if epochs < len(values) else 0) or epochs == len(values)


def test_the_best_weights_come_back():
    model, _ = run([3, 1, 2, 2], EarlyStopping(patience=2, restore_best_weights=True))
    assert epoch_of(model) == 1
    model, _ = run([3, 1, 2, 2], EarlyStopping(patience=2))
    assert epoch_of(model) == 3


def test_the_best_weights_come_back_though_no_epoch_beat_the_baseline_or_training_was_not_stopped():
    model, _ = run([5, 4, 6, 7], EarlyStopping(patience=4, baseline=1, restore_best_weights=True))
    assert epoch_of(model) == 1
    model, _ = run([1, 2], EarlyStopping(patience=5, restore_best_weights=True))
    assert epoch_of(model) == 0


def test_early_stopping_says_so(capsys):
    run([3, 4], EarlyStopping(verbose=1, restore_best_weights=True))
    assert capsys.readouterr().out == (
        "Epoch 2: early stopping\nRestoring model weights from the end of the best epoch: 1.\n"
    )


def test_a_callback_can_be_used_again():
    stopping = EarlyStopping(patience=1)
    for _ in range(2):
        _, history = run([3, 2, 3, 3], stopping)
        assert len(history.epoch) == 3


def test_a_number_that_is_not_logged_warns():
    with pytest.warns(UserWarning, match="'val_loss'.*only loss"):
        net().fit(X, Y, callbacks=[EarlyStopping()], verbose=0)


@pytest.mark.parametrize(("metric", "stops_after"), [("accuracy", 2), ("mse", 3)])
def test_a_metric_says_itself_whether_it_should_rise(metric, stops_after):
    values = [1, 0, 1, 2] if metric == "accuracy" else [2, 1, 2, 3]
    model = net(metrics=[metric])
    _, history = run(values, EarlyStopping(monitor=metric), name=metric, model=model)
    assert len(history.epoch) == stops_after


def test_a_metric_that_does_not_say_needs_a_mode():
    with pytest.raises(ValueError, match="'mystery' should fall or rise"):
        run([1, 2], EarlyStopping(monitor="mystery"), name="mystery")


def test_an_unknown_mode_becomes_auto():
    with pytest.warns(UserWarning, match="'down' is unknown"):
        assert EarlyStopping(mode="down").mode == "auto"
