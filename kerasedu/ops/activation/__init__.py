"""Activation functions y = f(x) and their derivatives.

Each ``f_backward(dy, x, y=None, **options)`` returns dL/dx = f'(x) dL/dy for dy = dL/dy; y is the forward's output, if
it is at hand. Where f has a kink, f' there is what TensorFlow takes.
"""

from kerasedu.ops.activation.gaussian import *
from kerasedu.ops.activation.linear import *
from kerasedu.ops.activation.rectifier import *
from kerasedu.ops.activation.sigmoid import *
from kerasedu.ops.activation.softmax import *
