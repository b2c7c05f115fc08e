"""How much memory this process has, in megabytes of 2**20 bytes."""

from __future__ import annotations

import os
import sys


def peak_megabytes() -> float:
    """The most that was resident so far.

    Linux's own answer to getrusage counts what the parent had before the child began; /proc does not.
    """
    if sys.platform == "linux":
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 2**10
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def resident_megabytes() -> float:
    """What is resident now; where the system does not say it simply, the peak."""
    if sys.platform == "linux":
        with open("/proc/self/statm") as sizes:
            return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return peak_megabytes()
