"""Is everything there that the course needs? What `kerasedu doctor` prints, and the first cell of lesson 00."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

WAYS = {"learning": "Needed for learning", "grading": "Only for grading others' work", "tests": "Only for `make test`"}
PACKAGES = ("numpy", "matplotlib", "scikit-learn", "keras", "tensorflow")
OF_JUPYTERLAB = ("jupyterlab", "ipykernel", "nbgrader")  # Colab does without
INSTALL = '`make env` in the course\'s folder installs it; without make: pip install -e ".[cpu,teach]"'
NO_TENSORFLOW = (
    "there is no TensorFlow for {where}, so the lessons' comparisons cannot run; kerasedu itself, on NumPy, can. "
    'README, "Start", has other ways: Python 3.10 to 3.13, Colab, Binder'
)
# In a process of its own: what crashes TensorFlow, an old processor for example, does not crash this one.
ASK_TENSORFLOW = "from kerasedu import parity; print(parity.device.describe())"
ASK_SECONDS = 180
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what was found, and, if that is a problem, what to do and what it is needed for."""

    name: str
    found: str
    advice: str = ""
    needed_for: str = "learning"


@dataclass(frozen=True)
class Report:
    """All findings; as text a table, and under it what to do."""

    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether all is there that learning needs."""
        return not self._advice("learning")

    def __str__(self) -> str:
        width = max(len(finding.name) for finding in self.findings)
        lines = [f"{finding.name:{width}}  {finding.found}" for finding in self.findings]
        for purpose, heading in WAYS.items():
            advice = self._advice(purpose)
            lines += ["", f"{heading}:", *advice] if advice else []
        return "\n".join([*lines, "", "Everything that learning needs is here."] if self.complete else lines)

    __repr__ = __str__

    def _advice(self, purpose: str) -> list[str]:
        return [f"- {f.name}: {f.advice}." for f in self.findings if f.advice and f.needed_for == purpose]


def examine() -> Report:
    """Look at this computer and this Python. Takes some seconds, most of them for TensorFlow to start."""
    return Report(tuple(finding for probe in PROBES for finding in _carefully(probe)))


def _carefully(probe: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What a probe finds; an error in it is a finding too, for this is run where things are broken."""
    try:
        yield from probe()
    except Exception as error:
        name = probe.__name__.strip("_")
        yield Finding(name, f"could not be found out ({type(error).__name__}: {error})", needed_for="nothing")


def _python() -> Iterator[Finding]:
    where = _short(sys.executable)
    version = platform.python_version()
    too_old = "install Python 3.10 to 3.13, then `make env PYTHON=python3.12` or whichever it is"
    yield Finding("Python", f"{version}, {where}", too_old if sys.version_info < (3, 10) else "")


def _machine() -> Iterator[Finding]:
    yield Finding("system", f"{platform.system()} {platform.release()}, {platform.machine()}{_kind_of_system()}")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding("processor", f"{_processor()}, {cores} core{'' if cores == 1 else 's'}")
    yield Finding("memory", _memory())


def _packages() -> Iterator[Finding]:
    wanted = _requirements()
    for name in PACKAGES if _on_colab() else PACKAGES + OF_JUPYTERLAB:
        found = _version(name) or (_version("tensorflow-cpu") if name == "tensorflow" else None)
        if found is None:
            yield Finding(name, "not installed", _no_tensorflow_here() if name == "tensorflow" else INSTALL)
        elif name in wanted and not wanted[name].contains(found, prereleases=True):
            yield Finding(name, found, f"the course needs {wanted[name]}. {INSTALL}")
        else:
            yield Finding(name, found)


def _device() -> Iterator[Finding]:
    if not (_version("tensorflow") or _version("tensorflow-cpu")):
        return
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    line = [sys.executable, "-c", ASK_TENSORFLOW]
    asked = _run(line, ASK_SECONDS, quiet | dict(os.environ))
    if asked.returncode == 0:
        device = asked.stdout.strip().splitlines()[-1]
        yield Finding("computes on", device)
        yield from _unused_card(device)
    elif asked.returncode in (-4, 0xC000001D):
        advice = "its processor instructions (AVX) are missing here: use another computer, Colab or Binder"
        yield Finding("TensorFlow", "stops at once", advice)
    else:
        reason = (asked.stderr.strip().splitlines() or [f"exit status {asked.returncode}"])[-1]
        yield Finding("TensorFlow", "cannot be used", f"{reason.rstrip('.')}")


