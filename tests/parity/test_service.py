"""The service answers with the version in production, follows the alias, and ends when it should."""

import os
import subprocess
import sys

import numpy as np
import pytest

import kerasedu
from kerasedu import layers, parity
from kerasedu.parity import service

pytestmark = [pytest.mark.parity, pytest.mark.slow]
X = np.random.default_rng(0).uniform(size=(4, 3)).astype("float32")


def register(client, folder, seed):
    kerasedu.set_random_seed(seed)
    model = kerasedu.Sequential([layers.Input((3,)), layers.Dense(2, "softmax")])
    parity.to_keras(model).export(folder / "model", verbose=False)
    version = client.create_model_version("m", source=str(folder), tags={"sha256": service.digest(folder)})
    return version.version, model(X)


def test_a_released_version_answers_until_it_is_rolled_back(tmp_path):
    path = tmp_path / "registry.db"
    client = service.registry(path)
    client.create_registered_model("m")
    versions = [register(client, tmp_path / f"v{seed}", seed) for seed in (1, 2)]
    number, _ = register(client, tmp_path / "v3", 3)
    (tmp_path / "v3" / "model" / "added").write_text("by somebody")
    with service.running(path, "m") as ask:
        for number_now, expected in [*versions, versions[0]]:
            client.set_registered_model_alias("m", service.ALIAS, number_now)
            status, reply = ask(X)
            assert (status, reply["version"]) == (200, int(number_now))
            np.testing.assert_allclose(reply["output"], expected, atol=1e-6)
        assert ask(X[:, :2])[0] == 400
        client.set_registered_model_alias("m", service.ALIAS, number)
        status, reply = ask(X)
        assert (status, reply["error"]) == (400, "ValueError: version 3 is not what was registered")


@pytest.mark.parametrize("mlflow", [True, False], ids=["MLflow", "without MLflow"])
def test_both_registries_keep_versions_and_aliases(mlflow, tmp_path, monkeypatch):
    if not mlflow:
        monkeypatch.setitem(sys.modules, "mlflow", None)
    client = service.registry(tmp_path / "registry.db")
    client.create_registered_model("m")
    versions = [client.create_model_version("m", source=f"v{k}", tags={"k": str(k)}).version for k in (1, 2)]
    assert [str(version) for version in versions] == ["1", "2"]
    for number in "21":
        client.set_registered_model_alias("m", service.ALIAS, number)
        found = service.registry(tmp_path / "registry.db").get_model_version_by_alias("m", service.ALIAS)
        assert (str(found.version), found.source, found.tags) == (number, f"v{number}", {"k": number})
    for wrong in (
        lambda: client.create_registered_model("m"),
        lambda: client.get_model_version("m", "3"),
        lambda: client.set_registered_model_alias("m", "other", "3"),
        lambda: client.get_model_version_by_alias("m", "other"),
        lambda: client.create_model_version("n", source="v1"),
    ):
        with pytest.raises(Exception):  # noqa: B017 (each has its own)
            wrong()


def test_it_ends_when_its_input_closes(tmp_path):
    service.registry(tmp_path / "registry.db").create_registered_model("m")
    command = [sys.executable, "-m", "kerasedu.parity.service", str(tmp_path / "registry.db"), "m"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=os.environ | service.QUIET)
    try:
        assert int(process.stdout.readline()) > 0
        process.stdin.close()
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def test_a_service_that_cannot_start_says_why(tmp_path):
    (tmp_path / "registry.db").write_text("no database")
    with pytest.raises(RuntimeError, match="did not start"), service.running(tmp_path / "registry.db", "m"):
        pass


def test_a_digest_changes_with_names_and_contents(tmp_path):
    (tmp_path / "a").write_text("1")
    first = service.digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    renamed = service.digest(tmp_path)
    (tmp_path / "b").write_text("2")
    assert len({first, renamed, service.digest(tmp_path)}) == 3
