"""nbgrader on this tree: solutions/ is the source, course/ the release. Read by every nbgrader command started here."""

import os
import sys
from pathlib import Path

from nbgrader.preprocessors import SaveCells

from kerasedu.grading.editions import STUDENT_STEPS, find_lessons, refresh_instructor_edition

ROOT = Path(__file__).parent

c = get_config()  # noqa: F821 (given by nbgrader)
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "kerasedu"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
# The same steps as `kerasedu build`, so that both give the same student edition; the gradebook learns of the cells.
c.GenerateAssignment.preprocessors = [*STUDENT_STEPS[:5], SaveCells, *STUDENT_STEPS[5:]]
# The script beside a notebook holds the answers: it is not released.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.py", "*.pyc", "feedback", ".*"]
c.ExecutePreprocessor.timeout = 120

# Kernels inherit these: a graded cell in which TensorFlow writes a line to stderr would score 0.
os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"})
# nbgrader starts `alembic` by name, which a shell finds only where the environment is activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

# nbgrader reads notebooks; the source of truth is a script beside each.
for lesson in find_lessons(ROOT / "solutions"):
    refresh_instructor_edition(ROOT, lesson)
