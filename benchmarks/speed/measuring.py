"""Start a measuring process, in surroundings that are the same for every library, and read its answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.speed.machine import processors

ROOT = Path(__file__).parents[2]
TIMEOUT = 300  # seconds


def measure(library: str, workload: str) -> dict:
    """The answer of `process.main`; {"failed": ...} with the reason where there is none."""
    command = [sys.executable, "-m", "benchmarks.speed.process", library, workload]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, timeout=TIMEOUT, check=True
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"no answer within {TIMEOUT} s"}
    except subprocess.CalledProcessError as error:
        return {"failed": (error.stderr.strip().splitlines() or [f"exit status {error.returncode}"])[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def surroundings() -> dict[str, str]:
    """The environment of a measuring process: all processors, no graphics card, and no settings of this shell.

    Whatever steers OpenBLAS or TensorFlow here is left out, so that each library runs as it does for its users.
    """
    ours = ("OPENBLAS_", "OMP_", "MKL_", "TF_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "OPENBLAS_NUM_THREADS": str(processors()),
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
