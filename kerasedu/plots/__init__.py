"""Figures for the lessons, each with a text that stands in for it."""

from kerasedu.plots.matrices import matrices
from kerasedu.plots.picture import Picture

__all__ = ["Picture", "matrices"]
