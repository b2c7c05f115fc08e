"""``Sequential``: one layer after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from kerasedu.configurable import serialize
from kerasedu.layers.input import Input, InputLayer
from kerasedu.layers.layer import Layer
from kerasedu.layers.serialization import deserialize
from kerasedu.layers.symbolic import NoSuchPart, SymbolicTensor
from kerasedu.models import chain
from kerasedu.models.inputs import as_model_input
from kerasedu.models.model import Model
from kerasedu.models.piecewise import Piecewise, stages


class Sequential(Model):
    """y = fₙ(… f₂(f₁(x))): a stack of layers.

    Backwards, each layer turns dL/d(its output) into dL/d(its input), which is the next one's dL/d(output).

    The weights are made when the shape of the input is known: at once, if the stack begins with ``Input`` or with a
    layer that has ``input_shape=``; else at ``build(input_shape)`` or with the first batch.

    Arguments:
        layers: the layers, or nothing yet.
        trainable: whether an optimizer may change the weights.
        name: the model's name.

    Source: https://keras.io/api/models/sequential/
    """

    def __init__(self, layers: Iterable[Layer] | None = None, trainable: bool = True, name: str | None = None):
        super().__init__(name=name, trainable=trainable)
        for layer in [layers] if isinstance(layers, Layer) else layers or ():
            self._append(layer)
        self._build_if_possible()

    # -- the stack ----------------------------------------------------------------------------------------------

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the ``InputLayer``."""
        return [layer for layer in self._layers if not isinstance(layer, InputLayer)]

    def add(self, layer: Layer, **kwargs) -> None:
        """Put ``layer`` on top.

        Raises:
            ValueError: it is not a layer, its name is taken, or it is an ``Input`` after other layers.
        """
        if kwargs:
            options = ", ".join(f"{name}={value!r}" for name, value in kwargs.items())
            raise ValueError(
                f"add() takes a layer and nothing else, got {options}. Options belong to the layer: "
                f"model.add({type(layer).__name__}(..., {options}))"
            )
        self._append(layer)
        self._build_if_possible()

    def pop(self) -> Layer:
        """Take the top layer off, and return it."""
        if not self.layers:
            raise ValueError(f"{self} has no layer to pop")
        layer = self._layers.pop()
        self._build_if_possible()
        return layer

    def _append(self, layer: Any) -> None:
        if isinstance(layer, SymbolicTensor) and isinstance(layer.node.layer, InputLayer):
            layer = layer.node.layer
        if not isinstance(layer, Layer):
            hint = " It is a class: make a layer with (...)." if isinstance(layer, type) else ""
            if isinstance(layer, SymbolicTensor):
                hint = " Sequential calls the layers itself: add the layer, not what layer(x) returned."
            raise ValueError(f"Only instances of Layer can stand in {self}, got {layer!r}.{hint}")
        if any(other.name == layer.name and other is not layer for other in self._layers):
            raise ValueError(f"the layers of {self} should have unique names, but there is a {layer.name!r} already")
        if isinstance(layer, InputLayer) and self._layers:
            raise ValueError(f"{self} has already been configured: Input comes first, before any other layer, and once")
        if not self._layers and layer._sample_shape is not None:
            self._layers.append(InputLayer(layer._sample_shape, dtype=layer.dtype))
        self._layers.append(layer)

    # -- building -----------------------------------------------------------------------------------------------

    def _build_if_possible(self) -> None:
        self.built = False
        if self.layers and isinstance(self._layers[0], InputLayer):
            self.build(self._layers[0].batch_shape)

    def build(self, input_shape: Sequence[int | None] | None = None) -> None:
        """Make all weights, for inputs of ``input_shape``, whose first axis is the batch: ``build((None, 8))``.

        Raises:
            ValueError: the model has no layers, or was made for another shape.
        """
        if not self.layers:
            raise ValueError(f"{self} has no layers: add some before it is built or called")
        if not isinstance(self._layers[0], InputLayer):
            if input_shape is None:
                raise ValueError(f"{self}: build needs the shape of the input, batch axis included: build((None, 8))")
            sample = Input(batch_shape=(None, *input_shape[1:]), dtype=self._layers[0].dtype)
            self._layers.insert(0, sample.node.layer)
        x = self._layers[0].output
        if input_shape is not None and tuple(input_shape)[1:] != x.shape[1:]:
            raise ValueError(
                f"{self} has already been configured for inputs of shape {x.shape}, and not for {input_shape}"
            )
        for layer in self.layers:
            x = layer(x)
            if not isinstance(x, SymbolicTensor):
                raise ValueError(f"{self}: {layer} has several outputs, so it cannot stand in a Sequential model")
        self._promised = x
        self.dtype = x.dtype
        self.built = True

    def _prepare(self, x):
        if not self.built:
            self.build(np.shape(x))
        return as_model_input(self, x, self._layers[0].output)

    @property
    def input(self) -> SymbolicTensor:
        """The symbolic input."""
        self._need_built("input")
        return self._layers[0].output

    @property
    def output(self) -> SymbolicTensor:
        """The symbolic output."""
        self._need_built("output")
        return self._promised

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The symbolic input, in a list."""
        return [self.input]

    @property
    def outputs(self) -> list[SymbolicTensor]:
        """The symbolic output, in a list."""
        return [self.output]

    @property
    def input_names(self) -> list[str]:
        """The key of the input in a dictionary given to ``fit``."""
        return [self._layers[0].name if self._layers else "input"]

    @property
    def output_names(self) -> list[str]:
        """The key of the output in a dictionary given to ``fit``: the name of the last layer."""
        return [self._layers[-1].name if self._layers else "output"]

    def _need_built(self, what: str) -> None:
        if not self.built:
            raise NoSuchPart(
                f"{self} has no {what} yet, for the shape of its input is not known. Begin it with Input(shape=...), "
                "or call build((None, ...)), or call it once on data."
            )

    def compute_output_shape(self, input_shape):
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "layers": [serialize(layer) for layer in self._layers],
        }

    @classmethod
    def from_config(cls, config):
        model = cls([deserialize(layer) for layer in config["layers"]], name=config["name"])
        model._trainable = config["trainable"]
        return model

    # -- forward and backward -----------------------------------------------------------------------------------

    def call(self, x, training=False, mask=None):
        return chain.forward(stages(self.layers, len(x)), x, training, mask)

    def call_backward(self, dy, cache, at_logits=False):
        dx, gradients = chain.backward(cache, dy, at_logits)
        return dx, gradients.of(self.trainable_weights)

    def weight_gradients(self, dy, cache, at_logits=False):
        """As ``backpropagate``, but only down to the first layer that learns, and without that one's dL/dx."""
        first = chain.first_that_learns([step.layer for step in cache])
        if not self.trainable or first is None:
            return []
        _, gradients = chain.backward(cache, self._as_dtype(dy), at_logits, first)
        return gradients.of(self.trainable_weights)

    def logits(self, cache):
        last = cache[-1]
        return last.layer.logits(last.cache)

    def logits_backward(self, dz, cache):
        """As ``call_backward``, from the gradient at the logits of the last layer."""
        return self.call_backward(dz, cache, at_logits=True)

    def output_mask(self, x, mask, cache):
        return cache[-1].mask

    def trace(self, cache):
        for step in cache:
            if isinstance(step.layer, Piecewise):
                yield from step.layer.trace(step.cache)
            else:
                yield step.layer, step.output, step.cache
