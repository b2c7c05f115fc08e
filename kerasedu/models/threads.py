"""The same work on several items at once, a thread for each processor."""

from __future__ import annotations

import contextvars
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any


def in_threads(function: Callable[[Any], Any], items: Sequence) -> list:
    """``[function(item) for item in items]``, the results in order, computed at the same time.

    NumPy lets other threads run while it computes. Its matrix products have threads of their own, which would only
    stand in each other's way: they get one each meanwhile.
    """
    if min(len(items), _processors()) < 2:
        return [function(item) for item in items]
    with _blas().limit(limits=1):
        # each call sees what holds here, such as np.errstate
        calls = [_pool().submit(contextvars.copy_context().run, function, item) for item in items]
        return [call.result() for call in calls]


@cache
def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_processors(), thread_name_prefix="kerasedu")


@cache
def _blas():
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads do not live on in a child process
