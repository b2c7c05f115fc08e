"""Every optimizer takes the same 1,000 steps as Keras's, in float32 and float64.

Both sides get the same gradients, from 1e-6 to 100 in size, some of them zero. After t steps two right answers may lie
4 √t ε max|w| apart, where ε is the machine epsilon: each step rounds w once or twice, up as often as down.
In float64 that is 3e-14 after 1,000 steps, so every constant that Keras rounds to float32 must be rounded here too.
For float64 variables Keras is told ``set_floatx("float64")``, lest it round the learning rate as well.
The optimizers' own variables (moments, averages, counters) are compared after the last step.
"""

import warnings

import numpy as np
import pytest

from kerasedu import optimizers
from kerasedu.parity import oracle
from kerasedu.variable import Variable

pytestmark = pytest.mark.parity

STEPS = 1000
rng = np.random.default_rng(0)
START = [rng.normal(size=(2, 3)), rng.normal(size=4), rng.normal(size=(1, 2, 2))]
GRADIENTS = [
    rng.normal(size=(STEPS, 2, 3)) * 10.0 ** rng.uniform(-6, 2, size=(2, 3)),
    rng.normal(size=(STEPS, 4)) * (rng.random((STEPS, 4)) < 0.3),
    rng.normal(0.3, 1.0, size=(STEPS, 1, 2, 2)),
]

