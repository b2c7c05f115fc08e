"""Real data: the same split for everybody, with or without a network."""

import hashlib
import http.server
import io
import threading

import numpy as np
import pytest

from kerasedu import datasets
from kerasedu.datasets import mnist_file

# -- offline -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("load", "shape", "train", "test", "x_type", "y_type"),
    [
        (datasets.digits, (8, 8), 1438, 359, "float32", "int64"),
        (datasets.breast_cancer, (30,), 456, 113, "float32", "int64"),
        (datasets.diabetes, (10,), 354, 88, "float32", "float32"),
    ],
)
def test_sizes_and_types(load, shape, train, test, x_type, y_type):
    (x, y), (x_test, y_test) = load()
    assert x.shape == (train, *shape)
    assert x_test.shape == (test, *shape)
    assert (len(y), len(y_test)) == (train, test)
    assert x.dtype == x_test.dtype == x_type
    assert y.dtype == y_test.dtype == y_type
    assert np.isfinite(x).all()


def test_digits_are_grey_values_between_white_and_black():
    (x, _), (x_test, _) = datasets.digits()
    assert x.min() == x_test.min() == 0
    assert x.max() == x_test.max() == 1


@pytest.mark.parametrize("load", [datasets.digits, datasets.breast_cancer])
def test_each_class_has_the_same_share_in_training_and_test(load):
    (_, y), (_, y_test) = load()
    shares = [np.bincount(labels) / len(labels) for labels in (y, y_test)]
    np.testing.assert_allclose(*shares, atol=0.005)


@pytest.mark.parametrize("load", [datasets.digits, datasets.breast_cancer, datasets.diabetes])
def test_training_and_test_share_no_sample_and_together_are_all(load):
    from sklearn import datasets as source

    whole = getattr(source, f"load_{load.__name__}")().target
    (x, y), (x_test, y_test) = load()
    assert sorted([*y, *y_test]) == sorted(whole)
    rows = {row.tobytes() for row in x}
    assert not any(row.tobytes() in rows for row in x_test)


def test_sentences_are_plain_text_of_two_classes_and_none_is_in_both_parts():
    (texts, y), (test_texts, y_test) = datasets.sentences()
    assert len(texts) == len(y) > 500
    assert len(test_texts) == len(y_test) > 100
    assert len({*texts, *test_texts}) == len(texts) + len(test_texts)
    assert all(text[0].isupper() and text[-1] in ".:" and len(text) > 40 for text in [*texts, *test_texts])
    assert set(y[:50]) == set(y_test[:50]) == {0, 1}
    np.testing.assert_allclose(y.mean(), y_test.mean(), atol=0.005)


def test_sentences_come_in_the_same_order_every_time():
    first, again, other = datasets.sentences(), datasets.sentences(), datasets.sentences(seed=1)
    assert first[0][0] == again[0][0] != other[0][0]
    with pytest.raises(ValueError, match="share between 0 and 1"):
        datasets.sentences(test_size=2)


def test_the_split_is_the_same_every_time_and_another_for_another_seed():
    first, again, other = datasets.digits(), datasets.digits(), datasets.digits(seed=1)
    np.testing.assert_array_equal(first[1][0], again[1][0])
    assert not np.array_equal(first[1][0], other[1][0])


def test_the_share_of_the_test_set_can_be_chosen():
    _, (x_test, _) = datasets.diabetes(test_size=0.5)
    assert len(x_test) == 221
    with pytest.raises(ValueError, match="between 0 and 1"):
        datasets.diabetes(test_size=2)


# -- MNIST ---------------------------------------------------------------------------------------------------------


def small_mnist() -> bytes:
    file = io.BytesIO()
    images, labels = np.zeros((6, 28, 28), "uint8"), np.arange(6, dtype="uint8")
    np.savez(file, x_train=images, y_train=labels, x_test=images[:2], y_test=labels[:2])
    return file.getvalue()


