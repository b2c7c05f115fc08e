"""What `import kerasedu` costs beside an empty Python and beside NumPy: median seconds and memory of new processes."""

import statistics
import subprocess
import sys

REPEATS = 15
MEASURE = """
import resource, sys, time
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
unit = 2**20 if sys.platform == "darwin" else 2**10
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
"""


def measure(statement: str) -> tuple[float, float]:
    runs = []
    for _ in range(REPEATS):
        output = subprocess.check_output([sys.executable, "-c", MEASURE.format(statement=statement)], text=True)
        runs.append([float(number) for number in output.split()])
    seconds, megabytes = zip(*runs)
    return statistics.median(seconds), statistics.median(megabytes)


def main() -> None:
    empty, numpy, kerasedu = (measure(statement) for statement in ("pass", "import numpy", "import kerasedu"))
    for name, (seconds, megabytes) in {"import numpy": numpy, "import kerasedu": kerasedu}.items():
        print(f"{name:16} {seconds - empty[0]:6.3f} s  {megabytes - empty[1]:5.1f} MB more than an empty Python")
    print(f"kerasedu takes {kerasedu[0] / numpy[0]:.2f} times as long as NumPy alone")


if __name__ == "__main__":
    main()
