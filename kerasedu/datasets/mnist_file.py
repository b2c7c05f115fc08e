"""MNIST: found on this computer, or downloaded once."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import numpy as np

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
_BLOCK = 1 << 16


def mnist() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Handwritten digits: 70,000 grey images of 28 x 28 pixels.

    The file (11 MB) is looked for in the cache folder, then where Keras keeps it, ``~/.keras/datasets``; else it is
    downloaded into the cache folder. That folder is ``$KERASEDU_DATA``, or ``kerasedu`` in the user's cache folder.

    Returns:
        ``(x_train, y_train), (x_test, y_test)``: x (samples, 28, 28) uint8, 0 to 255; y (samples,) uint8, the digit.
        60,000 and 10,000 samples. As in Keras the images are whole numbers: ``x.astype("float32") / 255`` to train.

    Raises:
        ConnectionError: the file is not here and cannot be downloaded. The message says where to put it by hand.
        ValueError: the file is damaged.

    Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits.
    """
    path = find() or _download(cache_folder() / "mnist.npz")
    with np.load(path, allow_pickle=False) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def cache_folder() -> Path:
    """The folder in which downloads are kept: ``$KERASEDU_DATA``, or ``kerasedu`` in the user's cache folder."""
    chosen = os.environ.get("KERASEDU_DATA")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "kerasedu"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").expanduser() / "kerasedu"


def find() -> Path | None:
    """The file on this computer: in the cache folder, or where Keras keeps it."""
    ours = cache_folder() / "mnist.npz"
    if ours.exists():
        if _digest(ours) != SHA256:
            raise ValueError(f"{ours} is not the MNIST file, or is damaged: delete it, and it is downloaded again")
        return ours
    of_keras = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets" / "mnist.npz"
    return of_keras if of_keras.exists() and _digest(of_keras) == SHA256 else None


def _digest(path: Path) -> str:
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sha.update(block)
    return sha.hexdigest()


def _download(path: Path) -> Path:
    """Fetch ``URL`` to ``path``: under another name first, so that what stands at ``path`` is always whole."""
    part = path.with_name(f"{path.name}-{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = part.open("wb")
    except OSError as error:
        raise ValueError(f"cannot write to {path.parent} ({error}). Set KERASEDU_DATA to a folder of yours.") from None
    try:
        with file:
            digest = _fetch(file)
        if digest != SHA256:
            raise ValueError(f"what {URL} sent is not the MNIST file (SHA-256 {digest[:12]}…): try again later")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _fetch(file) -> str:
    """Copy what ``URL`` sends into ``file``; returns its SHA-256."""
    from urllib.error import URLError
    from urllib.request import urlopen  # only here: 40 ms that nothing else needs

    sha, received = hashlib.sha256(), 0
    try:
        with urlopen(URL, timeout=30) as response:
            total = int(response.headers.get("Content-Length") or 0)
            while block := response.read(_BLOCK):
                file.write(block)
                sha.update(block)
                received += len(block)
                _show_progress(received, total)
            if received < total:
                raise OSError(f"the connection ended after {received} of {total} bytes")
    except (URLError, OSError) as error:
        raise ConnectionError(
            f"MNIST is not on this computer and cannot be downloaded: {getattr(error, 'reason', error)}.\n"
            f"By hand: download {URL} and save it as {cache_folder() / 'mnist.npz'}.\n"
            "Without a network, datasets.digits() has real digits too, in 8 x 8 pixels."
        ) from None
    print(f"\rMNIST: {received / 1e6:.1f} MB downloaded" + " " * 20)
    return sha.hexdigest()


def _show_progress(received: int, total: int) -> None:
    if sys.stdout is not None and sys.stdout.isatty():
        of_total = f" of {total / 1e6:.1f}" if total else ""
        print(f"\rMNIST: {received / 1e6:.1f}{of_total} MB", end="", flush=True)
