"""Each rule does what its formula says, step after step, for one number.

The constants are sums of few powers of two, so that rounding them to float32, as Keras does, changes nothing.
"""

import inspect
from math import sqrt

import numpy as np
import pytest

from kerasedu import optimizers
from kerasedu.variable import Variable

GRADIENTS = [1.0, -3.0, 0.25, 0.0, 2.0, -0.5, 8.0]
START = 2.0


def trajectory(optimizer, gradients=GRADIENTS, start=START):
    w = Variable(start, dtype="float64")
    values = []
    for g in gradients:
        optimizer.apply_gradients([(g, w)])
        values.append(float(w.value))
    return values


def sgd(w, eta):
    for g in GRADIENTS:
        w -= eta * g
        yield w


def momentum(w, eta, mu):
    m = 0.0
    for g in GRADIENTS:
        m = mu * m - eta * g
        w += m
        yield w


def nesterov(w, eta, mu):
    m = 0.0
    for g in GRADIENTS:
        m = mu * m - eta * g
        w += mu * m - eta * g
        yield w


def rmsprop(w, eta, rho, epsilon, mu=0.0, centered=False):
    v = a = m = 0.0
    for g in GRADIENTS:
        v = rho * v + (1 - rho) * g**2
        a = rho * a + (1 - rho) * g
        variance = v - a**2 if centered else v
        m = mu * m + eta * g / sqrt(variance + epsilon)
        w -= m
        yield w


def adagrad(w, eta, accumulator, epsilon):
    for g in GRADIENTS:
        accumulator += g**2
        w -= eta * g / sqrt(accumulator + epsilon)
        yield w


def adadelta(w, eta, rho, epsilon):
    a = d = 0.0
    for g in GRADIENTS:
        a = rho * a + (1 - rho) * g**2
        delta = -sqrt(d + epsilon) / sqrt(a + epsilon) * g
        d = rho * d + (1 - rho) * delta**2
        w += eta * delta
        yield w


def adam(w, eta, beta_1, beta_2, epsilon, amsgrad=False, decay=0.0):
    m = v = largest = 0.0
    for t, g in enumerate(GRADIENTS, start=1):
        w -= eta * decay * w
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        largest = max(largest, v)
        alpha = eta * sqrt(1 - beta_2**t) / (1 - beta_1**t)
        w -= alpha * m / (sqrt(largest if amsgrad else v) + epsilon)
        yield w