CONTENT = small_mnist()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder, no files of Keras, and a small file in the part of MNIST."""
    monkeypatch.setenv("KERASEDU_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(mnist_file, "SHA256", hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setattr(mnist_file, "URL", "http://127.0.0.1:9/nobody-answers")
    return tmp_path / "cache"


@pytest.fixture
def server(monkeypatch):
    """A server on this computer that sends what its list ``sent`` holds last, and counts the requests."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            server.requests += 1
            self.send_response(200)
            self.send_header("Content-Length", str(len(server.content) + server.missing))
            self.end_headers()
            self.wfile.write(server.content)

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    server.content, server.missing, server.requests = CONTENT, 0, 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(mnist_file, "URL", f"http://127.0.0.1:{server.server_port}/mnist.npz")
    yield server
    server.shutdown()
    server.server_close()


def assert_small_mnist(data):
    (x, y), (x_test, y_test) = data
    assert x.shape == (6, 28, 28)
    assert x.dtype == y.dtype == "uint8"
    assert y.tolist() == [0, 1, 2, 3, 4, 5]
    assert x_test.shape == (2, 28, 28)
    assert y_test.tolist() == [0, 1]


def test_mnist_is_downloaded_once(cache, server, capsys):
    for _ in range(2):
        assert_small_mnist(datasets.mnist())
    assert server.requests == 1
    assert [path.name for path in cache.iterdir()] == ["mnist.npz"]
    captured = capsys.readouterr()
    assert "MB downloaded" in captured.out
    assert captured.err == ""


def test_mnist_is_taken_from_keras_if_it_is_there(cache, tmp_path):
    (tmp_path / "keras" / "datasets").mkdir(parents=True)
    (tmp_path / "keras" / "datasets" / "mnist.npz").write_bytes(CONTENT)
    assert_small_mnist(datasets.mnist())
    assert not cache.exists()


def test_a_damaged_file_of_keras_is_passed_over(cache, server, tmp_path):
    (tmp_path / "keras" / "datasets").mkdir(parents=True)
    (tmp_path / "keras" / "datasets" / "mnist.npz").write_bytes(CONTENT[:-1])
    assert_small_mnist(datasets.mnist())
    assert server.requests == 1


def test_without_a_network_the_message_says_what_to_do(cache):
    with pytest.raises(ConnectionError) as caught:
        datasets.mnist()
    message = str(caught.value)
    assert "http://127.0.0.1:9/nobody-answers" in message
    assert str(cache / "mnist.npz") in message
    assert "datasets.digits()" in message


def test_a_file_put_there_by_hand_is_used(cache):
    cache.mkdir()
    (cache / "mnist.npz").write_bytes(CONTENT)
    assert_small_mnist(datasets.mnist())


def test_a_wrong_file_is_refused_and_not_kept(cache, server):
    server.content = b"<html>log in to the network first</html>"
    with pytest.raises(ValueError, match="not the MNIST file"):
        datasets.mnist()
    assert list(cache.iterdir()) == []


def test_an_interrupted_download_leaves_nothing(cache, server):
    server.content, server.missing = CONTENT[:-100], 100
    with pytest.raises(ConnectionError, match=f"after {len(CONTENT) - 100} of {len(CONTENT)} bytes"):
        datasets.mnist()
    assert list(cache.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_named(cache):
    cache.mkdir()
    (cache / "mnist.npz").write_bytes(b"damaged")
    with pytest.raises(ValueError, match=r"mnist\.npz is not the MNIST file, or is damaged"):
        datasets.mnist()


def test_a_folder_that_cannot_be_written_is_named(cache, server):
    cache.write_text("a file where the folder should be")
    with pytest.raises(ValueError, match="Set KERASEDU_DATA"):
        datasets.mnist()


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"KERASEDU_DATA": "/data"}, "/data"),
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches/kerasedu"),
        ("linux", {}, "/home/me/.cache/kerasedu"),
        ("darwin", {}, "/home/me/Library/Caches/kerasedu"),
    ],
)
def test_where_downloads_are_kept(monkeypatch, platform, variables, expected):
    for name in ("KERASEDU_DATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setattr(mnist_file.sys, "platform", platform)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert mnist_file.cache_folder().as_posix() == expected
