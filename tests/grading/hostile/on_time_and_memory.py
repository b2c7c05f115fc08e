"""Attacks on the machine's time, memory and disk."""

from case import ALL, RIGHT, attack

CRASHED, TIMED_OUT, GRADED = "crashed", "timed out", "graded"

TIME = [
    attack(
        "endless_loop",
        TIMED_OUT,
        """
        while True:
            pass
        """,
    ),
    attack(
        "endless_loop_in_function",
        TIMED_OUT,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            while True:
                pass
        """,
    ),
    attack(
        "catches_everything",
        TIMED_OUT,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            while True:
                try:
                    time.sleep(9)
                except BaseException:
                    pass
        """,
    ),
    attack(
        "stops_itself",
        TIMED_OUT,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            os.kill(os.getpid(), signal.SIGSTOP)
            time.sleep(99)
        """,
    ),
    attack(
        "ignores_signals",
        TIMED_OUT,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            for n in range(1, 32):
                try:
                    signal.signal(n, signal.SIG_IGN)
                except OSError:
                    pass
            time.sleep(99)
        """,
    ),
]

MEMORY_AND_DISK = [
    attack(
        "allocates_at_once",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            return bytearray(8 << 30)
        """,
    ),
    attack(
        "allocates_slowly",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            hoard = []
            while True:
                hoard.append(bytearray(16 << 20))
        """,
    ),
    attack(
        "many_processes_allocate",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            for _ in range(20):
                if os.fork() == 0:
                    hoard = bytearray(os.urandom(1 << 20) * 90)
                    time.sleep(99)
            time.sleep(99)
        """,
    ),
    attack(
        "fork_bomb",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            while True:
                os.fork()
        """,
    ),
    attack(
        "deep_recursion",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            def deeper(n):
                return deeper(n + 1)
            return deeper(0)
        """,
    ),
    attack(
        "recursion_without_limit",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            import sys
            sys.setrecursionlimit(10**9)
            x = []
            for _ in range(10**6):
                x = [x]
            return repr(x)
        """,
    ),
    attack(
        "prints_without_end",
        GRADED,
        """
        for _ in range(500):
            print('x' * 1_000_000)
        """,
        then=RIGHT,
        points=ALL,
    ),
    attack(
        "writes_to_descriptors",
        GRADED,
        """
        import os
        for _ in range(500):
            os.write(1, b'x' * 1_000_000)
            os.write(2, b'x')
        """,
        then=RIGHT,
        points=ALL,
    ),
    attack(
        "fills_the_disk",
        CRASHED,
        """
        for n in range(1000):
            open(f'/tmp/{n}', 'wb').write(bytes(1 << 23))
        """,
        then=RIGHT,
    ),
    attack(
        "one_large_file",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            with open('/tmp/large', 'wb') as file:
                for _ in range(100):
                    file.write(bytes(1 << 20))
                    file.flush()
        """,
    ),
    attack(
        "opens_many_files",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            return [open('/dev/null') for _ in range(100_000)]
        """,
    ),
    attack(
        "huge_result",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            import numpy
            return numpy.zeros((40_000_000,), 'float32')
        """,
    ),
]

CASES = [*TIME, *MEMORY_AND_DISK]
