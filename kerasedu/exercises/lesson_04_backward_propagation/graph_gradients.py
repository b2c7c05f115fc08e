"""The walk back through any graph: products along the edges, sums at the nodes."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _graphs(rng):
    yield {"edges": [(0, 1, 3.0), (0, 1, 3.0), (0, 2, 1.0), (1, 2, 1.0)], "count": 3}
    yield {"edges": [(0, 1, 2.0), (1, 2, -3.0), (2, 3, 0.5)], "count": 4}
    yield {"edges": [(0, 1, -1.5)], "count": 2}
    for count in (5, 6):
        pairs = [
            (start, end) for end in range(1, count) for start in range(end) if start == end - 1 or rng.random() < 0.5
        ]
        yield {"edges": [(a, b, round(float(rng.uniform(-2, 2)), 2)) for a, b in [(0, 1), *pairs]], "count": count}


def graph_gradients(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for start, end, local in reversed(edges):
        gradients[start] += local * gradients[end]
    return gradients


def _overwrites(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for start, end, local in reversed(edges):
        gradients[start] = local * gradients[end]
    return gradients


def _from_the_front(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for start, end, local in edges:
        gradients[start] += local * gradients[end]
    return gradients


def _begins_with_zero(edges, count):
    return np.zeros(count)


def _local_only(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for start, _, local in edges:
        gradients[start] += local
    return gradients


def _adds_along_the_path(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for start, end, local in reversed(edges):
        gradients[start] += local + gradients[end]
    return gradients


def _all_ones(edges, count):
    gradients = np.ones(count)
    for start, end, local in reversed(edges):
        gradients[start] += local * gradients[end]
    return gradients


def _linear_system(edges, count):
    slopes = np.zeros((count, count))
    for start, end, local in edges:
        slopes[start, end] += local
    return np.linalg.solve(np.eye(count) - slopes, np.eye(count)[-1])


def _by_recursion(edges, count):
    def gradient(node):
        if node == count - 1:
            return 1.0
        return sum(local * gradient(end) for start, end, local in edges if start == node)

    return np.array([gradient(node) for node in range(count)])


GRAPH_GRADIENTS = Exercise(
    id="graph_gradients",
    lesson="04",
    points=3,
    reference=graph_gradients,
    cases=_graphs,
    mistakes=(
        Mistake(_overwrites, "A node used twice receives two gradients. Here the one that came last is left.", 6),
        Mistake(_from_the_front, "A node may pass its gradient on only when all of its own has arrived: start at L."),
        Mistake(_begins_with_zero, "Every product contains dL/dL. What is the slope of L with respect to itself?"),
        Mistake(_local_only, "Those are local derivatives alone; each must be multiplied by the gradient at its end."),
        Mistake(_adds_along_the_path, "Along a path derivatives multiply; they add where paths meet."),
        Mistake(_all_ones, "Only the last node begins with 1; the others begin with what no path has brought yet."),
    ),
    alternatives=(_linear_system, _by_recursion),
    hints=(
        "Work the first case on paper: two edges lead from node 0 to node 1, one to node 2.",
        "Along an edge: local derivative times the gradient at its end. At a node: the sum over edges that leave it.",
        "For each edge, from the last to the first: gradients[start] += local * gradients[end]",
    ),
    tolerance=1024.0,
)
