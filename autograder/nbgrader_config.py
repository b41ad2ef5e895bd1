"""nbgrader's settings for a course of ours. A course folder's own nbgrader_config.py is two lines:

from autograder.nbgrader_config import configure
configure(get_config(), "the folder that holds course.toml")
"""

import warnings
from pathlib import Path

from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.build import configure_release
from autograder.clean import clean_html, clean_prose
from autograder.nbgrader_steps import Assess, Intake, TolerantExporter, before


def configure(config: Config, lessons: Path | str = "") -> None:
    """Make nbgrader release, grade and give feedback as `course` does.

    lessons: the folder with course.toml, by default this checkout's.
    """
    configure_release(config)
    config.LessonStep.lessons = str(lessons)
    config.Autograde.exporter_class = TolerantExporter
    config.Autograde.pre_convert_hook = before
    config.Autograde.sanitize_preprocessors = [
        Intake,
        ClearOutput,
        DeduplicateIds,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    config.Autograde.autograde_preprocessors = [
        Assess,
        IgnorePattern,
        LimitOutput,
        SaveAutoGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    # students' HTML is shown to graders, and must not act in their browser
    config.HTMLExporter.sanitize_html = True
    cleaned = {"clean_html": clean_html, "strip_files_prefix": clean_prose}
    config.HTMLExporter.filters = cleaned
    # a widget's still picture shows in feedback only if its live state is not stored
    config.ExecutePreprocessor.store_widget_state = False
    # what SQLAlchemy says of nbgrader's half-made objects helps nobody
    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")


def write(folder: Path, lessons: Path) -> Path:
    """Write a course folder's nbgrader_config.py, if it has none; gives its path."""
    path = folder / "nbgrader_config.py"
    if not path.exists():
        lines = (
            "from autograder.nbgrader_config import configure",
            f"configure(get_config(), {str(lessons)!r})",
        )
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
