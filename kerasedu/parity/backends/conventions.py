"""Where Keras gives other numbers on JAX and on PyTorch than on TensorFlow, and why."""

from __future__ import annotations

CONSTANTS = "TensorFlow rounds constants such as beta_1 or a slope of 0.2 to float32, JAX and PyTorch do not"
TIES = "where numbers are equal each gets an equal part of the gradient, on TensorFlow the first gets all of it"

ELSEWHERE: dict[tuple[str, ...], str] = {
    ("optimizers: ", "float64"): CONSTANTS,
    ("training: ", "float64"): CONSTANTS,
    ("regularizers: ", "float64"): CONSTANTS,
    ("Constant(", "float64"): CONSTANTS,
    ("LogCosh", "float64"): CONSTANTS,
    ("log_cosh", "float64"): CONSTANTS,
    ("leaky_relu", "float64"): CONSTANTS,
    ("LeakyReLU", "float64"): CONSTANTS,
    ("negative_slope", "float64"): CONSTANTS,
    ("gelu", "float64"): CONSTANTS,
    ("hard_sigmoid", "float64"): CONSTANTS,
    ("layers: Maximum",): TIES,
    ("layers: Minimum",): TIES,
}
