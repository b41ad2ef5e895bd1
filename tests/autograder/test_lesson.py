import shutil
from pathlib import Path

import nbformat
import pytest

from autograder import build, cells, check, excerpt
from autograder.cells import LessonError
from autograder.lesson import load_course
from autograder.probe import Probe, declared

SAMPLE = Path(__file__).parent / "sample_course"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A copy of the sample course with its student edition built."""
    folder = tmp_path_factory.mktemp("course") / "lessons"
    shutil.copytree(SAMPLE, folder)
    lesson = load_course(folder).lesson("01-sample")
    build.write(build.build(lesson))
    return lesson


@pytest.fixture
def copied(tmp_path):
    """A copy of the sample course's lesson that a test may damage: damage(file, old, new)."""
    shutil.copytree(SAMPLE, tmp_path / "lessons")

    def damage(file, old, new):
        path = tmp_path / "lessons" / "01-sample" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        return load_course(tmp_path / "lessons").lesson("01-sample")

    return damage


def test_a_lesson_is_found_by_name_and_by_number():
    course = load_course(SAMPLE)

    assert course.lesson("01").name == course.lesson("01-sample").name == "01-sample"
    assert (course.title, course.seed) == ("A sample course", 7)


def test_an_unknown_lesson_is_told_with_those_there_are():
    with pytest.raises(LessonError, match="there is no lesson '99'; there is 01-sample"):
        load_course(SAMPLE).lesson("99")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[course", "a \\[course\\] title"),
        ("[course]\ntitle = 'x'\n", "a \\[course\\] title and"),
        ("[course]\ntitle='x'\n[[lesson]]\nname='09-gone'\ntitle='y'\n", "09-gone has no"),
    ],
)
def test_a_broken_course_file_is_told(tmp_path, text, said):
    (tmp_path / "course.toml").write_text(text)

    with pytest.raises(LessonError, match=said):
        load_course(tmp_path)


def test_the_solution_gets_full_marks_and_each_mistake_its_own_hint(built):
    key = built.key(hidden=True, seeds=(0, 7))
    reference = built.reference()

    def verdict(question, names):
        replies = built.replies(question, names, key.seeds, hidden=True)
        served = [
            {"probe": probe, "seed": seed, "reply": reply}
            for probe, row in replies.items()
            for seed, reply in zip(key.seeds, row, strict=True)
        ]
        return key.judge(question, served)

    for question, points in built.points.items():
        assert verdict(question, reference).points == points
    for other in built.variants:
        names = {**reference, built.replaced(other): other.function}
        assert verdict(other.question, names).state == "right"
    for mistake in built.mistakes:
        found = verdict(mistake.question, {**reference, built.replaced(mistake): mistake.function})
        assert found.points < found.max_points
        assert found.mistake == mistake.name


def test_points_and_questions_must_agree(copied):
    lesson = copied("checks.py", 'Question("total"', 'Question("totals"')

    with pytest.raises(LessonError, match="questions differ: total, totals"):
        lesson.key()


def test_a_solution_that_leaves_a_probe_open_is_refused(copied):
    lesson = copied("lesson.py", "    return summed_up", "    raise NotImplementedError")

    with pytest.raises(LessonError, match="the solution leaves row open"):
        lesson.key()


def test_a_solution_that_changes_its_input_is_refused(copied):
    lesson = copied("lesson.py", "    return doubled + doubled", "    x *= 2\n    return x")

    with pytest.raises(LessonError, match="the solution fails number"):
        lesson.key()


def test_a_question_needs_a_visible_probe(copied):
    lesson = copied("checks.py", '"adds up a row")', '"adds up a row", hidden=True)')
    lesson = copied("checks.py", 'each row on its own")', 'each row on its own", hidden=True)')

    with pytest.raises(LessonError, match="total needs a probe that is not hidden"):
        lesson.key()


def test_visible_checks_hold_no_hidden_probe_and_no_helper_of_one(built):
    visible = built.checks_source(hidden=False)

    assert [p.name for p in declared(visible, Probe)] == ["number", "entries", "row", "rows"]
    assert "three_axes" not in visible
    assert "SECRET_SHAPE" not in visible


def test_cutting_keeps_what_is_used():
    text = "import a\nimport b\nK = 2\n\ndef h():\n    return K\n\n@a.p\ndef f():\n    return h()\n"

    cut = excerpt.without(text + "\n@b.p\ndef g():\n    return b\n", {"g"})

    assert cut == "import a\n\nK = 2\n\ndef h():\n    return K\n\n@a.p\ndef f():\n    return h()\n"


def test_two_builds_of_one_text_give_the_same_bytes(built):
    again = build.build(load_course(built.folder.parent).lesson(built.name))

    assert again == {path: path.read_bytes() for path in again}
    assert build.write(again) == []


