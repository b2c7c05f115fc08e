"""Find the bug: an article's advice for a layer of one's own is to give the attribute ``activation``.

The answer runs in Keras; what the layer must compute is written here in NumPy.
"""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _inputs(rng):
    for n, d, units, slope in [(4, 3, 5, 0.3), (1, 2, 2, 0.5), (3, 3, 3, 0.05), (2, 4, 1, 0.0)]:
        arrays = {"x": rng.normal(size=(n, d)), "kernel": rng.normal(size=(d, units)), "bias": rng.normal(size=units)}
        arrays["x"][0] = -np.abs(arrays["x"][0]) * np.sign(arrays["kernel"].sum(axis=1))  # below zero somewhere
        yield {**{name: array.astype("float32") for name, array in arrays.items()}, "slope": slope}


def article_layer(x, kernel, bias, slope):
    z = x @ kernel + bias
    return np.where(z > 0, z, np.float32(slope) * z)


def _slope_lost(x, kernel, bias, slope):
    return article_layer(x, kernel, bias, 0.01)


def _slope_of_keras(x, kernel, bias, slope):
    return article_layer(x, kernel, bias, 0.2)


def _no_activation(x, kernel, bias, slope):
    return x @ kernel + bias


def _relu(x, kernel, bias, slope):
    return article_layer(x, kernel, bias, 0.0)


def _minimum(x, kernel, bias, slope):
    z = x @ kernel + bias
    return np.minimum(z, np.float32(slope) * z)


def _no_bias(x, kernel, bias, slope):
    return article_layer(x, kernel, 0 * bias, slope)


def _activated_twice(x, kernel, bias, slope):
    z = article_layer(x, kernel, bias, slope)
    return np.maximum(z, np.float32(slope) * z)


def _sloped_everywhere(x, kernel, bias, slope):
    return np.float32(slope) * (x @ kernel + bias)


def _error_about_an_attribute(x, kernel, bias, slope):
    raise AttributeError("property 'activation' of 'Leaky' object has no setter")


def _error_about_an_argument(x, kernel, bias, slope):
    raise TypeError("Leaky.__init__() missing 1 required positional argument: 'units'")


def _maximum(x, kernel, bias, slope):
    z = np.einsum("ni,ij->nj", x, kernel) + bias
    return np.maximum(z, np.float32(slope) * z)


def _in_two_parts(x, kernel, bias, slope):
    z = (kernel.T @ x.T).T + bias
    return np.maximum(z, 0) + np.float32(slope) * np.minimum(z, 0)


ARTICLE_LAYER = Exercise(
    id="article_layer",
    lesson="12",
    points=3,
    reference=article_layer,
    cases=_inputs,
    mistakes=(
        Mistake(
            _slope_lost,
            "The layer computes with the default slope 0.01. Print layer.get_config(): what does from_config not get "
            "to know?",
        ),
        Mistake(_slope_of_keras, "Keras's leaky_relu has a slope of its own, 0.2: hand yours on to it."),
        Mistake(_no_activation, "That is Dense alone: nothing bends at zero."),
        Mistake(_relu, "Below zero the output is slope · z, and not 0."),
        Mistake(
            _minimum, "For a slope below 1, slope · z lies below z on one side of zero only. Which of the two is it?"
        ),
        Mistake(_no_bias, "The bias is missing."),
        Mistake(_activated_twice, "The slope is applied twice: in a method of Dense, and again in yours."),
        Mistake(_sloped_everywhere, "Above zero the output is z itself."),
        Mistake(
            _error_about_an_attribute,
            "Which attribute is meant? `activation` is set by Dense itself, so it cannot be a property without a "
            "setter; `slope` has to be set in __init__; None in place of a dictionary means that get_config returns "
            "nothing.",
        ),
        Mistake(
            _error_about_an_argument,
            "from_config hands all that get_config returned to __init__. Print that dictionary: `units` must be in it, "
            "every key must be an argument, and a method or a lambda as `activation` cannot be described. Leave "
            "`activation` to Dense, and bend z in call.",
        ),
    ),
    alternatives=(_maximum, _in_two_parts),
    hints=(
        "Read the error: Dense sets self.activation when it is made. Which method computes the output?",
        "A layer has three parts: build makes weights, call computes, get_config says what __init__ needs. Override "
        "call; and what does Dense's get_config know of the slope?",
        "return {**super().get_config(), 'slope': self.slope}",
    ),
    tolerance=256.0,
)
