"""Our stages as steps of nbgrader's own autograding, so that its command and the formgrader's
button take in, execute and judge as `course grade` does. Assignments that are not lessons of ours
pass through to nbgrader's own steps. nbgrader_config.py puts these in place.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Unicode

from autograder import belongings, intake
from autograder.assess import STAMP, Task, assess
from autograder.cells import LessonError
from autograder.grade import Exam, exam, store, stored, task
from autograder.lesson import Lesson, load_course

Converted = tuple[NotebookNode, dict[str, Any]]

_alone = ThreadPoolExecutor(1)
"""One thread for all submissions: the box ends with the thread that has built it."""

BROKEN = "broken"
"""In the metadata of what stands for a file that could not be read: why."""


class TolerantExporter(NotebookExporter):
    """Reads any file as a notebook: an empty one, with the reason, where it cannot be read.

    nbgrader would give up on the student, and on a pipe wait forever.
    """

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **rest: Any
    ) -> Converted:
        """Convert a notebook file. Never raises for what the file holds."""
        path = Path(filename)
        if path.is_file():
            return super().from_filename(filename, resources, **rest)
        resources = resources or ResourcesDict()
        resources["metadata"] = ResourcesDict(name=path.stem, path=str(path.parent))
        return self._stand_in("it is no regular file", resources)

    def from_file(
        self, file_stream: Any, resources: dict[str, Any] | None = None, **rest: Any
    ) -> Converted:
        """Convert an open notebook file. Never raises for what the file holds."""
        try:
            notebook = nbformat.read(file_stream, as_version=4)
        except Exception as error:  # whatever a file may do, the class is graded
            return self._stand_in(f"{type(error).__name__} {str(error)[:200]}", resources)
        return self.from_notebook_node(notebook, resources, **rest)

    def _stand_in(self, why: str, resources: dict[str, Any] | None) -> Converted:
        notebook = nbformat.v4.new_notebook(metadata={BROKEN: why})
        return self.from_notebook_node(notebook, resources)


class LessonStep(NbGraderPreprocessor):
    """Knows the course's lessons."""

    lessons = Unicode("", help="The folder with the course.toml of our lessons").tag(config=True)

    def lesson(self, resources: dict[str, Any]) -> Lesson | None:
        """The lesson that is being graded, or None for another assignment."""
        try:
            course = load_course(Path(self.lessons) if self.lessons else None)
            return course.lesson(resources["nbgrader"]["assignment"])
        except LessonError:
            return None


@lru_cache(maxsize=4)
def _exam(folder: Path, name: str, digest: str) -> Exam:
    """A lesson's exam, made once as long as the lesson stays as it is."""
    return exam(load_course(folder).lesson(name))


def _task(lesson: Lesson, student: str, taken: intake.Submission) -> Task:
    return task(_exam(lesson.folder.parent, lesson.name, lesson.digest), student, taken)


class Intake(LessonStep):
    """First of the sanitizing steps: the notebook, mended, and a note of what was handed in."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Converted:
        """Replace the notebook by intake's. Raises ValueError on a broken one that is not ours."""
        lesson = self.lesson(resources)
        if lesson is None or lesson.name != resources["nbgrader"]["notebook"]:
            if BROKEN in nb.metadata:
                raise ValueError(f"the notebook cannot be read: {nb.metadata[BROKEN]}")
            return nb, resources
        student, folder = resources["nbgrader"]["student"], Path(resources["metadata"]["path"])
        _remove_copies_of_links(folder, Path.cwd() / "autograded" / student / lesson.name)
        taken = intake.take(folder, lesson)
        handed = _task(lesson, student, taken)
        nb = nbformat.reads(handed.job.notebook, as_version=4)
        nb.metadata[STAMP] = {
            "key": handed.key,
            "repairs": list(handed.repairs),
            "unreadable": handed.unreadable,
            "received": handed.received,
            "digest": taken.digest,
        }
        return nb, resources


def _remove_copies_of_links(folder: Path, autograded: Path) -> None:
    """nbgrader has copied what links in a submission point to: perhaps the gradebook itself."""
    for link in (path for path in folder.rglob("*") if path.is_symlink()):
        (autograded / link.relative_to(folder)).unlink(missing_ok=True)


class Assess(LessonStep, Execute):
    """In place of nbgrader's Execute: run in our kernel and judge outside it."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any], **rest: Any) -> Converted:
        """The notebook with the outputs of the student's cells and a verdict in each check."""
        lesson = self.lesson(resources)
        stamp = nb.metadata.pop(STAMP, None)
        if lesson is None or stamp is None:
            return Execute.preprocess(self, nb, resources, **rest)
        folder, student = Path.cwd(), resources["nbgrader"]["student"]
        result = stored(folder, lesson.name, student)
        if result is None or result.key != stamp["key"]:
            files, _ = belongings.files(Path(resources["metadata"]["path"]))
            kept = ("repairs", "unreadable", "received", "digest")
            taken = intake.Submission(nb, files=files, **{name: stamp[name] for name in kept})
            handed = _task(lesson, student, taken)
            # a thread of its own, since the formgrader calls this from a running event loop
            result = _alone.submit(assess, handed).result()
            store(folder, result)
        return nbformat.reads(result.notebook, as_version=4), resources


def before(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before a submission: mend what would stop nbgrader itself.

    notebooks: the paths it found, all in one folder. A broken time stamp is replaced (and kept
    under another name); a renamed notebook gets a copy with its proper name.
    """
    folder = Path(notebooks[0]).parent
    stamp = folder / belongings.TIMESTAMP
    when, note = intake.received(stamp, Path(notebooks[0]))
    if note and when:
        stamp.rename(folder / f"{belongings.TIMESTAMP}.broken")
        stamp.write_text(when, encoding="utf-8")
    wanted = folder / f"{assignment}.ipynb"
    if len(notebooks) == 1 and Path(notebooks[0]) != wanted and wanted.stem in notebooks[0]:
        shutil.copy(notebooks[0], wanted)
        notebooks[:] = [str(wanted)]
