"""Many submissions: marks exactly as constructed, whoever grades them and whatever dies meanwhile."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import classroom
import pytest
from classroom import ROOT
from nbgrader.api import Gradebook

from kerasedu.grading.batch import Batch, Options
from kerasedu.grading.records import Records
from kerasedu.grading.samples import scores_of, write_samples

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scale")]

LESSON, COUNT, SEED = "04_backward_propagation", 24, 7
KERASEDU = [sys.executable, "-c", "from kerasedu.cli import main; main()"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Samples graded in this process, and what the gradebook says."""
    root = classroom.make_course(tmp_path_factory.mktemp("class"), LESSON)
    samples = write_samples(root / "course", root / "submitted", LESSON, COUNT, SEED)
    Batch(root, "4", Options(root / "submitted", seed=SEED)).grade()
    return root, samples, classroom.gradebook(root, LESSON)


@pytest.fixture
def ungraded(graded, tmp_path):
    """The same submissions in a course of their own."""
    root = classroom.make_course(tmp_path, LESSON)
    shutil.copytree(graded[0] / "submitted", root / "submitted")
    return root


def records(root):
    return {record.student: record for record in Records(root, LESSON)}


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def some_are_graded(root, count=3):
    return lambda: sum(record.published for record in records(root).values()) >= count


def test_marks_are_as_constructed(graded):
    root, samples, _ = graded
    found = records(root)
    assert {sample.student: scores_of(found[sample.student]) for sample in samples} == {
        sample.student: sample.points for sample in samples
    }
    assert len({sum(sample.points.values()) for sample in samples}) > 5


def test_a_killed_grader_goes_on(graded, ungraded):
    command = [*KERASEDU, "grade", "4", "--workers", "1", "--seed", str(SEED)]
    grader = subprocess.Popen(command, cwd=ungraded, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    wait_until(some_are_graded(ungraded))
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    assert 3 <= len(records(ungraded)) < COUNT
    subprocess.run(command, cwd=ungraded, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    assert classroom.gradebook(ungraded, LESSON) == graded[2]


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler and two workers, each a process; its address and the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"env": ENVIRONMENT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port)]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        f"tcp://127.0.0.1:{port}",
        "--nthreads",
        "1",
        "--no-nanny",
    ]
    processes = [subprocess.Popen([*scheduler, "--no-dashboard"], **options)]
    processes += [subprocess.Popen([*worker, "--no-dashboard"], **options) for _ in range(2)]
    yield f"tcp://127.0.0.1:{port}", processes[1:]
    for process in processes:
        process.kill()
        process.wait()


def test_two_workers_by_address_one_of_them_killed(graded, ungraded, cluster):
    address, workers = cluster
    command = [*KERASEDU, "grade", "4", "--scheduler", address, "--seed", str(SEED)]
    grader = subprocess.Popen(command, cwd=ungraded, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    wait_until(some_are_graded(ungraded))
    workers[0].send_signal(signal.SIGKILL)
    assert grader.wait(timeout=120) == 0
    assert classroom.gradebook(ungraded, LESSON) == graded[2]


def test_a_gradebook_that_another_program_locks_for_a_while(graded, ungraded):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(ungraded / "gradebook.db")], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "locked\n"
    Batch(ungraded, "4", Options(ungraded / "submitted", seed=SEED)).grade()
    holder.wait()
    assert classroom.gradebook(ungraded, LESSON) == graded[2]


HOLD = """
import sqlite3, sys, time
book = sqlite3.connect(sys.argv[1])
book.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(7)  # longer than SQLite waits by itself
"""


@pytest.fixture
def postgresql(tmp_path):
    """A server of its own on a socket in a folder; its address for nbgrader."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [
        Path(p).parent for p in [shutil.which("postgres")] if p
    ]
    if not found:
        pytest.skip("PostgreSQL is not installed (Debian: the package postgresql)")
    data, programs = tmp_path / "data", found[-1]
    data.mkdir()
    user = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(data, "postgres", "postgres")
        for folder in [data, *data.parents]:
            if folder.stat().st_mode & 0o005 != 0o005 and folder.is_relative_to("/tmp") and folder != Path("/tmp"):
                folder.chmod(folder.stat().st_mode | 0o055)
        data.chmod(0o700)
        user = {"user": "postgres", "group": "postgres"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    initialise = [programs / "initdb", "-D", data, "-U", "teacher", "--auth=trust", "-E", "UTF8"]
    subprocess.run(initialise, check=True, capture_output=True, cwd=data, **user)
    serve = [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", data, "-c", "fsync=off"]
    server = subprocess.Popen(serve, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=data, **user)
    ready = [programs / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"]
    wait_until(lambda: subprocess.run(ready).returncode == 0)
    yield f"postgresql+psycopg2://teacher@127.0.0.1:{port}/postgres"
    server.send_signal(signal.SIGQUIT)
    server.wait()


def test_a_gradebook_on_postgresql(graded, ungraded, postgresql):
    config = (
        f"c = get_config()\nc.CourseDirectory.root = {str(ungraded)!r}\nc.CourseDirectory.db_url = {postgresql!r}\n"
    )
    (ungraded / "nbgrader_config.py").write_text(config)
    Batch(ungraded, "4", Options(ungraded / "submitted", seed=SEED)).grade()
    with Gradebook(postgresql) as book:
        scores = {s.student_id: s.score for s in book.assignment_submissions(LESSON)}
    assert scores == {student: entry["score"] for student, entry in graded[2].items()}
    assert classroom.gradebook(ungraded, LESSON) == {}


def test_nothing_of_a_dask_cluster_is_left_after_a_run(ungraded):
    Batch(ungraded, "4", Options(ungraded / "submitted", workers=2, seed=SEED)).grade()
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    names = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children if Path(f"/proc/{child}").exists()]
    assert not [name for name in names if re.search(rb"spawn_main|worker\.py", name)]