def test_the_student_edition_is_a_valid_notebook_with_nbgraders_seven_keys(built):
    notebook = nbformat.read(built.notebook, as_version=4)
    nbformat.validate(notebook)
    marked = {
        cells.word(c): c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata
    }

    assert marked.keys() == {"setup", "task", "check", "answer"}
    keys = {"grade", "grade_id", "locked", "points", "schema_version", "solution", "task"}
    assert marked["check"].keys() >= keys
    assert (marked["check"].points, marked["answer"].points) == (3.0, 2.0)
    assert notebook.metadata.lesson == "01-sample"


@pytest.mark.parametrize("place", ["title", "cell", "notebook metadata", "answers"])
@pytest.mark.parametrize("index", range(4))
def test_a_leak_is_found_wherever_it_stands(built, place, index):
    secret = [
        "return doubled + doubled",  # solution
        "def three(double):",  # hidden probe
        "return np.asarray(x) ** 2",  # mistake's code
        "[0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 22.0, 24.0, 26.0, 28.0, "
        "30.0, 32.0, 34.0, 36.0, 38.0, 40.0, 42.0, 44.0, 46.0]",  # hidden reference answer
    ][index]
    notebook = nbformat.read(built.notebook, as_version=4)
    if place == "title":
        notebook.cells[0].source += f"\n{secret}"
    elif place == "cell":
        notebook.cells.append(nbformat.v4.new_code_cell(secret))
    elif place == "notebook metadata":
        notebook.metadata["about"] = {"deep": [secret]}
    else:
        text = '{"values": %s}' % (secret if index == 3 else f'["{secret}"]')
        assert list(build.leaks(build.secrets(built), text))
        return

    assert list(build.leaks(build.secrets(built), nbformat.writes(notebook)))


def test_the_student_files_leak_nothing(built):
    for path in (built.notebook, built.folder / check.KEY_FILE):
        assert list(build.leaks(build.secrets(built), path.read_text())) == []


def test_a_build_that_would_leak_is_refused(copied):
    lesson = copied("mistakes.py", 'hint="twice is not squared"', 'hint="def three(double):"')

    with pytest.raises(LessonError, match=r"checks\.json would give away"):
        build.build(lesson)


def test_handed_in_notebooks_are_filled_as_told(built):
    squares = next(m for m in built.mistakes if m.name == "squares")

    half = {c.id: c.source for c in built.fill(tasks=["double"]).cells}
    wrong = {c.id: c.source for c in built.fill(squares).cells}

    assert "return doubled + doubled" in half["task-double"]
    assert "NotImplementedError" in half["task-total"]
    assert wrong["task-double"].endswith("\n\n\ndouble = squares")
    assert "summed_up" in wrong["task-total"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ('# %% check="x"', "points belong to check and answer"),
        ('# %% task="x" points=3', "points belong to check and answer"),
        ("# %% chek", "one word of task, check"),
        ('# %% task="x" check="x" points=1', "one word of task, check"),
        ('# %% task="double"', "two cells are called task-double; rename one"),
    ],
)
def test_a_wrong_header_is_told_with_its_cell(copied, header, said):
    lesson = copied("lesson.py", '# %% task="total"', f'{header}\nx = 1\n\n# %% task="total"')

    with pytest.raises(LessonError, match=f"01-sample/lesson.py.*{said}"):
        _ = lesson.source


def checked(folder, call, **names):
    """What check(...) gives back in a script of that folder that has these names."""
    space = {"__file__": str(folder / "lesson.py"), **names}
    exec(f"from autograder.check import check\nresult = {call}", space)
    return space["result"]


def test_check_judges_at_once_from_the_data_file(built, capsys):
    result = checked(built.folder, "check('double')", double=lambda x: 2 * x)
    wrong = checked(built.folder, "check('double', double=lambda x: x**2)")

    assert repr(result) == "4.0"  # what only grading asks is given in advance
    assert "right, all 2 checks pass (2.67 of 2.67 points; 1.33 more at grading" in str(result)
    assert "twice is not squared" in wrong._repr_html_()
    assert float(repr(wrong)) == 0.0
    assert str(result) in capsys.readouterr().out


def test_check_without_the_data_file_or_with_a_wrong_name_says_what_to_do(built, tmp_path):
    with pytest.raises(KeyError, match="has no question 'triple'; it has double, total"):
        checked(built.folder, "check('triple')")
    with pytest.raises(FileNotFoundError, match=r"checks\.json must lie beside the notebook"):
        checked(tmp_path, "check('double')")


def test_check_refuses_a_forbidden_name(built, tmp_path):
    code = "import numpy as np\ndef double(x):\n    return np.multiply(2, x)"
    space = {}
    exec(code, space)

    result = checked(built.folder, "check('double')", double=space["double"], In=[code])

    assert result.verdict.state == "forbidden"
    assert "without numpy.multiply" in str(result)
    assert repr(result) == "0.0"
