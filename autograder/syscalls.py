"""The filter of system calls for a submission's process, made by the system's libseccomp.

Programs for science need most calls, so a few are refused rather than a few allowed: those that
open new walls (namespaces, mounts), look into other processes, or reach rarely tried parts of the
kernel. The box does not rest on this filter alone.
"""

import ctypes
import errno
import os
import socket
import tempfile
from collections.abc import Iterator
from typing import IO

REFUSED = """
    mount umount2 pivot_root chroot unshare setns fsopen fsconfig fsmount fspick open_tree
    move_mount mount_setattr ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd
    kcmp bpf perf_event_open userfaultfd keyctl add_key request_key name_to_handle_at
    open_by_handle_at init_module finit_module delete_module kexec_load kexec_file_load iopl ioperm
    modify_ldt swapon swapoff reboot clock_settime clock_adjtime settimeofday adjtimex acct quotactl
    syslog personality fanotify_init mq_open shmget msgget semget memfd_create memfd_secret
""".split()  # noqa: SIM905
UNKNOWN = ["clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"]
"""Calls that seem not to exist, so that programs take an older one, which can be looked into."""

NEW_SPACES = (
    0x00000080,
    0x00020000,
    0x02000000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
"""The flags of clone for new namespaces: time, mount, cgroup, uts, ipc, user, pid, network."""

_ALLOW, _ERRNO, _MASKED = 0x7FFF0000, 0x00050000, 7
_GREATER, _EQUAL = 6, 4


class FilterError(RuntimeError):
    """The filter cannot be made; the message says why."""


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def write_filter() -> IO[bytes]:
    """An open file with the filter as the kernel takes it, read from its start.

    Raises FilterError where libseccomp is missing.
    """
    try:
        library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    except OSError as error:
        raise FilterError("libseccomp is not installed (Debian, Ubuntu: libseccomp2)") from error
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(_ALLOW)))
    try:
        for name, gives, comparisons in _rules():
            number = library.seccomp_syscall_resolve_name(name.encode())
            array = (_Comparison * len(comparisons))(*comparisons)
            action = ctypes.c_uint32(_ERRNO | gives)
            # a call that this machine does not have needs no rule
            if number >= 0 and library.seccomp_rule_add_array(
                rules, action, number, len(comparisons), array
            ):
                raise FilterError(f"libseccomp took no rule for {name}")
        file = tempfile.TemporaryFile()  # noqa: SIM115, the caller closes it
        if library.seccomp_export_bpf(rules, file.fileno()):
            raise FilterError("libseccomp could not write the filter")
    finally:
        library.seccomp_release(rules)
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    return file


def _rules() -> Iterator[tuple[str, int, list[_Comparison]]]:
    """(call, error it gives, conditions on its arguments that must all hold)."""
    yield from ((name, errno.EPERM, []) for name in REFUSED)
    yield from ((name, errno.ENOSYS, []) for name in UNKNOWN)
    for flag in NEW_SPACES:
        yield "clone", errno.EPERM, [_Comparison(0, _MASKED, flag, flag)]
    # netlink stays: libzmq asks it for addresses, and there are none but the loopback's
    for family in {*range(socket.AF_NETLINK)} - {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6}:
        yield "socket", errno.EACCES, [_Comparison(0, _EQUAL, family, 0)]
    yield "socket", errno.EACCES, [_Comparison(0, _GREATER, socket.AF_NETLINK, 0)]
    for request in (0x5412, 0x541C):  # TIOCSTI and TIOCLINUX type into the grader's terminal
        yield "ioctl", errno.EPERM, [_Comparison(1, _EQUAL, request, 0)]