COMMON = [
    {"weight_decay": 0.01},
    {"clipnorm": 0.7},
    {"clipvalue": 0.3},
    {"global_clipnorm": 0.9},
    {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 7},
    {"gradient_accumulation_steps": 3, "weight_decay": 0.1, "clipnorm": 0.7},
    {"loss_scale_factor": 3.0},
]
RULES = [
    ("SGD", {}),
    ("SGD", {"learning_rate": 0.003, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.003, "momentum": 0.9, "nesterov": True}),
    ("RMSprop", {}),
    ("RMSprop", {"learning_rate": 0.01, "rho": 0.8, "epsilon": 1e-3}),
    ("RMSprop", {"momentum": 0.9}),
    ("RMSprop", {"centered": True}),
    ("RMSprop", {"rho": 0.8, "momentum": 0.3, "centered": True}),
    ("Adagrad", {}),
    ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.7, "epsilon": 1e-3}),
    ("Adadelta", {}),
    ("Adadelta", {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-3}),
    ("Adam", {}),
    ("Adam", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    ("Adam", {"amsgrad": True}),
    ("AdamW", {}),
    ("AdamW", {"weight_decay": 0.1, "amsgrad": True}),
    ("Adamax", {}),
    ("Adamax", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    ("Nadam", {}),
    ("Nadam", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
]
RULES += [("SGD", {"learning_rate": 0.003, "momentum": 0.5, **options}) for options in COMMON]
RULES += [("Adam", {"learning_rate": 0.01, **options}) for options in COMMON]
RULES += [
    (name, {"weight_decay": 0.03, "global_clipnorm": 2.0, "use_ema": True, "ema_overwrite_frequency": 100})
    for name in ("RMSprop", "Adagrad", "Adadelta", "AdamW", "Adamax", "Nadam")
]
SCHEDULES = [
    ("ExponentialDecay", (0.01, 100, 0.7)),
    ("ExponentialDecay", (0.01, 100, 0.7, True)),
    ("InverseTimeDecay", (0.01, 100, 0.7)),
    ("InverseTimeDecay", (0.01, 100, 0.7, True)),
    ("PiecewiseConstantDecay", ([100, 300, 700], [0.01, 0.003, 0.02, 0.001])),
    ("PolynomialDecay", (0.01, 300)),
    ("PolynomialDecay", (0.01, 300, 0.002, 0.5)),
    ("PolynomialDecay", (0.01, 300, 0.002, 2.0, True)),
    ("CosineDecay", (0.01, 300)),
    ("CosineDecay", (0.01, 300, 0.1)),
    ("CosineDecay", (0.001, 300, 0.1, "CosineDecay", 0.01, 50)),
]


def ours(optimizer, dtype, gradients=GRADIENTS):
    """The variables after each step, and the optimizer's own variables after the last."""
    variables = [Variable(w, f"w{i}", dtype=dtype) for i, w in enumerate(START)]
    trajectory = [np.empty((STEPS, *w.shape)) for w in START]
    for t in range(STEPS):
        optimizer.apply([g[t].astype(dtype) for g in gradients], variables)
        for values, variable in zip(trajectory, variables):
            values[t] = variable.value
    return trajectory, [v.value for v in optimizer.variables]


def theirs(optimizer, dtype):
    """The same of Keras: all steps in one compiled loop."""
    keras, tf = oracle.load()
    variables = [keras.Variable(w.astype(dtype), dtype=dtype, name=f"w{i}") for i, w in enumerate(START)]
    optimizer.build(variables)
    gradients = [tf.constant(g, dtype) for g in GRADIENTS]

    def run():
        seen = [tf.TensorArray(dtype, STEPS) for _ in variables]
        for t in tf.range(STEPS):
            optimizer.apply([g[t] for g in gradients], variables)
            seen = [array.write(t, v.value) for array, v in zip(seen, variables)]
        return [array.stack() for array in seen]

    trajectory = tf.function(run)()
    return [values.numpy() for values in trajectory], [v.numpy() for v in optimizer.variables]


def check(mine, other, dtype):
    steps = np.sqrt(np.arange(1, STEPS + 1))
    for got, expected in zip(mine[0], other[0]):
        axes = tuple(range(1, got.ndim))
        room = 4 * steps * np.finfo(dtype).eps * np.abs(expected).max()
        assert (np.abs(got - expected).max(axis=axes) <= room).all()
    assert len(mine[1]) == len(other[1])
    for got, expected in zip(mine[1], other[1]):
        room = 4 * steps[-1] * np.finfo(dtype).eps * np.abs(expected).max() + np.finfo(dtype).tiny
        assert got.shape == expected.shape and np.abs(got - expected).max() <= room


def ids(case):
    return " ".join([case[0], *(f"{key}={value}" for key, value in case[1].items())])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_a_thousand_steps_are_keras_s(rule, dtype):
    keras, _ = oracle.load()
    name, options = rule
    with oracle.precision(dtype):
        other = theirs(getattr(keras.optimizers, name)(**options), dtype)
    check(ours(getattr(optimizers, name)(**options), dtype), other, dtype)


@pytest.mark.parametrize(
    "rule",
    [
        ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
        ("Adagrad", {"initial_accumulator_value": 0.1}),
        ("Adam", {"beta_1": 0.9, "beta_2": 0.999}),
        ("Adamax", {"beta_1": 0.9, "beta_2": 0.999}),
    ],
    ids=ids,
)
def test_a_thousand_steps_with_numpy_s_own_numbers(rule):
    # Keras rounds these to float32 on their way to float64 variables only where they are Python numbers.
    keras, _ = oracle.load()
    name, options = rule
    options = {key: np.float64(x) if isinstance(x, float) else x for key, x in options.items()}
    with oracle.precision("float64"):
        other = theirs(getattr(keras.optimizers, name)(**options), "float64")
    check(ours(getattr(optimizers, name)(**options), "float64"), other, "float64")


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda case: f"{case[0]} {case[1]}")
def test_schedules_are_keras_s(schedule):
    keras, tf = oracle.load()
    name, arguments = schedule
    theirs = getattr(keras.optimizers.schedules, name)(*arguments)
    mine = getattr(optimizers.schedules, name)(*arguments)
    expected = tf.function(lambda: tf.map_fn(theirs, tf.range(STEPS), fn_output_signature="float32"))().numpy()
    largest = np.abs(expected).max()
    np.testing.assert_allclose([mine(t) for t in range(STEPS)], expected, rtol=0, atol=4 * np.finfo("f4").eps * largest)
    np.testing.assert_allclose(mine(np.arange(STEPS)), expected, rtol=0, atol=4 * np.finfo("f4").eps * largest)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("schedule", SCHEDULES[::4], ids=lambda case: case[0])
@pytest.mark.parametrize("name", ["SGD", "AdamW"])
def test_a_thousand_steps_along_a_schedule(name, schedule, dtype):
    # In float32 the schedule itself may differ by an ulp or two, so that is what is allowed of all steps together.
    keras, _ = oracle.load()
    kind, arguments = schedule
    mine, _ = ours(getattr(optimizers, name)(getattr(optimizers.schedules, kind)(*arguments)), dtype)
    other, _ = theirs(getattr(keras.optimizers, name)(getattr(keras.optimizers.schedules, kind)(*arguments)), dtype)
    for got, expected, start in zip(mine, other, START):
        path = np.abs(np.diff(expected, axis=0, prepend=start[None])).sum(axis=0).max()
        room = 4 * np.finfo("float32").eps * path + 4 * np.sqrt(STEPS) * np.finfo(dtype).eps * np.abs(expected).max()
        assert np.abs(got - expected).max() <= room


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("exclusion", [{"var_names": ["w1"]}, {"var_names": ["w0", "w2"]}, {"var_names": ["none"]}])
def test_exclusions_from_weight_decay(exclusion, dtype):
    keras, _ = oracle.load()
    options = {"learning_rate": 0.01, "weight_decay": 0.3}
    with oracle.precision(dtype):
        mine, other = optimizers.SGD(**options), keras.optimizers.SGD(**options)
    mine.exclude_from_weight_decay(**exclusion)
    other.exclude_from_weight_decay(**exclusion)
    check(ours(mine, dtype), theirs(other, dtype), dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "Adamax", "Nadam"])
