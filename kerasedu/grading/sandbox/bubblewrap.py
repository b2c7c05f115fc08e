"""Start the worker in a sandbox made by bubblewrap: https://github.com/containers/bubblewrap

Inside there are the interpreter, its standard library, NumPy, the shared libraries they need, ``worker.py`` and
``wire.py``, all read-only, and an empty ``/tmp`` of limited size. No network, no other processes, no capabilities, no
way to new namespaces; no /proc either, except a private one where an exercise needs Keras.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np

from kerasedu.grading.sandbox import seccomp
from kerasedu.grading.sandbox.limits import Limits
from kerasedu.grading.sandbox.watchdog import children_of, memory_of

WORKER = Path(__file__).with_name("worker.py")
WIRE = Path(__file__).with_name("wire.py")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": ""}
ENVIRONMENT = {"PATH": "/nowhere", "HOME": "/tmp", "LANG": "C.UTF-8", **ONE_THREAD, **QUIET}
COST_OF_A_FILE = 1024
FIRST_USER, USERS = 61_184, 4_000  # a range that systemd keeps for users made on the fly


class SandboxUnavailable(RuntimeError):
    """The sandbox cannot be had here."""


class Bubblewrap:
    """Starts workers in sandboxes; ``limits`` hold for each, and ``keras`` says whether Keras is there."""

    def __init__(self, limits: Limits, keras: bool = False):
        program = shutil.which("bwrap")
        if program is None:
            raise SandboxUnavailable("bubblewrap is not installed (Debian, Ubuntu, Fedora: the package `bubblewrap`)")
        self.limits, self.keras, self.program = limits, keras, program

    def with_keras(self) -> Bubblewrap:
        """The same for answers that use Keras: every installed package can be imported, but not ``kerasedu``."""
        return Bubblewrap(self.limits.for_keras(), keras=True)

    def start(self) -> subprocess.Popen:
        """A worker that waits for frames on its stdin."""
        filter_ = seccomp.program()
        arguments, descriptors = self._arguments(), []
        if filter_:
            reader, writer = os.pipe()
            os.write(writer, filter_)
            os.close(writer)
            arguments, descriptors = [*arguments, "--seccomp", str(reader)], [reader]
        try:
            return subprocess.Popen(
                [self.program, *arguments, "--", *self._worker()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=descriptors,
                start_new_session=True,
            )
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def memory(self, pid: int) -> int:
        """Bytes that a sandbox holds, in its processes and for its files; an empty file costs the kernel some, too."""
        total = memory_of(pid)
        for inside in children_of(pid):
            with contextlib.suppress(OSError):
                scratch = os.statvfs(f"/proc/{inside}/root/tmp")
                total += (scratch.f_blocks - scratch.f_bfree) * scratch.f_frsize
                total += (scratch.f_files - scratch.f_ffree) * COST_OF_A_FILE
        return total

    def _arguments(self) -> list[str]:
        arguments = ["--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
        arguments += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        if os.geteuid() == 0:  # the worker takes another user's identity, then has no capability left
            arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            arguments += ["--unshare-user", "--disable-userns"]
        for name, value in ENVIRONMENT.items():
            arguments += ["--setenv", name, value]
        arguments += ["--proc", "/proc"] if self.keras else []  # TensorFlow counts processors there
        arguments += ["--perms", "1777", "--size", str(self.limits.scratch), "--tmpfs", "/tmp"]
        return [*arguments, *_mounts(self.keras), "--remount-ro", "/", "--chdir", "/tmp"]

    def _worker(self) -> list[str]:
        limits = self.limits
        settings = {
            "packages": [str(_packages())],
            "keras": self.keras,
            "user": FIRST_USER + os.getpid() % USERS if os.geteuid() == 0 else 0,  # limits count per user
            "limits": {
                "RLIMIT_CPU": limits.cpu_seconds,
                "RLIMIT_AS": limits.address_space,
                "RLIMIT_NPROC": limits.processes,
                "RLIMIT_NOFILE": limits.files,
                "RLIMIT_FSIZE": limits.file_size,
            },
        }
        return [str(_interpreter()), "-I", "-S", "-B", "/grader/worker.py", json.dumps(settings)]


def _interpreter() -> Path:
    return Path(getattr(sys, "_base_executable", None) or sys.executable).resolve()


def _packages() -> Path:
    return Path(np.__file__).resolve().parents[1]


def _mounts(keras: bool) -> list[str]:
    """Read-only mounts, each at its own place, so that libraries find each other; folders of packages are emptied."""
    arguments: list[str] = []
    prefix, packages = Path(sys.base_prefix).resolve(), _packages()
    for path in map(Path, ("/usr/lib", "/usr/lib64", "/lib", "/lib64")):
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            arguments += [*_parents(path), "--ro-bind", str(path), str(path)]
    if not prefix.is_relative_to("/usr") or prefix == Path("/usr/local"):
        arguments += [*_parents(prefix / "lib"), "--ro-bind", str(prefix / "lib"), str(prefix / "lib")]
    library = Path(sysconfig.get_path("stdlib")).resolve()
    emptied = {Path("/usr/lib/python3"), library / "site-packages", library / "dist-packages"}
    emptied = sorted(path for path in emptied if path.is_dir())
    for path in emptied:
        arguments += ["--tmpfs", str(path)]
    visible = [(_interpreter(), _interpreter())]
    needed = (packages,) if keras else (packages / "numpy", packages / "numpy.libs")
    visible += [(path, path) for path in needed if path.is_dir()]
    visible += [(WORKER, Path("/grader/worker.py")), (WIRE, Path("/grader/wire.py"))]
    for source, target in visible:
        arguments += [*_parents(target), "--ro-bind", str(source), str(target)]
    for device in map(Path, ("/dev/null", "/dev/urandom")):
        arguments += [*_parents(device), "--dev-bind", str(device), str(device)]
    for path in emptied:
        arguments += ["--remount-ro", str(path)]
    if keras and (packages / "kerasedu").is_dir():
        arguments += ["--tmpfs", str(packages / "kerasedu"), "--remount-ro", str(packages / "kerasedu")]
    return arguments


def _parents(path: Path) -> list[str]:
    """Folders above a mount: bubblewrap would make them for the owner alone."""
    return [word for folder in reversed(path.parents[:-1]) for word in ("--perms", "0755", "--dir", str(folder))]
