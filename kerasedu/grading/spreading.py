"""Spread tasks over processes with Dask, or do them here; records come back as they are ready."""

from __future__ import annotations

import contextlib
import itertools
import logging
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from kerasedu.grading import outcomes
from kerasedu.grading.editions import LessonError
from kerasedu.grading.one import Task, grade
from kerasedu.grading.records import Record

AHEAD = 4  # tasks handed out beforehand, for each worker: enough to keep it busy, few enough to keep memory flat


def spread(tasks: Iterable[Task], workers: int = 1, scheduler: str | None = None) -> Iterator[Record]:
    """Grade ``tasks``; records in the order in which they are ready.

    Arguments:
        tasks: what to grade.
        workers: processes on this machine; with 1, this process does it.
        scheduler: address of a Dask scheduler to use instead: ``tcp://HOST:PORT``, or ``tls://HOST:PORT`` with the
            certificates that Dask's own configuration names.
    """
    if scheduler is None and workers <= 1:
        yield from map(grade, tasks)
        return
    import dask
    import distributed  # noqa: F401 (its defaults come first, or leaving the block would take them away)

    # By default Dask keeps the last thousand messages, each with a submission in it.
    with dask.config.set({"distributed.admin.low-level-log-length": 8}), _client(workers, scheduler) as client:
        yield from _graded(client, iter(tasks))


@contextlib.contextmanager
def _client(workers: int, scheduler: str | None):
    from distributed import Client, LocalCluster

    if scheduler is not None:
        try:
            client = Client(scheduler)
        except OSError as error:
            raise LessonError(f"no Dask scheduler answers at {scheduler} ({error})") from None
        with client:
            yield client
        return
    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit=0,
        silence_logs=logging.CRITICAL,
    )
    with cluster, Client(cluster) as client:
        yield client


def _graded(client, tasks: Iterator[Task]) -> Iterator[Record]:
    """Keeps a few tasks ahead of the workers. Dask gives the tasks of a lost worker to another one."""
    from distributed import KilledWorker, as_completed

    waiting: dict[tuple[str, int], Task] = {}
    group, numbers = f"grade-{uuid.uuid4().hex}", itertools.count()  # one group: Dask remembers each as long as it runs

    def submit(task: Task):
        future = client.submit(grade, task, key=(group, next(numbers)))
        waiting[future.key] = task
        return future

    ahead = AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
    ready = as_completed([submit(task) for task in islice(tasks, ahead)])
    for future in ready:
        task = waiting.pop(future.key)
        try:
            yield future.result()
        except KilledWorker:
            message = "The worker that graded it died several times. Nothing was decided."
            yield replace(task.record, outcome=outcomes.NEEDS_A_PERSON, message=message)
        for following in islice(tasks, 1):
            ready.add(submit(following))
