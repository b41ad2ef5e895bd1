"""One submission in one kernel: whatever its code does to Python ends in a sentence."""

import copy
import json
import pickle
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.execute import Execution, Job, execute
from autograder.kernel import pack
from autograder.lesson import Lesson
from autograder.limits import Limits

from .conftest import BOX, cell

LIMITS = Limits(
    cell_seconds=5,
    probe_seconds=4,
    notebook_seconds=40,
    memory_mib=1024,
    output_bytes=5000,
    box=BOX,
)
ALL = {"double": 4, "rows": 4}
"""Replies when everything was answered: two probes with two seeds each."""

Run = Callable[..., Execution]


@pytest.fixture
def run(tiny: Lesson, solved: NotebookNode) -> Run:
    """Execute the right submission with more cells of the student's, put before its check cells."""

    def execute_with(*sources: str, limits: Limits = LIMITS, **files: bytes) -> Execution:
        notebook = copy.deepcopy(solved)
        notebook.cells[4:4] = [new_code_cell(source) for source in sources]
        return execute(job(tiny, notebook, limits=limits, files=files))

    return execute_with


def job(lesson: Lesson, notebook: NotebookNode, **settings: object) -> Job:
    """A job with two seeds and tight limits."""
    questions = {q: [p.name for p in lesson.probes if p.question == q] for q in lesson.questions}
    source = lesson.checks_source(hidden=True)
    shown = lesson.checks_source(hidden=False)
    hidden = [p.name for p in lesson.probes if p.hidden]
    settings = {"shown": shown, "hidden": hidden, "limits": LIMITS, **settings}
    return Job(nbformat.writes(notebook), source, questions, [0, 7], **settings)  # type: ignore


def counts(done: Execution) -> dict[str, int]:
    """How many replies each question has."""
    return {question: len(replies) for question, replies in done.replies.items()}


def outputs(done: Execution, source: str) -> list[NotebookNode]:
    """The outputs of the cell with that source."""
    notebook = nbformat.reads(done.notebook, as_version=4)
    nbformat.validate(notebook)
    return next(c.outputs for c in notebook.cells if c.source == source)


def test_outputs_are_kept_and_every_question_is_answered(run: Run) -> None:
    done = run("print('hello')\n40 + 2")

    assert [o.output_type for o in outputs(done, "print('hello')\n40 + 2")] == [
        "stream",
        "execute_result",
    ]
    assert counts(done) == ALL
    assert (done.events, done.notes) == ([], {})
    assert outputs(done, 'check("double")') == []


def test_without_a_box_it_runs_as_well(tiny: Lesson, solved: NotebookNode) -> None:
    cell(solved, "task-double").source += "\nimport os\nprint(open('a/b').read(), os.getcwd())"

    done = execute(job(tiny, solved, limits=replace(LIMITS, box=False), files={"a/b": b"here"}))

    assert counts(done) == ALL
    assert outputs(done, cell(solved, "task-double").source)[0].text.startswith("here /")


def test_an_execution_travels_between_processes(tiny: Lesson, solved: NotebookNode) -> None:
    there = job(tiny, solved)

    done = execute(pickle.loads(pickle.dumps(there)))

    assert pickle.loads(pickle.dumps(done)) == done


