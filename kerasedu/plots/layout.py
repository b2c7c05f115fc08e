"""Places for the nodes of a graph, in columns from left to right, so that neither nodes nor edge labels overlap.

Each edge has a place of its own in every column that it passes, and its label stands at one of them: what is kept apart
in a column are nodes, labels and passing edges alike.

Source: K. Sugiyama et al., Methods for Visual Understanding of Hierarchical System Structures,
IEEE Transactions on Systems, Man, and Cybernetics 11 (1981), doi 10.1109/TSMC.1981.4308636
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

SWEEPS = 200
STRAIGHT = 8  # how much more an edge's own next point counts than a node

Edge = tuple[int, int]
Point = tuple[float, float]


def place(count: int, edges: Sequence[Edge], gap: float = 1.0) -> tuple[list[Point], list[list[Point]]]:
    """Places of the nodes, and for each edge its way from node to node.

    Arguments:
        count: of nodes, numbered so that each edge leads from a lower to a higher number.
        edges: (start, end); two edges may join the same nodes.
        gap: the least distance of two points in a column.

    Returns:
        (x, y) for each node, x even; for each edge the points (x, y) that it passes, one in every column. The second,
        at an odd x, is where its label has room.
    """
    column = _columns(count, edges)
    chains, columns = [], [[] for _ in range(2 * max(column, default=0) + 1)]
    for node in range(count):
        columns[2 * column[node]].append(node)
    number = count
    for start, end in edges:
        between = range(2 * column[start] + 1, 2 * column[end])
        chains.append([start, *range(number, number + len(between)), end])
        for x, point in zip(between, chains[-1][1:-1]):
            columns[x].append(point)
        number += len(between)
    y = _heights(columns, chains, number)
    x = {p: k for k, points in enumerate(columns) for p in points}
    point = {p: (x[p], gap * y[p]) for p in x}
    return [point[node] for node in range(count)], [[point[p] for p in chain] for chain in chains]


def _columns(count: int, edges: Sequence[Edge]) -> list[int]:
    """A node with an input stands behind all of its inputs; a leaf right before what first uses it."""
    column = [0] * count
    for end in range(count):
        column[end] = max([column[s] + 1 for s, e in edges if e == end], default=0)
    inner = {end for _, end in edges}
    for leaf in set(range(count)) - inner:
        column[leaf] = min([column[e] - 1 for s, e in edges if s == leaf], default=0)
    return column


def _heights(columns: list[list[int]], chains: list[list[int]], count: int) -> np.ndarray:
    """Points near the mean of their neighbours; the order in a column is that of these means."""
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for chain in chains:
        for k, (a, b) in enumerate(pairwise(chain)):
            weight = STRAIGHT if 0 < k < len(chain) - 2 else 1  # on the way, not at a node
            neighbours[a] += [b] * weight
            neighbours[b] += [a] * weight
    y = np.zeros(count)
    for points in columns:
        y[points] = np.arange(len(points)) - (len(points) - 1) / 2
    for sweep in range(SWEEPS):
        for points in columns if sweep % 2 else reversed(columns):
            wanted = np.array([np.mean(y[neighbours[p]]) if neighbours[p] else y[p] for p in points])
            points[:] = [points[k] for k in np.argsort(wanted, kind="stable")]
            y[points] = _apart(np.sort(wanted))
    return y


def _apart(wanted: np.ndarray) -> np.ndarray:
    """The heights nearest to those ``wanted`` (sorted) that lie at least 1 apart, in the sense of least squares."""
    blocks: list[list[float]] = []  # sums and lengths of groups that touch each other
    for k, height in enumerate(wanted):
        blocks.append([height - k, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, length = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + length]
    return np.concatenate([np.full(length, total / length) for total, length in blocks]) + np.arange(len(wanted))
