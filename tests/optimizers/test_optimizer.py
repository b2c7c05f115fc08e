"""What all optimizers share: the order of a step, state, settings, and what they refuse."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import optimizers
from kerasedu.optimizers import SGD, Adam, Optimizer, RMSprop, schedules
from kerasedu.variable import Variable

NAMES = ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "Adamax", "Nadam"]


def variable(*values, name="w", **options):
    return Variable(list(values), name, dtype="float64", **options)


def step(optimizer, w, gradient):
    optimizer.apply_gradients([(gradient, w)])
    return w.value.tolist()


# -- the order of a step ------------------------------------------------------------------------------------------


def test_clipping_comes_before_the_update_and_decay_does_not_see_it():
    # Gradient (3, 4) becomes (0.6, 0.8); w loses η λ w = 0.25, then η g.
    assert step(SGD(0.5, weight_decay=0.5, clipnorm=1.0), variable(1.0, 1.0), [3.0, 4.0]) == [0.75 - 0.3, 0.75 - 0.4]


def test_decay_comes_before_the_update():
    w = variable(1.0)

    class Watcher(Optimizer):
        def update_step(self, gradient, variable, learning_rate):
            self.seen = variable.numpy()

    optimizer = Watcher(0.5, weight_decay=0.5)
    step(optimizer, w, [0.0])
    assert optimizer.seen == [0.75]


def test_the_average_is_taken_of_the_new_weights_and_the_constraint_comes_last():
    def limit(w):
        return np.minimum(w, 1.0)

    w = variable(0.0, constraint=limit)
    optimizer = SGD(1.0, use_ema=True, ema_momentum=0.5)
    assert step(optimizer, w, [-4.0]) == [1.0]  # 4, averaged as 4, then limited
    assert step(optimizer, w, [-2.0]) == [1.0]  # 3, averaged as (4 + 3) / 2
    optimizer.finalize_variable_values([w])
    assert w.value == [3.5]


def test_the_constraint_holds_after_every_step():
    w = variable(1.0, -1.0, constraint=lambda w: np.maximum(w, 0))
    assert step(SGD(1.0), w, [2.0, 0.0]) == [0.0, 0.0]


def test_gradients_are_unscaled_before_clipping():
    optimizer = SGD(1.0, loss_scale_factor=8.0, clipvalue=1.0)
    assert step(optimizer, variable(0.0, 0.0), [4.0, 16.0]) == [-0.5, -1.0]
    assert optimizer.scale_loss(2.0) == 16.0
    assert SGD(1.0).scale_loss(2.0) == 2.0


# -- clipping -----------------------------------------------------------------------------------------------------


def test_each_way_of_clipping():
    def steps(**clipping):
        a, b = variable(0.0, 0.0), variable(0.0)
        SGD(1.0, **clipping).apply_gradients([([-6.0, 8.0], a), ([-24.0], b)])
        return a.value.tolist(), b.value.tolist()

    assert steps() == ([6.0, -8.0], [24.0])
    assert steps(clipvalue=7.0) == ([6.0, -7.0], [7.0])
    assert steps(clipnorm=5.0) == ([3.0, -4.0], [5.0])
    np.testing.assert_allclose(np.concatenate(steps(global_clipnorm=13.0)), [3.0, -4.0, 12.0], rtol=1e-15)
    assert steps(clipnorm=100.0) == ([6.0, -8.0], [24.0])
    assert steps(clipnorm=-1.0) == steps(clipnorm=0.0) == steps(clipvalue=0.0) == steps(clipvalue=-1.0) == steps()
    assert steps(global_clipnorm=-1.0) == steps(global_clipnorm=0.0) == steps()
    assert steps(clipnorm=0.5)[1] == steps(clipvalue=0.5)[1] == [0.5]
    np.testing.assert_allclose(steps(global_clipnorm=0.5)[1], [0.5 * 24 / 26], rtol=1e-15)


@pytest.mark.parametrize("pair", [("clipnorm", "clipvalue"), ("clipvalue", "global_clipnorm")])
def test_two_ways_of_clipping_at_once_are_refused(pair):
    with pytest.raises(ValueError, match=f"SGD clips in one way at a time.*{pair[0]}"):
        SGD(1.0, **dict.fromkeys(pair, 1.0))


# -- weight decay -------------------------------------------------------------------------------------------------


def decayed(**exclusion):
    kernel, bias = variable(1.0, name="kernel"), variable(1.0, name="bias")
    kernel.path, bias.path = "dense/kernel", "dense/bias"
    optimizer = SGD(0.5, weight_decay=0.5)
    listed = {"kernel": kernel, "bias": bias}
    if exclusion:
        if "var_list" in exclusion:
            exclusion["var_list"] = [listed[name] for name in exclusion["var_list"]]
        optimizer.exclude_from_weight_decay(**exclusion)
    optimizer.apply_gradients([([0.0], kernel), ([0.0], bias)])
    return [name for name, v in listed.items() if v.value == 0.75]


def test_weight_decay_spares_what_it_is_told_to():
    assert decayed() == ["kernel", "bias"]
    assert decayed(var_names=["bias"]) == ["kernel"]
    assert decayed(var_names=["nothing", "k.rnel"]) == decayed(var_names=["k.rnel", "nothing"]) == ["bias"]
    assert decayed(var_names=["dense"]) == []
    assert decayed(var_list=["kernel"]) == ["bias"]
    assert decayed(var_list=["kernel"], var_names=["bias"]) == []


def test_decay_follows_the_schedule():
    optimizer = SGD(schedules.PiecewiseConstantDecay([0], [0.5, 0.25]), weight_decay=0.5)
    w = variable(1.0)
    assert step(optimizer, w, [0.0]) == [0.75]
    assert step(optimizer, w, [0.0]) == [0.75 - 0.75 * 0.125]


# -- averaging and accumulating -----------------------------------------------------------------------------------


def test_the_average_starts_at_the_first_weights_and_overwrites_them_when_told():
    optimizer = SGD(1.0, use_ema=True, ema_momentum=0.75, ema_overwrite_frequency=3)
    w = variable(0.0)
    assert step(optimizer, w, [-4.0]) == [4.0]
    assert step(optimizer, w, [-4.0]) == [8.0]  # average 0.75 · 4 + 0.25 · 8 = 5
    assert step(optimizer, w, [-5.0]) == [0.75 * 5.0 + 0.25 * 13.0]
    assert step(optimizer, w, [-1.0]) == [8.0]


def test_without_averaging_finalizing_changes_nothing():
    w = variable(1.0)
    optimizer = SGD(1.0)
    step(optimizer, w, [0.0])
    optimizer.finalize_variable_values([w])
    assert w.value == [1.0]


def test_averages_of_other_variables_are_refused():
    optimizer = SGD(1.0, use_ema=True)
    step(optimizer, variable(1.0), [0.0])
    with pytest.raises(ValueError, match="averages of 1 variables, got 2"):
        optimizer.finalize_variable_values([variable(1.0), variable(2.0)])


def test_accumulating_updates_with_the_mean_gradient():
    optimizer = SGD(1.0, gradient_accumulation_steps=3, weight_decay=0.5)
    w = variable(4.0)
    seen = [step(optimizer, w, [g]) for g in (3.0, 6.0, -3.0, 1.0, 1.0, 1.0)]
    assert seen == [[4.0], [4.0], [2.0 - 2.0], [0.0], [0.0], [-1.0]]
    assert optimizer.iterations == 2


def test_accumulating_clips_the_mean():
    w = variable(0.0)
    optimizer = SGD(1.0, gradient_accumulation_steps=2, clipvalue=1.0)
    step(optimizer, w, [-4.0])
    assert step(optimizer, w, [3.0]) == [0.5]


def test_an_accumulator_is_kept_for_each_variable():
    optimizer = SGD(1.0, gradient_accumulation_steps=2)
    a, b = variable(0.0), variable(0.0)
    optimizer.build([a, b])
    optimizer.apply([[2.0]], [b])
    optimizer.apply([[2.0], [4.0]], [a, b])
    assert (a.value, b.value) == ([-1.0], [-3.0])


@pytest.mark.parametrize("name", NAMES)
def test_one_accumulated_step_equals_one_step_with_the_mean(name):
    a, b = variable(1.0, 2.0), variable(1.0, 2.0)
    plain, accumulating = (getattr(optimizers, name)(gradient_accumulation_steps=n) for n in (None, 4))
    for _ in range(3):
        step(plain, a, [1.0, -2.0])
        for g in ([0.0, 0.0], [2.0, -1.0], [1.0, -3.0], [1.0, -4.0]):
            step(accumulating, b, g)
    assert a.value.tolist() == b.value.tolist()


# -- learning rate and state --------------------------------------------------------------------------------------


def test_the_learning_rate_is_rounded_to_the_variable_s_type_only():
    optimizer = SGD(0.1)
    assert optimizer.learning_rate == 0.1 and type(optimizer.learning_rate) is float
    assert step(optimizer, variable(0.0), [1.0]) == [-0.1]
    single = Variable([0.0], dtype="float32")
    assert step(SGD(0.1), single, [1.0]) == [-float(np.float32(0.1))]
    optimizer.learning_rate = 0.3
    assert optimizer.learning_rate == 0.3


def test_the_learning_rate_can_be_set_to_a_number_a_schedule_or_a_function():
    optimizer = SGD(0.5)
    rate = optimizer.variables[1]
    optimizer.learning_rate = 0.25
    assert optimizer.learning_rate == 0.25 == rate.value
    optimizer.learning_rate = lambda: 0.125
    assert optimizer.learning_rate == 0.125
    assert rate not in optimizer.variables
    optimizer.learning_rate = 2
    assert optimizer.learning_rate == 2.0
    optimizer.learning_rate = schedules.InverseTimeDecay(1.0, 1, 1.0)
    assert [step(optimizer, variable(0.0), [1.0]) for _ in range(1)] == [[-1.0]]
    assert optimizer.learning_rate == 0.5


def test_an_optimizer_with_a_schedule_refuses_a_number():
    optimizer = SGD(schedules.InverseTimeDecay(1.0, 1, 1.0))
    with pytest.raises(ValueError, match=r"SGD follows InverseTimeDecay.*cannot be set to 0.5"):
        optimizer.learning_rate = 0.5
    optimizer.learning_rate = lambda: 0.5
    assert optimizer.learning_rate == 0.5


def test_a_schedule_counts_calls_and_not_accumulated_updates():
    optimizer = SGD(schedules.PiecewiseConstantDecay([0], [1.0, 0.5]), gradient_accumulation_steps=2)
    w = variable(0.0)
    step(optimizer, w, [1.0])
    assert step(optimizer, w, [1.0]) == [-0.5]


@pytest.mark.parametrize("rate", [-0.1, float("nan"), float("inf"), "fast", None, True, [0.1]])
def test_impossible_learning_rates_are_refused(rate):
    with pytest.raises(ValueError, match="Adam expected learning_rate to be a number >= 0"):
        Adam(rate)
    optimizer = Adam()
    with pytest.raises(ValueError, match="learning_rate"):
        optimizer.learning_rate = rate
    assert optimizer.learning_rate == 0.001


def test_a_learning_rate_of_zero_is_a_number():
    assert step(SGD(0), variable(1.0), [1.0]) == [1.0]


def test_iterations_count_the_updates():
    optimizer = SGD(0.5)
    assert optimizer.iterations == 0
    for _ in range(3):
        step(optimizer, variable(1.0), [1.0]) if not optimizer.built else optimizer.apply([[1.0]])
    assert optimizer.iterations == 3


VARIABLES = {
    "SGD": (SGD, {}, []),
    "momentum": (SGD, {"momentum": 0.5}, ["a_momentum", "b_momentum"]),
    "RMSprop": (
        RMSprop,
        {"momentum": 0.5, "centered": True},
        ["a_velocity", "b_velocity", "a_momentum", "b_momentum", "a_average_gradient", "b_average_gradient"],
    ),
    "plain RMSprop": (RMSprop, {}, ["a_velocity", "b_velocity"]),
    "Adagrad": (optimizers.Adagrad, {}, ["a_accumulator", "b_accumulator"]),
    "Adadelta": (
        optimizers.Adadelta,
        {},
        ["a_accumulated_grad", "a_accumulated_delta_var", "b_accumulated_grad", "b_accumulated_delta_var"],
    ),
    "Adamax": (optimizers.Adamax, {}, ["a_momentum", "a_norm", "b_momentum", "b_norm"]),
    "Nadam": (optimizers.Nadam, {}, ["a_momentum", "a_velocity", "b_momentum", "b_velocity", "u_product"]),
    "Adam": (
        Adam,
        {"amsgrad": True, "use_ema": True, "gradient_accumulation_steps": 2},
        [
            *("a_average", "b_average", "a_gradient_accumulator", "b_gradient_accumulator"),
            *("a_momentum", "a_velocity", "b_momentum", "b_velocity", "a_velocity_hat", "b_velocity_hat"),
        ],
    ),
}


@pytest.mark.parametrize("case", VARIABLES)
def test_the_state_is_listed_in_keras_s_order(case):
    cls, options, names = VARIABLES[case]
    optimizer = cls(**options)
    assert [v.name for v in optimizer.variables] == ["iteration", "learning_rate"]
    a, b = Variable(np.ones((2, 3)), "a", dtype="float32"), variable(1.0, name="b")
    optimizer.build([a, b])
    optimizer.build([a, b])
    assert [v.name for v in optimizer.variables] == ["iteration", "learning_rate", *names]
    assert all(not v.trainable for v in optimizer.variables)
    for v in optimizer.variables[2:]:
        like = {"a": a, "b": b}.get(v.name[0])
        if like is not None:
            assert (v.shape, v.dtype) == (like.shape, like.dtype)


def test_counters_and_products_have_types_of_their_own():
    optimizer = optimizers.Nadam()
    optimizer.build([Variable(1.0, dtype="float32")])
    assert (optimizer.variables[0].dtype, optimizer.variables[-1].dtype) == ("int64", "float32")
    empty = optimizers.Nadam()
    empty.build([])
    assert [v.name for v in empty.variables] == ["iteration", "learning_rate", "u_product"]


def test_slashes_of_a_path_become_underscores_in_the_name_of_a_slot():
    w = variable(1.0)
    w.path = "dense/kernel"
    optimizer = Adam()
    optimizer.build([w])
    assert [v.name for v in optimizer.variables[2:]] == ["dense_kernel_momentum", "dense_kernel_velocity"]


@pytest.mark.parametrize("name", NAMES)
def test_training_goes_on_from_saved_state(name):
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(8, 3))
    options = {"use_ema": True, "ema_overwrite_frequency": 3}
    w = variable(1.0, 2.0, 3.0)
    one = getattr(optimizers, name)(**options)
    for g in gradients[:4]:
        step(one, w, g)
    copy = Variable(w.value, "w")
    other = getattr(optimizers, name).from_config(one.get_config())
    other.build([copy])
    for mine, theirs in zip(other.variables, one.variables):
        mine.assign(theirs.value)
    for g in gradients[4:]:
        assert step(one, w, g) == step(other, copy, g)


# -- variables and gradients --------------------------------------------------------------------------------------


def test_without_variables_the_gradients_belong_to_those_of_build():
    w = variable(1.0)
    optimizer = SGD(0.5)
    with pytest.raises(ValueError, match=r"SGD was given gradients without variables before build"):
        optimizer.apply([[1.0]])
    optimizer.build([w])
    optimizer.apply([[1.0]])
    assert w.value == [0.5]


def test_a_part_of_the_variables_may_be_updated():
    a, b = variable(1.0), variable(1.0)
    optimizer = SGD(0.5)
    optimizer.build([a, b])
    step(optimizer, b, [1.0])
    assert (a.value, b.value) == ([1.0], [0.5])


def test_other_variables_than_those_of_the_first_step_are_refused():
    optimizer = SGD(0.5)
    step(optimizer, variable(1.0), [1.0])
    with pytest.raises(ValueError, match=r"built for other variables than 'stranger'.*new optimizer"):
        step(optimizer, variable(1.0, name="stranger"), [1.0])


def test_no_gradients_are_no_step():
    optimizer = SGD(0.5)
    optimizer.apply_gradients([])
    optimizer.apply([])
    assert optimizer.iterations == 0 and not optimizer.built


def test_a_missing_gradient_leaves_its_variable_alone_with_a_warning():
    a, b = variable(1.0, name="a"), variable(1.0, name="b")
    optimizer = SGD(0.5, weight_decay=0.5)
    with pytest.warns(UserWarning, match="SGD leaves a unchanged: the gradient is None"):
        optimizer.apply_gradients([(None, a), ([0.0], b)])
    assert (a.value, b.value) == ([1.0], [0.75])
    assert optimizer.iterations == 1


def test_no_gradient_at_all_is_an_error():
    with pytest.raises(ValueError, match="SGD got no gradient at all: it is None for a, b"):
        SGD(0.5).apply_gradients([(None, variable(1.0, name="a")), (None, variable(1.0, name="b"))])


def test_a_transposed_gradient_is_told_so():
    w = Variable(np.ones((2, 3)), "kernel")
    with pytest.raises(
        ValueError, match=r"gradient of shape \(3, 2\) for variable 'kernel' of shape \(2, 3\)\. Was it tr"
    ):
        SGD(0.5).apply_gradients([(np.ones((3, 2)), w)])
    with pytest.raises(
        ValueError, match=r"shape \(4, 2, 3\) .*\(2, 3\)\. dL/dw has the shape of w: was it summed over the batch"
    ):
        SGD(0.5).apply_gradients([(np.ones((4, 2, 3)), w)])


def test_pairs_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match=r"kerasedu.Variable objects, got ndarray.*\(gradient, variable\), in this o"):
        SGD(0.5).apply_gradients([(variable(1.0), np.ones(1))])


def test_as_many_gradients_as_variables():
    with pytest.raises(ValueError, match="SGD got 1 gradients for 2 variables"):
        SGD(0.5).apply([[1.0]], [variable(1.0), variable(1.0)])


def test_nan_goes_through_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in NAMES:
            for clip in ({}, {"clipnorm": 1.0}, {"global_clipnorm": 1.0}, {"clipvalue": 1.0}):
                w = variable(1.0, 1.0, 1.0)
                got = step(getattr(optimizers, name)(0.5, **clip), w, [np.nan, np.inf, 0.0])
                assert np.isnan(got[0])


@given(st.sampled_from(NAMES), st.integers(0, 4), st.sampled_from(["float32", "float64", "int64"]))
def test_gradients_of_any_layout_and_type_are_read_and_never_written(name, rows, dtype):
    base = np.arange(rows * 6).reshape(6, rows).astype(dtype)[::2].T
    base.flags.writeable = False
    before = base.copy()
    a, b = Variable(np.ones((rows, 3)), dtype="float32"), Variable(np.ones((rows, 3)), dtype="float32")
    for clip in ({}, {"clipnorm": 1.0}, {"global_clipnorm": 1.0}, {"clipvalue": 1.0}):
        for w, gradient in ((a, base), (b, np.ascontiguousarray(base, dtype="float32"))):
            getattr(optimizers, name)(0.5, **clip).apply_gradients([(gradient, w)])
    assert (base == before).all()
    assert (a.value == b.value).all() and a.dtype == "float32"


def test_scalars_and_lists_are_gradients_too():
    w = Variable(1.0)
    assert step(SGD(0.5), w, 1) == 0.5


# -- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_configuration_makes_the_same_optimizer(name):
    options = {"use_ema": True, "clipnorm": 0.5, "weight_decay": 0.25, "gradient_accumulation_steps": 2}
    optimizer = getattr(optimizers, name)(schedules.ExponentialDecay(0.5, 3, 0.75), **options)
    config = optimizer.get_config()
    again = type(optimizer).from_config(config)
    assert again.get_config() == config and again.learning_rate == optimizer.learning_rate == 0.5
    assert optimizers.get({"class_name": name, "config": config}).get_config() == config
    assert config["learning_rate"]["class_name"] == "ExponentialDecay"


def test_optimizers_are_found_by_name_in_any_case():
    for name in NAMES:
        for spelling in (name, name.lower(), name.upper()):
            assert type(optimizers.get(spelling)).__name__ == name
    optimizer = SGD(0.5)
    assert optimizers.get(optimizer) is optimizer
    assert optimizers.get(None) is None
    assert isinstance(optimizers.get(Adam), Adam)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [("adagard", "unknown optimizer 'adagard'. Did you mean 'adagrad'"), (3, "3"), (np.sin, "sin")],
)
def test_what_is_no_optimizer_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        optimizers.get(wrong)


def test_unknown_arguments_are_named():
    with pytest.raises(ValueError, match=r"Adam has no argument lr\. The learning rate is called learning_rate"):
        Adam(lr=0.1)
    with pytest.raises(ValueError, match=r"SGD has no argument beta, gamma\.$"):
        SGD(beta=0.1, gamma=0.2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"use_ema": True, "ema_momentum": 1.5}, r"ema_momentum in \[0, 1\], got 1.5"),
        ({"use_ema": True, "ema_momentum": -0.5}, r"ema_momentum in \[0, 1\], got -0.5"),
        ({"use_ema": True, "ema_overwrite_frequency": -1}, "ema_overwrite_frequency to be an integer >= 1, got -1"),
        ({"use_ema": True, "ema_overwrite_frequency": 1.5}, "integer >= 1, got 1.5"),
        ({"gradient_accumulation_steps": 1}, "gradient_accumulation_steps to be an integer >= 2, got 1"),
        ({"gradient_accumulation_steps": True}, "integer >= 2, got True"),
        ({"momentum": -0.5}, r"momentum in \[0, 1\], got -0.5"),
        ({"momentum": 1.5}, r"momentum in \[0, 1\], got 1.5"),
    ],
)
def test_impossible_settings_are_refused(options, message):
    with pytest.raises(ValueError, match=f"SGD expected .*{message}"):
        SGD(0.5, **options)


def test_settings_at_the_edge_are_allowed():
    for options in (
        {"use_ema": True, "ema_momentum": 0.0},
        {"use_ema": True, "ema_momentum": 1.0, "ema_overwrite_frequency": 1},
        {"gradient_accumulation_steps": 2},
        {"momentum": 1.0},
    ):
        SGD(0.5, **options)


def test_adamw_needs_a_decay():
    with pytest.raises(ValueError, match="AdamW expected weight_decay to be a number, got None"):
        optimizers.AdamW(weight_decay=None)


def test_names_are_the_class_s_unless_given():
    assert [getattr(optimizers, name)().name for name in ("SGD", "AdamW", "Adagrad")] == ["sgd", "adam_w", "adagrad"]
    assert SGD(name="mine").name == "mine"


def test_a_new_rule_is_one_method():
    class SignDescent(Optimizer):
        def update_step(self, gradient, variable, learning_rate):
            variable.value -= learning_rate * np.sign(gradient)

    assert step(SignDescent(0.5), variable(1.0, 1.0), [3.0, -7.0]) == [0.5, 1.5]
    with pytest.raises(NotImplementedError, match="Optimizer lacks update_step"):
        step(Optimizer(0.5), variable(1.0), [1.0])


def test_a_new_rule_with_memory_asks_for_slots():
    class Averaging(Optimizer):
        def build(self, variables):
            super().build(variables)
            self.add_slots("mean")
            self.add_slots("mean", "count", initial_value=1.0)

        def update_step(self, gradient, variable, learning_rate):
            mean, count = self.slots(variable)
            mean += (gradient - mean) / count
            count += 1
            variable.value -= learning_rate * mean

    optimizer, w = Averaging(1.0), variable(0.0)
    assert [step(optimizer, w, [g]) for g in (2.0, 4.0)] == [[-2.0], [-5.0]]
