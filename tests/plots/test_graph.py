"""A computation graph is drawn from its tape: places that keep everything apart, the tape's numbers, no overlaps."""

import sys
from itertools import combinations

import matplotlib
import numpy as np
import pytest

from kerasedu.autodiff import Tensor
from kerasedu.plots import graph
from kerasedu.plots.layout import place

matplotlib.use("agg")


def fan_out():
    x = Tensor(3.0)
    return x * x + x, {"x": x}


def neuron():
    w, x, b, t = (Tensor(value) for value in (0.5, -2.0, 1.5, -1.0))
    return ((w * x + b).tanh() + t) ** 2, {"w": w, "x": x, "b": b, "t": t}


def layer():
    rng = np.random.default_rng(0)
    x, W, b = (Tensor(rng.normal(size=shape)) for shape in [(5, 4), (4, 3), (3,)])
    return (x @ W + b).relu().sum(), {"x": x, "W": W, "b": b}


def tangle():
    a, c = Tensor(2.0), Tensor(-1.5)
    s = a * c
    t = (s + a).tanh()
    return t * s + (a + 1) ** 3 * t / c, {"a": a, "c": c, "s": s}


GRAPHS = [fan_out, neuron, layer, tangle]
each_graph = pytest.mark.parametrize("make", GRAPHS, ids=lambda make: make.__name__)


@pytest.fixture
def draw(monkeypatch):
    """``graph`` that gives back the figure itself."""
    monkeypatch.setattr(sys.modules["kerasedu.plots.graph"], "Picture", lambda figure, alt: figure)
    yield lambda loss, names: graph("text", loss, names)
    import matplotlib.pyplot as plt

    plt.close("all")


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@each_graph
def test_no_two_labels_overlap_and_none_is_cut_off(make, draw):
    figure = draw(*make())
    figure.canvas.draw()
    boxes = [(t.get_text(), t.get_window_extent()) for t in figure.axes[0].texts]
    assert [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)] == []


def test_the_picture_holds_the_values_the_contributions_and_their_sum(draw):
    found = texts(draw(*fan_out()))
    assert found.count("3") == 5  # the value on three edges, and what comes back through both sides of the product
    assert found.count("1") == 3
    assert {"9", "12", "×", "+", "x", "L", "dL/dx\n= 7"} <= set(found)


def test_arrays_are_shown_by_their_shapes_and_a_shared_bias_by_its_own(draw):
    found = texts(draw(*layer()))
    assert {"@", "relu", "Σ", "dL/dW\n(4, 3)", "dL/db\n(3,)"} <= set(found)
    assert found.count("(3,)") == 2


def test_constants_have_no_gradient_and_powers_their_exponent(draw):
    a = Tensor(2.0)
    found = texts(draw((a + 0.5) ** 3, {"a": a}))
    assert {"0.5", "$a^{3}$"} <= set(found)
    assert found.count("0.5") == 1


def test_points_of_one_column_are_apart_and_edges_lead_to_the_right():
    rng = np.random.default_rng(3)
    for count in range(2, 12):
        edges = [
            (start, end) for end in range(1, count) for start in range(end) if rng.random() < 0.4 or end == start + 1
        ]
        points, ways = place(count, [*edges, edges[0]], gap=1.5)
        assert [(way[0], way[-1]) for way in ways] == [(points[a], points[b]) for a, b in [*edges, edges[0]]]
        for way in ways:
            assert [x for x, _ in way] == list(range(way[0][0], way[-1][0] + 1))
            assert len(way) >= 3
        columns = {}
        for x, y in [*points, *(point for way in ways for point in way[1:-1])]:
            columns.setdefault(x, []).append(y)
        assert all(np.diff(sorted(heights)).min(initial=9) > 1.5 - 1e-9 for heights in columns.values())


def test_a_chain_is_straight_and_a_single_node_has_a_place():
    points, _ = place(4, [(0, 1), (1, 2), (2, 3)])
    assert points == [(0, 0), (2, 0), (4, 0), (6, 0)]
    assert place(1, []) == ([(0, 0)], [])
