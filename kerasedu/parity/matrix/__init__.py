"""The matrix: every public name, over its main options, in float32 and float64, against Keras (`kerasedu parity`)."""

from kerasedu.parity.matrix.cases import all_cases
from kerasedu.parity.matrix.result import Result, Results
from kerasedu.parity.matrix.run import run

__all__ = ["Result", "Results", "all_cases", "run"]
