"""``Model``: a layer made of layers, which can be trained and saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kerasedu.configurable import serialize
from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import Node, NoSuchPart
from kerasedu.models.training import Trainer


class Model(Trainer, Layer):
    """A layer made of layers, with ``compile``, ``fit``, ``evaluate``, ``predict`` and ``save``.

    ``Model(inputs, outputs)`` makes a ``Functional`` model from symbolic tensors. A subclass that computes in its own
    way puts the layers it uses into ``self._layers`` and defines ``call`` and ``call_backward``, as for any ``Layer``.

    Arguments:
        inputs: a symbolic tensor made by ``Input``, or a list or dictionary of them.
        outputs: what layers called on them returned: one symbolic tensor, or a list or dictionary.
        name: the model's name.
        trainable: whether an optimizer may change the weights.

    Source: https://keras.io/api/models/model/
    """

    def __new__(cls, *args, **kwargs):
        if cls is Model and (args or "inputs" in kwargs or "outputs" in kwargs):
            from kerasedu.models.functional import Functional  # a subclass of this class

            return super().__new__(Functional)
        return super().__new__(cls)

    @property
    def layers(self) -> list[Layer]:
        """The layers directly inside."""
        return list(self._layers)

    @property
    def nodes(self) -> list[Node]:
        """The calls of layers that the model is drawn from, if it is a graph."""
        return []

    @property
    def input_shape(self):
        """Shape of the input, a list of shapes for several: (None, 8)."""
        shapes = [tensor.shape for tensor in self.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self):
        """Shape of the output, a list of shapes for several."""
        shapes = [tensor.shape for tensor in self.outputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def input_names(self) -> list[str] | None:
        """What ``fit`` calls the inputs; None if their number is not known."""
        return None

    @property
    def output_names(self) -> list[str]:
        """What ``compile`` and ``fit`` call the outputs."""
        return [self.name]

    def pack_outputs(self, outputs: Any) -> Any:
        """What ``propagate`` returns, in the structure that the model was made with."""
        return outputs

    @property
    def losses(self) -> list:
        """The penalties of all regularized trainable weights, one number each."""
        return [v.regularizer(v.value) for v in self.trainable_weights if v.regularizer is not None]

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """The layer with this name, or at this place in ``layers``.

        Raises:
            ValueError: there is no such layer, or name and index are both given, or neither.
        """
        if (name is None) == (index is None):
            raise ValueError(f"get_layer takes a name or an index, got {name=}, {index=}")
        layers = self.layers
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ValueError(f"{self} has {len(layers)} layers, so there is none at index {index}")
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"{self} has no layer {name!r}. It has: {', '.join(layer.name for layer in layers)}")

    def add(self, layer: Layer, **kwargs) -> None:
        """Only ``Sequential`` can be added to."""
        raise ValueError(
            f"{self} has no add(): only a Sequential model grows layer by layer. In a functional model, call the layer "
            "on a tensor, y = layer(x), and make a new Model of its inputs and outputs."
        )

    def trace(self, cache: Any) -> Iterator[tuple[Layer, Any, Any]]:
        """(layer, its output, its cache), in the order of computation, of the pass that left ``cache``."""
        return iter(())

    def summary(
        self,
        line_length: int | None = None,
        print_fn: Callable[[str], None] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
    ) -> None:
        """Print a table of the layers: name and class, shape of the output, number of weights.

        Arguments:
            line_length: width of the table in characters.
            print_fn: called with the whole text; by default ``print``.
            expand_nested: show the layers of models inside the model too.
            show_trainable: add a column that says which layers are frozen.
        """
        from kerasedu.models.summary import summarize

        (print_fn or print)(summarize(self, line_length, expand_nested, show_trainable))

    def to_json(self, **kwargs) -> str:
        """The architecture as text, without weights; ``kerasedu.models.model_from_json`` reads it.

        Arguments:
            kwargs: for ``json.dumps``, such as ``indent=2``.
        """
        import json

        return json.dumps(serialize(self), **kwargs)

    def save(self, filepath, overwrite: bool = True) -> None:
        """Write architecture, weights, and if compiled the optimizer with its state, to one file.

        ``kerasedu.models.load_model`` reads it. The suffix ``.kerasedu`` is usual. See ``kerasedu.models.saving``.
        """
        from kerasedu.models.saving import save_model

        save_model(self, filepath, overwrite)

    def save_weights(self, filepath, overwrite: bool = True) -> None:
        """Write the weights to one file."""
        from kerasedu.models.saving import save_weights

        save_weights(self, filepath, overwrite)

    def load_weights(self, filepath) -> None:
        """Overwrite the weights by those in a file that ``save_weights`` or ``save`` wrote.

        Raises:
            ValueError: the file is not readable, or its weights do not fit this model.
        """
        from kerasedu.models.saving import load_weights

        load_weights(self, filepath)

    def __repr__(self) -> str:
        return f"<{self}, {len(self.layers)} layers>"

    def __str__(self) -> str:
        return f"{type(self).__name__} model {self.name!r}"

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("input", "output", "inputs", "outputs", "layers"):
            raise NoSuchPart(
                f"{self}: {name} cannot be set. Call layers on tensors, and make a new Model(inputs, outputs)."
            )
        super().__setattr__(name, value)
