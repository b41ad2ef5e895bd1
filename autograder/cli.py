"""The `course` command: one function a command, each thin. What is heavy is imported inside, so
that `course --help` answers at once.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

if TYPE_CHECKING:
    from autograder.lesson import Course, Lesson

STUDENTS = "For students"
INSTRUCTORS = "For instructors, in a course folder"
MAKERS = "For makers of lessons"

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Arguments that we do not know belong to the program that the command starts."""

EXAMPLES = """[bold]Examples[/bold]
  course               open the first lesson in JupyterLab
  course lab 04        open lesson 04
  course demo          see a whole class graded, every mark explained
  course init autumn   make a course folder; it says what comes next"""

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)


class _Commands(TyperGroup):
    """Commands whose foreseen errors are one sentence, and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ValueError as error:
            from autograder.cells import LessonError
            from autograder.workspace import CourseError

            if not isinstance(error, LessonError | CourseError):
                raise
            err.print(str(error), style="red", markup=False)
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXAMPLES,
)

LessonName = Annotated[str, typer.Argument(metavar="LESSON", help="Its name or number, as in 04.")]
MaybeLesson = Annotated[
    str, typer.Argument(metavar="[LESSON]", help="Its name or number; all if left out.")
]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the figures here as JSON.")]


@app.callback(invoke_without_command=True)
def course(
    ctx: typer.Context,
    lessons: Annotated[
        Path | None,
        typer.Option("--lessons", help="A folder with a course.toml, if not this course's own."),
    ] = None,
) -> None:
    """A hands-on deep-learning course: its lessons, its grader, its checks.

    Without a command it opens the first lesson in JupyterLab.
    """
    ctx.obj = lessons
    if ctx.invoked_subcommand is None:
        _open(ctx, "", None, True)


def _course(ctx: typer.Context) -> "Course":
    from autograder.lesson import load_course

    return load_course(ctx.obj)


def _chosen(ctx: typer.Context, name: str) -> "list[Lesson]":
    """The lesson of that name, or all."""
    course = _course(ctx)
    return [course.lesson(name)] if name else course.lessons


@app.command(rich_help_panel=STUDENTS, context_settings={"allow_extra_args": True})
def lab(
    ctx: typer.Context,
    lesson: Annotated[
        str, typer.Argument(metavar="[LESSON]", help="Its name or number; the first if left out.")
    ] = "",
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Your work folder, if not work/.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open a lesson in JupyterLab; your notebooks are never overwritten.

    What follows -- goes to jupyter lab: course lab 04 -- --port 9000
    """
    _open(ctx, lesson, folder, browser)


def _open(ctx: typer.Context, lesson: str, folder: Path | None, browser: bool) -> None:
    from autograder import workspace

    extra = list(ctx.args)
    if lesson.startswith("-"):  # `course lab -- --port 9000`: no lesson was named
        lesson, extra = "", [lesson, *extra]

    work = (folder or workspace.ROOT / "work").resolve()
    notebook, said = workspace.prepare(_course(ctx), lesson, work)
    _say(*said, f"JupyterLab opens {notebook}; Ctrl-C here ends it")
    command = workspace.lab_command(work, notebook, browser=browser, extra=extra)
    raise typer.Exit(workspace.start(command, workspace.lab_environment(os.environ), work))


@app.command(rich_help_panel=MAKERS, context_settings=PASS_ON)
def test(ctx: typer.Context) -> None:
    """Run the course's own tests; arguments go to pytest.

    As in: course test -k softmax
    """
    from autograder import workspace

    raise typer.Exit(workspace.run_tests(ctx.args))


@app.command(rich_help_panel=MAKERS)
def build(
    ctx: typer.Context,
    lesson: MaybeLesson = "",
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a built file is out of date.")
    ] = False,
) -> None:
    """Build student editions and checks.json from lesson.py."""
    from autograder import build as builder

    stale = []
    for one in _chosen(ctx, lesson):
        files = builder.build(one)
        differ = builder.stale(files) if check else builder.write(files)
        stale += differ
        for path in files:
            said = "as it was" if path not in differ else "out of date" if check else "written"
            _say(f"{one.name}/{path.name}: {said}")
    if check and stale:
        _fail(f"build: {len(stale)} files are out of date; run course build and commit them")


@app.command(rich_help_panel=MAKERS)
def power(
    ctx: typer.Context,
    lesson: MaybeLesson = "",
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds each is asked with.")] = 20,
    json: JsonFile = None,
) -> None:
    """Does the grader catch every known mistake, and pass every right answer?"""
    from autograder import power as grader

    figures = [row for one in _chosen(ctx, lesson) for row in grader.power(one, seeds)]
    out.print(grader.table(figures, seeds))
    _say(*(line for row in figures for line in row.stolen))
    _write_json(json, grader.as_json(figures))
    if wrong := [line for row in figures for line in row.complaints]:
        _fail("power: the checks need mending:\n  " + "\n  ".join(wrong))


def _write_json(path: Path | None, data: object) -> None:
    from json import dumps

    if path:
        path.write_text(dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _say(f"written: {path}")


def _say(*lines: str) -> None:
    for line in lines:
        out.print(line, markup=False)


def _fail(message: str) -> NoReturn:
    from autograder.workspace import CourseError

    raise CourseError(message)
