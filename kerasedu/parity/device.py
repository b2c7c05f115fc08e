"""Where Keras computes: the GPU if its backend has one, else the CPU, and every report says which."""

from __future__ import annotations

from kerasedu.parity import oracle
from kerasedu.parity.backends import TITLES

NO_GPU = (
    "{title} sees no GPU here, so nothing was compared. Is there an NVIDIA card, and does `nvidia-smi` show it? "
    "Then install TensorFlow with CUDA: make env DEVICE=gpu; or compare with Keras on JAX or PyTorch if one of them "
    "can use the card: --backend jax. Or compare on the processor: --device cpu"
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


def _card() -> str | None:
    with oracle.silence():
        return oracle.library().gpu()


def _title() -> str:
    keras, _ = oracle.load()
    return TITLES[keras.config.backend()]
