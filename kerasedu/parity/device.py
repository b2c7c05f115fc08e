"""Where Keras computes: the GPU if TensorFlow has one, else the CPU, and every report says which."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from kerasedu.parity import oracle

DEVICES = ("auto", "cpu", "gpu")
NO_GPU = (
    "TensorFlow sees no GPU here, so nothing was compared. Is there an NVIDIA card, and does `nvidia-smi` show it? "
    "Then install TensorFlow with CUDA: make env DEVICE=gpu. Or compare on the processor: --device cpu"
)
_wanted = "auto"


def choose(wanted: str) -> None:
    """Compare on ``"cpu"``, on ``"gpu"``, or on ``"auto"``: a GPU if there is one.

    Raises:
        ValueError: a GPU is wanted and there is none.
    """
    global _wanted
    if wanted not in DEVICES:
        raise ValueError(f"device is one of {', '.join(DEVICES)}, got {wanted!r}")
    _wanted = wanted
    settle.cache_clear()
    describe.cache_clear()
    if wanted == "gpu" and settle() == "/CPU:0":
        choose("auto")
        raise ValueError(NO_GPU)


@cache
def settle() -> str:
    """Prepare TensorFlow for comparisons, once, and return the device they run on: ``"/GPU:0"`` or ``"/CPU:0"``.

    On a GPU, float32 products must not be rounded to TensorFloat-32 (10 bits instead of 23, errors near 1e-3), sums
    must be added in the same order every time, and memory is taken as needed, not all at once.
    """
    _, tf = oracle.load()
    if _wanted == "cpu":
        return "/CPU:0"
    tf.config.experimental.enable_tensor_float_32_execution(False)
    with oracle.silence():
        gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "/CPU:0"
    try:
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
    except RuntimeError:
        pass  # TensorFlow has computed before: its memory is what it is, and the numbers are the same
    tf.random.set_seed(0)
    tf.config.experimental.enable_op_determinism()
    return "/GPU:0"


@cache
def describe() -> str:
    """The device in words: ``"CPU"``, or ``"GPU"`` with the name of the card."""
    name = settle()
    if "GPU" not in name:
        return "CPU"
    _, tf = oracle.load()
    details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[0])
    return f"GPU ({details.get('device_name', 'unknown card')})"


def require(placements: Iterable[str]) -> None:
    """Make sure that the results lie where they were to be computed: TensorFlow falls back to the CPU in silence.

    Raises:
        RuntimeError: one of them was computed elsewhere.
    """
    wanted = settle()[1:4]
    for placement in placements:
        if f"device:{wanted}" not in placement:
            raise RuntimeError(f"this was to be computed on the {wanted}, but TensorFlow placed it on {placement}")
