"""What the commands share: their option types, how they speak, and which course they mean.

What is heavy is imported inside, so that `course --help` answers at once.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from autograder.lesson import Course, Lesson

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)

LessonName = Annotated[str, typer.Argument(metavar="LESSON", help="Its name or number, as in 04.")]
MaybeLesson = Annotated[
    str, typer.Argument(metavar="LESSON", help="Its name or number; all if left out.")
]
OrFirst = Annotated[
    str, typer.Argument(metavar="LESSON", help="Its name or number; the first if left out.")
]
Jobs = Annotated[
    int | None, typer.Option(min=1, help="How many to grade at once; one a core if left out.")
]
WithoutBox = Annotated[
    bool, typer.Option("--without-box", help="Run submissions as you. They can do all you can.")
]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the figures here as JSON.")]


def say(*lines: str) -> None:
    """Print lines as they are."""
    for line in lines:
        out.print(line, markup=False)


def fail(message: str) -> NoReturn:
    """End the command with one sentence and exit code 1."""
    from autograder.workspace import CourseError

    raise CourseError(message)


def write_json(path: Path | None, data: object) -> None:
    """Write data where the option --json said, if it was given."""
    from json import dumps

    if path:
        path.write_text(dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        say(f"written: {path}")


def the_course(ctx: typer.Context) -> "Course":
    """This checkout's course, or that of the option --lessons."""
    from autograder.lesson import load_course

    return load_course(ctx.obj)


def pick(course: "Course", name: str) -> "list[Lesson]":
    """The lesson of that name, or all."""
    return [course.lesson(name)] if name else course.lessons


def first(course: "Course", name: str) -> "Lesson":
    """The lesson of that name, or the first."""
    return course.lesson(name) if name else course.lessons[0]
