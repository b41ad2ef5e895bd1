"""What one submission may use; course.toml sets it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    memory_mib: for one process, and for all together. file_mib: one file. disk_mib: all files in
    the box's /tmp. output_bytes: what one cell may print. box: whether it runs behind the walls of
    box.py, or else may do what the grader may.
    """

    cell_seconds: float = 30.0
    probe_seconds: float = 10.0
    notebook_seconds: float = 240.0
    memory_mib: int = 2048
    file_mib: int = 64
    disk_mib: int = 256
    output_bytes: int = 200_000
    box: bool = True
    processes: int = 64

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Limits":
        """Limits from a course's settings. Raises ValueError on a word that is not a limit."""
        known = [field.name for field in fields(cls)]
        if unknown := told.keys() - set(known):
            raise ValueError(
                f"limits: {', '.join(known)} can be set, got {', '.join(sorted(unknown))}"
            )
        return cls(**told)
