"""The benchmark measures the same thing in every library, and what it measured is what it shows. Nothing is timed."""

import importlib.util
import json
import math
from importlib.metadata import version

import numpy as np
import pytest
from click.testing import CliRunner

import kerasedu
from benchmarks import growth
from benchmarks.speed import command, figure, goals, machine, measuring, process, results, table
from benchmarks.speed.libraries import MODULES, load
from benchmarks.speed.libraries.as_in_keras import build
from benchmarks.speed.workloads import (
    FAMILIES,
    MACHINE,
    WORKLOADS,
    Conv,
    Dense,
    Flatten,
    Pool,
    Recurrent,
    Training,
    find,
)

TRAININGS = {name: workload for name, workload in WORKLOADS.items() if isinstance(workload, Training)}
SMALL = {
    "dense": Training("dense", (5,), (Dense(4, "relu"), Dense(3, "softmax")), batch=2, steps=3),
    "convolution": Training(
        "convolution", (8, 8, 1), (Conv(2), Pool(), Flatten(), Dense(3, "softmax")), batch=2, steps=3
    ),
    "recurrence": Training("recurrence", (4, 1), (Recurrent("LSTM", 3), Dense(1)), batch=2, steps=3),
}
TIMES = {"kerasedu": 2.0, "tf.keras": 8.0, "PyTorch": 4.0}
ANSWER = {"gflops": 100.0, "gigabytes_per_second": 50.0, "numpy_import": 0.06, "blas": "openblas"}


def measured(library, workload):
    """Stands in for `measuring.measure`: TIMES, DeZero without GRU, numpy-ml not installed."""
    if workload == MACHINE:
        return ANSWER
    if library == "numpy-ml":
        return {"missing": "pip install numpy-ml"}
    if library == "DeZero":
        return {"offered": False}
    return {"milliseconds": [TIMES[library], 99.0, 0.1], "megabytes": 30.0, "version": "1.0"}


def filled(path, measure=measured, rounds=2, workloads=("mlp",), found=None):
    """Results of all libraries, measured by ``measure``."""
    found = found or {**command.begun(), "rounds": rounds}
    orders = list(command.all_orders(range(rounds), workloads, list(MODULES)))
    command.run(found, path, orders, measure, lambda now: None)
    return found


# -- what is measured -----------------------------------------------------------------------------------------------


@pytest.mark.parity
@pytest.mark.parametrize("name", TRAININGS)
def test_both_libraries_take_the_same_steps(name):
    from tensorflow import keras

    workload = TRAININGS[name]
    ours, theirs = build(kerasedu, workload), build(keras, workload)
    assert ours.count_params() == theirs.count_params()
    theirs.run_eagerly = True
    ours.set_weights(theirs.get_weights())
    x, y = workload.data(1)
    few = slice(0, 2)
    losses = [[float(np.ravel(model.train_on_batch(x[few], y[few]))[0]) for _ in range(2)] for model in (ours, theirs)]
    np.testing.assert_allclose(*losses, rtol=1e-4)
    assert losses[0][0] != losses[0][1]


@pytest.mark.parametrize("name", [name for name in MODULES if name != "tf.keras"])
def test_each_library_trains_what_it_offers(name):
    library = load(name)
    if importlib.util.find_spec(library.PACKAGE) is None:
        pytest.skip(f"{library.PACKAGE} is not installed")
    for kind, workload in SMALL.items():
        run = library.training(workload)
        assert run is not None or (name, kind) == ("numpy-ml", "recurrence")
        if run:
            run(3)
    library.updating(WORKLOADS["adam-1m"])(1)


def test_the_flops_of_a_network_are_those_of_its_products():
    first, second = 2 * 7 * 5 * 4, 2 * 7 * 4 * 3
    workload = Training("", (5,), (Dense(4), Dense(3)), batch=7, steps=1)
    assert workload.gemm_flops() == 2 * first + 3 * second
    forward = 2 * 2 * 6 * 6 * 9 * 5
    assert Training("", (8, 8, 1), (Conv(5),), batch=2, steps=1).gemm_flops() == 2 * forward
    of_input, of_state = 10 * 2 * 2 * 3 * 4 * 6, 10 * 2 * 2 * 6 * 4 * 6
    assert Training("", (10, 3), (Recurrent("LSTM", 6),), batch=2, steps=1).gemm_flops() == 2 * of_input + 3 * of_state


