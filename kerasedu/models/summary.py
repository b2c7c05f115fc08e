"""``summary``: a model as a table."""

from __future__ import annotations

from collections.abc import Sequence

from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import Node, as_list
from kerasedu.variable import Variable

_UNITS = ("B", "KB", "MB", "GB", "TB")


def summarize(
    model: Layer, line_length: int | None = None, expand_nested: bool = False, show_trainable: bool = False
) -> str:
    """The table of the layers of ``model`` and the numbers of its weights. Arguments: see ``Model.summary``."""
    nodes = model.nodes
    header = ["Layer (type)", "Output Shape", "Param #"]
    if _is_chain(nodes):
        nodes = None
    else:
        header.append("Connected to")
    if show_trainable:
        header.append("Trainable")
    rows = [_row(layer, depth, nodes, show_trainable) for layer, depth in _layers_of(model, expand_nested)]
    lines = [f'Model: "{model.name}"', *_table(header, rows, line_length), *_totals(model)]
    if not model.built:
        lines.append(" Not built yet: shapes and weights follow from Input, build(input_shape) or the first batch.")
    return "\n".join(lines)


def _layers_of(model: Layer, expand_nested: bool, depth: int = 0) -> list[tuple[Layer, int]]:
    found = []
    for layer in model.layers:
        found.append((layer, depth))
        if expand_nested and hasattr(layer, "layers"):
            found += _layers_of(layer, True, depth + 1)
    return found


def _row(layer: Layer, depth: int, nodes: Sequence[Node] | None, show_trainable: bool) -> list[str]:
    indent = "   " * depth + ("└ " if depth else "")
    row = [
        f"{indent}{layer.name} ({type(layer).__name__})",
        _output_shape(layer),
        f"{layer.count_params():,}" if layer.built else "0 (unbuilt)",
    ]
    if nodes is not None:
        row.append(_sources(layer, nodes))
    if show_trainable:
        row.append("-" if not layer.weights else "Y" if layer.trainable else "N")
    return row


def _output_shape(layer: Layer) -> str:
    if not layer._nodes:
        return "?"
    return ", ".join(str(tensor.shape) for tensor in as_list(layer._nodes[-1].outputs))


def _is_chain(nodes: Sequence[Node]) -> bool:
    """Whether each call has the one before as its only input, and no layer is called twice."""
    parents = [[t.node for t in node.parents()] for node in nodes]
    in_a_row = all(before in ([], [nodes[i - 1]]) for i, before in enumerate(parents)) and parents.count([]) == 1
    return not nodes or (in_a_row and len({node.layer for node in nodes}) == len(nodes))


def _sources(layer: Layer, nodes: Sequence[Node]) -> str:
    return ", ".join(t.node.layer.name for node in nodes if node.layer is layer for t in node.parents()) or "-"


def _table(header: list[str], rows: list[list[str]], line_length: int | None) -> list[str]:
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    if line_length is not None:
        widths = _fit(widths, line_length - 3 * len(widths) - 1)
    return [
        _rule(widths, "┌┬┐"),
        _line(header, widths),
        _rule(widths, "├┼┤"),
        *(_line(row, widths) for row in rows),
        _rule(widths, "└┴┘"),
    ]


def _fit(widths: list[int], total: int) -> list[int]:
    """``widths`` in the same proportions, with the sum ``total``, none below 4."""
    natural = sum(widths)
    fitted = [max(4, width * total // natural) for width in widths]
    fitted[0] = max(4, fitted[0] + total - sum(fitted))
    return fitted


def _rule(widths: Sequence[int], corners: str) -> str:
    left, middle, right = corners
    return left + middle.join("─" * (width + 2) for width in widths) + right


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    cut = [cell if len(cell) <= width else cell[: width - 1] + "…" for cell, width in zip(cells, widths)]
    aligned = [cell.rjust(width) if i == 2 else cell.ljust(width) for i, (cell, width) in enumerate(zip(cut, widths))]
    return "│ " + " │ ".join(aligned) + " │"


def _totals(model: Layer) -> list[str]:
    trainable, frozen = model.trainable_weights, model.non_trainable_weights
    optimizer = getattr(model, "optimizer", None)
    state = optimizer.variables if optimizer is not None and optimizer.built else []
    lines = [
        f" Total params: {_size([*trainable, *frozen, *state])}",
        f" Trainable params: {_size(trainable)}",
        f" Non-trainable params: {_size(frozen)}",
    ]
    return [*lines, f" Optimizer params: {_size(state)}"] if state else lines


def _size(variables: Sequence[Variable]) -> str:
    """How many numbers, and how much memory: ``"1,210 (4.73 KB)"``."""
    amount = float(sum(v.value.nbytes for v in variables))
    unit = 0
    while amount >= 1024 and unit < len(_UNITS) - 1:
        amount /= 1024
        unit += 1
    return f"{sum(v.value.size for v in variables):,} ({amount:.2f} {_UNITS[unit]})"
