"""Models: layers joined into one that can be trained, asked and saved."""

from kerasedu.models.functional import Functional
from kerasedu.models.model import Model
from kerasedu.models.sequential import Sequential

__all__ = ["Functional", "Model", "Sequential"]
