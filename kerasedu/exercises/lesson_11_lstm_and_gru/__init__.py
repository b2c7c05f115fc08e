"""Lesson 11: LSTM and GRU, forward and backward; other libraries' weights, masks, text, both directions."""

from kerasedu.exercises.lesson_11_lstm_and_gru.gru_step import GRU_STEP
from kerasedu.exercises.lesson_11_lstm_and_gru.imported_gru import IMPORTED_GRU
from kerasedu.exercises.lesson_11_lstm_and_gru.lstm_step import LSTM_STEP
from kerasedu.exercises.lesson_11_lstm_and_gru.lstm_step_backward import LSTM_STEP_BACKWARD
from kerasedu.exercises.lesson_11_lstm_and_gru.masked_states import MASKED_STATES
from kerasedu.exercises.lesson_11_lstm_and_gru.predictions import (
    LINES_GRU_BACKWARD,
    PREDICT_CARRY,
    PREDICT_GATED,
    RECALL_11,
)
from kerasedu.exercises.lesson_11_lstm_and_gru.with_temperature import WITH_TEMPERATURE

ITEMS = (
    RECALL_11,
    LSTM_STEP,
    PREDICT_CARRY,
    LSTM_STEP_BACKWARD,
    GRU_STEP,
    LINES_GRU_BACKWARD,
    IMPORTED_GRU,
    MASKED_STATES,
    PREDICT_GATED,
    WITH_TEMPERATURE,
)
