"""Arithmetic number by number, joining and splitting arrays, one-hot rows, mean and variance."""

from kerasedu.ops.array.arithmetic import *
from kerasedu.ops.array.shape import *
from kerasedu.ops.array.statistics import *
