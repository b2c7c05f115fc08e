"""Work shared out among threads: the results of a loop, its errors, and nothing left behind."""

import os
import signal
import threading
import warnings

import numpy as np
import pytest

from kerasedu import threads
from kerasedu.threads import in_threads


@pytest.fixture
def processors(monkeypatch):
    """Set how many processors there are, whatever this machine has."""

    def there_are(count):
        monkeypatch.setattr(threads, "processors", lambda: count)
        threads._jobs.cache_clear()

    yield there_are
    threads._jobs.cache_clear()


@pytest.fixture(params=[1, 2, 4])
def count(request, processors):
    processors(request.param)
    return request.param


def meet(count):
    """A function that returns only once it runs in ``count`` threads at the same time."""
    barrier = threading.Barrier(count)

    def function(item):
        barrier.wait(timeout=30)
        return item, threading.get_ident()

    return function


@pytest.mark.parametrize("items", [[], [3], list(range(50))])
def test_results_come_in_the_order_of_the_items(count, items):
    assert in_threads(lambda item: item**2, items) == [item**2 for item in items]


def test_items_are_worked_on_at_the_same_time(count):
    results = in_threads(meet(count), list(range(count)))
    assert [item for item, _ in results] == list(range(count))
    idents = {ident for _, ident in results}
    assert len(idents) == count
    assert threading.get_ident() in idents, "the caller works, too"


@pytest.mark.parametrize("where", ["caller", "other"])
def test_an_error_reaches_the_caller_and_the_next_call_works(where, processors):
    processors(2)
    together, caller = meet(2), threading.get_ident()

    def function(item):
        _, ident = together(item)
        if (ident == caller) == (where == "caller"):
            raise ValueError(f"item {item}")
        return item

    with pytest.raises(ValueError, match=r"item [01]"):
        in_threads(function, [0, 1])
    assert in_threads(abs, [-1, -2, -3]) == [1, 2, 3]


def test_the_caller_s_settings_hold_in_every_thread(count):
    together = meet(count)

    def divide(item):
        together(item)
        return np.float32(1) / np.float32(0)

    with warnings.catch_warnings(), np.errstate(divide="ignore"):
        warnings.simplefilter("error")
        assert in_threads(divide, list(range(count))) == [np.inf] * count


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_threads_of_its_own(processors):
    processors(2)
    in_threads(meet(2), [0, 1])
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # with the parent's threads it would wait for ever
        code = 1
        try:
            code = 0 if in_threads(abs, [-1, -2]) == [1, 2] and in_threads(meet(2), [0, 1]) else 1
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
