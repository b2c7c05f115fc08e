"""How long each lesson takes from top to bottom in a fresh kernel: the instructor's edition."""

import sys
import tempfile
import time
from pathlib import Path

from nbclient import NotebookClient

from kerasedu.grading import editions

SOLUTIONS = Path(__file__).parents[1] / "solutions"


def main(names: list[str]) -> None:
    lessons = [editions.find_lesson(name, SOLUTIONS) for name in names] or editions.find_lessons(SOLUTIONS)
    for lesson in lessons:
        notebook = editions.instructor_edition(SOLUTIONS / lesson / f"{lesson}.py")
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=folder)
        print(f"{lesson:32} {time.perf_counter() - start:5.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
