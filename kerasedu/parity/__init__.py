"""Comparison with Keras, the only room that imports it: ``report = parity.check(layer, x)``."""

from kerasedu.parity.adopt import from_keras
from kerasedu.parity.check import check
from kerasedu.parity.report import Report, Row
from kerasedu.parity.training import check_fit
from kerasedu.parity.translate import to_keras

__all__ = ["Report", "Row", "check", "check_fit", "from_keras", "to_keras"]
