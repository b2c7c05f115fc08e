"""Lesson 10: recurrent networks, back-propagation through time, clipping, truncation, stateful batches."""

from kerasedu.exercises.lesson_10_recurrent_networks.article_rnn import ARTICLE_RNN
from kerasedu.exercises.lesson_10_recurrent_networks.bptt import BPTT
from kerasedu.exercises.lesson_10_recurrent_networks.clip_by_global_norm import CLIP_BY_GLOBAL_NORM
from kerasedu.exercises.lesson_10_recurrent_networks.clip_by_value import CLIP_BY_VALUE
from kerasedu.exercises.lesson_10_recurrent_networks.predictions import (
    LINES_BPTT,
    PREDICT_RNN_PARAMETERS,
    RECALL_10,
)
from kerasedu.exercises.lesson_10_recurrent_networks.rnn_states import RNN_STATES
from kerasedu.exercises.lesson_10_recurrent_networks.rnn_step import RNN_STEP
from kerasedu.exercises.lesson_10_recurrent_networks.stateful_batches import STATEFUL_BATCHES
from kerasedu.exercises.lesson_10_recurrent_networks.truncated_upstream import TRUNCATED_UPSTREAM

ITEMS = (
    RECALL_10,
    RNN_STEP,
    RNN_STATES,
    PREDICT_RNN_PARAMETERS,
    ARTICLE_RNN,
    LINES_BPTT,
    BPTT,
    CLIP_BY_VALUE,
    CLIP_BY_GLOBAL_NORM,
    TRUNCATED_UPSTREAM,
    STATEFUL_BATCHES,
)
