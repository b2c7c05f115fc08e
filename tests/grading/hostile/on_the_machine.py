"""Attacks on the machine's files, network, kernel and processes.

``{root}`` is the course's folder, ``{port}`` a port on which the test listens.
"""

from case import ALL, RIGHT, attack, contained

CRASHED, GRADED = "crashed", "graded"

FILES = [
    contained(
        "reads_passwords",
        """
        open('/etc/passwd').read()
        succeeded()
        """,
    ),
    contained(
        "reads_the_gradebook",
        """
        open('{root}/gradebook.db', 'rb').read()
        succeeded()
        """,
    ),
    contained(
        "reads_solutions",
        """
        open('{root}/solutions/01_matrix_operations/01_matrix_operations.py').read()
        succeeded()
        """,
    ),
    contained(
        "reads_a_classmate",
        """
        os.listdir('{root}/submitted')
        succeeded()
        """,
    ),
    contained(
        "reads_through_proc",
        """
        os.listdir('/proc/1/root')
        succeeded()
        """,
    ),
    contained(
        "reads_the_environment",
        """
        if 'KERASEDU_SECRET' in os.environ:
            succeeded()
        """,
    ),
    contained(
        "searches_every_folder",
        """
        names = ' '.join(f for _, _, files in os.walk('/') for f in files)
        if 'gradebook' in names or 'matmul_loops' in names:
            succeeded()
        """,
    ),
    contained(
        "writes_outside",
        """
        open('{root}/escaped', 'w').write('x')
        succeeded()
        """,
    ),
    contained(
        "writes_beside_the_worker",
        """
        open('/grader/wire.py', 'a').write('x')
        succeeded()
        """,
    ),
    contained(
        "deletes_the_course",
        """
        import shutil
        shutil.rmtree('{root}')
        succeeded()
        """,
    ),
    contained(
        "locks_the_gradebook",
        """
        import sqlite3
        sqlite3.connect('file:{root}/gradebook.db?mode=rw', uri=True).execute('BEGIN EXCLUSIVE')
        succeeded()
        """,
    ),
    contained(
        "climbs_out_by_a_link",
        """
        os.symlink('{root}', '/tmp/link')
        os.listdir('/tmp/link')
        succeeded()
        """,
    ),
]

NETWORK_AND_KERNEL = [
    contained(
        "loopback",
        """
        import socket
        socket.create_connection(('127.0.0.1', {port}), timeout=1)
        succeeded()
        """,
    ),
    contained(
        "metadata_address",
        """
        import urllib.request
        urllib.request.urlopen('http://169.254.169.254/', timeout=1)
        succeeded()
        """,
    ),
    contained(
        "abstract_socket",
        r"""
        import socket
        socket.socket(socket.AF_UNIX).connect('\0/tmp/.X11-unix/X0')
        succeeded()
        """,
    ),
    contained(
        "new_namespace",
        """
        if ctypes.CDLL(None).unshare(0x10000000) == 0:
            succeeded()
        """,
    ),
    contained(
        "mounts",
        """
        if ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0:
            succeeded()
        """,
    ),
    contained(
        "makes_a_device",
        """
        os.mknod('/tmp/disk', 0o60600, os.makedev(8, 0))
        succeeded()
        """,
    ),
    contained(
        "traces",
        """
        if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0:
            succeeded()
        """,
    ),
    contained(
        "becomes_root",
        """
        os.setuid(0)
        succeeded()
        """,
    ),
]

PROCESSES = [
    contained(
        "kills_its_parent",
        """
        os.kill(os.getppid(), 9)
        os.kill(1, 9)
        """,
    ),
    contained(
        "kills_all",
        """
        os.kill(-1, 9)
        """,
    ),
    attack(
        "exits",
        CRASHED,
        """
        import sys
        sys.exit()
        """,
    ),
    attack(
        "exits_at_once",
        CRASHED,
        """
        import os
        os._exit(0)
        """,
    ),
    attack(
        "exits_when_called",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            os._exit(0)
        """,
    ),
    attack(
        "interrupts",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            raise KeyboardInterrupt
        """,
    ),
    attack(
        "crashes_the_interpreter",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            ctypes.string_at(0)
        """,
    ),
    attack(
        "closes_descriptors",
        CRASHED,
        """
        def dense_columns(x, kernel, bias):
            import os, signal, time, ctypes
            os.closerange(0, 64)
        """,
    ),
    attack(
        "leaves_threads",
        GRADED,
        """
        import threading
        for _ in range(8):
            threading.Thread(target=lambda: threading.Event().wait(), daemon=False).start()
        """,
        then=RIGHT,
        points=ALL,
    ),
    attack(
        "leaves_a_process",
        GRADED,
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(9999)
            os._exit(0)
        """,
        then=RIGHT,
        points=ALL,
    ),
    attack(
        "loops_at_exit",
        GRADED,
        """
        import atexit, time
        atexit.register(time.sleep, 9999)
        """,
        then=RIGHT,
        points=ALL,
    ),
]

CASES = [*FILES, *NETWORK_AND_KERNEL, *PROCESSES]
