"""Processes of a submission, looked at and ended from outside."""

from contextlib import suppress

import psutil


def memory(processes: list[psutil.Process], *, exactly: bool = False) -> int:
    """Bytes that processes use together; exactly: what they share counted once, which is slow."""
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            if exactly:
                total += process.memory_full_info().pss
            else:
                total += process.memory_info().rss - process.memory_info().shared
    return total


def kill(processes: list[psutil.Process]) -> None:
    """End them at once; those that are gone already count as ended."""
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
