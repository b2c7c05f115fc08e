"""A model in a file: architecture, weights, and the state of its training.

The file is a NumPy archive (``.npz``, whatever its name): the architecture as JSON in a text entry, each weight and
each variable of the optimizer as an array. Reading it runs no code: pickles are refused, and classes are looked up by
name among those of ``kerasedu`` and the ones that the caller defined.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kerasedu.configurable import custom_object_scope, serialize
from kerasedu.layers.layer import Layer
from kerasedu.layers.serialization import deserialize

_FORMAT = "kerasedu model 1"
_MALFORMED = (KeyError, TypeError, AttributeError, IndexError, RecursionError, MemoryError, ValueError)


def save_model(model: Layer, filepath: str | os.PathLike, overwrite: bool = True) -> None:
    """Write a model to one file, so that ``load_model`` gives it back and training can go on exactly where it was.

    The file appears under its name only when it is complete: an interruption leaves the old one whole.

    Arguments:
        model: a model that is built, or a Sequential that is not built yet.
        filepath: usually with the suffix ``.kerasedu``.
        overwrite: whether a file of that name may be replaced.

    Raises:
        ValueError: the file exists and may not be replaced, or something in the model has no JSON form.
    """
    import json  # here and below: modules that a program which saves nothing need not load

    description = {"format": _FORMAT, "model": serialize(model), "compile": _compile_config(model)}
    try:
        text = json.dumps(description)
    except TypeError as error:
        raise ValueError(
            f"{model} cannot be saved: {error}. Give layers arguments that are numbers, text or lists."
        ) from None
    optimizer = model.optimizer if model.compiled and model.optimizer.built else None
    state = [] if optimizer is None else [v.value for v in optimizer.variables]
    arrays = {**_numbered("weight", model.get_weights()), **_numbered("optimizer", state)}
    _write(filepath, {"architecture": np.array(text), **arrays}, overwrite)


def load_model(
    filepath: str | os.PathLike, custom_objects: Mapping[str, Any] | None = None, compile: bool = True
) -> Layer:
    """The model that ``model.save`` wrote: architecture, weights, and if it was compiled, optimizer and its state.

    Arguments:
        filepath: the file.
        custom_objects: name -> class or function, for those that ``kerasedu`` does not know.
        compile: whether to compile it as it was.

    Raises:
        ValueError: the file is damaged, is no such file, or names a class that is not known.
    """
    import json

    arrays = _read(filepath)
    try:
        description = json.loads(arrays.pop("architecture").item())
        if description["format"] != _FORMAT:
            raise ValueError(f"its format is {description['format']!r}, not {_FORMAT!r}")
        with custom_object_scope(custom_objects or {}):
            model = deserialize(description["model"], dict(custom_objects or {}))
            model.set_weights(_taken("weight", arrays))
            if compile and description["compile"] is not None:
                model.compile(**description["compile"])
                _restore_optimizer(model, _taken("optimizer", arrays))
    except _MALFORMED as error:
        raise ValueError(f"{filepath} cannot be loaded as a model: {_reason(error)}") from error
    return model


def save_weights(model: Layer, filepath: str | os.PathLike, overwrite: bool = True) -> None:
    """Write only the weights of a model, in the order of ``get_weights``."""
    if not model.built:
        raise ValueError(f"{model} has no weights to save yet: build it, or call it once on data")
    _write(filepath, _numbered("weight", model.get_weights()), overwrite)


def load_weights(model: Layer, filepath: str | os.PathLike) -> None:
    """Overwrite the weights of a model by those of a file that ``save_weights`` or ``save_model`` wrote."""
    weights = _taken("weight", _read(filepath))
    try:
        model.set_weights(weights)
    except ValueError as error:
        raise ValueError(f"the weights in {filepath} do not fit: {error}") from None


def clone_model(model: Layer) -> Layer:
    """A model of the same architecture with weights drawn anew: a fair start for another optimizer.

    If ``model`` is compiled, so is the clone, with an optimizer that starts anew. (Compiling ``model`` itself again
    would go on from its trained weights.)

    Source: https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
    """
    clone = type(model).from_config(model.get_config())
    arguments = _compile_config(model)
    if arguments is not None:
        clone.compile(**arguments)
    return clone


def model_from_json(text: str, custom_objects: Mapping[str, Any] | None = None) -> Layer:
    """The model that ``model.to_json()`` describes, with weights drawn anew.

    Raises:
        ValueError: the text is no description of a model, or names a class that is not known.
    """
    import json

    try:
        with custom_object_scope(custom_objects or {}):
            return deserialize(json.loads(text), dict(custom_objects or {}))
    except _MALFORMED as error:
        raise ValueError(f"this text describes no model: {_reason(error)}") from error


def _compile_config(model: Any) -> dict[str, Any] | None:
    return serialize(model._compile_arguments) if model.compiled else None


def _restore_optimizer(model: Any, state: list[np.ndarray]) -> None:
    if not state:
        return
    optimizer = model.optimizer
    optimizer.build(model.trainable_weights)
    variables = optimizer.variables
    if [v.shape for v in variables] != [value.shape for value in state]:
        raise ValueError("the state of the optimizer does not fit the model")
    for variable, value in zip(variables, state):
        variable.assign(value)


def _numbered(what: str, arrays: list[np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{what}_{i}": array for i, array in enumerate(arrays)}


def _taken(what: str, arrays: Mapping[str, np.ndarray]) -> list[np.ndarray]:
    """The arrays numbered by ``_numbered``, in order."""
    count = sum(name.startswith(f"{what}_") for name in arrays)
    missing = [i for i in range(count) if f"{what}_{i}" not in arrays]
    if missing:
        raise ValueError(f"there is no array {what}_{missing[0]}")
    return [arrays[f"{what}_{i}"] for i in range(count)]


def _write(filepath: str | os.PathLike, arrays: dict[str, np.ndarray], overwrite: bool) -> None:
    path = Path(filepath)
    if path.exists() and not overwrite:
        raise ValueError(f"{path} exists already: give overwrite=True to replace it")
    part = path.with_name(f".{path.name}-{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez(file, **arrays)
        os.replace(part, path)
    except OSError as error:
        raise ValueError(f"cannot write {path}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


def _read(filepath: str | os.PathLike) -> dict[str, np.ndarray]:
    """All arrays of a file. What a writer of ours would not write is refused: compressed entries, pickles."""
    import zipfile

    path = Path(filepath)
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    try:
        with zipfile.ZipFile(path) as archive:
            if "model.weights.h5" in archive.namelist():
                raise ValueError("Keras wrote it: read it with Keras, and convert with kerasedu.from_keras(model)")
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
                raise ValueError("its entries are compressed")
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, EOFError, KeyError, MemoryError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} cannot be read as a file of kerasedu: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return f"{type(error).__name__} {error}" if isinstance(error, (KeyError, TypeError, AttributeError)) else f"{error}"
