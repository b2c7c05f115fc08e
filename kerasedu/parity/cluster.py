"""Several TensorFlow processes on this machine that find each other through ``TF_CONFIG``, as a cluster's would."""

from __future__ import annotations

import inspect
import json
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"

# What each process does: end at the time limit whatever happens, compute, leave the result, end at once.
PROGRAM = """
import os, pickle, sys, threading
clock = threading.Timer({seconds}, os._exit, [1])
clock.daemon = True
clock.start()
with open({arguments!r}, "rb") as file:
    arguments = pickle.load(file)
{functions}
result = {name}(*arguments)
with open({result!r}, "wb") as file:
    pickle.dump(result, file)
os._exit(0)
"""


def run(functions: Callable | Sequence[Callable], arguments: Sequence[tuple], seconds: float = 60.0) -> list[Any]:
    """Call a function in several new Python processes at once, one for each tuple of arguments.

    Each process is worker number 0, 1, … of a cluster on loopback; ``tf.distribute`` reads that from ``TF_CONFIG``.
    They compute on CPUs. When this function returns or raises, all of them have ended; should this process be killed,
    they end by themselves after ``seconds``.

    Arguments:
        functions: what to call, or several functions, of which the last one is called and may call the others. Their
            source text is sent, so they import what they need, and use nothing else from outside.
        arguments: of each process; they and the results are pickled.
        seconds: the time limit for all.

    Returns:
        What the function returned in each process.

    Raises:
        RuntimeError: a process failed or ran out of time; the message has the end of what it wrote.
    """
    functions = [functions] if callable(functions) else list(functions)
    sources = "\n".join(textwrap.dedent(inspect.getsource(function)) for function in functions)
    workers = free_addresses(len(arguments))
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as name, ExitStack() as cleaning:
        folder, processes = Path(name), []
        for index, values in enumerate(arguments):
            given, result, log = (folder / f"{index}.{kind}" for kind in ("arguments", "result", "log"))
            given.write_bytes(pickle.dumps(values))
            program = PROGRAM.format(
                seconds=seconds,
                arguments=str(given),
                result=str(result),
                functions=sources,
                name=functions[-1].__name__,
            )
            task = {"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}
            with open(log, "wb") as file:
                process = subprocess.Popen(
                    [sys.executable, "-c", program],
                    env=_environment(json.dumps(task)),
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=file,
                )
            cleaning.callback(_stop, process)
            processes.append((process, result, log))
        return [_result(index, *process, end) for index, process in enumerate(processes)]


def parameter_server(workers: int = 2):
    """A ``ClusterCoordinator`` whose parameter server and workers are threads of this process, joined by loopback.

    Each has a server of its own, as it would on a machine of its own. (Started in a notebook they would stay until the
    kernel ends; call this inside a function that ``run`` runs.)
    """
    import tensorflow as tf

    addresses = free_addresses(workers + 1)
    cluster = tf.train.ClusterSpec({"worker": addresses[1:], "ps": addresses[:1]})
    # by default as many threads as cores: too few where workers wait for a server that shares their cores
    threads = tf.compat.v1.ConfigProto(inter_op_parallelism_threads=2 * workers + 2)
    for job, index in [("ps", 0), *(("worker", index) for index in range(workers))]:
        tf.distribute.Server(cluster, job_name=job, task_index=index, protocol="grpc", config=threads)
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(cluster, rpc_layer="grpc")
    strategy = tf.distribute.ParameterServerStrategy(resolver)
    return tf.distribute.coordinator.ClusterCoordinator(strategy)


def pause(tensor, seconds: float):
    """The same tensor, so many seconds later and at no cost: in place of a computation that takes so long."""
    import tensorflow as tf

    def later(value):
        time.sleep(seconds)
        return value

    return tf.ensure_shape(tf.py_function(later, [tensor], tensor.dtype), tensor.shape)


def free_addresses(count: int) -> list[str]:
    """So many different addresses on loopback, at ports that the system says are free at this moment."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [f"{LOOPBACK}:{one.getsockname()[1]}" for one in sockets]


def _environment(task: str) -> dict[str, str]:
    proxies = {name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "grpc_proxy")}
    kept = {name: value for name, value in os.environ.items() if name not in proxies}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "KERAS_BACKEND": "tensorflow"}
    return kept | quiet | {"TF_CONFIG": task, "CUDA_VISIBLE_DEVICES": "-1", "PYTHONPATH": os.pathsep.join(sys.path)}


def _result(index: int, process: subprocess.Popen, result: Path, log: Path, end: float) -> Any:
    try:
        process.wait(max(end - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"process {index} did not end in time\n{_tail(log)}") from None
    if process.returncode or not result.is_file():
        raise RuntimeError(f"process {index} failed\n{_tail(log)}")
    return pickle.loads(result.read_bytes())


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-1500:]


def _stop(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()
