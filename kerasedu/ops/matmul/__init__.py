"""Products of matrices and vectors, and what is made of them: distances between points."""

from kerasedu.ops.matmul.distance import *
from kerasedu.ops.matmul.einsum import *
from kerasedu.ops.matmul.matmul import *
from kerasedu.ops.matmul.products import *
