"""Large variables are updated in parts, in several threads: with the same result, and only where that is sound."""

import numpy as np
import pytest

from kerasedu import Variable, optimizers
from kerasedu.optimizers import optimizer
from kerasedu.optimizers import parts as room
from kerasedu.optimizers.parts import parts

SHAPE = (7, 11)
RULES = {
    "SGD": {"momentum": 0.9, "nesterov": True},
    "RMSprop": {"momentum": 0.9, "centered": True},
    "Adagrad": {},
    "Adadelta": {},
    "Adam": {"amsgrad": True},
    "AdamW": {"weight_decay": 0.1},
    "Adamax": {},
    "Nadam": {},
}


@pytest.fixture
def shared_out(monkeypatch):
    """Every variable counts as large, and there are three processors."""
    monkeypatch.setattr(room, "LARGE", 1)
    monkeypatch.setattr(room, "processors", lambda: 3)


def trained(optimizer, steps=4):
    rng = np.random.default_rng(0)
    variable = Variable(rng.standard_normal(SHAPE))
    for _ in range(steps):
        optimizer.apply([rng.standard_normal(SHAPE[::-1]).T], [variable])  # a gradient in another order of memory
    return [variable.value, *(state.value for state in optimizer.variables)]


@pytest.mark.parametrize("name", RULES)
def test_in_parts_and_as_a_whole_are_the_same_to_the_last_bit(name, request):
    rule, options = getattr(optimizers, name), RULES[name]
    whole = trained(rule(**options))
    request.getfixturevalue("shared_out")
    for one, other in zip(whole, trained(rule(**options)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_parts_cover_the_variable_and_share_its_memory(shared_out):
    variable = Variable(np.zeros(SHAPE))
    found = parts(variable)
    assert [part.value.size for part in found] == [26, 26, 25]
    for part in found:
        part.value += 1
    np.testing.assert_array_equal(variable.value, np.ones(SHAPE))


def test_small_variables_and_memory_in_pieces_stay_whole(shared_out, monkeypatch):
    variable = Variable(np.zeros(SHAPE))
    variable.value = np.zeros(SHAPE[::-1]).T
    assert parts(variable) == []
    monkeypatch.setattr(room, "LARGE", 78)
    assert parts(Variable(np.zeros(SHAPE))) == []


class TowardsTheMean(optimizers.SGD):
    def update_step(self, gradient, variable, learning_rate):
        variable.value -= variable.value.mean()


def test_a_rule_of_ones_own_sees_the_whole_variable(shared_out):
    variable = Variable(np.arange(77.0).reshape(SHAPE))
    TowardsTheMean().apply([np.zeros(SHAPE)], [variable])
    np.testing.assert_allclose(variable.value, np.arange(77.0).reshape(SHAPE) - 38)


def test_the_update_of_a_large_variable_goes_to_threads_without_touching_blas(shared_out, monkeypatch):
    seen = []
    threads = optimizer.in_threads

    def spy(function, items, **how):
        seen.append((len(items), how))
        return threads(function, items, **how)

    monkeypatch.setattr(optimizer, "in_threads", spy)
    trained(optimizers.Adam(), steps=1)
    assert seen == [(3, {"has_products": False})]


def test_adamw_hands_amsgrad_on():
    variable = Variable(np.zeros(2))
    rule = optimizers.AdamW(amsgrad=True)
    rule.build([variable])
    assert len(rule.variables) == len(optimizers.Adam(amsgrad=True).variables) + 3


def test_a_variable_lies_row_by_row_as_its_gradient_does():
    assert Variable(np.ones((3, 2)).T).value.flags.c_contiguous
