"""What `import kerasedu` costs beside an empty Python and beside NumPy: median seconds and memory of new processes."""

import statistics
import subprocess
import sys
from pathlib import Path

REPEATS = 15
ROOT = Path(__file__).parents[1]
MEASURE = """
import time
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
from benchmarks.memory import peak_megabytes
print(seconds, peak_megabytes())
"""


def measure_once(statement: str) -> tuple[float, float]:
    """Seconds that ``statement`` takes in a new process, and the peak of its memory in megabytes."""
    command = [sys.executable, "-c", MEASURE.format(statement=statement)]
    seconds, megabytes = subprocess.check_output(command, text=True, cwd=ROOT).split()[-2:]
    return float(seconds), float(megabytes)


def measure(statement: str) -> tuple[float, float]:
    seconds, megabytes = zip(*(measure_once(statement) for _ in range(REPEATS)))
    return statistics.median(seconds), statistics.median(megabytes)


def main() -> None:
    empty, numpy, kerasedu = (measure(statement) for statement in ("pass", "import numpy", "import kerasedu"))
    for name, (seconds, megabytes) in {"import numpy": numpy, "import kerasedu": kerasedu}.items():
        print(f"{name:16} {seconds - empty[0]:6.3f} s  {megabytes - empty[1]:5.1f} MB more than an empty Python")
    print(f"kerasedu takes {kerasedu[0] / numpy[0]:.2f} times as long as NumPy alone")


if __name__ == "__main__":
    main()
