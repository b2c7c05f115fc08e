"""The progress bar: one line an epoch, on stdout."""

import re

import pytest
from scripted import X, Y, net, run

from kerasedu.callbacks import ProgbarLogger


def test_outside_a_terminal_an_epoch_is_one_line(capsys):
    net().fit(X, Y, batch_size=1, epochs=2)
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert len(lines) == 2
    assert re.fullmatch(r"Epoch 1/2  6/6  \d+\.\ds \d+[mu]s/step - loss: \d\.\d{4}", lines[0])
    assert err == ""


@pytest.mark.parametrize("verbose", [1, 2, "auto"])
def test_evaluate_and_predict_are_one_line(capsys, verbose):
    net().evaluate(X, Y, verbose=verbose)
    net().predict(X, verbose=verbose)
    evaluated, predicted = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"1/1  .*/step - loss: 1\.0000", evaluated)
    assert re.fullmatch(r"1/1  .*/step", predicted)


def test_silence(capsys):
    model = net()
    model.fit(X, Y, verbose=0)
    model.evaluate(X, Y, verbose=0)
    model.predict(X, verbose=0)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_line_grows(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("kerasedu.callbacks.progress_bar._SECONDS_BETWEEN_UPDATES", 0)
    net().fit(X, Y, batch_size=2, epochs=1)
    out = capsys.readouterr().out
    assert out.count("\r") == 4
    assert out.count("\n") == 1
    assert "\r[======              ]  1/3  " in out
    assert out.splitlines()[-1].count("=") == 20


def test_verbose_2_does_not_grow(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    net().fit(X, Y, verbose=2)
    out = capsys.readouterr().out
    assert "\r" not in out
    assert "[=" not in out


def test_validation_inside_fit_prints_nothing_of_its_own(capsys):
    net().fit(X, Y, validation_split=0.5)
    (line,) = capsys.readouterr().out.splitlines()
    assert "val_loss" in line


def test_small_numbers_are_readable(capsys):
    run([1e-5], verbose=1)
    assert "val_loss: 1.0000e-05" in capsys.readouterr().out


def test_a_bar_of_ones_own_is_used(capsys):
    net().fit(X, Y, callbacks=[ProgbarLogger()])
    assert len(capsys.readouterr().out.splitlines()) == 1
