"""A graph as a list of calls that refer to each other by number: what a functional model follows, and what it saves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from kerasedu.configurable import serialize
from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import Node, SymbolicTensor, as_list


class Source(NamedTuple):
    """Where a tensor comes from: the number of a step, and which of its outputs (None if it has only one)."""

    step: int
    position: int | None

    def take(self, values: Sequence) -> Any:
        """The tensor's value, from the values of all steps."""
        value = values[self.step]
        return value if self.position is None or value is None else value[self.position]


class Call(NamedTuple):
    """One call of a layer. ``inputs`` is a source or a list of them, and so is ``states``, or None."""

    layer: Layer
    inputs: Any
    states: Any
    options: dict[str, Any]

    def arguments(self, values: Sequence) -> tuple[Any, dict[str, Any]]:
        """x and the options of the call, from the values of the steps before."""
        if self.states is None:
            return gather(self.inputs, values), self.options
        return gather(self.inputs, values), {**self.options, "initial_state": gather(self.states, values)}

    def sources(self) -> list[Source]:
        """Where the gradients go that the layer's ``backpropagate`` returns, in their order."""
        return [*_as_sources(self.inputs), *_as_sources(self.states)]


class Plan:
    """The calls between some symbolic tensors and others. The given tensors are steps 0, 1, …; then come the calls.

    Arguments:
        given: the inputs.
        promised: the outputs.
        nodes: the calls, each after those whose results it needs.
    """

    def __init__(self, given: Sequence[SymbolicTensor], promised: Iterable[SymbolicTensor], nodes: Sequence[Node]):
        self._given = {id(tensor): step for step, tensor in enumerate(given)}
        self._steps = {node: len(given) + i for i, node in enumerate(nodes)}
        self.calls = [self._call(node) for node in nodes]
        self.outputs = [self._source(tensor) for tensor in promised]

    def learning(self) -> list[bool]:
        """For each step, whether weights that learn stand in its layer or before it."""
        steps = [False] * len(self._given)
        for call in self.calls:
            before = any(steps[source.step] for source in call.sources())
            steps.append(before or bool(call.layer.trainable_weights))
        return steps

    def _source(self, tensor: SymbolicTensor) -> Source:
        if not isinstance(tensor, SymbolicTensor):
            raise ValueError(
                f"a graph is made of symbolic tensors, got {type(tensor).__name__}: make an Input for it, and give its "
                "value when the model is called"
            )
        if id(tensor) in self._given:
            return Source(self._given[id(tensor)], None)
        is_one_of_several = isinstance(tensor.node.outputs, list)
        return Source(self._steps[tensor.node], tensor.index if is_one_of_several else None)

    def _sources(self, tensors: Any) -> Any:
        if tensors is None:
            return None
        return [self._source(t) for t in tensors] if isinstance(tensors, (list, tuple)) else self._source(tensors)

    def _call(self, node: Node) -> Call:
        options = dict(node.options)
        states = options.pop("initial_state", None)
        return Call(node.layer, self._sources(node.inputs), self._sources(states), options)

    def get_config(self) -> list[dict[str, Any]]:
        """The calls as plain Python values: names of layers, numbers of steps."""
        return [
            {
                "layer": call.layer.name,
                "inputs": described(call.inputs),
                "states": described(call.states),
                "options": serialize(call.options),
            }
            for call in self.calls
        ]


def repeat(calls: Iterable[Mapping[str, Any]], layers: Mapping[str, Layer], given: Sequence[SymbolicTensor]) -> list:
    """Make the calls of ``Plan.get_config`` again; the symbolic tensors of all steps."""
    steps: list[Any] = list(given)
    for call in calls:
        options = dict(call["options"])
        if call["states"] is not None:
            options["initial_state"] = gather(sources_of(call["states"]), steps)
        steps.append(layers[call["layer"]](gather(sources_of(call["inputs"]), steps), **options))
    return steps


def gather(sources: Source | list[Source], values: Sequence) -> Any:
    """The value of a source, or the list of those of a list of sources."""
    return [source.take(values) for source in sources] if isinstance(sources, list) else sources.take(values)


def described(sources: Source | list[Source] | None) -> Any:
    """Sources as plain Python values."""
    if isinstance(sources, list):
        return [described(source) for source in sources]
    return None if sources is None else {"step": sources.step, "position": sources.position}


def sources_of(description: Any) -> Source | list[Source]:
    """What ``described`` described."""
    if isinstance(description, list):
        return [sources_of(item) for item in description]
    return Source(description["step"], description["position"])


def _as_sources(sources: Any) -> list[Source]:
    return [sources] if isinstance(sources, Source) else as_list(sources)
