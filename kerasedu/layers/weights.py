"""``WeightOwner``: the weights of a layer and of the layers inside it, in order."""

from __future__ import annotations

import numpy as np

from kerasedu import initializers
from kerasedu.configurable import Configurable
from kerasedu.variable import Variable


class WeightOwner(Configurable):
    """A thing with weights of its own (``add_weight``) and things with weights inside it (``_layers``).

    A subclass sets ``name``, ``dtype`` and ``built`` before it adds any.
    """

    name: str
    dtype: str
    built: bool

    def __init__(self, trainable: bool = True):
        self._variables: list[Variable] = []
        self._layers: list[WeightOwner] = []
        self.trainable = trainable

    def add_weight(
        self, shape, initializer="zeros", name="weight", trainable=True, regularizer=None, constraint=None
    ) -> Variable:
        """Make a weight of ``shape``, filled by ``initializer``."""
        value = initializers.get(initializer)(tuple(shape), dtype=self.dtype)
        variable = Variable(
            value, name, dtype=self.dtype, trainable=trainable, regularizer=regularizer, constraint=constraint
        )
        variable.path = f"{self.name}/{name}"
        self._variables.append(variable)
        return variable

    @property
    def weights(self) -> list[Variable]:
        """All weights: this layer's own, the trainable ones first, then those of the layers inside it."""
        own = sorted(self._variables, key=lambda v: not v.trainable)
        return _distinct([*own, *(v for layer in self._layers for v in layer.weights)])

    @property
    def trainable(self) -> bool:
        """Whether an optimizer may change the weights. Setting it sets it for the layers inside too."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for layer in self._layers:
            layer.trainable = value

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that an optimizer may change: none if the layer is frozen with ``trainable = False``."""
        if not self.trainable:
            return []
        own = [v for v in self._variables if v.trainable]
        if not self._layers:
            return own
        return _distinct([*own, *(v for layer in self._layers for v in layer.trainable_weights)])

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that no optimizer changes."""
        trainable = {id(v) for v in self.trainable_weights}
        return [v for v in self.weights if id(v) not in trainable]

    @property
    def variables(self) -> list[Variable]:
        """Keras's second name for ``weights``; here the two never differ."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Variable]:
        """Keras's second name for ``trainable_weights``."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """Keras's second name for ``non_trainable_weights``."""
        return self.non_trainable_weights

    def get_weights(self) -> list[np.ndarray]:
        """Copies of all weights, in Keras's order."""
        return [v.numpy() for v in self.weights]

    def set_weights(self, weights) -> None:
        """Overwrite all weights, given in the order of ``get_weights``."""
        variables = self.weights
        if not variables and weights and not self.built:
            raise ValueError(f"{self} has no weights yet: call it once, or build(input_shape) it, before set_weights.")
        if len(weights) != len(variables):
            names = ", ".join(f"{v.name} {v.shape}" for v in variables)
            raise ValueError(f"{self} has {len(variables)} weights ({names}), got {len(weights)}")
        for variable, value in zip(variables, weights):
            if np.shape(value) != variable.shape:
                raise ValueError(f"{self}: weight {variable.name!r} has shape {variable.shape}, got {np.shape(value)}")
        for variable, value in zip(variables, weights):
            variable.assign(value)

    def count_params(self) -> int:
        """Number of weights, each number of each array counted."""
        if not self.built:
            raise ValueError(f"{self} is not built, so its weights are not known: call it once, or build(input_shape).")
        return sum(v.value.size for v in self.weights)


def _distinct(variables: list[Variable]) -> list[Variable]:
    return list({id(v): v for v in variables}.values())
