"""What A (B v) costs."""

from kerasedu.exercises.exercise import Exercise, Mistake


def multiplications(m, k, n):
    return m * k + k * n


def _sizes(rng):
    for _ in range(4):
        m, k, n = (int(size) for size in rng.integers(2, 40, size=3))
        yield {"m": m, "k": k, "n": n}
    yield {"m": 1, "k": 1, "n": 1}


def _left_first(m, k, n):
    return m * k * n + m * n


def _product_only(m, k, n):
    return m * k * n


def _multiplied(m, k, n):
    return m * k * k * n


def _outer_sizes(m, k, n):
    return m * n + k * n


def _factored(m, k, n):
    return k * (m + n)


def _counted(m, k, n):
    return sum(k for _ in range(m)) + sum(n for _ in range(k))


MULTIPLICATIONS = Exercise(
    id="multiplications",
    lesson="01",
    points=2,
    reference=multiplications,
    cases=_sizes,
    mistakes=(
        Mistake(_left_first, "That is the cost of (A B) v. In A (B v) no matrix product is left."),
        Mistake(_product_only, "That is the cost of A B alone, the product that A (B v) avoids."),
        Mistake(_multiplied, "The two products happen one after the other: their costs add."),
        Mistake(_outer_sizes, "A meets a vector of length k: one multiplication for each entry of A."),
    ),
    alternatives=(_factored, _counted),
    hints=(
        "Which product happens first, and what shape has its result?",
        "A matrix times a vector costs one multiplication for each entry of the matrix.",
        "B v costs k · n multiplications and gives a vector of length k.",
    ),
)
