"""Programs of this Python environment that libraries run by name."""

import os
import sys
from pathlib import Path


def on_path() -> None:
    """Put this environment's programs first on PATH: nbgrader runs `alembic` by its bare name."""
    folder = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if path.split(os.pathsep)[0] != folder:
        os.environ["PATH"] = f"{folder}{os.pathsep}{path}"
