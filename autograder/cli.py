"""The `course` command: one function a command, each thin. What is heavy is imported inside, so
that `course --help` answers at once.
"""

import os
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from autograder import teaching
from autograder.terminal import (
    Jobs,
    JsonFile,
    MaybeLesson,
    OrFirst,
    WithoutBox,
    err,
    fail,
    first,
    out,
    pick,
    say,
    the_course,
    write_json,
)

STUDENTS = "For students"
MAKERS = "For makers of lessons"

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
"""Arguments that we do not know belong to the program that the command starts."""

EXAMPLES = """[bold]Examples[/bold]
  course               open the first lesson in JupyterLab
  course lab 04        open lesson 04
  course demo          see a whole class graded, every mark explained
  course init autumn   make a course folder; it says what comes next"""


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


@app.command(rich_help_panel=STUDENTS, context_settings={"allow_extra_args": True})
def lab(
    ctx: typer.Context,
    lesson: OrFirst = "",
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
    notebook, said = workspace.prepare(the_course(ctx), lesson, work)
    say(*said, f"JupyterLab opens {notebook}; Ctrl-C here ends it")
    command = workspace.lab_command(work, notebook, browser=browser, extra=extra)
    raise typer.Exit(workspace.start(command, workspace.lab_environment(os.environ), work))


@app.command(rich_help_panel=STUDENTS)
def doctor() -> None:
    """Is everything here that the course needs? Says what mends what is missing."""
    from autograder import doctor as looks

    missing = 0
    for finding in looks.findings():
        say(str(finding))
        missing += finding.needed and not finding.well
    if missing:
        fail(f"doctor: {missing} of these lines need mending before the course works here")


app.registered_commands += teaching.commands.registered_commands


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
    for one in pick(the_course(ctx), lesson):
        files = builder.build(one)
        differ = builder.stale(files) if check else builder.write(files)
        stale += differ
        for path in files:
            said = "as it was" if path not in differ else "out of date" if check else "written"
            say(f"{one.name}/{path.name}: {said}")
    if check and stale:
        fail(f"build: {len(stale)} files are out of date; run course build and commit them")


@app.command(rich_help_panel=MAKERS)
def demo(
    ctx: typer.Context,
    lesson: OrFirst = "",
    json: JsonFile = None,
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open the report.")] = True,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="The course folder to make; else a new one.")
    ] = None,
    jobs: Jobs = None,
    without_box: WithoutBox = False,
) -> None:
    """Play a whole class, right, wrong and broken, and see every mark explained."""
    from autograder import demo as player

    course = the_course(ctx)
    chosen = first(course, lesson)
    found, page = player.play(course, chosen, out, folder, jobs, boxed=not without_box)
    out.print(player.table(found))
    write_json(json, {"submissions": [outcome.to_json() for outcome in found]})
    say(f"every mark explained: {page}")
    if show:
        webbrowser.open(page.as_uri())
    if faults := player.faults(found):
        fail("demo: not everything came out as it should:\n  " + "\n  ".join(faults))


@app.command(rich_help_panel=MAKERS)
def power(
    ctx: typer.Context,
    lesson: MaybeLesson = "",
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds each is asked with.")] = 20,
    json: JsonFile = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put the figures into lessons/POWER.md.")
    ] = False,
) -> None:
    """Does the grader catch every known mistake, and pass every right answer?"""
    from autograder import power as grader
    from autograder import power_table

    if write and seeds != power_table.SEEDS:
        fail(f"power: the table is measured with {power_table.SEEDS} seeds; leave out --seeds")
    course = the_course(ctx)
    chosen = pick(course, lesson)
    figures = []
    for one, rows in zip(chosen, grader.powers(chosen, seeds), strict=True):
        out.print(grader.table(f"{one.name}: grader power with {seeds} seeds", rows))
        say(*(line for row in rows for line in row.stolen))
        figures += rows
    if write:
        say(f"written: {power_table.write(course, figures)}")
    write_json(json, grader.as_json(figures))
    if wrong := [line for row in figures for line in row.complaints]:
        fail("power: the checks need mending:\n  " + "\n  ".join(wrong))
