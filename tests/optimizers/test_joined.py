"""Small variables are updated together: with the same result, and only where that is sound."""

import numpy as np
import pytest

from kerasedu import Variable, optimizers
from kerasedu.optimizers import joined as room
from kerasedu.optimizers.joined import Joined, joined

SHAPES = [(3, 4), (4,), (4, 2), (), (1, 2, 3)]
RULES = {
    "SGD": {"momentum": 0.9, "nesterov": True},
    "RMSprop": {"momentum": 0.9, "centered": True},
    "Adagrad": {},
    "Adadelta": {},
    "Adam": {"amsgrad": True, "clipnorm": 0.5},
    "AdamW": {"weight_decay": 0.1, "use_ema": True, "ema_momentum": 0.5},
    "Adamax": {"gradient_accumulation_steps": 2},
    "Nadam": {},
}


@pytest.fixture
def one_by_one(monkeypatch):
    """No variable counts as small."""
    monkeypatch.setattr(room, "SMALL", 0)


def variables(dtypes=("float32", "float64")):
    rng = np.random.default_rng(0)
    return [Variable(rng.standard_normal(shape), dtype=dtype) for dtype in dtypes for shape in SHAPES]


def trained(optimizer, steps=4):
    rng, ws = np.random.default_rng(1), variables()
    for _ in range(steps):
        gradients = [rng.standard_normal(w.shape[::-1]).T for w in ws]  # in another order of memory
        optimizer.apply(gradients, ws)
    return [*(w.value for w in ws), *(state.value for state in optimizer.variables)]


@pytest.mark.parametrize("name", RULES)
def test_together_and_one_by_one_are_the_same_to_the_last_bit(name, request):
    rule, options = getattr(optimizers, name), RULES[name]
    together = trained(rule(**options))
    request.getfixturevalue("one_by_one")
    for one, other in zip(together, trained(rule(**options)), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


def test_a_rule_sees_one_variable_of_each_type(monkeypatch):
    seen = []
    step = optimizers.Adam.update_step

    def update_step(self, gradient, variable, rate):
        seen.append((gradient.shape, variable.value.shape, variable.value.dtype.name))
        step(self, gradient, variable, rate)

    update_step.__module__ = step.__module__
    monkeypatch.setattr(optimizers.Adam, "update_step", update_step)
    trained(optimizers.Adam(), steps=1)
    assert seen == [((31,), (31,), "float32"), ((31,), (31,), "float64")]


def test_what_is_large_empty_or_alone_in_its_type_stays_by_itself(monkeypatch):
    monkeypatch.setattr(room, "SMALL", 5)
    four, five, none, other = (Variable(np.zeros(n)) for n in (4, 5, 0, 1))
    alone = Variable(np.zeros(2), dtype="float32")
    assert [group.variables for group in joined([four, five, none, other, alone])] == [[four, other]]


def test_states_keep_their_place_in_memory_and_their_meaning():
    optimizer, ws = optimizers.Adam(), variables()
    optimizer.build(ws)
    states = [state.value for state in optimizer.variables]
    optimizer.apply([np.ones(w.shape) for w in ws], ws)
    assert all(state.value is value for state, value in zip(optimizer.variables, states, strict=True))
    for state in optimizer.variables[2:]:
        expected = 0.1 if state.name.endswith("momentum") else 0.001
        np.testing.assert_allclose(state.value, np.full(state.shape, expected), rtol=1e-4)
        state.assign(np.zeros(state.shape))
    before = [w.numpy() for w in ws]
    optimizer.apply([np.zeros(w.shape) for w in ws], ws)
    for w, value in zip(ws, before, strict=True):
        np.testing.assert_array_equal(w.value, value)


def test_without_one_gradient_the_others_are_updated_one_by_one():
    ws = [Variable(np.zeros(2)) for _ in range(3)]
    optimizer = optimizers.SGD(1.0, momentum=0.5)
    optimizer.apply([np.ones(2)] * 3, ws)
    with pytest.warns(UserWarning, match="unchanged: the gradient is None"):
        optimizer.apply([np.ones(2), None, np.ones(2)], ws)
    optimizer.apply([np.ones(2)] * 3, ws)
    steps = [-1, -1.5, -1.75]
    assert [w.value[0] for w in ws] == [sum(steps), sum(steps[:2]), sum(steps)]


def test_a_variable_given_twice_is_updated_twice():
    w, other = Variable(np.zeros(2)), Variable(np.zeros(1))
    optimizer = optimizers.SGD(1.0)
    optimizer.build([w, other])
    optimizer.apply([np.ones(2), np.ones(2), np.ones(1)], [w, w, other])
    assert w.value.tolist() == [-2, -2]
    assert other.value.tolist() == [-1]


def test_a_value_put_in_another_s_place_is_updated_where_it_lies():
    w, other = Variable(np.zeros((2, 3))), Variable(np.zeros(1))
    optimizer = optimizers.SGD(1.0)
    optimizer.build([w, other])
    w.value = np.zeros((3, 2)).T
    optimizer.apply([np.ones((2, 3)), np.ones(1)], [w, other])
    assert w.value.tolist() == [[-1] * 3] * 2


class TowardsTheMean(optimizers.SGD):
    def update_step(self, gradient, variable, learning_rate):
        variable.value -= variable.value.mean()


def test_a_rule_of_ones_own_sees_each_variable():
    ws = [Variable(np.array([1.0, 3.0])), Variable(np.array([5.0]))]
    TowardsTheMean().apply([np.zeros(2), np.zeros(1)], ws)
    assert [w.value.tolist() for w in ws] == [[-1, 1], [0]]


def test_numbers_come_in_and_go_back_in_their_order():
    ws = [Variable(np.arange(6.0).reshape(2, 3)), Variable(np.array([9.0]))]
    small = Joined(ws)
    small.load()
    assert small.value.tolist() == [0, 1, 2, 3, 4, 5, 9]
    small.value += 1
    small.store()
    assert ws[0].value.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert ws[1].value.tolist() == [10]
