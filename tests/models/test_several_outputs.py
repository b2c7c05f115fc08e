"""Several outputs: a loss, weights and metrics for each."""

import numpy as np
import pytest
from linear_models import Y2, X, Y, two_outputs


def test_the_loss_is_the_weighted_sum_of_the_outputs_losses():
    model = two_outputs(loss=["mse", "mae"], loss_weights=[2.0, 0.5])
    logs = model.evaluate(X, Y2, return_dict=True, verbose=0)
    assert list(logs) == ["loss", "p_loss", "q_loss"]
    assert logs["loss"] == pytest.approx(2 * logs["p_loss"] + 0.5 * logs["q_loss"], rel=1e-6)
    assert logs["q_loss"] == pytest.approx(np.abs(model.predict(X, verbose=0)[1] - Y[:, :1]).mean(), rel=1e-6)


def test_the_loss_counts_samples_and_the_outputs_losses_count_batches():
    model = two_outputs(loss="mse")
    batches = [(X[:8], [y[:8] for y in Y2]), (X[8:], [y[8:] for y in Y2])]
    first, second = (model.test_on_batch(x, y, return_dict=True) for x, y in batches)
    logs = model.evaluate(X, Y2, batch_size=8, return_dict=True, verbose=0)
    assert logs["loss"] == pytest.approx((8 * first["loss"] + 2 * second["loss"]) / 10, rel=1e-6)
    assert logs["p_loss"] == pytest.approx((first["p_loss"] + second["p_loss"]) / 2, rel=1e-6)


def test_lists_and_dictionaries_mean_the_same():
    listed = two_outputs(loss=["mse", "mae"], loss_weights=[2.0, 0.5], metrics=[["mae"], ["mse"]])
    named = two_outputs(
        loss={"q": "mae", "p": "mse"}, loss_weights={"q": 0.5, "p": 2.0}, metrics={"p": "mae", "q": ["mse"]}
    )
    named.set_weights(listed.get_weights())
    first = listed.fit(X, Y2, epochs=2, shuffle=False, verbose=0).history
    second = named.fit({"x": X}, {"q": Y2[1], "p": Y2[0]}, epochs=2, shuffle=False, verbose=0).history
    assert first == second
    assert list(first) == ["loss", "p_loss", "p_mae", "q_loss", "q_mse"]


def test_evaluate_returns_loss_then_the_outputs_losses_then_metrics():
    model = two_outputs(loss="mse", metrics=[["mae"], ["mae"]])
    logs = model.evaluate(X, Y2, return_dict=True, verbose=0)
    names = ["loss", "p_loss", "q_loss", "p_mae", "q_mae"]
    assert model.evaluate(X, Y2, verbose=0) == [logs[name] for name in names]


def test_a_loss_may_stand_in_a_list_of_its_own():
    listed = two_outputs(loss={"p": ["mse"], "q": ["mae"]})
    plain = two_outputs(loss=["mse", "mae"])
    plain.set_weights(listed.get_weights())
    assert listed.evaluate(X, Y2, verbose=0) == plain.evaluate(X, Y2, verbose=0)


def test_an_output_without_loss_is_left_alone():
    model = two_outputs(loss=[None, "mse"])
    before = model.get_layer("p").get_weights()[0]
    history = model.fit(X, Y[:, :1], verbose=0).history
    assert list(history) == ["loss"]
    np.testing.assert_array_equal(model.get_layer("p").get_weights()[0], before)


def test_each_output_may_have_its_sample_weights():
    model = two_outputs(loss="mse")
    w = [np.arange(10.0), np.ones(10)]
    logs = model.evaluate(X, Y2, sample_weight=w, return_dict=True, verbose=0)
    p, q = model.predict(X, verbose=0)
    assert logs["p_loss"] == pytest.approx((((p - Y) ** 2).mean(1) * w[0]).mean(), rel=1e-5)
    assert logs["q_loss"] == pytest.approx(((q - Y[:, :1]) ** 2).mean(), rel=1e-5)
    same = model.evaluate(X, Y2, sample_weight={"p": w[0], "q": w[1]}, return_dict=True, verbose=0)
    assert same == logs


def test_one_weight_for_all_outputs():
    model = two_outputs(loss="mse")
    w = np.arange(10.0)
    one, two = (model.evaluate(X, Y2, sample_weight=s, verbose=0) for s in (w, [w, w]))
    assert one == two