def adamax(w, eta, beta_1, beta_2, epsilon):
    m = u = 0.0
    for t, g in enumerate(GRADIENTS, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        u = max(beta_2 * u, abs(g))
        w -= eta / (1 - beta_1**t) * m / (u + epsilon)
        yield w


def nadam(w, eta, beta_1, beta_2, epsilon):
    def mu(t):
        return beta_1 * (1 - 0.5 * 0.96**t)

    m = v = 0.0
    product = 1.0
    for t, g in enumerate(GRADIENTS, start=1):
        product *= mu(t)
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        m_hat = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        v_hat = v / (1 - beta_2**t)
        w -= eta * m_hat / (sqrt(v_hat) + epsilon)
        yield w


ADAM = {"beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125}
RMS = {"rho": 0.75, "epsilon": 0.125}
RULES = {
    "sgd": ("SGD", {}, sgd, {}),
    "momentum": ("SGD", {"momentum": 0.5}, momentum, {"mu": 0.5}),
    "nesterov": ("SGD", {"momentum": 0.5, "nesterov": True}, nesterov, {"mu": 0.5}),
    "rmsprop": ("RMSprop", RMS, rmsprop, RMS),
    "rmsprop momentum": ("RMSprop", {**RMS, "momentum": 0.5}, rmsprop, {**RMS, "mu": 0.5}),
    "rmsprop centered": ("RMSprop", {**RMS, "centered": True}, rmsprop, {**RMS, "centered": True}),
    "rmsprop both": (
        "RMSprop",
        {**RMS, "momentum": 0.5, "centered": True},
        rmsprop,
        {**RMS, "mu": 0.5, "centered": True},
    ),
    "adagrad": (
        "Adagrad",
        {"initial_accumulator_value": 0.5, "epsilon": 0.125},
        adagrad,
        {"accumulator": 0.5, "epsilon": 0.125},
    ),
    "adadelta": ("Adadelta", RMS, adadelta, RMS),
    "adam": ("Adam", ADAM, adam, ADAM),
    "amsgrad": ("Adam", {**ADAM, "amsgrad": True}, adam, {**ADAM, "amsgrad": True}),
    "adamw": ("AdamW", {**ADAM, "weight_decay": 0.125}, adam, {**ADAM, "decay": 0.125}),
    "adamax": ("Adamax", ADAM, adamax, ADAM),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_follows_its_formula(rule):
    name, options, formula, constants = RULES[rule]
    got = trajectory(getattr(optimizers, name)(0.25, **options))
    np.testing.assert_allclose(got, list(formula(START, 0.25, **constants)), rtol=1e-14)


def test_nadam_follows_its_formula():
    # 0.96 is not a float32 number, and Keras rounds it in μ but not in Π.
    got = trajectory(optimizers.Nadam(0.25, **ADAM))
    np.testing.assert_allclose(got, list(nadam(START, 0.25, **ADAM)), rtol=1e-7)


COMMON = {
    "weight_decay": None,
    "clipnorm": None,
    "clipvalue": None,
    "global_clipnorm": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
    "name": None,
}
MOMENTS = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
DEFAULTS = {
    "SGD": {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False},
    "RMSprop": {"learning_rate": 0.001, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False},
    "Adagrad": {"learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7},
    "Adadelta": {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7},
    "Adam": {**MOMENTS, "amsgrad": False},
    "AdamW": {
        "learning_rate": 0.001,
        "weight_decay": 0.004,
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-7,
        "amsgrad": False,
    },
    "Adamax": MOMENTS,
    "Nadam": MOMENTS,
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_arguments_and_defaults_are_keras_s_in_keras_s_order(name):
    parameters = inspect.signature(getattr(optimizers, name)).parameters.values()
    own = {p.name: p.default for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD}
    assert list(own.items()) == list(DEFAULTS[name].items())
    optimizer = getattr(optimizers, name)()
    assert optimizer.get_config() == {**COMMON, **own, "name": optimizer.name}


@pytest.mark.parametrize("scale", [0.01, 1.0, 1e3])
def test_adam_s_first_step_is_as_long_as_the_learning_rate_whatever_the_gradient(scale):
    for optimizer in (optimizers.Adam(0.25), optimizers.Adamax(0.25)):
        (w,) = trajectory(optimizer, [scale])
        np.testing.assert_allclose(START - w, 0.25, rtol=1e-3)


def test_rmsprop_without_correction_starts_with_a_long_step():
    (w,) = trajectory(optimizers.RMSprop(0.25, rho=0.9), [1.0])
    np.testing.assert_allclose(START - w, 0.25 / sqrt(0.1), rtol=1e-6)


def test_adagrad_slows_down_like_one_over_root_t():
    values = trajectory(optimizers.Adagrad(1.0, initial_accumulator_value=0.0), [2.0] * 100, start=0.0)
    np.testing.assert_allclose(-np.diff(values), 1 / np.sqrt(np.arange(2, 101)), rtol=1e-6)


def test_momentum_is_no_average():
    # Constant gradient: the second step is 1 + μ times the first; an average (1 - μ) would have shorter ones.
    first, second = trajectory(optimizers.SGD(0.25, momentum=0.5), [1.0, 1.0], start=0.0)
    assert (first, second - first) == (-0.25, -0.375)


def test_old_steps_keep_their_length_when_the_learning_rate_changes():
    optimizer = optimizers.SGD(0.5, momentum=0.5)
    w = Variable(0.0, dtype="float64")
    optimizer.apply_gradients([(1.0, w)])
    optimizer.learning_rate = 0.25
    optimizer.apply_gradients([(1.0, w)])
    assert w.value == -0.5 + (0.5 * -0.5 - 0.25)


def test_epsilon_is_outside_the_root_in_adam_and_inside_in_rmsprop():
    tiny = 1e-8
    (w,) = trajectory(optimizers.Adam(1.0, beta_1=0.5, beta_2=0.75, epsilon=1.0), [tiny], start=0.0)
    np.testing.assert_allclose(w, -(0.5 * tiny) / (0.5 * tiny + 1.0), rtol=1e-12)
    (w,) = trajectory(optimizers.RMSprop(1.0, rho=0.5, epsilon=4.0), [tiny], start=0.0)
    np.testing.assert_allclose(w, -tiny / 2.0, rtol=1e-12)


def test_amsgrad_remembers_the_largest_gradient():
    quiet = [8.0] + [0.0] * 20 + [1.0]
    plain = trajectory(optimizers.Adam(0.25, beta_1=0.5, beta_2=0.5), quiet)
    careful = trajectory(optimizers.Adam(0.25, beta_1=0.5, beta_2=0.5, amsgrad=True), quiet)
    assert abs(careful[-1] - careful[-2]) < abs(plain[-1] - plain[-2]) / 3


def test_float64_uses_the_float32_numbers_that_keras_uses():
    beta_1, beta_2 = (float(np.float32(b)) for b in (0.9, 0.999))
    # One step from rest: the learning rate and the moments use the numbers themselves, the correction rounded betas.
    m, v = 0.5 * (1 - 0.9), 0.25 * (1 - 0.999)
    alpha = 0.001 * sqrt(1 - beta_2) / (1 - beta_1)
    (w,) = trajectory(optimizers.Adam(), [0.5])
    assert w == START - m * alpha / (sqrt(v) + 1e-7)
    assert abs(w - (START - 0.001 * sqrt(1 - 0.999) / (1 - 0.9) * m / (sqrt(v) + 1e-7))) > 1e-9


def test_numpy_s_own_numbers_are_not_rounded():
    beta_1, beta_2 = np.float64(0.9), np.float64(0.999)
    got = trajectory(optimizers.Adam(beta_1=beta_1, beta_2=beta_2))
    np.testing.assert_allclose(got, list(adam(START, 0.001, 0.9, 0.999, 1e-7)), rtol=1e-15)
    (w,) = trajectory(optimizers.Adagrad(1.0, initial_accumulator_value=np.float64(0.1)), [0.5], start=0.0)
    assert w == -0.5 / sqrt(0.1 + 0.25 + 1e-7)


def test_adagrad_starts_from_float32_s_tenth():
    (w,) = trajectory(optimizers.Adagrad(1.0), [0.5], start=0.0)
    assert w == -0.5 / sqrt(float(np.float32(0.1)) + 0.25 + 1e-7)


def test_momentum_and_decay_are_rounded_through_float32_too():
    values = trajectory(optimizers.SGD(0.5, momentum=0.9), [1.0, 0.0], start=0.0)
    assert values[1] == -0.5 + float(np.float32(0.9)) * -0.5
    (w,) = trajectory(optimizers.SGD(0.5, weight_decay=0.1), [0.0], start=1.0)
    assert w == 1.0 - float(np.float32(0.1)) * 0.5


def test_nadam_multiplies_the_momenta_of_all_steps():
    optimizer = optimizers.Nadam(beta_1=0.5)
    trajectory(optimizer, [1.0, 1.0, 1.0])
    expected = np.prod([0.5 * (1 - 0.5 * 0.96**t) for t in (1, 2, 3)])
    np.testing.assert_allclose(optimizer.variables[-1].value, expected, rtol=1e-15)


@pytest.mark.parametrize("name", DEFAULTS)
def test_two_variables_do_not_mix(name):
    options = {"momentum": 0.5} if name in ("SGD", "RMSprop") else {}
    together = getattr(optimizers, name)(0.25, **options)
    a, b = Variable([1.0, 2.0], "a", dtype="float64"), Variable([[3.0]], "b", dtype="float64")
    for g in GRADIENTS:
        together.apply_gradients([([g, 2 * g], a), ([[-3 * g]], b)])
    alone = getattr(optimizers, name)(0.25, **options)
    c = Variable([[3.0]], "c", dtype="float64")
    for g in GRADIENTS:
        alone.apply_gradients([([[-3 * g]], c)])
    assert b.value == c.value


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_element_goes_its_own_way(name):
    w = Variable(np.arange(1.0, 5.0).reshape(2, 2), dtype="float64")
    optimizer = getattr(optimizers, name)(0.25)
    for g in GRADIENTS:
        optimizer.apply_gradients([(np.array([[g, 1.0], [-g, 2.0]]), w)])
    expected = trajectory(getattr(optimizers, name)(0.25), [-g for g in GRADIENTS], start=3.0)[-1]
    assert w.value[1, 0] == expected


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", DEFAULTS)
def test_a_minimum_is_found_in_the_variable_s_own_type_and_memory(name, dtype):
    # w² + 10 u², from (1, 1). Adadelta needs η = 1, and warms up slowly.
    rates = {"SGD": 0.05, "Adagrad": 0.5, "Adadelta": 10.0}
    optimizer = getattr(optimizers, name)(rates.get(name, 0.02))
    w = Variable([1.0, 1.0], dtype=dtype)
    memory = w.value
    for _ in range(400):
        optimizer.apply_gradients([(2 * np.array([1, 10]) * w.value, w)])
    assert w.value is memory and w.dtype == dtype
    assert np.abs(w.value).max() < 0.05
