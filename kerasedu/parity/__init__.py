"""Comparison with Keras, the only room that imports it: ``report = parity.check(layer, x)``."""

from kerasedu.parity.adopt import from_keras
from kerasedu.parity.check import check
from kerasedu.parity.report import Report, Row
from kerasedu.parity.training import Training, check_fit, compare_training
from kerasedu.parity.translate import to_keras

__all__ = ["Report", "Row", "Training", "check", "check_fit", "compare_training", "from_keras", "to_keras"]
