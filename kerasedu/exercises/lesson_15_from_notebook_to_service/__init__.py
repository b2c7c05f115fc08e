"""Lesson 15: pruning, quantising, distilling, releasing, watching for drift, explaining, attacking."""

from kerasedu.exercises.lesson_15_from_notebook_to_service.distillation import DISTILLATION
from kerasedu.exercises.lesson_15_from_notebook_to_service.drift_score import DRIFT_SCORE
from kerasedu.exercises.lesson_15_from_notebook_to_service.fgsm import FGSM
from kerasedu.exercises.lesson_15_from_notebook_to_service.integrated_gradients import INTEGRATED_GRADIENTS
from kerasedu.exercises.lesson_15_from_notebook_to_service.predictions import (
    PREDICT_BYTES,
    RECALL_15,
)
from kerasedu.exercises.lesson_15_from_notebook_to_service.prune_mask import PRUNE_MASK
from kerasedu.exercises.lesson_15_from_notebook_to_service.pruned_training import PRUNED_TRAINING
from kerasedu.exercises.lesson_15_from_notebook_to_service.quantize import QUANTIZE
from kerasedu.exercises.lesson_15_from_notebook_to_service.quantize_kernel import QUANTIZE_KERNEL

ITEMS = (
    RECALL_15,
    PREDICT_BYTES,
    PRUNE_MASK,
    PRUNED_TRAINING,
    QUANTIZE,
    QUANTIZE_KERNEL,
    DISTILLATION,
    DRIFT_SCORE,
    INTEGRATED_GRADIENTS,
    FGSM,
)
