"""What several exercises of the lesson share: Adam in Keras's form, and steps to try it on."""

import numpy as np

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


def averages(g, m, v, beta_1=BETA_1, beta_2=BETA_2):
    """The state after a step: averages of the gradient and of its square."""
    return beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2


def correction(t, beta_1=BETA_1, beta_2=BETA_2):
    """The factor that makes up for averages that start at 0."""
    return (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)


def adam(w, g, m, v, t, learning_rate, beta_1=BETA_1, beta_2=BETA_2, epsilon=EPSILON):
    """One step in Keras's form."""
    m, v = averages(g, m, v, beta_1, beta_2)
    alpha = learning_rate * correction(t, beta_1, beta_2)
    return w - alpha * m / (np.sqrt(v) + epsilon), m, v


def draw_step(rng, shape, t, size, dtype="float64"):
    """w, g, m, v and t, with gradients of the given size and a state that fits them: 0 before the first step."""
    started = float(t > 1)
    g, m = size * rng.normal(size=shape), started * size * rng.normal(size=shape)
    v = started * size**2 * (0.5 + rng.random(shape))
    arrays = {"w": rng.normal(size=shape), "g": g, "m": m, "v": v}
    return {**{name: array.astype(dtype) for name, array in arrays.items()}, "t": t}
