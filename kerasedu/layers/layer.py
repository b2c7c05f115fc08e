"""``Layer``: weights, a forward computation, and its derivative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from kerasedu.config import floatx
from kerasedu.configurable import constructor_arguments, snake_case
from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.symbolic import Node, NoSuchPart, SymbolicTensor, as_list, is_symbolic
from kerasedu.layers.weights import WeightOwner

_names: Counter[str] = Counter()


class _NoForward:
    """In place of the cache before the first ``forward``: None is a cache too, that of a layer that needs none."""


def _noted(build: Callable) -> Callable:
    """``build`` that notes on the layer that it is built, and for which shape: a learner may call it too."""

    @wraps(build)
    def wrapper(self, *args, **kwargs):
        build(self, *args, **kwargs)
        self.built = True
        self.built_for = args[0] if args else kwargs.get("input_shape")

    return wrapper


class Layer(WeightOwner):
    """A function of arrays with weights, which can go forward and backward.

    A subclass says what it computes in up to four methods:

    - ``build(input_shape)`` makes the weights with ``add_weight``;
    - ``call(x, training, mask) -> (y, cache)`` computes y, and keeps in ``cache`` what the derivative needs;
    - ``call_backward(dy, cache) -> (dx, gradients)`` is the derivative: with L the loss and dy = dL/dy it returns
      dx = dL/dx and one dL/dw for each trainable weight, in the order of ``add_weight``;
    - ``compute_output_shape(input_shape)``.

    Both are free of side effects on the cache, so one layer can be called many times in one model.

    Arguments:
        name: unique name; by default the class's name in small letters, numbered.
        dtype: type of the weights and of the computation; by default ``floatx()``, float32.
        trainable: whether an optimizer may change the weights.
        input_shape: shape of one sample, if the layer is the first of a ``Sequential`` that has no ``Input``.
            ``input_dim=8`` is short for ``input_shape=(8,)``.
    """

    supports_masking = False
    input_spec: InputSpec | None = None

    def __init__(self, name: str | None = None, dtype: str | None = None, trainable: bool = True, **kwargs):
        self.name = name or _unique_name(type(self))
        length = kwargs.pop("input_dim", None)
        self._sample_shape = kwargs.pop("input_shape", None if length is None else (length,))
        if kwargs:
            known = ", ".join(constructor_arguments(type(self)))
            raise ValueError(f"{self} has no argument {', '.join(map(repr, kwargs))}. It has: {known}")
        self.dtype = np.dtype(dtype or floatx()).name
        self.built = False
        self.built_for: Any = None
        super().__init__(trainable)
        self._nodes: list[Node] = []
        self._cache: Any = _NoForward
        self._output_shape: tuple[int, ...] | None = None
        self._gradients: list[np.ndarray] | None = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "build" in vars(cls):
            cls.build = _noted(cls.build)

    # -- what a subclass says -----------------------------------------------------------------------------------

    @_noted
    def build(self, input_shape) -> None:
        """Make the weights for inputs of ``input_shape`` (with the batch axis; a list of shapes for several inputs)."""

    def call(self, x, training: bool = False, mask=None) -> tuple[Any, Any]:
        """The output for ``x`` and whatever ``call_backward`` will need."""
        raise NotImplementedError(f"{type(self).__name__} does not define call(x, training, mask) -> (y, cache)")

    def call_backward(self, dy, cache) -> tuple[Any, list[np.ndarray]]:
        """From dL/dy: dL/dx, and dL/dw for each trainable weight."""
        raise NotImplementedError(f"{type(self).__name__} does not define call_backward(dy, cache) -> (dx, gradients)")

    def compute_output_shape(self, input_shape):
        """Shape of the output for an input of ``input_shape``, None where a length is free."""
        return input_shape

    def compute_mask(self, x, mask=None):
        """The mask that belongs to the output: the input's, if the layer leaves time steps where they were."""
        return mask if self.supports_masking else None

    # -- calling ------------------------------------------------------------------------------------------------

    def __call__(self, x, training: bool = False, mask=None, **options):
        """The output for ``x``. A symbolic ``x`` gives a symbolic output, for a functional ``Model``."""
        if is_symbolic(x):
            return self._call_symbolic(x, options)
        y, _ = self.propagate(x, training=training, mask=mask, **options)
        return y

    def forward(self, x, training: bool = False, mask=None, **options):
        """As calling the layer, and what ``backward`` needs is kept."""
        y, self._cache = self.propagate(x, training=training, mask=mask, **options)
        self._output_shape = y.shape if isinstance(y, np.ndarray) else None
        self._gradients = None
        return y

    def backward(self, dy):
        """dL/dx from ``dy`` = dL/dy at the last ``forward``; the gradients of the weights are then in ``grads``.

        Returns:
            dL/dx in the shape of x; a list for several inputs (initial states follow the inputs).

        Raises:
            ValueError: no ``forward`` came before, or dy has not the shape of the output.
        """
        if self._cache is _NoForward:
            raise ValueError(
                f"{self}: backward() needs the values of a forward pass. Call layer.forward(x) first; "
                "layer(x) keeps nothing."
            )
        if self._output_shape is not None and np.shape(dy) != self._output_shape:
            raise self.wrong_input(f"dL/dy of shape {self._output_shape}, that of the output", f"shape {np.shape(dy)}")
        dx, self._gradients = self.backpropagate(dy, self._cache)
        return dx

    @property
    def grads(self) -> list[np.ndarray]:
        """dL/dw for each of ``trainable_weights``, in their order, from the last ``backward``."""
        if self._gradients is None:
            raise ValueError(f"{self}: there are no gradients yet. Call layer.forward(x), then layer.backward(dy).")
        return list(self._gradients)

    def propagate(self, x, training: bool = False, mask=None, **options) -> tuple[Any, Any]:
        """``(y, cache)`` for ``x``: the forward pass of a caller (a model, a wrapper) that keeps the cache itself."""
        if np.ndim(training):
            hint = "Is it a mask? Name it: layer(x, mask=mask)."
            raise self.wrong_input("training to be True or False", f"an array of shape {np.shape(training)}", hint)
        return self.call(self._prepare(x), training=training, mask=mask, **options)

    def backpropagate(self, dy, cache, at_logits: Any = False) -> tuple[Any, list[np.ndarray]]:
        """``(dx, gradients)`` for a cache of ``propagate``, with one gradient for each of ``trainable_weights``.

        ``at_logits`` says that dy is dL/dz, for the z that ``logits`` returns, and not dL/df(z).
        """
        backward = self.logits_backward if at_logits else self.call_backward
        dx, gradients = backward(self._as_dtype(dy), cache)
        return dx, gradients if self.trainable else []

    def weight_gradients(self, dy, cache, at_logits: Any = False) -> list[np.ndarray]:
        """``backpropagate`` without dL/dx: for the first layer of a model in training, whose dL/dx nobody asks for."""
        return self.backpropagate(dy, cache, at_logits)[1]

    def logits(self, cache):
        """``(f, z)`` if the layer ends in an activation, y = f(z): what a loss needs to be computed from z."""
        return None

    def output_mask(self, x, mask, cache):
        """The mask that belongs to the output of the pass over ``x`` that left ``cache``."""
        return self.compute_mask(x, mask)

    # -- in a graph ---------------------------------------------------------------------------------------------

    @property
    def input(self):
        """The symbolic tensor, or the list of them, that the layer was first called on."""
        return self._first_node("input").inputs

    @property
    def output(self):
        """The symbolic tensor, or the list of them, that the layer's first call made: ``Model(x, layer.output)``."""
        return self._first_node("output").outputs

    def _first_node(self, what: str) -> Node:
        if not self._nodes:
            raise NoSuchPart(f"{self} has no {what} yet: it was not called on a symbolic tensor, such as Input makes.")
        return self._nodes[0]

    # -- inside -------------------------------------------------------------------------------------------------

    def __str__(self) -> str:
        return f"{type(self).__name__} layer {self.name!r}"

    def wrong_input(self, expected: str, got: Any, hint: str = "") -> ValueError:
        """The error for an input that does not fit: who expected what, what came, and the usual cause."""
        return ValueError(f"{self} expected {expected}, got {got}.{' ' + hint if hint else ''}")

    def refuse_bytes(self, x: np.ndarray) -> None:
        """Raise a ValueError for images of bytes: weights are made for numbers about 1, not for some up to 255."""
        if x.dtype == np.uint8 and x.ndim >= 3 and self.weights:
            hint = "To compute with pixels, scale the image first: x.astype('float32') / 255"
            raise self.wrong_input("floating-point numbers", f"whole numbers up to 255 (uint8, shape {x.shape})", hint)

    def _prepare(self, x):
        """``x`` as arrays of this layer's dtype, checked, with the layer built for their shape."""
        several = isinstance(x, (list, tuple)) and any(np.ndim(item) for item in x) and self._takes_list(x)
        given = [np.asarray(item) for item in (x if several else [x])]
        arrays = [self._as_input(item) for item in given]
        shapes = [item.shape for item in arrays]
        self._ensure_built(shapes if several else shapes[0])
        for shape, before, after in zip(shapes, given, arrays):
            self._check(shape)
            if after.dtype.kind == "f":
                self.refuse_bytes(before)
        return arrays if several else arrays[0]

    def _takes_list(self, x) -> bool:
        """Whether a list stands for several inputs (merging layers, models) or is one array written as a list."""
        return False

    def _as_input(self, x) -> np.ndarray:
        return self._as_dtype(x)

    def _as_dtype(self, x):
        if isinstance(x, (list, tuple)) and any(isinstance(item, np.ndarray) for item in x):
            return [None if item is None else self._as_dtype(item) for item in x]
        x = np.asarray(x)
        if x.dtype.kind not in "fiub":
            raise self.wrong_input("an array of numbers", f"dtype {x.dtype}", "Rows of unequal length give this too.")
        return x if x.dtype == self.dtype else x.astype(self.dtype)

    def _ensure_built(self, shape) -> None:
        if not self.built:
            for item in shape if isinstance(shape, list) else [shape]:
                self._check(item)
            self.build(shape)

    def _check(self, shape: tuple[int | None, ...]) -> None:
        fault = self.input_spec and self.input_spec.fault(shape)
        if fault:
            raise self.wrong_input(*fault)

    def _call_symbolic(self, x, options):
        inputs = as_list(x)
        shape = [t.shape for t in inputs] if isinstance(x, (list, tuple)) else x.shape
        self._ensure_built(shape)
        for t in inputs:
            self._check(t.shape)
        node = Node(self, x, options)
        node.outputs = _promises(self.compute_output_shape(shape), self.dtype, node)
        self._nodes.append(node)
        return node.outputs


def _promises(shape, dtype: str, node: Node):
    if isinstance(shape, list):
        return [SymbolicTensor(s, dtype, node, index) for index, s in enumerate(shape)]
    return SymbolicTensor(shape, dtype, node)


def _unique_name(cls: type) -> str:
    base = snake_case(cls.__name__).replace("1_d", "1d").replace("2_d", "2d")
    number = _names[base]
    _names[base] += 1
    return f"{base}_{number}" if number else base
