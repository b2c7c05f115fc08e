"""``TerminateOnNaN``: a quiet end when the loss is lost."""

from __future__ import annotations

import math

from kerasedu.callbacks.callback import Callback


class TerminateOnNaN(Callback):
    """End the training after a batch whose loss is NaN or infinite.

    Without this callback, ``fit`` raises a ValueError that says where the NaN came from.

    Arguments:
        raise_error: raise a RuntimeError instead of ending quietly.

    Source: https://keras.io/api/callbacks/terminate_on_nan/
    """

    def __init__(self, raise_error: bool = False):
        super().__init__()
        self.raise_error = raise_error

    def on_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise RuntimeError(f"batch {batch}: the loss is {loss}, so training ends here")
        print(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
