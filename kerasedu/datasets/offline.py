"""Real data that comes with scikit-learn, so that no lesson needs the network."""

from __future__ import annotations

import numpy as np

Split = tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def digits(test_size: float = 0.2, seed: int = 0) -> Split:
    """Handwritten digits: 1,797 grey images of 8 x 8 pixels, of 43 writers.

    The split is stratified: each digit has the same share in training and test.

    Arguments:
        test_size: share of the test samples.
        seed: of the split; the same seed gives the same split.

    Returns:
        ``(x_train, y_train), (x_test, y_test)``: x (samples, 8, 8) float32, 0 (white) to 1 (black); y (samples,)
        int64, the digit. 1,438 and 359 samples by default. A convolution wants a channel axis: ``x[..., None]``.

    Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI 1998, doi 10.24432/C50P49.
    """
    from sklearn.datasets import load_digits

    data = load_digits()
    x, y = data.images.astype("float32") / 16, data.target.astype("int64")
    return _split(x, y, test_size, seed, strata=y)


def breast_cancer(test_size: float = 0.2, seed: int = 0) -> Split:
    """Tumours, benign or malignant, from 30 measurements of cell nuclei: 569 women.

    Each measurement is given raw, in its own unit (lengths in pixels of the microscope's image, areas in their
    squares, the rest without unit): scale with the mean and deviation of the training samples. The split is
    stratified.

    Arguments: as for ``digits``.

    Returns:
        ``(x_train, y_train), (x_test, y_test)``: x (samples, 30) float32; y (samples,) int64, 0 malignant, 1 benign.
        456 and 113 samples by default.

    Source: W. Wolberg, O. Mangasarian, N. Street, W. Street, Breast Cancer Wisconsin (Diagnostic), UCI 1995,
    doi 10.24432/C5DW2B.
    """
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    x, y = data.data.astype("float32"), data.target.astype("int64")
    return _split(x, y, test_size, seed, strata=y)


def diabetes(test_size: float = 0.2, seed: int = 0) -> Split:
    """How far diabetes has advanced after a year, from 10 measurements: 442 patients.

    Arguments: as for ``digits``.

    Returns:
        ``(x_train, y_train), (x_test, y_test)``: x (samples, 10) float32: age in years, sex (1 or 2), body mass index
        in kg/m², mean blood pressure in mm Hg, six blood serum values, all raw: scale with the mean and deviation of
        the training samples; y (samples,) float32, a score from 25 to 346. 354 and 88 samples by default.

    Source: B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, Least Angle Regression, Annals of Statistics 32 (2004).
    """
    from sklearn.datasets import load_diabetes

    data = load_diabetes(scaled=False)
    x, y = data.data.astype("float32"), data.target.astype("float32")
    return _split(x, y, test_size, seed, strata=np.zeros(len(y)))


def _split(x: np.ndarray, y: np.ndarray, test_size: float, seed: int, strata: np.ndarray) -> Split:
    """Put the share ``test_size`` of each stratum into the test set, by lot; both sets keep the order of the data."""
    if not 0 < test_size < 1:
        raise ValueError(f"test_size is a share between 0 and 1, got {test_size!r}")
    lot = np.random.RandomState(seed)  # its numbers are the same in every version of NumPy
    is_test = np.zeros(len(x), dtype=bool)
    for stratum in np.unique(strata):
        rows = lot.permutation(np.flatnonzero(strata == stratum))
        is_test[rows[: round(test_size * len(rows))]] = True
    return (x[~is_test], y[~is_test]), (x[is_test], y[is_test])
