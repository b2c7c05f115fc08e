"""Pure functions on arrays: each forward computation beside its derivative.

For y = f(x, w), ``f_backward(dy, x, w)`` turns dy = dL/dy into dL/dx and dL/dw, for any loss L.
"""

from kerasedu.ops.activation import *
from kerasedu.ops.array import *
from kerasedu.ops.convolution import *
from kerasedu.ops.crossentropy import *
from kerasedu.ops.matmul import *
from kerasedu.ops.normalization import *
from kerasedu.ops.pooling import *
from kerasedu.ops.recurrence import *
from kerasedu.ops.ring import *
