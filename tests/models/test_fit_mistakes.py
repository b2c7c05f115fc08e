"""What compile and fit cannot work with is answered with what to do."""

import numpy as np
import pytest
from linear_models import Y2, X, Y, linear, pieces, two_outputs

from kerasedu import Input, Sequential, layers


def uncompiled():
    return Sequential([Input((3,)), layers.Dense(2)])


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: uncompiled().fit(X, Y), "not compiled.*before fit"),
        (lambda: uncompiled().evaluate(X, Y), "not compiled.*before evaluate"),
        (lambda: uncompiled().train_on_batch(X, Y), "not compiled"),
        (lambda: linear(loss=None).fit(X, Y, verbose=0), "no loss to compute"),
        (lambda: linear().fit(X, Y[:5]), r"cardinality.*x: \(10, 3\); y: \(5, 2\)"),
        (lambda: linear().fit(X[:0], Y[:0]), "0 samples"),
        (lambda: linear().evaluate(X[:0], Y[:0]), "0 samples"),
        (lambda: linear().fit(X), "'d' has a loss, so it needs targets"),
        (lambda: linear().fit(np.zeros((2, 4, 3), "uint8"), Y), "scale the image first"),
        (lambda: linear().fit(X, Y, batch_size=0), "batch_size is a positive"),
        (lambda: linear().fit(X, Y, validation_split=0.99), "leaves nothing"),
        (lambda: linear().fit(pieces(), validation_split=0.5), "needs arrays"),
        (lambda: linear().fit(pieces(), sample_weight=np.ones(10)), "third entry"),
        (lambda: linear().evaluate(iter([]), verbose=0), "not one batch"),
        (lambda: linear().predict(iter([]), verbose=0), "not one batch"),
        (lambda: linear().fit(X, Y, epochs=2, validation_data=pieces(), verbose=0), "can be gone through once"),
        (lambda: linear().fit(iter([])), "ended after 0 batches of epoch 1"),
        (lambda: linear().fit(X, Y, validation_freq=0.5, validation_split=0.5, verbose=0), "validation_freq"),
        (lambda: linear().fit(X, [Y, Y]), "y has 2 arrays, the model takes 1"),
        (lambda: linear().fit([X, X], Y), "x has 2 arrays, the model takes 1"),
        (lambda: linear().fit({"z": X}, Y), "x has no entry"),
        (lambda: linear().fit([[1, 2, 3], [1, 2]], Y), "unequal lengths"),
        (lambda: linear().fit(X, Y, class_weight={}, sample_weight=np.ones(10)), "not both"),
        (lambda: two_outputs(loss="mse").fit(X, Y2, class_weight={0: 1}), "models with one output"),
        (lambda: two_outputs(loss="mse").fit(X, Y), "takes 2 arrays as y"),
        (lambda: two_outputs(loss="mse").fit(X, Y2, sample_weight=[np.ones(10)]), "1 arrays for 2 outputs"),
        (lambda: two_outputs(loss="mse").fit(X, Y2, sample_weight=np.ones((10, 2))), "one number a sample"),
        (lambda: two_outputs(loss={"r": "mse"}), r"names \['r'\]"),
        (lambda: two_outputs(loss=["mse"]), "1 entries for 2 outputs"),
        (lambda: two_outputs(loss="mse", metrics=["mae"]), "has an entry"),
        (lambda: two_outputs(loss="mse", loss_weights=[1.0]), "loss_weights has 1 entries"),
        (lambda: linear(metrics="mae"), r"metrics=\['mae'\]"),
        (lambda: linear(loss="mean_square_error"), "unknown loss.*mean_squared_error"),
        (lambda: linear(loss=lambda y, p: 0), "derivative is not known"),
        (lambda: uncompiled().compile("adm", "mse"), "unknown optimizer 'adm'.*adam"),
    ],
)
def test_mistakes_get_an_answer(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt()


def test_a_model_without_trainable_weights_warns():
    model = linear()
    model.trainable = False
    with pytest.warns(UserWarning, match="no trainable weights"):
        model.fit(X, Y, verbose=0)
