"""Every lesson as it is shipped: its solution, its bank of mistakes, its student edition."""

import builtins
import dis
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder import cells, grade, intake, power_table
from autograder.assess import assess
from autograder.box import missing
from autograder.cells import LessonError
from autograder.lesson import load_course
from autograder.power import power

SEEDS = 3  # `course power` asks with 20; a mistake that needs luck shows here too, only more rarely
HINTS_RIGHT = 0.9

COURSE = load_course()
LESSONS = COURSE.lessons


@pytest.fixture(scope="module", params=LESSONS, ids=lambda lesson: lesson.name)
def lesson(request):
    return request.param


@pytest.fixture
def copied(lesson, tmp_path):
    """A copy of the lesson that a test may damage."""
    shutil.copytree(lesson.folder.parent, tmp_path / "lessons")
    return load_course(tmp_path / "lessons").lesson(lesson.name)


def damage(lesson, file, old, new):
    path = lesson.folder / file
    text = path.read_text(encoding="utf-8")
    damaged = re.sub(old, new, text, count=1)
    assert damaged != text
    path.write_text(damaged, encoding="utf-8")
    return load_course(lesson.folder.parent).lesson(lesson.name)


def complaints(lesson, question):
    """What power has to say on one question; one seed shows a fault that does not need luck."""
    lesson.mistakes = [m for m in lesson.mistakes if m.question == question]
    lesson.variants = [v for v in lesson.variants if v.question == question]
    return [line for row in power(lesson, 1) for line in row.complaints]


@pytest.fixture(scope="module")
def exam(lesson):
    return grade.exam(lesson, boxed=not missing())


def assessed(exam, notebook, folder):
    """A notebook graded as `course grade` does."""
    nbformat.write(notebook, folder / f"{exam.lesson.name}.ipynb")
    return assess(grade.task(exam, "student", intake.take(folder, exam.lesson)))


def test_every_mistake_is_caught_and_told_and_no_right_answer_is_refused(lesson):
    rows = power(lesson, SEEDS)

    assert [line for row in rows for line in row.complaints] == []
    for row in rows:
        assert row.hint_right >= HINTS_RIGHT * row.mistakes, row.stolen
        assert row.mistakes >= 2, f"{row.question} has hardly a mistake in its bank"
        assert row.right_variants >= 2, f"{row.question} has one right answer only"
    told = {line[1]: line for line in power_table.read(COURSE) if line[0] == lesson.name}
    for row in rows:  # few seeds can be luckier than the table's, never worse
        caught, hint_right, _, refused = map(int, told[row.question][3:7])
        better = row.caught >= caught and row.hint_right >= hint_right and row.refused <= refused
        assert better, f"{row} is not {told[row.question]}: {power_table.RENEW}"


def test_the_table_of_grader_power_is_of_this_state_of_the_lessons():
    stale = list(power_table.stale(COURSE))

    assert not stale, "\n".join(stale)


def test_the_solution_runs_as_a_script_without_a_warning(lesson):
    run = subprocess.run(
        [sys.executable, "-W", "error", lesson.folder / "lesson.py"],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.count("right, ") == len(lesson.questions)
    assert run.stderr == ""


def test_the_solution_gets_full_marks_as_a_notebook(lesson, exam, tmp_path):
    result = assessed(exam, lesson.fill(), tmp_path)

    assert (result.mark, result.state, result.events) == (result.max, "graded", [])


def test_the_student_edition_gets_nothing_because_nothing_was_attempted(lesson, exam, tmp_path):
    result = assessed(exam, lesson.fill(tasks=[]), tmp_path)

    assert result.mark == 0
    assert {verdict["state"] for verdict in result.verdicts} == {"not attempted"}
    assert result.events == []


def test_every_answer_of_the_bank_uses_only_what_stands_above_it(lesson):
    """In a notebook an answer meets the cells above it only, not the whole solution."""
    space, checked = {}, []
    for cell in lesson.source.cells:
        if cells.word(cell) not in ("setup", "task"):
            continue
        exec(cell.source, space)
        for other in [*lesson.mistakes, *lesson.variants]:
            if f"def {lesson.replaced(other)}(" in cell.source:
                code = dis.get_instructions(other.function)
                used = {step.argval for step in code if step.opname == "LOAD_GLOBAL"}
                assert used <= space.keys() | set(dir(builtins)), other.name
                checked.append(other.name)

    assert len(checked) == len(lesson.mistakes) + len(lesson.variants)


def test_a_mistake_that_is_no_mistake_turns_red(copied):
    mistake = copied.mistakes[0]
    right = next(v for v in copied.variants if v.question == mistake.question)
    path = copied.folder / "mistakes.py"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n\nfrom dataclasses import replace\n\n{copied.code_of(right)}\n")
        file.write(f"\n{mistake.name} = replace({mistake.name}, function={right.name})\n")

    changed = load_course(copied.folder.parent).lesson(copied.name)
    found = complaints(changed, mistake.question)

    assert any(line.startswith(f"{right.name} keeps full marks") for line in found)


def test_probes_that_see_nothing_turn_red(copied):
    question = next(iter(copied.questions))
    path = copied.folder / "checks.py"
    text = path.read_text(encoding="utf-8")
    for probe in copied.probes:
        if probe.question == question:
            text = re.sub(rf"(def {probe.name}\(.*\):\n)", r"\1    return 1\n", text)
    path.write_text(text, encoding="utf-8")

    found = complaints(load_course(copied.folder.parent).lesson(copied.name), question)

    caught = [m.name for m in copied.mistakes if m.question == question]
    assert all(any(line.startswith(f"{name} keeps") for line in found) for name in caught)


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        (
            "softmax",
            r"powers = np\.exp\(z - z\.max\(axis=axis, keepdims=True\)\)",
            "powers = np.exp(z)",
        ),
        (
            "softmax",
            r"return powers / powers\.sum\(axis=axis, keepdims=True\)",
            "return powers / 2",
        ),
        ("log_sum_exp", r"logs = highest \+ ", "logs = 2 * highest + "),
        ("shapes", r'"winners": \(batch,\)', '"winners": (classes,)'),
    ],
)
def test_a_damaged_reference_turns_red(tmp_path, question, old, new):
    shutil.copytree(LESSONS[0].folder.parent, tmp_path / "lessons")
    lesson = damage(load_course(tmp_path / "lessons").lesson("04-softmax"), "lesson.py", old, new)

    try:
        assert any("is right and refused" in line for line in complaints(lesson, question))
    except LessonError as error:
        assert "the solution" in str(error)
