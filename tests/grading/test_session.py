"""A learner's functions are called as if they were here; what they do to their process stays there."""

import numpy as np
import pytest

from kerasedu.exercises.calling import TimeIsUp
from kerasedu.grading.sandbox import probe as probing
from kerasedu.grading.sandbox import watchdog
from kerasedu.grading.sandbox.bubblewrap import Bubblewrap, SandboxUnavailable
from kerasedu.grading.sandbox.limits import MB, Limits
from kerasedu.grading.sandbox.probe import probe
from kerasedu.grading.sandbox.session import Lost, Raised, Session
from kerasedu.grading.sandbox.unconfined import Unconfined

LIMITS = Limits(cell_seconds=2, function_seconds=1, memory=400 * MB, address_space=1024 * MB)


@pytest.fixture(params=[Bubblewrap, Unconfined])
def session(request):
    with Session(request.param(LIMITS)) as session:
        yield session


def test_cells_share_a_namespace(session):
    session.run("one", "import math\nscale = 2.0")
    session.run("two", "def area(r):\n    return scale * math.pi * r")
    assert session.fetch("scale") == 2.0
    assert session.fetch("area")(1.0) == 2 * np.pi


def test_a_name_that_is_not_there(session):
    with pytest.raises(NameError):
        session.fetch("nothing")


def test_a_function_sees_its_arguments_and_its_changes_come_back(session):
    session.run(
        "cell", "def f(x, rows):\n    x += 1\n    rows.append(x)\n    return x.dtype.name, x.flags.f_contiguous"
    )
    x, rows = np.asfortranarray(np.ones((2, 3), "float32")), []
    assert session.fetch("f")(x, rows) == ("float32", True)
    np.testing.assert_array_equal(x, np.full((2, 3), 2))
    assert len(rows) == 1


def test_errors_keep_their_names_and_lines_and_lose_their_texts(session):
    session.run("cell", "def f():\n    raise KeyError('hidden')\ndef g():\n    raise NotImplementedError")
    with pytest.raises(Exception, match=r"^$") as caught:
        session.fetch("f")()
    assert caught.type.__name__ == "KeyError"
    assert caught.value.learners_line == "line 2 of its cell: raise KeyError('hidden')"
    with pytest.raises(NotImplementedError):
        session.fetch("g")()
    with pytest.raises(Raised) as raised:
        session.run("other", "1 +")
    assert (raised.value.type, raised.value.line) == ("SyntaxError", 1)


def test_one_s_own_errors_are_told_whole():
    with Session(Unconfined(LIMITS), disclose=True) as session:
        session.run("cell", "def f():\n    raise KeyError('which')")
        with pytest.raises(Exception, match="which"):
            session.fetch("f")()


def test_warnings_of_numpy_come_through_and_others_do_not(session):
    session.run("cell", "import warnings\ndef f(x):\n    warnings.warn('hidden inputs')\n    return np.log(x)")
    with pytest.warns(RuntimeWarning) as caught:
        session.fetch("f")(np.zeros(1))
    assert [str(warning.message) for warning in caught] == ["divide by zero encountered in log"]


def test_the_answer_key_is_not_importable(session):
    for name in ("kerasedu", "tensorflow", "sklearn", "scipy"):
        with pytest.raises(Raised) as raised:
            session.run("cell", f"import {name}")
        assert raised.value.type == "ModuleNotFoundError"


def test_a_lost_process_stays_lost(session):
    session.run("cell", "import os\ndef f():\n    os._exit(1)")
    with pytest.raises(Exception, match="ended the process"):
        session.fetch("f")()
    with pytest.raises(Lost):
        session.fetch("f")


def test_time_is_counted_over_all_calls_of_a_function(session):
    session.run("cell", "import time\ndef f():\n    time.sleep(0.4)\n    return 1")
    function = session.fetch("f")
    assert [function(), function()] == [1, 1]
    with pytest.raises(TimeIsUp):
        function()


def test_printing_is_kept_in_part(session):
    session.run("cell", "print('x' * 10**6)")
    assert session.printed == "x" * 2_000


HOARD = """
import os, time
hoard = os.urandom(1 << 20) * 100
for _ in range(4):
    if os.fork() == 0:
        time.sleep(99)
"""


def test_memory_counts_shared_pages_once():
    with Session(Bubblewrap(LIMITS)) as session:
        session.run("cell", HOARD)
        assert 100 * MB < watchdog.memory_of(session._process.pid) < 250 * MB


def test_memory_counts_files_even_empty_ones():
    launcher = Bubblewrap(LIMITS)
    with Session(launcher) as session:
        before = launcher.memory(session._process.pid)
        session.run("large", "open('/tmp/large', 'wb').write(bytes(8 << 20))")
        session.run("many", "for n in range(8192):\n    open(f'/tmp/{n}', 'w').close()")
        assert 15 * MB < launcher.memory(session._process.pid) - before < 30 * MB


def test_the_probe_accepts_a_sandbox_and_refuses_an_open_one(monkeypatch):
    probe(Bubblewrap(LIMITS))
    with pytest.raises(SandboxUnavailable, match="read a file of this machine"):
        probe(Unconfined(LIMITS))
    monkeypatch.setattr(probing, "ATTEMPTS", "raise OSError")
    with pytest.raises(SandboxUnavailable, match="does not work"):
        probe(Bubblewrap(LIMITS))


def test_without_bubblewrap_there_is_a_clear_message(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxUnavailable, match="package `bubblewrap`"):
        Bubblewrap(LIMITS)
