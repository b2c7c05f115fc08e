"""`kerasedu bench` runs the repository's benchmark, or says where there is one."""

import subprocess

from click.testing import CliRunner

from benchmarks.speed import measuring
from kerasedu.cli import main as kerasedu_command


def test_kerasedu_bench_passes_its_options_on(monkeypatch):
    calls = []
    monkeypatch.setattr(subprocess, "call", lambda line, env: calls.append((line, env)) or 0)
    assert CliRunner().invoke(kerasedu_command, ["bench", "--only", "mlp", "--help"]).exit_code == 0
    (line, environment), *_ = calls
    assert line[1:] == ["-m", "benchmarks.speed", "--only", "mlp", "--help"]
    assert environment["PYTHONPATH"].startswith(str(measuring.ROOT))


def test_kerasedu_bench_says_where_the_benchmarks_are(tmp_path, monkeypatch):
    for folder in ("solutions", "kerasedu"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(kerasedu_command, ["bench"])
    assert answer.exit_code == 1 and "make bench" in answer.output