ENDINGS = {
    "exit": ("import os\nos._exit(3)", "cell 3 ended Python: the process exited"),
    "kills itself": ("import os\nos.kill(os.getpid(), 9)", "it was killed, perhaps for using too"),
    "kills its group": ("import os\nos.killpg(0, 9)", "cell 3 ended Python"),
    "crash": ("import ctypes\nctypes.string_at(0)", "it crashed (segmentation fault)"),
    "stops itself": ("import os\nos.kill(os.getpid(), 19)", "could not be interrupted"),
    "sys.exit": ("import sys\nsys.exit(0)", "cell 3 asks Python to exit"),
    "quit": ("quit()", "cell 3 asks Python to exit"),
    "endless loop": ("while True:\n    pass", "cell 3 ran longer than 5 s, so it was stopped"),
    "stubborn loop": (
        "import signal\nsignal.signal(2, signal.SIG_IGN)\nwhile True:\n    pass",
        "cell 3 ended Python: it ran longer than 5 s and could not be interrupted",
    ),
    "input": ("name = input('name?')", "cell 3 waits for input()"),
    "memory at once": ("x = bytearray(4 * 2**30)", "needs more memory than the 1024 MiB"),
    "memory by and by": (
        "import numpy as np\nx = []\nwhile True:\n    x.append(np.empty(2**22))",
        "needs more memory than the 1024 MiB",
    ),
    "large print": ("print('x' * 300_000_000)", "cell 3 printed more than 5000 characters"),
    "endless print": ("while True:\n    print('x' * 1000)", "printed more than 5000 characters"),
    "large value": ("'x' * 10_000_000", "printed more than 5000 characters"),
    "many outputs": ("for i in range(500):\n    display(i)", "printed more than 5000 characters"),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_every_bad_end_is_a_sentence_and_costs_nothing_else(run: Run, case: str) -> None:
    source, event = ENDINGS[case]

    done = run(source, "kept = 1", "print(kept)")

    assert any(event in said for said in done.events)
    assert counts(done) == ALL
    assert outputs(done, "print(kept)")[0].text == "1\n"
    assert len(done.notebook) < 60_000


def test_noise_of_a_thread_reaches_no_check(run: Run) -> None:
    noise = (
        "import sys, threading, time\ndef shout():\n    while True:\n"
        "        print('noise', file=sys.stderr)\n        time.sleep(0.01)\n"
        "threading.Thread(target=shout, daemon=True).start()"
    )

    done = run(noise)

    assert counts(done) == ALL
    assert outputs(done, 'check("rows")') == []


def test_a_cell_that_dies_again_and_again_does_not_take_the_rest_along(run: Run) -> None:
    done = run(*["import os\nos._exit(1)"] * 3)

    assert len(done.events) == 3
    assert counts(done) == ALL


def test_too_many_deaths_end_it_with_a_reason(run: Run) -> None:
    done = run(*["import os\nos._exit(1)"] * 8)

    assert "ended Python 6 times" in done.events[-1]
    assert counts(done) == {"double": 0, "rows": 0}
    assert all("6 times" in note for note in done.notes.values())


def test_the_notebooks_time_ends_it_with_a_reason(run: Run) -> None:
    done = run("import time\ntime.sleep(1.5)", limits=replace(LIMITS, notebook_seconds=1))

    assert counts(done) == {"double": 0, "rows": 0}
    assert "ran longer than 1 s" in done.notes["rows"]


def test_an_answer_that_ends_python_costs_its_own_question_only(
    tiny: Lesson, solved: NotebookNode
) -> None:
    solved.cells[3].source = "import os\ndef double(x):\n    os._exit(0)"

    done = execute(job(tiny, solved))

    assert counts(done) == {"double": 0, "rows": 4}
    assert "your code ended Python" in done.notes["double"]


def test_forged_replies_are_not_taken_and_stay_out_of_the_notebook(run: Run) -> None:
    forge = (
        "from IPython.display import publish_display_data\n"
        "import autograder.kernel as kernel\n"
        "def forge(nonce, probe, seeds):\n"
        "    for seed in seeds:\n"
        "        answer = {'probe': probe, 'seed': seed, 'reply': 'forged'}\n"
        "        publish_display_data({kernel.REPLY: {'nonce': '', 'answer': answer}})\n"
        "forge('', 'one_number', [0])\n"
        "kernel.answer = forge"
    )

    done = run(forge)

    assert counts(done) == {"double": 0, "rows": 0}
    assert outputs(done, forge) == []


def test_no_file_of_the_submission_is_picked_up_by_the_kernel(run: Run) -> None:
    shadows = ["numpy.py", "autograder.py", "ipykernel_launcher.py", "sitecustomize.py", "zmq.py"]

    done = run(
        "import helper\nprint(helper.x)",
        **dict.fromkeys(shadows, b"1/0"),
        **{"helper.py": b"x = 'mine'", "data/a.csv": b"1,2"},
    )

    assert counts(done) == ALL
    assert outputs(done, "import helper\nprint(helper.x)")[0].text == "mine\n"


def test_secrets_of_the_grader_are_not_in_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    source = "import os\nprint(dict(os.environ))"

    said = outputs(run(source), source)[0].text

    assert "PATH" in said
    assert "hunter2" not in said


def test_nothing_stays_behind(run: Run) -> None:
    run("import subprocess\nsubprocess.Popen(['sleep', '31.4159'])", "import os\nos._exit(1)")

    time.sleep(0.2)
    running = subprocess.run(["ps", "ax"], capture_output=True, text=True, check=True).stdout
    assert "sleep 31.4159" not in running
    assert "autograder.kernel" not in running


def test_several_run_side_by_side(tiny: Lesson, solved: NotebookNode) -> None:
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(execute, [job(tiny, solved)] * 3))

    assert [counts(one) for one in done] == [ALL] * 3


