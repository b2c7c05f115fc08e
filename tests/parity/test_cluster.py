"""Processes that compute beside this one: they know each other, give results back, and never outlive their time."""

import os
import time

import numpy as np
import pytest

from kerasedu.parity import cluster


def who_am_i(start):
    import json
    import os

    settings = json.loads(os.environ["TF_CONFIG"])
    return os.getpid(), settings["task"]["index"], settings["cluster"]["worker"], start + settings["task"]["index"]


def helper(x):
    return 2 * x


def with_helper(x):
    return helper(x)


def fails():
    raise ValueError("on purpose")


def never_ends(path):
    import os
    import time

    with open(path, "w") as file:
        file.write(str(os.getpid()))
    while True:
        time.sleep(0.1)


def test_each_process_has_its_number_its_arguments_and_the_addresses_of_all():
    (first, one, addresses, a), (second, two, same, b) = cluster.run(who_am_i, [(np.zeros(2),), (np.ones(2),)])
    assert len({os.getpid(), first, second}) == 3
    assert (one, two) == (0, 1)
    assert addresses == same and len(set(addresses)) == 2
    assert (a == 0).all() and (b == 2).all()


def test_functions_may_call_those_that_were_sent_along():
    assert cluster.run([helper, with_helper], [(3,)]) == [6]


def test_an_error_comes_back_in_words():
    with pytest.raises(RuntimeError, match=r"(?s)process 0 failed.*on purpose"):
        cluster.run(fails, [()])


def test_what_runs_out_of_time_is_ended(tmp_path):
    with pytest.raises(RuntimeError, match="process 0 did not end in time"):
        cluster.run(never_ends, [(str(tmp_path / "pid"),)], seconds=2)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_failure_of_one_ends_the_others(tmp_path):
    def second_fails(path):
        import json
        import os
        import time

        if json.loads(os.environ["TF_CONFIG"])["task"]["index"] == 0:
            raise ValueError("first")
        time.sleep(60)

    start = time.monotonic()
    with pytest.raises(RuntimeError, match="first"):
        cluster.run(second_fails, [(1,), (2,)])
    assert time.monotonic() - start < 30


def test_free_addresses_differ():
    assert len(set(cluster.free_addresses(5))) == 5
