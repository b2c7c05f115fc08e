"""Things that happen on the way: what ``fit``, ``evaluate`` and ``predict`` call between batches and epochs."""

from kerasedu.callbacks.callback import Callback, CallbackList, LambdaCallback
from kerasedu.callbacks.csv_logger import CSVLogger
from kerasedu.callbacks.early_stopping import EarlyStopping
from kerasedu.callbacks.history import History
from kerasedu.callbacks.learning_rate_scheduler import LearningRateScheduler
from kerasedu.callbacks.model_checkpoint import ModelCheckpoint
from kerasedu.callbacks.monitor import MonitorCallback
from kerasedu.callbacks.progress_bar import ProgbarLogger
from kerasedu.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from kerasedu.callbacks.terminate_on_nan import TerminateOnNaN

__all__ = [
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "MonitorCallback",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]
