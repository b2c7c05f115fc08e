"""The calls of layers that lead from a model's inputs to its outputs."""

from __future__ import annotations

from collections.abc import Sequence

from kerasedu.layers.input import InputLayer
from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import Node, SymbolicTensor, as_list


class Graph:
    """Everything that has to be computed to get from some symbolic tensors to others.

    Attributes:
        nodes: the calls, each after the calls whose results it needs.
        layers: the layers called, each once. The order is Keras's, so that ``get_weights`` has it too: first the
            layers that are most calls away from an output; of equals, the one that is met first going back from
            the outputs.

    Raises:
        ValueError: an output depends on an input that was not given, or two layers have the same name.
    """

    def __init__(self, inputs: Sequence[SymbolicTensor], outputs: Sequence[SymbolicTensor]):
        self.nodes: list[Node] = []
        self._inputs = inputs
        self._met: dict[Layer, int] = {}
        visited: set[Node] = set()
        for tensor in outputs:
            self._collect(tensor, visited)
        self.layers = self._in_keras_order()
        _check_names(self.layers)

    def _collect(self, tensor: SymbolicTensor, visited: set[Node]) -> None:
        """Append the calls that ``tensor`` depends on, itself last: depth first, inputs before outputs."""
        node = tensor.node
        is_given = any(tensor is given for given in self._inputs)
        if node in visited or (is_given and not isinstance(node.layer, InputLayer)):
            return
        if isinstance(node.layer, InputLayer) and not is_given:
            given = ", ".join(repr(t.name) for t in self._inputs)
            raise ValueError(
                f"graph disconnected: the outputs depend on the input {tensor.name!r}, which is not among the model's "
                f"inputs ({given}). Add it to inputs=[...]."
            )
        visited.add(node)
        self._met.setdefault(node.layer, len(self._met))
        for parent in node.parents():
            self._collect(parent, visited)
        self.nodes.append(node)

    def _in_keras_order(self) -> list[Layer]:
        producers = {id(t): node for node in self.nodes for t in as_list(node.outputs)}
        node_depth: dict[Node, int] = {}
        layer_depth: dict[Layer, int] = {}
        for node in reversed(self.nodes):
            depth = max(node_depth.get(node, 0), layer_depth.get(node.layer, 0))
            node_depth[node] = layer_depth[node.layer] = depth
            for tensor in node.parents():
                if id(tensor) in producers:
                    parent = producers[id(tensor)]
                    node_depth[parent] = max(node_depth.get(parent, 0), depth + 1)
        for tensor in self._inputs:
            if isinstance(tensor.node.layer, InputLayer) and tensor.node.layer not in layer_depth:
                layer_depth[tensor.node.layer] = 0
                self._met[tensor.node.layer] = -1
        return sorted(layer_depth, key=lambda layer: (-layer_depth[layer], self._met[layer]))


def _check_names(layers: list[Layer]) -> None:
    seen: dict[str, Layer] = {}
    for layer in layers:
        other = seen.setdefault(layer.name, layer)
        if other is not layer:
            raise ValueError(f"two layers of the model have the name {layer.name!r}: give one of them another name=...")