@pytest.mark.parametrize("name", TRAININGS)
def test_shapes_are_those_that_the_layers_give(name):
    workload = TRAININGS[name]
    model = build(kerasedu, workload)
    outputs = [layer(np.zeros((1, *shape), "float32")) for layer, shape in zip(model.layers, workload.shapes())]
    assert [y.shape[1:] for y in outputs[:-1]] == list(workload.shapes())[1:]


def test_a_workload_is_timed_and_its_memory_watched(monkeypatch):
    monkeypatch.setattr(process, "SECONDS", 0)
    library = load("kerasedu")
    answer = process.time_of(library, SMALL["dense"])
    assert len(answer["milliseconds"]) == 1 and answer["milliseconds"][0] > 0 and answer["megabytes"] > 10
    monkeypatch.setattr(process, "EPOCHS", 3)
    assert len(process.memory_over_epochs(library, SMALL["dense"])["resident"]) == 3


def test_of_a_slow_library_one_step_is_enough(monkeypatch):
    monkeypatch.setattr(process, "_seconds", lambda run, steps: 5.0)
    answer = process.time_of(load("kerasedu"), SMALL["dense"])
    assert answer["milliseconds"] == [5000.0] and answer["steps"] == 1


def test_nothing_of_this_shell_steers_a_measuring_process(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    surroundings = measuring.surroundings()
    assert not {"OPENBLAS_CORETYPE", "TF_ENABLE_ONEDNN_OPTS"} & set(surroundings)
    assert surroundings["OPENBLAS_NUM_THREADS"] == str(machine.processors())


def test_a_process_answers(monkeypatch):
    monkeypatch.setattr(measuring, "processors", lambda: 1)  # beside other tests
    answer = measuring.measure("kerasedu", "batch=2")
    assert min(answer["milliseconds"]) > 0 and answer["version"] == version("kerasedu")
    assert "no-such" in measuring.measure("no-such", "mlp")["failed"]


# -- what becomes of it ---------------------------------------------------------------------------------------------


def test_measured_values_flow_to_table_figure_and_goals(tmp_path):
    found = filled(tmp_path / "speed.json")
    page = table.page(found)
    flops = WORKLOADS["mlp"].gemm_flops()
    assert f"| {WORKLOADS['mlp'].title} | {flops / 1e8:.2f} | 2 | 8 | 4 |" in page
    assert "| tf.keras | 0.25 (0.25 to 0.25) | 0.45 | 0.35 | aim reached |" in page
    assert "| PyTorch | 0.5 (0.5 to 0.5) | 1 | - | reached |" in page
    assert "| DeZero | - | 1 | - | not measured |" in page
    assert "numpy-ml is not installed here: `pip install numpy-ml`." in page
    picture = figure.draw(found, list(TIMES))
    assert "kerasedu 2, tf.keras 8, PyTorch 4." in picture.alt


def test_a_ratio_is_that_of_one_round(tmp_path):
    times = iter([1.0, 10.0, 20.0, 4.0])  # the second round is twice as slow, and backwards
    found = filled(
        tmp_path / "speed.json",
        lambda library, workload: (
            {"milliseconds": [next(times)], "megabytes": 1.0, "version": "1"}
            if library in ("kerasedu", "tf.keras")
            else {"offered": False}
        ),
    )
    assert results.ratios(found, "mlp", "kerasedu", "tf.keras") == [0.1, 0.2]
    assert results.typical(found, "mlp", "kerasedu") == 2.5


def test_the_import_has_limits_of_its_own(tmp_path):
    found = filled(tmp_path / "speed.json", workloads=["import"])
    assert table.goal_rows(found, ["import"])[0][2:] == ["2 ms", "100 ms", "80 ms", "aim reached"]
    assert table.goal_rows(found, ["import"])[1][2:] == ["30 MB", "35 MB", "-", "reached"]
    assert results.floor(found, "import") == 60


def test_an_interrupted_run_goes_on_where_it_was(tmp_path):
    path, asked = tmp_path / "speed.json", []

    def measure(library, workload):
        asked.append((library, workload))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return measured(library, workload)

    with pytest.raises(KeyboardInterrupt):
        filled(path, measure)
    found = command.resumed(path)
    assert len(found["runs"]) == 2
    assert filled(path, measure, found=found) is found
    assert asked[2] == asked[3]
    assert len(asked) == len(set(asked)) + 1 + 1 + 3  # one was interrupted; machine and three libraries, twice each
    assert json.loads(path.read_text()) == found


def test_an_interruption_shows_what_there_is(tmp_path, monkeypatch):
    def measure(library, workload):
        if library == "PyTorch":
            raise KeyboardInterrupt
        return measured(library, workload)

    monkeypatch.setattr(command, "measure", measure)
    answer = CliRunner().invoke(command.main, ["--only", "mlp", "--out", str(tmp_path / "speed")])
    assert answer.exit_code == 130 and "--resume" in answer.output
    assert "aim reached" in (tmp_path / "speed.md").read_text()


def test_a_failure_is_named_and_tried_again(tmp_path):
    path = tmp_path / "speed.json"
    found = filled(path, lambda library, workload: {"failed": "out of memory"}, rounds=1)
    assert "tf.keras failed in mlp, round 1: out of memory" in table.page(found)
    assert "failed" not in table.page(filled(path, rounds=1, found=found))


def test_results_of_another_machine_are_not_continued(tmp_path):
    path = tmp_path / "speed.json"
    found = filled(path)
    results.write({**found, "machine": {**found["machine"], "processor": "abacus"}}, path)
    answer = CliRunner().invoke(command.main, ["--resume", "--out", str(tmp_path / "speed")])
    assert answer.exit_code == 2 and "another machine" in answer.output
    answer = CliRunner().invoke(command.main, ["--resume", "--out", str(tmp_path / "other")])
    assert answer.exit_code == 2 and "nothing to go on with" in answer.output


def test_the_command_writes_three_files(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "measure", measured)
    options = ["--only", "lstm", "--libraries", "kerasedu,tf.keras", "--rounds", "1", "--out", str(tmp_path / "speed")]
    answer = CliRunner().invoke(command.main, options)
    assert answer.exit_code == 0, answer.output
    assert {path.name for path in tmp_path.iterdir()} == {"speed.md", "speed.json", "speed.png"}
    page = (tmp_path / "speed.md").read_text()
    assert page.count("aim reached") == 2 and "](speed.png)" in page
    for wrong in (["--only", "transformer"], ["--libraries", "caffe"]):
        assert CliRunner().invoke(command.main, wrong).exit_code == 2


def test_a_verdict_is_about_the_bound():
    assert goals.verdict(0.4, must=0.45, aim=0.35) == "reached"
    assert goals.verdict(0.35, must=0.45, aim=0.35) == "aim reached"
    assert goals.verdict(0.46, must=0.45, aim=0.35) == "missed"
    assert goals.verdict(None, must=0.45, aim=0.35) == "not measured"
    assert {goal.workload for goal in goals.GOALS} | {"import"} == set(WORKLOADS)


def test_numbers_have_the_digits_that_matter():
    assert [table.number(x) for x in (None, 0.1234, 3.456, 12.34, 345.6)] == ["-", "0.12", "3.5", "12.3", "346"]
    assert table.markdown(["a", "b"], [["c", "1"]]) == "| a | b |\n| --- | ---: |\n| c | 1 |"


# -- growth ---------------------------------------------------------------------------------------------------------


def test_the_power_of_a_power_law_is_found():
    sizes = [1, 2, 5, 9]
    assert math.isclose(growth.fitted_power(sizes, [3 * size**1.7 for size in sizes]), 1.7)


def test_drift_is_what_each_epoch_adds_after_the_first_ones():
    assert growth.drift([50, 90, *[100.0] * 18]) == 0
    assert math.isclose(growth.drift(list(np.arange(40) * 0.5)), 0.5)


def test_powers_and_memory_flow_to_the_page(tmp_path, monkeypatch):
    def measure(library, workload):
        family, size = workload.split("=")
        if family == "epochs":
            return {"resident": [10.0, *[20.0] * 19], "megabytes": 20.0, "version": "1"}
        fixed = 50 if family == "batch" else 0
        return {"milliseconds": [fixed + int(size) ** FAMILIES[family].powers[1]], "megabytes": 50.0, "version": "1"}

    monkeypatch.setattr(command, "measure", measure)
    answer = CliRunner().invoke(growth.main, ["--libraries", "kerasedu", "--out", str(tmp_path / "growth")])
    assert answer.exit_code == 0, answer.output
    page = (tmp_path / "growth.md").read_text()
    for powers in ("| 0.89 | 0.97 | 1 |", "| 1.00 | 1.00 | 1 |", "| 2.00 | 2.00 | 2 |", "| 2.00 | 2.00 | 1 to 2 |"):
        assert page.count(powers) == 1
    assert page.count("| kerasedu | 10 | 20 | 0.00 |") == 3
    assert find("width=64").layers[0] == Dense(64, "relu")
