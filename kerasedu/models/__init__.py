"""Models: layers joined into one that can be trained, asked and saved."""

from kerasedu.configurable import custom_object_scope, register_keras_serializable
from kerasedu.models.functional import Functional
from kerasedu.models.model import Model
from kerasedu.models.saving import clone_model, load_model, load_weights, model_from_json, save_model, save_weights
from kerasedu.models.sequential import Sequential

__all__ = [
    "Functional",
    "Model",
    "Sequential",
    "clone_model",
    "custom_object_scope",
    "load_model",
    "load_weights",
    "model_from_json",
    "register_keras_serializable",
    "save_model",
    "save_weights",
]
