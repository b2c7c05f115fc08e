"""The walk back through any graph: products along the edges, sums at the nodes, in an order that waits for all sums."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _graphs(rng):
    yield {"edges": [(0, 1, 3.0), (0, 1, 3.0), (0, 2, 1.0), (1, 2, 1.0)], "count": 3}
    yield {"edges": [(1, 2, -3.0), (2, 3, 0.5), (0, 1, 2.0)], "count": 4}
    yield {"edges": [(0, 1, -1.5)], "count": 2}
    yield {"edges": [(1, 3, 4.0), (0, 1, 0.5), (0, 2, 3.0), (2, 3, 0.0), (0, 1, 2.0)], "count": 4}
    yield {"edges": [(1, 3, 1.0), (0, 1, 2.0), (2, 3, 4.0), (1, 2, 0.5)], "count": 4}
    for count in (5, 6):
        ends = [
            (start, end) for end in range(1, count) for start in range(end) if start == end - 1 or rng.random() < 0.5
        ]
        edges = [
            (start, end, round(float(rng.uniform(0.5, 2) * rng.choice([-1, 1])), 2)) for start, end in [(0, 1), *ends]
        ]
        yield {"edges": _mixed(edges, rng), "count": count}


def _mixed(edges, rng):
    """The edges in an order in which neither the first nor the last can be used first."""
    while True:
        mixed = [edges[k] for k in rng.permutation(len(edges))]
        right = graph_gradients(mixed, 1 + max(end for _, end, _ in edges))
        if not any(np.allclose(_in_order(order, len(right)), right) for order in (mixed, mixed[::-1])):
            return mixed


def graph_gradients(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for node in reversed(range(count)):
        for start, end, local in edges:
            if end == node:
                gradients[start] += local * gradients[node]
    return gradients


def _in_order(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for start, end, local in edges:
        gradients[start] += local * gradients[end]
    return gradients


def _overwrites(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for node in reversed(range(count)):
        for start, end, local in edges:
            if end == node:
                gradients[start] = local * gradients[node]
    return gradients


def _last_edge_of_each_node(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for node in reversed(range(count)):
        for start, end, local in edges:
            if start == node:
                gradients[node] = local * gradients[end]
    return gradients


def _as_listed(edges, count):
    return _in_order(edges, count)


def _from_the_last_listed(edges, count):
    return _in_order(edges[::-1], count)


def _from_the_first_node(edges, count):
    return _in_order(sorted(edges), count)


def _does_not_wait(edges, count):
    gradients, waiting = np.zeros(count), [count - 1]
    gradients[-1] = 1.0
    while waiting:
        node = waiting.pop(0)
        for start, end, local in edges:
            if end == node:
                gradients[start] += local * gradients[node]
                waiting.append(start)
    return gradients


def _derivatives_by_the_first_node(edges, count):
    slopes = np.zeros(count)
    slopes[0] = 1.0
    for node in range(count):
        for start, end, local in edges:
            if start == node:
                slopes[end] += local * slopes[node]
    return slopes


def _equal_edges_counted_once(edges, count):
    locals_ = {(start, end): local for start, end, local in edges}
    return graph_gradients([(start, end, local) for (start, end), local in locals_.items()], count)


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
    for node in reversed(range(count)):
        for start, end, local in edges:
            if end == node:
                gradients[start] += local + gradients[node]
    return gradients


def _all_ones(edges, count):
    gradients = np.ones(count)
    for node in reversed(range(count)):
        for start, end, local in edges:
            if end == node:
                gradients[start] += local * gradients[node]
    return gradients


def _from_start_to_end(edges, count):
    gradients = np.zeros(count)
    gradients[-1] = 1.0
    for node in reversed(range(count)):
        for start, end, local in edges:
            if end == node:
                gradients[end] += local * gradients[start]
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


def _edges_sorted_by_their_end(edges, count):
    gradients = np.eye(count)[-1]
    for start, end, local in sorted(edges, key=lambda edge: -edge[1]):
        gradients[start] = gradients[start] + local * gradients[end]
    return gradients


def _pulls_from_the_ends(edges, count):
    gradients = np.zeros(count)
    gradients[count - 1] = 1
    for node in range(count - 2, -1, -1):
        gradients[node] = sum(local * gradients[end] for start, end, local in edges if start == node)
    return gradients


GRAPH_GRADIENTS = Exercise(
    id="graph_gradients",
    lesson="04",
    points=3,
    reference=graph_gradients,
    cases=_graphs,
    mistakes=(
        Mistake(_overwrites, "A node used twice receives two gradients. Here the one that came last is left.", 6),
        Mistake(
            _last_edge_of_each_node,
            "A node from which several edges leave gets a gradient through each. Here only one of them is left.",
            6,
        ),
        Mistake(
            _equal_edges_counted_once,
            "Two edges join the same two nodes, as in x·x. Both count; a dictionary keeps one of them.",
            6,
        ),
        Mistake(
            _from_the_last_listed,
            "Being listed last does not make an edge the last one computed. Which nodes have all of their gradient?",
        ),
        Mistake(_as_listed, "A node may pass its gradient on only when all of its own has arrived: start at L."),
        Mistake(
            _from_the_first_node,
            "You start at node 0, which gets its gradient last. Sorted, yes, but which end of the list comes first?",
        ),
        Mistake(
            _derivatives_by_the_first_node,
            "Those are the derivatives of every node with respect to node 0, from front to back. Asked for are those "
            "of L with respect to every node.",
        ),
        Mistake(
            _does_not_wait,
            "A node passed its gradient on each time a share arrived, so the first shares were passed on twice. It may "
            "pass on once, when all have arrived.",
            6,
        ),
        Mistake(_begins_with_zero, "Every product contains dL/dL. What is the slope of L with respect to itself?"),
        Mistake(_local_only, "Those are local derivatives alone; each must be multiplied by the gradient at its end."),
        Mistake(_adds_along_the_path, "Along a path derivatives multiply; they add where paths meet."),
        Mistake(
            _from_start_to_end,
            "Values flow from an edge's start to its end; gradients flow back, from the end to the start.",
        ),
        Mistake(_all_ones, "Only the last node begins with 1; the others begin with what no path has brought yet."),
    ),
    alternatives=(_linear_system, _by_recursion, _edges_sorted_by_their_end, _pulls_from_the_ends),
    hints=(
        "Work the first case on paper: two edges lead from node 0 to node 1, one to node 2.",
        "Along an edge: local derivative times the gradient at its end. At a node: the sum over the edges that leave "
        "it, complete before it is used. So one loop over the nodes, from the last; in it, one over the edges.",
        "For each edge that ends at the node: gradients[start] += local * gradients[node]",
    ),
    tolerance=4096.0,
)