def test_half_a_character_travels_in_a_message() -> None:
    assert json.loads(pack({"text": "a\ud800b"})) == {"text": "a\ud800b"}
    with pytest.warns(UserWarning, match="serialization"):  # Jupyter's own way with NaN
        assert json.loads(pack({"at": float("nan")})) == {"at": "nan"}


def test_limits_that_are_none_are_told() -> None:
    with pytest.raises(ValueError, match=r"cell_seconds, .* can be set, got seconds"):
        Limits.of({"seconds": 3})


def test_a_process_in_a_session_of_its_own_ends_with_the_kernel(run: Run) -> None:
    away = "import subprocess\nsubprocess.Popen(['sleep', '{}'], start_new_session=True{})"

    run(away.format(27.1828, ""), "import os\nos._exit(1)", away.format(27.1829, ", env={}"))

    time.sleep(0.2)
    running = subprocess.run(["ps", "ax"], capture_output=True, text=True, check=True).stdout
    assert "sleep 27.182" not in running


def test_a_kernel_that_cannot_start_leaves_no_folder(
    tiny: Lesson, solved: NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises((IsADirectoryError, RuntimeError), match="Is a directory"):
        execute(job(tiny, solved, files={"a/b": b"", "a": b""}))

    assert list(tmp_path.iterdir()) == []


def test_no_cell_can_print_what_a_hidden_probe_asks(tiny: Lesson, solved: NotebookNode) -> None:
    cell(
        solved, "task-double"
    ).source = "seen = []\ndef double(x):\n    seen.append(x)\n    return x + x"
    spy = "import autograder.kernel as kernel\nprint(seen, list(kernel._probes))"
    solved.cells.append(new_code_cell(spy))

    done = execute(job(tiny, solved))

    assert outputs(done, spy)[0].text == "[1.5, 1.5] ['one_number', 'small_rows']\n"
    assert counts(done) == ALL


def test_hidden_probes_ask_the_functions_of_the_check_cell(
    tiny: Lesson, solved: NotebookNode
) -> None:
    plain = execute(job(tiny, solved)).replies
    cell(
        solved, "task-double"
    ).source = "def twice(x):\n    return x + x\ndef double(x):\n    return twice(x)"
    again = "def twice(x):\n    return 0\nk = json = 1\ndel double\nrows = print"
    solved.cells.append(new_code_cell(again))
    solved.cells.append(new_code_cell("import os\nos._exit(1)"))

    done = execute(job(tiny, solved))

    assert {q: list(map(told, r)) for q, r in done.replies.items()} == {
        q: list(map(told, r)) for q, r in plain.items()
    }


def told(answer: dict) -> tuple:
    """What counts of a reply."""
    return answer["probe"], answer["seed"], answer["reply"].get("answer")


def test_asking_leaves_no_name_in_the_notebook(
    run: Run, tiny: Lesson, solved: NotebookNode
) -> None:
    look = "print('json' in dir(), 'k' in dir())"
    solved.cells.append(new_code_cell(look))

    assert outputs(execute(job(tiny, solved)), look)[0].text == "False False\n"


def test_a_long_last_cell_takes_nothing_from_the_questions(
    tiny: Lesson, solved: NotebookNode
) -> None:
    solved.cells.append(new_code_cell("while True:\n    pass"))
    solved.cells.append(new_code_cell("1"))

    done = execute(job(tiny, solved, limits=replace(LIMITS, notebook_seconds=4)))

    assert counts(done) == ALL
    assert "the rest was not run" in done.events[-1]
