"""What the tests of this folder share: project.py as a module to import, and course.py itself."""

import importlib.util
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


@pytest.fixture
def course():
    """course.py, imported anew."""
    spec = importlib.util.spec_from_file_location("launcher", HERE.parents[1] / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
