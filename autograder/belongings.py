"""What lies beside a notebook: a submission's other files, and the lesson's own.

Links, pipes and devices are not opened, and a file that cannot be read is left out with a note.
"""

import os
from collections.abc import Iterator
from pathlib import Path

MOST_FILES, MOST_FILE_BYTES = 200, 16 * 2**20
"""Other files that a submission may bring: how many, and their bytes in all."""

TIMESTAMP = "timestamp.txt"


def files(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """A submission's regular files by relative path, without notebooks; and what was left out."""
    taken: dict[str, bytes] = {}
    notes: list[str] = []
    room = MOST_FILE_BYTES
    for path in _walk(folder, notes):
        name = path.relative_to(folder).as_posix()
        try:
            if path.is_symlink() or not path.is_file():
                why = "it is a link or no regular file"
            elif path.stat().st_size > room or len(taken) == MOST_FILES:
                why = "too much was handed in"
            else:
                taken[name] = path.read_bytes()
                room -= len(taken[name])
                continue
        except OSError as error:
            why = f"it cannot be read ({error.strerror})"
        notes.append(f"the file {printable(name)} was left out: {why}")
    return taken, notes


def printable(name: str) -> str:
    """A file's name as text that can be stored: with ? for bytes that are no UTF-8."""
    return name.encode(errors="replace").decode()


def _walk(folder: Path, notes: list[str]) -> Iterator[Path]:
    """All that could be a submission's file, sorted; folders that are links are not entered.

    notes: takes a sentence for each folder that cannot be read.
    """

    def refused(error: OSError) -> None:
        name = printable(os.path.relpath(error.filename, folder))
        notes.append(f"the folder {name} was left out: it cannot be read ({error.strerror})")

    for where, folders, names in os.walk(folder, onerror=refused):
        linked = [name for name in folders if os.path.islink(os.path.join(where, name))]
        folders[:] = sorted(n for n in folders if n not in linked and n[0] not in "._")
        folders[:] = filter(_is_for_the_work_folder, folders)
        yield from (Path(where, n) for n in sorted([*names, *linked]) if _is_for_the_work_folder(n))


def _is_for_the_work_folder(name: str) -> bool:
    """Not the notebook or the time stamp, nor a folder that would stand in their place."""
    return not name.endswith((".ipynb", ".pyc")) and name != TIMESTAMP
