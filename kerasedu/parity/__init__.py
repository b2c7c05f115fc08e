"""Comparison with Keras, the only room that imports it: ``report = parity.check(layer, x)``."""

from kerasedu.parity.check import check
from kerasedu.parity.report import Report, Row

__all__ = ["Report", "Row", "check"]
