"""The commands for instructors, each thin: what they do is in classroom.py."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.terminal import (
    Jobs,
    JsonFile,
    LessonName,
    MaybeLesson,
    WithoutBox,
    fail,
    out,
    pick,
    say,
    the_course,
)

if TYPE_CHECKING:
    from autograder.lesson import Course, Lesson

PANEL = "For instructors, in a course folder"

commands = typer.Typer()

CourseFolder = Annotated[
    Path, typer.Option("--course", help="The course folder, if not the current one.")
]
HERE = Path()


@commands.command(rich_help_panel=PANEL)
def init(
    ctx: typer.Context, folder: Annotated[Path, typer.Argument(help="The folder to make.")]
) -> None:
    """Make a course folder: nbgrader's settings, and where the lessons lie."""
    from autograder import classroom

    say(*classroom.init(folder, the_course(ctx)), _next(folder, "release LESSON"))


@commands.command(rich_help_panel=PANEL)
def release(ctx: typer.Context, lesson: LessonName, folder: CourseFolder = HERE) -> None:
    """Make a lesson's student edition, and hand it out if there is an exchange."""
    from autograder import classroom

    chosen = _class(ctx, folder).lesson(lesson)
    said = classroom.release(folder, chosen)
    step = "collect" if classroom.has_exchange(folder) else "grade"
    say(*said, _next(folder, f"{step} {chosen.name}"))


@commands.command(rich_help_panel=PANEL)
def collect(ctx: typer.Context, lesson: MaybeLesson = "", folder: CourseFolder = HERE) -> None:
    """Fetch what students submitted through the exchange."""
    from autograder import classroom

    for one in pick(_class(ctx, folder), lesson):
        there = classroom.collect(folder, one)
        say(f"{one.name}: {len(there)} students have handed in", _next(folder, "grade"))


@commands.command(rich_help_panel=PANEL)
def grade(
    ctx: typer.Context,
    lesson: MaybeLesson = "",
    folder: CourseFolder = HERE,
    student: Annotated[
        list[str] | None, typer.Option(help="Only this one; may be repeated.")
    ] = None,
    jobs: Jobs = None,
    since: Annotated[
        datetime | None, typer.Option(help="Only what was handed in at this time or later.")
    ] = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Run again also what is graded already.")
    ] = False,
    without_box: WithoutBox = False,
) -> None:
    """Grade what was handed in. Stopped or repeated, it goes on where it was."""
    from autograder import classroom

    def act(one: "Lesson") -> list[str]:
        with classroom.progress(out, f"grading {one.name}") as step:
            rows = classroom.grade_lesson(
                *(folder, one, student or (), jobs, step),
                since=since,
                regrade=regrade,
                boxed=not without_box,
            )
        return classroom.told(folder, one, rows)

    lessons = pick(_class(ctx, folder), lesson)
    classroom.look_for(folder, student or ())
    try:
        _each(lessons, act)
    except KeyboardInterrupt:
        fail("grade: stopped; what is graded is kept, and the same command goes on from there")
    say(_next(folder, "report"))


@commands.command(rich_help_panel=PANEL)
def feedback(ctx: typer.Context, lesson: MaybeLesson = "", folder: CourseFolder = HERE) -> None:
    """Make each student's feedback page, and give it back if there is an exchange."""
    from autograder import classroom

    _each(pick(_class(ctx, folder), lesson), lambda one: classroom.feedback(folder, one))


@commands.command(rich_help_panel=PANEL)
def report(
    ctx: typer.Context,
    folder: CourseFolder = HERE,
    table: Annotated[Path | None, typer.Option("--csv", help="Where to write the table.")] = None,
    json: JsonFile = None,
) -> None:
    """Write the class report: every mark explained, and what the class gets wrong."""
    from autograder import classroom

    course = _class(ctx, folder)
    shown = classroom.entries(folder, course)
    paths = classroom.write_report(folder, shown, f"{course.title}: marks", table, json)
    say(*(f"written: {path}" for path in paths), _next(folder, "feedback"))


def _each(lessons: Sequence["Lesson"], act: Callable[["Lesson"], list[str]]) -> None:
    """Do something with every lesson and say what came; one that is not ready is left, and why.

    Raises CourseError when none was ready.
    """
    from autograder.cells import LessonError
    from autograder.workspace import CourseError

    left = []
    for one in lessons:
        try:
            say(*act(one))
        except (CourseError, LessonError) as error:
            left.append(f"left: {error}" if len(lessons) > 1 else str(error))
    if len(left) == len(lessons):
        fail("\n".join(left))
    say(*left)


def _class(ctx: typer.Context, folder: Path) -> "Course":
    """The course that a course folder teaches."""
    from autograder import classroom

    return classroom.course_of(folder, ctx.obj)


def _next(folder: Path, step: str) -> str:
    where = "" if folder == HERE else f" --course {folder}"
    return f"next: course {step}{where}"
