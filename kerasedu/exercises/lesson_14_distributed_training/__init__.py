"""Lesson 14: shards and averages, the ring, what a step costs, stale gradients, layers in several parts."""

from kerasedu.exercises.lesson_14_distributed_training.all_gather_plan import ALL_GATHER_PLAN
from kerasedu.exercises.lesson_14_distributed_training.average_gradients import AVERAGE_GRADIENTS
from kerasedu.exercises.lesson_14_distributed_training.column_backward import COLUMN_BACKWARD
from kerasedu.exercises.lesson_14_distributed_training.parameter_server import PARAMETER_SERVER
from kerasedu.exercises.lesson_14_distributed_training.predictions import (
    PREDICT_COSTS,
    PREDICT_LARGE_BATCH,
    RECALL_14,
)
from kerasedu.exercises.lesson_14_distributed_training.reduce_scatter import REDUCE_SCATTER
from kerasedu.exercises.lesson_14_distributed_training.shard import SHARD
from kerasedu.exercises.lesson_14_distributed_training.split_mlp import SPLIT_MLP
from kerasedu.exercises.lesson_14_distributed_training.step_seconds import STEP_SECONDS
from kerasedu.exercises.lesson_14_distributed_training.train_on_workers import TRAIN_ON_WORKERS

ITEMS = (
    RECALL_14,
    SHARD,
    AVERAGE_GRADIENTS,
    TRAIN_ON_WORKERS,
    PREDICT_LARGE_BATCH,
    REDUCE_SCATTER,
    ALL_GATHER_PLAN,
    PREDICT_COSTS,
    STEP_SECONDS,
    PARAMETER_SERVER,
    COLUMN_BACKWARD,
    SPLIT_MLP,
)
