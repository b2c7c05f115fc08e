"""A model as a service: a process that answers over HTTP with the version that a registry calls "production".

The registry is MLflow's where that is installed. ``python -m kerasedu.parity.service REGISTRY NAME`` prints its port
and serves, on this machine only, until its standard input closes: so it never outlives the process that started it.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np

from kerasedu.parity.local_registry import LocalRegistry

ALIAS = "production"
# MLflow reports nothing to its makers, and does not look for git.
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_LOGGING_LEVEL": "ERROR", "GIT_PYTHON_REFRESH": "quiet"}


def registry(path: Path):
    """A registry in one file, which is made if it is not there: MLflow's client, or without MLflow a small one."""
    os.environ.update(QUIET)
    try:
        from mlflow import MlflowClient
    except ImportError:
        return LocalRegistry(Path(path).with_suffix(".json"))
    address = f"sqlite:///{Path(path).as_posix()}"
    return MlflowClient(address, address)


def digest(folder: Path) -> str:
    """SHA-256 of the names and contents of all files in a folder."""
    whole = hashlib.sha256()
    for path in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode() + content)
    return whole.hexdigest()


class Models:
    """The versions of one registered model, loaded when they are first asked."""

    def __init__(self, client, name: str):
        self.client, self.name, self.loaded = client, name, {}

    def answer(self, x) -> dict:
        """What the version in production says to x: its number, and its output.

        Raises:
            ValueError: the files of that version are not those that were registered.
        """
        version = self.client.get_model_version_by_alias(self.name, ALIAS)
        if version.version not in self.loaded:
            self.loaded[version.version] = self._load(version)
        output = self.loaded[version.version].serve(np.asarray(x, "float32")).numpy()
        return {"version": int(version.version), "output": output.tolist()}

    def _load(self, version):
        import tensorflow as tf

        if digest(version.source) != version.tags["sha256"]:
            raise ValueError(f"version {version.version} is not what was registered")
        return tf.saved_model.load(Path(version.source) / "model")


def serve(path: str, name: str) -> None:
    """Answer until standard input closes."""
    models = Models(registry(Path(path)), name)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            try:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, reply = 200, models.answer(json.loads(body))
            except Exception as error:
                status, reply = 400, {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(reply).encode())

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)  # the system picks a free port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


@contextmanager
def running(path: Path, name: str) -> Iterator[Callable]:
    """A function that sends inputs to a service of its own and returns (status, reply).

    The service's process ends with the ``with`` block, whatever happens there.

    Raises:
        RuntimeError: the service did not start; the message is what it wrote.
    """
    command = [sys.executable, "-m", "kerasedu.parity.service", str(path), name]
    # No graphics card: the process that started this one may hold all of its memory.
    environment = os.environ | QUIET | {"CUDA_VISIBLE_DEVICES": "-1"}
    with tempfile.TemporaryFile("w+") as log:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        process = subprocess.Popen(command, env=environment, text=True, **pipes)
        try:
            port = process.stdout.readline()
            if not port:
                log.seek(0)
                raise RuntimeError(f"the service did not start:\n{log.read()[-2000:]}")
            yield lambda x: _ask(int(port), x)
        finally:
            process.kill()
            process.communicate()


def _ask(port: int, x) -> tuple[int, dict]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", "/", json.dumps(np.asarray(x).tolist()))
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())


if __name__ == "__main__":
    serve(*sys.argv[1:])
