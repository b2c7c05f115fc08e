"""Learning rates that change from step to step."""

from __future__ import annotations

from kerasedu.configurable import Configurable, resolve


class LearningRateSchedule(Configurable):
    """A function from the number of updates made so far to the learning rate of the next."""

    def __call__(self, step):
        raise NotImplementedError(f"{type(self).__name__} does not define __call__(step)")


def get(identifier) -> LearningRateSchedule:
    """The schedule that a name, a configuration or an object stands for."""
    return resolve("learning rate schedule", {}, identifier)
