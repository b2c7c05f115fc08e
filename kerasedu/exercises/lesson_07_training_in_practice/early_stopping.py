"""When training ends, and which epoch's weights are kept."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _histories(rng):
    yield {"val_losses": [0.9, 0.7, 0.8, 0.5, 0.6, 0.4, 0.45, 0.5, 0.3], "patience": 2}
    yield {"val_losses": [0.9, 0.5, 0.7, 0.6, 0.55, 0.2], "patience": 3}
    yield {"val_losses": [0.8, 0.6, 0.6, 0.6, 0.1], "patience": 2}
    yield {"val_losses": [0.3, 0.2, 0.1], "patience": 1}
    yield {"val_losses": [0.5, 0.6, 0.4], "patience": 1}
    yield {"val_losses": [0.4], "patience": 2}
    yield {"val_losses": [0.5, 0.3, 0.6, 0.4], "patience": 2}
    yield {"val_losses": [0.9, 0.4, 0.8, 0.45, 0.6, 0.2], "patience": 3}
    yield {"val_losses": [0.9, 0.5, 0.6, 0.7, 0.8, 0.4], "patience": 2}
    for patience in (2, 4):
        yield {"val_losses": [float(v) for v in rng.random(12).round(3)], "patience": patience}


def early_stopping(val_losses, patience):
    best = 1
    for epoch, loss in enumerate(val_losses, 1):
        if loss < val_losses[best - 1]:
            best = epoch
        if epoch - best >= patience:
            return epoch, best
    return len(val_losses), best


def _one_epoch_late(val_losses, patience):
    return early_stopping(val_losses, patience + 1)


def _counted_from_zero(val_losses, patience):
    last, best = early_stopping(val_losses, patience)
    return last - 1, best - 1


def _last_counted_from_zero(val_losses, patience):
    last, best = early_stopping(val_losses, patience)
    return last - 1, best


def _best_counted_from_zero(val_losses, patience):
    last, best = early_stopping(val_losses, patience)
    return last, best - 1


def _compared_with_the_epoch_before(val_losses, patience):
    best, wait = 1, 0
    for epoch, loss in enumerate(val_losses, 1):
        wait = 0 if epoch == 1 or loss < val_losses[epoch - 2] else wait + 1
        best = epoch if loss < val_losses[best - 1] else best
        if wait >= patience:
            return epoch, best
    return len(val_losses), best


def _best_is_the_last_fall(val_losses, patience):
    best, wait = 1, 0
    for epoch in range(2, len(val_losses) + 1):
        best, wait = (epoch, 0) if val_losses[epoch - 1] < val_losses[epoch - 2] else (best, wait + 1)
        if wait >= patience:
            return epoch, best
    return len(val_losses), best


def _first_epoch_waits(val_losses, patience):
    best, wait = 1, 0
    for epoch, loss in enumerate(val_losses, 1):
        best, wait = (epoch, 0) if loss < val_losses[best - 1] else (best, wait + 1)
        if wait >= patience:
            return epoch, best
    return len(val_losses), best


def _exchanged(val_losses, patience):
    return early_stopping(val_losses, patience)[::-1]


def _at_the_first_rise(val_losses, patience):
    return early_stopping(val_losses, 1)


def _never_counted_anew(val_losses, patience):
    best, wait = 1, 0
    for epoch, loss in enumerate(val_losses, 1):
        if epoch > 1 and loss < val_losses[best - 1]:
            best = epoch
        elif epoch > 1:
            wait += 1
        if wait >= patience:
            return epoch, best
    return len(val_losses), best


def _last_weights(val_losses, patience):
    last, _ = early_stopping(val_losses, patience)
    return last, last


def _loss_for_epoch(val_losses, patience):
    last, best = early_stopping(val_losses, patience)
    return last, val_losses[best - 1]


def _largest(val_losses, patience):
    return early_stopping([-loss for loss in val_losses], patience)


def _looked_ahead(val_losses, patience):
    return early_stopping(val_losses, patience)[0], int(np.argmin(val_losses)) + 1


def _never_stopped(val_losses, patience):
    return len(val_losses), int(np.argmin(val_losses)) + 1


def _equal_counts_as_better(val_losses, patience):
    best = 1
    for epoch, loss in enumerate(val_losses, 1):
        if loss <= val_losses[best - 1]:
            best = epoch
        if epoch - best >= patience:
            return epoch, best
    return len(val_losses), best


def _weights_of_patience_ago(val_losses, patience):
    last, _ = early_stopping(val_losses, patience)
    return last, max(last - patience, 1)


def _with_a_counter(val_losses, patience):
    smallest, best, wait, epoch = float("inf"), 0, 0, 0
    while epoch < len(val_losses) and wait < patience:
        loss, epoch, wait = val_losses[epoch], epoch + 1, wait + 1
        if loss < smallest:
            smallest, best, wait = loss, epoch, 0
    return epoch, best


def _by_windows(val_losses, patience):
    v = np.array(val_losses)
    for last in range(1, len(v) + 1):
        best = np.argmin(v[:last])
        if last - 1 - best == patience:
            break
    return [np.int64(last), best + 1]


EARLY_STOPPING = Exercise(
    id="early_stopping",
    lesson="07",
    points=2,
    reference=early_stopping,
    cases=_histories,
    mistakes=(
        Mistake(_one_epoch_late, "One epoch too many: training ends in the epoch in which patience runs out."),
        Mistake(_last_counted_from_zero, "The best epoch is right; the last, too, is counted from 1."),
        Mistake(_best_counted_from_zero, "The last epoch is right; the best, too, is counted from 1."),
        Mistake(_counted_from_zero, "Epochs count from 1 here, as in the progress that fit prints."),
        Mistake(
            _compared_with_the_epoch_before, "Compare with the best loss so far, not with that of the epoch before."
        ),
        Mistake(
            _best_is_the_last_fall,
            "A loss below that of the epoch before need not be the best so far: compare with the smallest.",
        ),
        Mistake(_first_epoch_waits, "The first epoch counts as one without improvement; it is the best so far."),
        Mistake(_exchanged, "The two numbers changed places: first the last epoch, then the best."),
        Mistake(_at_the_first_rise, "Training ended at the first epoch that was not better: patience was not used."),
        Mistake(_never_counted_anew, "After an improvement the patience is whole again."),
        Mistake(_last_weights, "The last weights are those that got worse. Keep the epoch with the best loss."),
        Mistake(_loss_for_epoch, "The best loss was returned; asked is its epoch."),
        Mistake(_largest, "The best is the smallest loss; yours waits for a larger one."),
        Mistake(_looked_ahead, "Your best epoch comes after the end: training never got there."),
        Mistake(_never_stopped, "Training never ended early."),
        Mistake(_equal_counts_as_better, "An equal loss is no improvement: the first of equal epochs stays the best."),
        Mistake(_weights_of_patience_ago, "When training ends because the epochs run out, the best can lie elsewhere."),
    ),
    alternatives=(_with_a_counter, _by_windows),
    hints=(
        "Go through [0.9, 0.5, 0.7, 0.6, 0.55] by hand with patience 3. What must you remember from epoch to epoch?",
        "Two things: the epoch with the smallest loss so far, and how long ago that was.",
        "if epoch - best >= patience: return epoch, best",
    ),
    results=("last", "best"),
)
