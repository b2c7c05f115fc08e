"""The matrix names everything, keeps what is done, and tells what failed."""

import json
import os
import re

import numpy as np
import pytest
from click.testing import CliRunner

import kerasedu
from kerasedu import activations, constraints, initializers, layers, losses, metrics, optimizers, parity, regularizers
from kerasedu.cli import main
from kerasedu.optimizers import schedules
from kerasedu.parity import device
from kerasedu.parity.backends import on_tensorflow
from kerasedu.parity.matrix import all_cases, run, spread
from kerasedu.parity.matrix.case import Case
from kerasedu.parity.matrix.result import FAILED, OTHERWISE

pytestmark = pytest.mark.parity

CASES = list(all_cases())
NAMES = {name for case in CASES for name in case.names}
BASES = {"Initializer", "Loss", "Metric", "Layer", "Optimizer", "LearningRateSchedule", "Regularizer", "Constraint"}
INSIDE = {"ActivationFunction", "ActivatedLayer", "Cell", "Configurable", "InputSpec", "Mapping", "MeanMetricWrapper"}
MARKERS = {"Input", "InputLayer"}  # no computation; in every model


def public_classes(room):
    names = getattr(room, "__all__", None) or [name for name in vars(room) if not name.startswith("_")]
    return {vars(room).get(name, getattr(room, name)) for name in names if isinstance(getattr(room, name), type)}


@pytest.mark.parametrize(
    "room",
    [initializers, regularizers, constraints, losses, metrics, layers, optimizers, schedules],
    ids=lambda room: room.__name__,
)
def test_every_public_class_is_compared_in_both_precisions(room):
    own = {cls.__name__ for cls in public_classes(room) if cls.__module__.startswith("kerasedu")}
    assert own - BASES - INSIDE - MARKERS <= NAMES


def test_every_activation_and_every_op_that_keras_has_is_compared():
    functions = {name for name, f in vars(activations).items() if isinstance(f, activations.ActivationFunction)}
    assert functions <= NAMES
    keras, _ = parity.oracle.load()
    ours = {name for name in vars(kerasedu.ops) if callable(getattr(kerasedu.ops, name)) and not name.startswith("_")}
    assert {name for name in ours if hasattr(keras.ops, name)} <= NAMES


def test_both_precisions_and_enough_comparisons():
    for dtype in ("float32", "float64"):
        assert sum(case.dtype == dtype for case in CASES) > 700


def test_every_tenth_case_is_within_tolerance():
    results = run(CASES[::10])
    assert results.complete and results.cases == len(CASES[::10])
    assert [(r.label, r.what, r.remark) for r in results.worst_first() if not r.passed] == []
    assert results.passed


def test_a_case_starts_from_the_same_numbers_whichever_ran_before_it():
    drawn = []

    def draw(subject, x, name):
        drawn.append(kerasedu.random.generator().random())
        return parity.check(subject, x, name=name)

    case = Case("ops", ("square",), kerasedu.ops.square, np.ones(3), "float64", compare=draw)
    run([case, GOOD, case])
    run([case])
    assert len(set(drawn)) == 1 and len(drawn) == 3


def broken(*arguments, **options):
    raise RuntimeError("no such kernel")


def wrong(subject, x, name, **options):
    report = parity.check(kerasedu.ops.square, x, name=name)
    report.rows[0].error = 2 * report.rows[0].tolerance
    return report


GOOD, *_ = all_cases("square, ")
BROKEN = Case("ops", ("square",), kerasedu.ops.square, np.ones(3), "float64", label="one that breaks", compare=broken)
WRONG = Case("ops", ("square",), kerasedu.ops.square, np.ones(3), "float64", label="<one that differs>", compare=wrong)


def test_what_cannot_run_is_a_failure_with_its_reason_and_stops_nothing():
    results = run([BROKEN, GOOD])
    assert not results.passed and results.complete
    first = results.worst_first()[0]
    assert (first.verdict, first.remark) == (FAILED, "RuntimeError: no such kernel")
    assert results.worst_first()[-1].passed


def test_after_an_interruption_there_is_what_was_done():
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    results = run([GOOD, Case("ops", ("square",), None, 0, "float32", label="stopped", compare=interrupted), WRONG])
    assert not results.complete and not results.passed
    assert results.cases == 1 and all(result.passed for result in results.results)


