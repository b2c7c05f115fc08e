"""Where Keras computes: the GPU if its backend has one, else the CPU, and every report says which."""

from __future__ import annotations

import numpy as np

from kerasedu import ops
from kerasedu.parity import oracle
from kerasedu.parity.backends import TITLES

NO_GPU = (
    "{title} sees no GPU here, so nothing was compared. Is there an NVIDIA card, and does `nvidia-smi` show it? "
    "Then install TensorFlow with CUDA: make env DEVICE=gpu; or compare with Keras on JAX or PyTorch if one of them "
    "can use the card: --backend jax. Or compare on the processor: --device cpu"
)

ROUNDED = (
    "{title} rounds the products of float32 numbers on this GPU to TensorFloat-32: they are off by {error:.0e} instead "
    "of less than 1e-4, and hide errors of that size. Something turned it on after parity had turned it off. Restart, "
    "and leave it off."
)


def choose(wanted: str, backend: str | None = None) -> None:
    """Compare on ``"cpu"``, on ``"gpu"``, or on ``"auto"``: a GPU if there is one.

    Arguments:
        backend: what Keras computes with; see ``oracle.choose``.

    Raises:
        ValueError: a GPU is wanted and there is none, or there is no such device or backend.
    """
    oracle.choose(wanted, backend)
    if wanted == "gpu" and settle() == "CPU":
        oracle.choose("auto", backend)
        raise ValueError(NO_GPU.format(title=_title()))


def settle() -> str:
    """``"GPU"`` or ``"CPU"``: where comparisons run."""
    oracle.load()
    return "GPU" if oracle.wanted_device() != "cpu" and _card() else "CPU"


def describe() -> str:
    """The device in words: ``"CPU"``, or ``"GPU"`` with the name of the card; and the backend, unless TensorFlow."""
    device = "CPU" if settle() == "CPU" else f"GPU ({_card()})"
    return device if _title() == "TensorFlow" else f"{device}, Keras on {_title()}"


def require_full_precision() -> None:
    """Make sure that a GPU does not round products, by one of matrices and one convolution with known results.

    Rounded ones would pass: the tolerance allows for what rounding does, as Keras itself shows it.

    Raises:
        RuntimeError: it does.
    """
    if settle() == "CPU":
        return
    keras, _ = oracle.load()
    x, w = np.random.default_rng(0).standard_normal((2, 256, 256), dtype=np.float32)
    images, kernel = x.reshape(4, 16, 16, 64), w.reshape(2, 2, 64, 256)
    with oracle.library().place("GPU"):
        tensors = [keras.ops.convert_to_tensor(a) for a in (x, w, images, kernel)]
        products = [keras.ops.matmul(*tensors[:2]), keras.ops.conv(*tensors[2:])]
    exact = x.astype(float) @ w.astype(float), ops.conv(images.astype(float), kernel.astype(float))
    error = max(float(np.abs(oracle.as_numpy(got) - right).max()) for got, right in zip(products, exact))
    if error > 1e-3:
        raise RuntimeError(ROUNDED.format(title=_title(), error=error))


def _card() -> str | None:
    with oracle.silence():
        return oracle.library().gpu()


def _title() -> str:
    keras, _ = oracle.load()
    return TITLES[keras.config.backend()]
