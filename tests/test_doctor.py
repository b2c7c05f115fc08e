"""`kerasedu doctor` says what is there and what to do about the rest, whatever is broken."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from kerasedu import doctor
from kerasedu.cli import main

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def as_if_tensorflow_answered(monkeypatch, request):
    """TensorFlow takes seconds to start: asked only where a test is about it."""
    if "parity" not in request.keywords:
        quick = [probe for probe in doctor.PROBES if probe is not doctor._device]
        monkeypatch.setattr(doctor, "PROBES", tuple(quick))
    monkeypatch.chdir(ROOT)


def installed_but(monkeypatch, **versions):
    real = doctor._version
    monkeypatch.setattr(doctor, "_version", lambda name: versions.get(name.replace("-", "_"), real(name)))


def advice(report):
    return {finding.name: finding.advice for finding in report.findings if finding.advice}


@pytest.mark.parity
@pytest.mark.slow
def test_here_everything_is_there_and_the_device_is_named():
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 0, result.output
    for name in (*doctor.PACKAGES, *doctor.OF_JUPYTERLAB, "Python", "processor", "memory", "computes on", "bubblewrap"):
        assert f"\n{name} " in f"\n{result.output}"
    assert result.output.endswith("Everything that learning needs is here.\n")


def test_a_missing_package_is_named_with_what_to_do_and_the_exit_status_is_1(monkeypatch):
    installed_but(monkeypatch, tensorflow=None, tensorflow_cpu=None)
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 1
    assert "Needed for learning:\n- tensorflow: `make env`" in result.output
    assert "Everything" not in result.output


@pytest.mark.parametrize("version, machine, named", [((3, 14), "arm64", "3.14"), ((3, 12), "x86_64", "Intel")])
def test_where_there_is_no_tensorflow_it_says_so(monkeypatch, version, machine, named):
    monkeypatch.setattr(doctor.sys, "platform", "darwin")
    monkeypatch.setattr(doctor.sys, "version_info", version)
    monkeypatch.setattr(doctor.platform, "machine", lambda: machine)
    assert named in doctor._no_tensorflow_here()


def test_a_version_that_does_not_fit_is_named_with_the_range(monkeypatch):
    installed_but(monkeypatch, numpy="1.26.4")
    assert ">=2.0" in advice(doctor.examine())["numpy"]


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 9, 1))
    (finding,) = doctor._python()
    assert "3.10" in finding.advice


@pytest.mark.parametrize(
    "content, says",
    [
        ("raise ImportError('DLL load failed')", "DLL load failed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "AVX"),
        ("raise SystemExit(7)", "exit status 7"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_tensorflow_that_does_not_start_does_not_take_the_doctor_along(monkeypatch, tmp_path, content, says):
    (tmp_path / "tensorflow.py").write_text(content)
    (tmp_path / "keras.py").write_text("import tensorflow")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    (finding,) = doctor._device()
    assert says in finding.advice


def test_a_card_that_tensorflow_does_not_see_is_named(monkeypatch, tmp_path):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'GPU 0: NVIDIA Example (UUID: x)'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    (finding,) = doctor._unused_card("CPU")
    assert finding.found.startswith("GPU 0: NVIDIA Example: ") and "DEVICE=gpu" in finding.found
    assert list(doctor._unused_card("GPU (NVIDIA Example)")) == []


def test_an_unwritable_folder_is_named(monkeypatch):
    def refuse(**options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert "Permission denied" in advice(doctor.examine())["course"]


def test_outside_the_course_and_on_colab_nothing_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "x")
    installed_but(monkeypatch, jupyterlab=None, nbgrader=None)
    monkeypatch.setattr("kerasedu.grading.root.__file__", str(tmp_path / "a" / "b" / "c.py"))
    monkeypatch.chdir(tmp_path)
    report = doctor.examine()
    assert report.complete
    assert "not here" in next(finding.found for finding in report.findings if finding.name == "course")


def test_what_only_teachers_and_contributors_need_is_no_obstacle(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    report = doctor.examine()
    assert report.complete
    assert "apt install bubblewrap" in str(report)


def test_a_probe_that_fails_is_a_finding(monkeypatch):
    def _broken():
        raise OSError("no such thing")
        yield

    monkeypatch.setattr(doctor, "PROBES", (_broken,))
    assert "broken  could not be found out (OSError: no such thing)" in str(doctor.examine())


def test_other_commands_say_in_one_line_that_a_package_is_missing():
    code = "import sys; sys.modules['nbgrader'] = None; from kerasedu.cli import main; main(['lab', '--prepare'])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr == (
        "Error: nbgrader is not installed here. `kerasedu doctor` says what is missing and what to do.\n"
    )
