"""A model for phones: what LiteRT (once TFLite) makes of an exported model, and what that answers."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np

from kerasedu.parity import oracle

FORMS = ("float32", "int8 weights", "int8")


class LiteModel:
    """A LiteRT file in memory, made from the folder that ``model.export`` wrote.

    Arguments:
        exported: the folder, a SavedModel with one input and one output.
        form: ``"float32"``; ``"int8 weights"``, computed in float32; or ``"int8"``, whole numbers from end to end.
        samples: inputs (n, …) by which the ranges of all activations are measured; ``"int8"`` needs them.

    Raises:
        ValueError: there is no such form, or samples are missing.
    """

    def __init__(self, exported: str | os.PathLike, form: str = "float32", samples: np.ndarray | None = None):
        if form not in FORMS:
            raise ValueError(f"form is one of {', '.join(FORMS)}, got {form!r}")
        if form == "int8" and samples is None:
            raise ValueError("form 'int8' measures the ranges of activations on samples: give some inputs")
        _, tf = oracle.load()
        converter = tf.lite.TFLiteConverter.from_saved_model(str(Path(exported)))
        if form != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if form == "int8":
            converter.representative_dataset = lambda: ([np.asarray(row)[None]] for row in samples)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = converter.inference_output_type = tf.int8
        with oracle.silence():
            self.content = converter.convert()

    def answer(self, x: np.ndarray) -> np.ndarray:
        """The output to ``x``, both of the form's type: int8 in, int8 out."""
        interpreter = self._interpreter()
        entry, result = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
        with oracle.silence():
            interpreter.resize_tensor_input(entry["index"], x.shape)
            interpreter.allocate_tensors()
        interpreter.set_tensor(entry["index"], x)
        interpreter.invoke()
        return interpreter.get_tensor(result["index"])

    @property
    def input_quantization(self) -> tuple[float, int]:
        """Scale and zero point of the input."""
        return self._interpreter().get_input_details()[0]["quantization"]

    def kernel_scales(self, units: int, inputs: int) -> np.ndarray:
        """The scales of the one Dense kernel of that size; LiteRT keeps it as (units, inputs)."""
        tensors = self._interpreter().get_tensor_details()
        (kernel,) = (t for t in tensors if list(t["shape"]) == [units, inputs] and t["dtype"] == np.int8)
        return kernel["quantization_parameters"]["scales"]

    def _interpreter(self):
        _, tf = oracle.load()
        with oracle.silence(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it advises to move to the package ai-edge-litert
            interpreter = tf.lite.Interpreter(model_content=self.content, num_threads=1)
            interpreter.allocate_tensors()
        return interpreter
