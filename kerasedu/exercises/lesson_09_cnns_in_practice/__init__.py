"""Lesson 09: CNNs in practice: augmentation, transfer, saliency and Grad-CAM, causal convolution."""

from kerasedu.exercises.lesson_09_cnns_in_practice.article_data import ARTICLE_DATA
from kerasedu.exercises.lesson_09_cnns_in_practice.causal_dilated import CAUSAL_DILATED
from kerasedu.exercises.lesson_09_cnns_in_practice.grad_cam import GRAD_CAM
from kerasedu.exercises.lesson_09_cnns_in_practice.new_targets import NEW_TARGETS
from kerasedu.exercises.lesson_09_cnns_in_practice.predictions import (
    LINES_AUGMENTATION,
    PREDICT_ARTICLE_CNN,
    PREDICT_TRANSFER,
    RECALL_09,
)
from kerasedu.exercises.lesson_09_cnns_in_practice.saliency import SALIENCY
from kerasedu.exercises.lesson_09_cnns_in_practice.score_gradient import SCORE_GRADIENT
from kerasedu.exercises.lesson_09_cnns_in_practice.shift_images import SHIFT_IMAGES

ITEMS = (
    RECALL_09,
    PREDICT_ARTICLE_CNN,
    ARTICLE_DATA,
    SHIFT_IMAGES,
    LINES_AUGMENTATION,
    PREDICT_TRANSFER,
    NEW_TARGETS,
    SALIENCY,
    SCORE_GRADIENT,
    GRAD_CAM,
    CAUSAL_DILATED,
)
