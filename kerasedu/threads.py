"""The same work on several items at once, a thread for each processor."""

from __future__ import annotations

import contextvars
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache, partial
from queue import SimpleQueue
from threading import Thread
from typing import Any

_lease: contextvars.ContextVar[ExitStack | None] = contextvars.ContextVar("_lease", default=None)


def in_threads(function: Callable[[Any], Any], items: Sequence, has_products: bool = True) -> list:
    """``[function(item) for item in items]``, the results in order, computed at the same time.

    NumPy lets other threads run while it computes. Its matrix products have threads of their own, which would only
    stand in each other's way: they get one each meanwhile.

    Arguments:
        has_products: whether the function computes matrix products.
    """
    workers = min(len(items), processors())
    if workers < 2:
        return [function(item) for item in items]
    left, results, ended = deque(enumerate(items)), [None] * len(items), SimpleQueue()

    def work() -> None:
        while left:
            try:
                number, item = left.popleft()
            except IndexError:  # another thread was quicker
                return
            results[number] = function(item)

    def work_elsewhere() -> None:
        try:
            work()
        except BaseException as error:
            ended.put(error)
        else:
            ended.put(None)

    with _blas_in_one_thread() if has_products else nullcontext():
        for _ in range(workers - 1):
            # each thread sees what holds here, such as np.errstate
            _jobs().put(partial(contextvars.copy_context().run, work_elsewhere))
        try:
            work()
        finally:
            left.clear()
            errors = [ended.get() for _ in range(workers - 1)]
    for error in errors:
        if error is not None:
            raise error
    return results


@contextmanager
def processors_shared() -> Iterator[None]:
    """Once ``in_threads`` has been called, matrix products keep to one thread until the end.

    For their threads do not rest between two products: for some milliseconds they wait in a loop, which takes a
    processor from the others.
    """
    with ExitStack() as stack:
        token = _lease.set(stack)
        try:
            yield
        finally:
            _lease.reset(token)


@contextmanager
def _blas_in_one_thread() -> Iterator[None]:
    lease = _lease.get()
    if lease is None:
        with _blas().limit(limits=1):
            yield
        return
    if not hasattr(lease, "is_limited"):
        lease.enter_context(_blas().limit(limits=1))
        lease.is_limited = True
    yield


@cache
def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _jobs() -> SimpleQueue:
    """Where threads wait for something to call: one for each processor but the caller's.

    An executor of ``concurrent.futures`` does the same, but takes longer to hand over, twice in each training step.
    """
    jobs: SimpleQueue = SimpleQueue()
    for _ in range(processors() - 1):
        Thread(target=_serve, args=(jobs,), name="kerasedu", daemon=True).start()
    return jobs


def _serve(jobs: SimpleQueue) -> None:
    while True:
        jobs.get()()


@cache
def _blas():
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_jobs.cache_clear)  # threads do not live on in a child process
