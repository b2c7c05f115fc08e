"""How long grading takes, and whether every mark is right: submissions made from the catalogue, on this machine.

python benchmarks/grading.py                        1,000 submissions, one process for each core
python benchmarks/grading.py --count 50 --nbgrader  50, and the same 50 with stock nbgrader
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kerasedu.grading.batch import Batch, Options
from kerasedu.grading.editions import find_lesson
from kerasedu.grading.samples import scores_of, write_samples

ROOT = Path(__file__).parents[1]
SEED = 20_26


def make_course(folder: Path, lesson: str) -> Path:
    for name in ("course", "solutions"):
        shutil.copytree(ROOT / name / lesson, folder / name / lesson)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def with_nbgrader(course: Path, lesson: str) -> float:
    """Seconds that stock nbgrader takes for the same submissions, from a gradebook that knows the lesson."""
    shutil.rmtree(course / "autograded")
    (course / "gradebook.db").unlink()
    subprocess.run([sys.executable, "-m", "nbgrader", "generate_assignment", lesson, "--force"], cwd=course, check=True)
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "nbgrader", "autograde", lesson], cwd=course, check=True)
    return time.monotonic() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lesson", default="04")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--nbgrader", action="store_true", help="grade them with stock nbgrader as well")
    options = parser.parse_args()
    lesson = find_lesson(options.lesson, ROOT / "course")
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder), lesson)
        samples = write_samples(course / "course", course / "submitted", lesson, options.count, SEED)
        memory = []
        start = time.monotonic()
        batch = Batch(course, lesson, Options(course / "submitted", options.workers, seed=SEED))
        batch.grade(lambda record: memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
        seconds = time.monotonic() - start
        records = {record.student: record for record in batch.records}
        wrong = [s.student for s in samples if scores_of(records[s.student]) != s.points]
        print(f"{lesson}: {len(samples)} submissions, {options.workers} processes: {seconds:.0f} s, ", end="")
        print(f"{seconds / len(samples):.3f} s each; marks that differ from those constructed: {len(wrong)}")
        print(
            f"memory of this process after a tenth: {memory[len(memory) // 10]:.0f} MB, in the end: {memory[-1]:.0f} MB"
        )
        if options.nbgrader:
            stock = with_nbgrader(course, lesson)
            print(
                f"stock nbgrader: {stock:.0f} s, {stock / len(samples):.2f} s each: {stock / seconds:.1f} times as long"
            )


if __name__ == "__main__":
    main()