def _unused_card(device: str) -> Iterator[Finding]:
    """A graphics card that the driver knows and TensorFlow does not use."""
    if "CPU" not in device or not shutil.which("nvidia-smi"):
        return
    listed = _run(["nvidia-smi", "-L"]).stdout.strip()
    if listed.startswith("GPU"):
        way = "`make env DEVICE=gpu`" if sys.platform == "linux" else "WSL (TensorFlow uses no card on native Windows)"
        yield Finding("graphics card", f"{listed.splitlines()[0].split(' (')[0]}: TensorFlow does not see it; {way}")


def _folder() -> Iterator[Finding]:
    from click import ClickException

    from kerasedu.grading.root import find_root

    try:
        root = find_root()
    except ClickException:
        yield Finding("course", "not here: run this in the cloned repository, if you have one")
        return
    folder = root / "workspace" if (root / "workspace").is_dir() else root
    try:
        with tempfile.TemporaryFile(dir=folder):
            yield Finding("course", _short(root))
    except OSError as error:
        advice = f"cannot write to {_short(folder)} ({error.strerror}): clone the course into a folder of yours"
        yield Finding("course", _short(root), advice)


def _port() -> Iterator[Finding]:
    from kerasedu.grading import lab

    first = lab.FIRST_PORT
    taken = lab.is_taken(first)
    yield Finding("port", f"{first} is {'in use: `kerasedu lab` takes the next one that is free' if taken else 'free'}")


def _helpers() -> Iterator[Finding]:
    from kerasedu.datasets import mnist_file

    try:
        path = mnist_file.find()
        yield Finding("MNIST", _short(path) if path else "not here: downloaded (11 MB) when a lesson first asks for it")
    except ValueError as error:
        yield Finding("MNIST", "damaged", str(error))
    yield _tool("bubblewrap", ("bwrap",), "grading", "apt install bubblewrap (Linux alone has it)")
    yield _tool("chromium", BROWSERS, "tests", "`make browser` installs it")


PROBES = (_python, _machine, _packages, _device, _folder, _port, _helpers)


def _run(line: list[str], seconds: float = 30, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(
        line,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        env=env,
        stdin=subprocess.DEVNULL,
    )


def _tool(name: str, programs: tuple[str, ...], needed_for: str, advice: str) -> Finding:
    path = next(filter(None, map(shutil.which, programs)), None)
    return Finding(name, path or "not here", "" if path else advice, needed_for)


def _no_tensorflow_here() -> str:
    if sys.version_info >= (3, 14):
        return NO_TENSORFLOW.format(where=f"Python {sys.version_info[0]}.{sys.version_info[1]}")
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        return NO_TENSORFLOW.format(where="Macs with an Intel processor")
    return INSTALL


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _requirements() -> dict:
    """Package -> the versions that kerasedu asks for, as its own metadata say."""
    from packaging.requirements import Requirement

    try:
        lines = [Requirement(line) for line in importlib.metadata.requires("kerasedu") or []]
    except importlib.metadata.PackageNotFoundError:  # used from its folder, without having been installed
        return {}
    return {line.name.removesuffix("-cpu"): line.specifier for line in lines}


def _short(path: str | Path) -> str:
    """A path without the user's name: reports are shown to others."""
    text, home = str(path), str(Path.home())
    return f"~{text[len(home) :]}" if text.startswith(home + os.sep) else text


def _kind_of_system() -> str:
    if "microsoft" in platform.release().lower():
        return ", WSL"
    if _on_colab():
        return ", Colab"
    return ", Binder" if "BINDER_SERVICE_HOST" in os.environ else ""


def _on_colab() -> bool:
    return "COLAB_RELEASE_TAG" in os.environ


def _processor() -> str:
    if sys.platform == "linux":
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        return next(named, platform.machine())
    if sys.platform == "darwin":
        return _run(["sysctl", "-n", "machdep.cpu.brand_string"]).stdout.strip() or platform.machine()
    return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        import psutil  # comes with ipykernel
    except ImportError:
        return "unknown"
    memory = psutil.virtual_memory()
    return f"{memory.total / 2**30:.1f} GB, {memory.available / 2**30:.1f} GB of it free"
