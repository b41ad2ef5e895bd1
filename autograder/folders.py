"""Private folders among the system's temporary ones, and the end of those whose owner was killed.

An owner holds a lock on its folder; the system lets go of it when the process ends, however it
does. So a folder without a lock is nobody's.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCKED = "grade-run-"


def make() -> tuple[Path, int]:
    """A new private folder and its lock, an open file, to be given to `remove`."""
    draft = Path(tempfile.mkdtemp(prefix="grade-new-"))
    lock = os.open(draft, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # only now by the name that sweep() looks for
    return draft.rename(draft.with_name(draft.name.replace("grade-new-", LOCKED, 1))), lock


def remove(folder: Path, lock: int) -> None:
    """Remove a private folder, and let go of its lock."""
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)


@contextmanager
def private() -> Iterator[Path]:
    """A private folder, gone afterwards."""
    folder, lock = make()
    try:
        yield folder
    finally:
        remove(folder, lock)


def sweep() -> None:
    """Remove what killed processes of this user have left; what has a living owner stays."""
    for left in Path(tempfile.gettempdir()).glob(f"{LOCKED}*"):
        with suppress(OSError):
            if left.is_symlink() or left.stat().st_uid != os.geteuid():
                continue
            lock = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
            else:
                remove(left, lock)
