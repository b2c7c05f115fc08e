"""Lesson 08: convolution, padding, im2col, the gradients of kernel and input, pooling."""

from kerasedu.exercises.lesson_08_convolution_and_pooling.article_convolution import ARTICLE_CONVOLUTION
from kerasedu.exercises.lesson_08_convolution_and_pooling.conv_channels_first import CONV_CHANNELS_FIRST
from kerasedu.exercises.lesson_08_convolution_and_pooling.conv_forward import CONV_FORWARD
from kerasedu.exercises.lesson_08_convolution_and_pooling.conv_input_gradient import CONV_INPUT_GRADIENT
from kerasedu.exercises.lesson_08_convolution_and_pooling.conv_kernel_gradient import CONV_KERNEL_GRADIENT
from kerasedu.exercises.lesson_08_convolution_and_pooling.conv_sizes import CONV_SIZES
from kerasedu.exercises.lesson_08_convolution_and_pooling.im2col import IM2COL
from kerasedu.exercises.lesson_08_convolution_and_pooling.max_pool_backward import MAX_POOL_BACKWARD
from kerasedu.exercises.lesson_08_convolution_and_pooling.predictions import (
    ARTICLE_MODEL,
    LINES_CONV_BACKWARD,
    PREDICT_CONV1D,
    RECALL_08,
)

ITEMS = (
    RECALL_08,
    PREDICT_CONV1D,
    CONV_FORWARD,
    CONV_SIZES,
    IM2COL,
    ARTICLE_CONVOLUTION,
    CONV_CHANNELS_FIRST,
    CONV_KERNEL_GRADIENT,
    LINES_CONV_BACKWARD,
    CONV_INPUT_GRADIENT,
    MAX_POOL_BACKWARD,
    ARTICLE_MODEL,
)
