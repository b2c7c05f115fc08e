"""The system calls that a learner's code has no use for, as a filter that the kernel applies to the sandbox.

Namespaces and capabilities already stand between the code and the machine. The filter makes the kernel's surface
smaller, and closes ways to hold memory that belongs to no process.
"""

from __future__ import annotations

import errno
import os
from functools import cache

FORBIDDEN = """
    unshare setns clone3 mount umount2 pivot_root chroot open_tree move_mount fsopen fsmount fsconfig mount_setattr
    ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp perf_event_open bpf userfaultfd
    io_uring_setup io_uring_enter io_uring_register keyctl add_key request_key
    memfd_create memfd_secret shmget shmat msgget semget mq_open
    socket socketpair
    mknod mknodat open_by_handle_at name_to_handle_at fanotify_init quotactl swapon swapoff acct reboot
    init_module finit_module delete_module kexec_load kexec_file_load personality settimeofday clock_settime
    sethostname setdomainname syslog mbind migrate_pages move_pages vmsplice
"""
NEW_NAMESPACES = 0x7E020080  # CLONE_NEWUSER, NEWPID, NEWNET, NEWIPC, NEWUTS, NEWNS, NEWCGROUP, NEWTIME
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # write to the terminal as if typed


@cache
def program() -> bytes | None:
    """The filter in the kernel's form; None where libseccomp or its Python binding is not installed."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError):
        return None
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in FORBIDDEN.split():
        # Libraries fall back to the older `clone` when `clone3` is unknown; the filter can look into that one.
        action = pyseccomp.ERRNO(errno.ENOSYS if name == "clone3" else errno.EPERM)
        try:
            rules.add_rule(action, name)
        except (OSError, ValueError):  # unknown to this kernel's architecture or this libseccomp
            continue
    deny = pyseccomp.ERRNO(errno.EPERM)
    for bit in (1 << n for n in range(32) if NEW_NAMESPACES >> n & 1):
        rules.add_rule(deny, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, bit, bit))
    for request in (TIOCSTI, TIOCLINUX):
        rules.add_rule(deny, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request))
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as source, os.fdopen(writer, "wb") as target:
        rules.export_bpf(target)
        target.close()
        return source.read()