def test_one_gradient_off_by_a_thousandth_would_be_noticed(name, dtype):
    optimizer = getattr(optimizers, name)
    options = {"learning_rate": {"Adadelta": 1.0}.get(name, 0.01)}
    wrong = [g.copy() for g in GRADIENTS]
    wrong[2][0] *= 1.001
    with pytest.raises(AssertionError):
        check(ours(optimizer(**options), dtype, wrong), ours(optimizer(**options), dtype), dtype)


def test_missing_gradients_are_skipped_as_in_keras():
    keras, _ = oracle.load()
    mine, other = optimizers.Adam(0.1), keras.optimizers.Adam(0.1)
    a, b = (Variable([1.0, 2.0], dtype="float32") for _ in range(2))
    c, d = (keras.Variable([1.0, 2.0], dtype="float32") for _ in range(2))
    gradient = np.float32([0.3, -0.7])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for pair in ((None, gradient), (gradient, gradient), (gradient, None)):
            mine.apply(pair, [a, b])
            other.apply(list(pair), [c, d])
    np.testing.assert_allclose(a.value, c.numpy(), rtol=1e-6)
    np.testing.assert_allclose(b.value, d.numpy(), rtol=1e-6)
    assert mine.iterations == int(other.iterations) == 3


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "Adamax", "Nadam"])
def test_configurations_go_to_keras_and_back(name):
    keras, _ = oracle.load()
    mine = getattr(optimizers, name)(0.5, clipnorm=0.25)
    other = getattr(keras.optimizers, name).from_config(mine.get_config())
    assert type(mine).from_config(other.get_config()).get_config() == mine.get_config()
    assert mine.get_config() == other.get_config()
    schedule = optimizers.schedules.CosineDecay(0.5, 10, warmup_target=0.25, warmup_steps=2)
    assert (
        schedule.get_config() == keras.optimizers.schedules.CosineDecay.from_config(schedule.get_config()).get_config()
    )