def test_the_files_hold_every_comparison_worst_first(tmp_path):
    paths = run([GOOD, WRONG, BROKEN]).save(tmp_path / "new" / "folder")
    data = json.loads(paths[0].read_text())
    assert [row["verdict"] for row in data["results"][:2]] == [FAILED, "DIFFERENT"]
    assert data["comparisons"] == len(data["results"]) > 2 and not data["passed"]
    assert data["results"][0]["ratio"] is None
    assert {"device", "keras", "tensorflow", "numpy", "python"} <= data["circumstances"].keys()
    page = paths[1].read_text()
    rows = page[page.index('id="all"') :]
    assert rows.index("one that breaks") < rows.index("&lt;one that differs&gt;") < rows.index(GOOD.label)
    assert len(re.findall(r"<tr><td>ops</td><td>", page)) == len(data["results"])
    summary = paths[2].read_text()
    assert "2 failed" in summary and f"| ops | {len(data['results'])} | 2 | inf |" in summary
    assert "http" not in page and "<one that differs>" not in page


def test_the_command_writes_its_files_and_says_how_it_ended(tmp_path):
    done = CliRunner().invoke(main, ["parity", "--only", "L1L2", "--out", str(tmp_path), "--device", "cpu"])
    assert done.exit_code == 0, done.output
    assert "all within tolerance" in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parity.html", "parity.json", "parity.md"]


def test_several_processes_find_what_one_finds(tmp_path):
    for workers in ("1", "2"):
        options = ["--only", "MaxNorm", "--workers", workers, "--out", str(tmp_path / workers)]
        done = CliRunner().invoke(main, ["parity", "--device", "cpu", *options])
        assert done.exit_code == 0, done.output
    one, two = (json.loads((tmp_path / workers / "parity.json").read_text()) for workers in ("1", "2"))
    assert one["results"] == two["results"] != []
    assert one["complete"] and two["complete"] and two["circumstances"]["processes"] == "2"


def test_results_come_in_the_order_of_the_cases_whichever_is_ready_first(monkeypatch):
    monkeypatch.setattr(spread, "as_completed", lambda futures: reversed(list(futures)))
    labels = [result.label for result in spread.run_spread("MaxNorm", 2).results]
    assert list(dict.fromkeys(labels)) == [case.label for case in all_cases("MaxNorm")]


def test_a_process_that_dies_is_a_failure_of_its_cases(monkeypatch):
    monkeypatch.setattr(spread, "_compare", os._exit)
    results = spread.run_spread("MaxNorm", 2)
    assert results.cases == len(results.results) > 0
    assert {(r.verdict, r.remark.split(":")[0]) for r in results.results} == {(FAILED, "BrokenProcessPool")}


def test_the_command_fails_where_something_differs(tmp_path, monkeypatch):
    monkeypatch.setattr("kerasedu.parity.matrix.command.all_cases", lambda pattern: [GOOD, WRONG])
    done = CliRunner().invoke(main, ["parity", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "DIFFERENT: <one that differs>, float64: y" in done.output and "1 failed" in done.output


def test_a_name_that_is_not_there_and_a_card_that_is_not_there(tmp_path, monkeypatch):
    done = CliRunner().invoke(main, ["parity", "--only", "no such name", "--out", str(tmp_path)])
    assert done.exit_code == 1 and "no comparison contains 'no such name'" in done.output
    monkeypatch.setattr(on_tensorflow, "gpu", lambda: None)
    done = CliRunner().invoke(main, ["parity", "--device", "gpu", "--out", str(tmp_path)])
    assert done.exit_code == 1 and "TensorFlow sees no GPU here, so nothing was compared" in done.output
    assert device.settle() == "CPU"


def test_another_backend_than_the_process_runs_is_an_error(tmp_path):
    parity.oracle.load()
    done = CliRunner().invoke(main, ["parity", "--backend", "jax", "--out", str(tmp_path)])
    device.choose("auto")
    assert done.exit_code == 1 and "runs Keras on TensorFlow, so it cannot compare with Keras on JAX" in done.output


def test_a_known_convention_of_a_backend_is_no_failure_and_is_named(monkeypatch):
    assert run([WRONG]).passed is False
    monkeypatch.setitem(on_tensorflow.CONVENTIONS, ("ops: ", "one that differs"), "it does otherwise")
    results = run([WRONG])
    assert results.passed
    assert {result.verdict for result in results.results if result.ratio > 1} == {OTHERWISE}
    assert "it does otherwise; " in results.worst_first()[0].remark
    monkeypatch.setitem(on_tensorflow.CONVENTIONS, ("ops: ", "one that breaks"), "it cannot do this")
    (result,) = run([BROKEN]).results
    assert result.passed and result.verdict == OTHERWISE
    assert result.remark == "it cannot do this; RuntimeError: no such kernel"


def test_the_processor_can_be_asked_for_although_there_is_a_card(monkeypatch):
    try:
        device.choose("cpu")
        assert device.settle() == "CPU"
        with pytest.raises(ValueError, match="device is one of auto, cpu, gpu, got 'tpu'"):
            device.choose("tpu")
    finally:
        device.choose("auto")
