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
OrFirst = Annotated[
    str, typer.Argument(metavar="[LESSON]", help="Its name or number; the first if left out.")
]
CourseFolder = Annotated[
    Path, typer.Option("--course", help="The course folder, if not the current one.")
]
HERE = Path()
Jobs = Annotated[
    int | None, typer.Option(min=1, help="How many to grade at once; one a core if left out.")
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


def _pick(course: "Course", name: str) -> "list[Lesson]":
    """The lesson of that name, or all."""
    return [course.lesson(name)] if name else course.lessons


def _class(ctx: typer.Context, folder: Path) -> "Course":
    """The course that a course folder teaches."""
    from autograder import classroom

    return classroom.course_of(folder, ctx.obj)


def _next(folder: Path, step: str) -> str:
    where = "" if folder == HERE else f" --course {folder}"
    return f"next: course {step}{where}"


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
    for one in _pick(_course(ctx), lesson):
        files = builder.build(one)
        differ = builder.stale(files) if check else builder.write(files)
        stale += differ
        for path in files:
            said = "as it was" if path not in differ else "out of date" if check else "written"
            _say(f"{one.name}/{path.name}: {said}")
    if check and stale:
        _fail(f"build: {len(stale)} files are out of date; run course build and commit them")


@app.command(rich_help_panel=INSTRUCTORS)
def init(
    ctx: typer.Context, folder: Annotated[Path, typer.Argument(help="The folder to make.")]
) -> None:
    """Make a course folder: nbgrader's settings, and where the lessons lie."""
    from autograder import classroom

    _say(*classroom.init(folder, _course(ctx)), _next(folder, "release LESSON"))


@app.command(rich_help_panel=INSTRUCTORS)
def release(ctx: typer.Context, lesson: LessonName, folder: CourseFolder = HERE) -> None:
    """Make a lesson's student edition, and hand it out if there is an exchange."""
    from autograder import classroom

    chosen = _class(ctx, folder).lesson(lesson)
    _say(*classroom.release(folder, chosen), _next(folder, f"collect {chosen.name}"))


@app.command(rich_help_panel=INSTRUCTORS)
def collect(ctx: typer.Context, lesson: MaybeLesson = "", folder: CourseFolder = HERE) -> None:
    """Fetch what students submitted through the exchange."""
    from autograder import classroom

    for one in _pick(_class(ctx, folder), lesson):
        there = classroom.collect(folder, one)
        _say(f"{one.name}: {len(there)} students have handed in", _next(folder, "grade"))


@app.command(rich_help_panel=INSTRUCTORS)
def grade(
    ctx: typer.Context,
    lesson: MaybeLesson = "",
    folder: CourseFolder = HERE,
    student: Annotated[
        list[str] | None, typer.Option(help="Only this one; may be repeated.")
    ] = None,
    jobs: Jobs = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Run again also what is graded already.")
    ] = False,
) -> None:
    """Grade what was handed in. Stopped or repeated, it goes on where it was."""
    from autograder import classroom

    for one in _pick(_class(ctx, folder), lesson):
        with classroom.progress(out, f"grading {one.name}") as step:
            rows = classroom.grade_lesson(folder, one, student or (), jobs, step, regrade=regrade)
        _say(*classroom.told(one, rows))
    _say(_next(folder, "report"))


@app.command(rich_help_panel=INSTRUCTORS)
def feedback(ctx: typer.Context, lesson: MaybeLesson = "", folder: CourseFolder = HERE) -> None:
    """Make each student's feedback page, and give it back if there is an exchange."""
    from autograder import classroom

    for one in _pick(_class(ctx, folder), lesson):
        _say(*classroom.feedback(folder, one))


@app.command(rich_help_panel=INSTRUCTORS)
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
    _say(*(f"written: {path}" for path in paths), _next(folder, "feedback"))


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
) -> None:
    """Play a whole class, right, wrong and broken, and see every mark explained."""
    from autograder import demo as player

    course = _course(ctx)
    chosen = course.lesson(lesson) if lesson else course.lessons[0]
    found, page = player.play(course, chosen, out, folder, jobs)
    out.print(player.table(found))
    _write_json(json, {"submissions": [outcome.to_json() for outcome in found]})
    _say(f"every mark explained: {page}")
    if show:
        typer.launch(page.as_uri())
    if faults := player.faults(found):
        _fail("demo: not everything came out as it should:\n  " + "\n  ".join(faults))


@app.command(rich_help_panel=MAKERS)
def power(
    ctx: typer.Context,
    lesson: MaybeLesson = "",
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds each is asked with.")] = 20,
    json: JsonFile = None,
) -> None:
    """Does the grader catch every known mistake, and pass every right answer?"""
    from autograder import power as grader

    figures = [row for one in _pick(_course(ctx), lesson) for row in grader.power(one, seeds)]
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
