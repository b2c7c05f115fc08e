"""``Functional``: a model that is a graph of calls of layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kerasedu.configurable import serialize
from kerasedu.layers.input import Input, InputLayer
from kerasedu.layers.serialization import deserialize
from kerasedu.layers.symbolic import SymbolicTensor, as_list
from kerasedu.models import structure
from kerasedu.models.gradients import GradientSum, add
from kerasedu.models.graph import Graph
from kerasedu.models.inputs import as_model_input
from kerasedu.models.model import Model
from kerasedu.models.plan import Plan, Source, described, gather, repeat, sources_of
from kerasedu.models.steps import Step


class Functional(Model):
    """A graph: tensors flow along the edges forwards, dL/d(tensor) backwards.

    Where a tensor is used several times, its gradient is the sum of what comes back from each use. The gradient of a
    weight that is used several times (a shared layer) is such a sum too.

    Arguments: as for ``Model``. Dictionaries are taken in the order of their sorted keys, as in Keras.

    Raises:
        ValueError: an input or output is not a symbolic tensor; an output depends on an input that is not given;
            two layers have the same name.

    Source: https://keras.io/guides/functional_api/
    """

    def __init__(self, inputs=None, outputs=None, name: str | None = None, trainable: bool = True):
        super().__init__(name=name, trainable=trainable)
        self._input_structure, self._output_structure = inputs, outputs
        given, self._promised = structure.flatten(inputs), structure.flatten(outputs)
        structure.check_tensors(self, "inputs", given)
        structure.check_tensors(self, "outputs", self._promised)
        graph = Graph(given, self._promised)
        # A tensor from the middle of another model becomes an input of this one.
        self._given = [
            t if isinstance(t.node.layer, InputLayer) else Input(batch_shape=t.shape, dtype=t.dtype) for t in given
        ]
        calls = [node for node in graph.nodes if not isinstance(node.layer, InputLayer)]
        self._plan = Plan(given, self._promised, calls)
        begun = [new.node.layer for old, new in zip(given, self._given) if new is not old]
        self._layers = [*begun, *graph.layers]
        self._calls_drawn = graph.nodes
        self.dtype = self._promised[0].dtype
        self.built = True

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The symbolic inputs."""
        return list(self._given)

    @property
    def outputs(self) -> list[SymbolicTensor]:
        """The symbolic outputs."""
        return list(self._promised)

    @property
    def input(self):
        """The symbolic inputs, in the structure in which they were given."""
        return self._input_structure

    @property
    def output(self):
        """The symbolic outputs, in the structure in which they were given."""
        return self._output_structure

    @property
    def nodes(self):
        return list(self._calls_drawn)

    @property
    def input_names(self) -> list[str]:
        """The keys of the inputs in a dictionary given to ``fit``.

        They are those of the dictionary that the model was made with, or else the names of the ``Input`` tensors.
        """
        if isinstance(self._input_structure, Mapping):
            return sorted(self._input_structure)
        return [tensor.name for tensor in self._given]

    @property
    def output_names(self) -> list[str]:
        """What ``compile`` and ``fit`` call the outputs: keys of the dictionary, or else names of the last layers."""
        if isinstance(self._output_structure, Mapping):
            return sorted(self._output_structure)
        return [tensor.node.layer.name for tensor in self._promised]

    # -- configuration ------------------------------------------------------------------------------------------

    def get_config(self):
        inputs = [tensor.node.layer.name for tensor in self._given]
        return {
            "name": self.name,
            "trainable": self.trainable,
            "layers": [serialize(layer) for layer in self._layers],
            "calls": self._plan.get_config(),
            "inputs": structure.to_config(self._input_structure, inputs),
            "outputs": structure.to_config(self._output_structure, described(self._plan.outputs)),
        }

    @classmethod
    def from_config(cls, config):
        layers = {layer.name: layer for layer in map(deserialize, config["layers"])}
        inputs = structure.from_config(config["inputs"], lambda name: layers[name].output)
        steps = repeat(config["calls"], layers, structure.flatten(inputs))
        outputs = structure.from_config(config["outputs"], lambda source: sources_of(source).take(steps))
        return cls(inputs, outputs, name=config["name"], trainable=config["trainable"])

    # -- forward and backward -----------------------------------------------------------------------------------

    def call(self, x, training=False, mask=None):
        values, masks = list(x), as_list(mask) or [None] * len(x)
        steps = [Step(t.node.layer, value, m, None) for t, value, m in zip(self._given, values, masks)]
        for call in self._plan.calls:
            x, options = call.arguments(values)
            mask = gather(call.inputs, masks)
            if isinstance(mask, list) and all(m is None for m in mask):
                mask = None
            y, cache = call.layer.propagate(x, training=training, mask=mask, **options)
            steps.append(Step(call.layer, y, call.layer.output_mask(x, mask, cache), cache))
            values.append(y)
            masks.append(steps[-1].mask)
        return self._outputs_among(values), steps

    def call_backward(self, dy, cache):
        return self._backward(dy, cache, [False] * len(self._promised))

    def logits_backward(self, dz, cache):
        """As ``call_backward``, from the gradients at the logits of all outputs."""
        return self._backward(dz, cache, [True] * len(self._promised))

    def backpropagate(self, dy, cache, at_logits=False):
        if not isinstance(at_logits, list):
            return super().backpropagate(dy, cache, at_logits)
        dx, gradients = self._backward(self._as_dtype(dy), cache, at_logits)
        return dx, gradients if self.trainable else []

    def weight_gradients(self, dy, cache, at_logits=False):
        """As ``backpropagate``, but only as far back as there are weights that learn."""
        if not self.trainable:
            return []
        at_logits = at_logits if isinstance(at_logits, list) else [at_logits] * len(self._promised)
        return self._backward(self._as_dtype(dy), cache, at_logits, self._plan.learning())[1]

    def _backward(self, dy, steps, at_logits, wanted: Sequence[bool] | None = None):
        """dL/dx and the gradients of the weights. ``wanted`` says for each step whether dL/d(its output) matters."""
        wanted = wanted or [True] * len(steps)
        gradients = GradientSum()
        at_output: list[Any] = [None] * len(steps)
        at_z: list[Any] = [None] * len(steps)

        def send(d, source: Source, arrived: list) -> None:
            if d is None:
                return
            if source.position is None:
                arrived[source.step] = add(arrived[source.step], d)
            else:
                of_step = arrived[source.step] or [None] * len(steps[source.step].output)
                of_step[source.position] = add(of_step[source.position], d)
                arrived[source.step] = of_step

        for d, source, is_at_logits in zip(as_list(dy), self._plan.outputs, at_logits):
            send(d, source, at_z if is_at_logits else at_output)
        first = len(self._given)
        for number in range(len(steps) - 1, first - 1, -1):
            for arrived, is_at_logits in ((at_output[number], False), (at_z[number], True)):
                if arrived is None or not wanted[number]:
                    continue
                layer, cache, sources = (
                    steps[number].layer,
                    steps[number].cache,
                    self._plan.calls[number - first].sources(),
                )
                if any(wanted[source.step] for source in sources):
                    dx, of_weights = layer.backpropagate(arrived, cache, is_at_logits)
                else:
                    dx, of_weights = None, layer.weight_gradients(arrived, cache, is_at_logits)
                gradients.add(layer, of_weights)
                for d, source in zip(as_list(dx), sources):
                    send(d, source, at_output)
        dx = [np.zeros_like(steps[i].output) if at_output[i] is None else at_output[i] for i in range(first)]
        return dx if len(dx) > 1 else dx[0], gradients.of(self.trainable_weights)

    def logits(self, cache):
        found = []
        for step, position in self._plan.outputs:
            of_layer = None if cache[step].cache is None else cache[step].layer.logits(cache[step].cache)
            found.append(of_layer if position is None or of_layer is None else of_layer[position])
        return found if len(found) > 1 else found[0]

    def output_mask(self, x, mask, cache):
        return self._outputs_among([step.mask for step in cache])

    def trace(self, cache):
        return ((step.layer, step.output, step.cache) for step in cache[len(self._given) :])

    def compute_output_shape(self, input_shape):
        shapes = list(input_shape) if isinstance(input_shape, list) else [input_shape]
        for call in self._plan.calls:
            shapes.append(call.layer.compute_output_shape(gather(call.inputs, shapes)))
        return self._outputs_among(shapes)

    def _outputs_among(self, values: list):
        """The values that belong to the outputs: one, or a list of several."""
        outputs = gather(self._plan.outputs, values)
        return outputs if len(outputs) > 1 else outputs[0]

    # -- structures ---------------------------------------------------------------------------------------------

    def __call__(self, x, training=False, mask=None, **options):
        if isinstance(x, Mapping):
            x = self._by_name(x)
        return self.pack_outputs(super().__call__(x, training=training, mask=mask, **options))

    def forward(self, x, training=False, mask=None, **options):
        return self.pack_outputs(super().forward(x, training=training, mask=mask, **options))

    def backward(self, dy):
        return super().backward([dy[name] for name in self.output_names] if isinstance(dy, Mapping) else dy)

    def pack_outputs(self, outputs):
        if isinstance(self._output_structure, Mapping):
            return dict(zip(self.output_names, as_list(outputs)))
        if isinstance(self._output_structure, tuple) and isinstance(outputs, list):
            return tuple(outputs)
        return outputs

    def _by_name(self, x: Mapping) -> list:
        if any(name not in x for name in self.input_names):
            raise self.wrong_input(f"inputs named {', '.join(self.input_names)}", f"the names {', '.join(x)}")
        return [x[name] for name in self.input_names]

    def _prepare(self, x):
        if isinstance(x, Mapping):
            x = self._by_name(x)
        several = isinstance(x, (list, tuple)) and (len(self._given) > 1 or (len(x) == 1 and np.ndim(x[0]) > 1))
        x = list(x) if several else [x]
        if len(x) != len(self._given):
            raise self.wrong_input(f"{len(self._given)} inputs, in a list", f"{len(x)}")
        return [as_model_input(self, value, tensor) for value, tensor in zip(x, self._given)]

    def _as_dtype(self, x):
        if len(self._promised) > 1:
            return [None if item is None else super(Functional, self)._as_dtype(item) for item in x]
        return super()._as_dtype(x[0] if isinstance(x, list) and len(x) == 1 else x)
