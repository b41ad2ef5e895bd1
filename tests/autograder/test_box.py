"""Whatever a submission tries inside the box, nothing outside it is read, changed or reached."""

import copy
import json
import os
import socket
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder import box, folders
from autograder.box import BoxError
from autograder.execute import Execution, execute
from autograder.lesson import Lesson

from .conftest import BOX, NO_BOX
from .test_execute import ALL, LIMITS, counts, job, outputs

ALLOW = 0x7FFF0000  # a filter's answer: go on

pytestmark = pytest.mark.skipif(not BOX, reason=NO_BOX)


@dataclass
class Outside:
    """What lies outside the box: a file, a server on loopback, a process."""

    secret: Path
    server: socket.socket
    process: "subprocess.Popen[bytes]"

    def fill(self, code: str) -> str:
        """The code with the places of all this in it."""
        port = self.server.getsockname()[1]
        told = {"SECRET": str(self.secret), "PORT": str(port), "PROCESS": str(self.process.pid)}
        told["GRADER"] = str(os.getpid())
        for name, value in told.items():
            code = code.replace(name, value)
        return code


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    """A canary of each kind, looked after and compared by the test."""
    secret = tmp_path / "course" / "gradebook.db"
    secret.parent.mkdir()
    secret.write_text("everybody's marks")
    secret.chmod(0o666)
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = subprocess.Popen(["sleep", "300"])
        yield Outside(secret, server, process)
        process.kill()
        process.wait()


# Each must raise: the error's name.
ATTACKS = {
    "open('SECRET').read()": "FileNotFoundError",
    "open('SECRET', 'w')": "FileNotFoundError",
    "import os; os.listdir(os.path.dirname('SECRET'))": "FileNotFoundError",
    "import os; os.symlink('SECRET', 'link'); open('link').read()": "FileNotFoundError",
    "import os; os.link('SECRET', 'link')": "FileNotFoundError",
    "import os; open(os.path.join('/proc/1', 'root', 'SECRET'[1:]))": "PermissionError",
    "open('/etc/shadow')": "FileNotFoundError",
    "import numpy, os; open(os.path.join(*numpy.__path__, 'evil.py'), 'w')": "OSError",
    "open('/run/course/autograder/judge.py', 'a')": "OSError",
    "open('/usr/lib/x', 'w')": "OSError",
    "open('/x', 'w')": "OSError",
    "import socket; socket.create_connection(('127.0.0.1', PORT), 2)": "ConnectionRefusedError",
    "import socket; socket.create_connection(('192.0.2.1', 80), 2)": "OSError",
    "import socket; socket.getaddrinfo('example.org', 80)": "gaierror",
    "import socket; socket.socket(socket.AF_VSOCK)": "PermissionError",
    "import socket; socket.socket(17, socket.SOCK_RAW)": "PermissionError",
    "import os; os.kill(PROCESS, 9)": "ProcessLookupError",
    "import os; os.kill(GRADER, 9)": "ProcessLookupError",
    "import os; os.setuid(0)": "OSError",
    "import os; os.chroot('.')": "PermissionError",
    "import os; os.mknod('x', 0o600 | 0o020000, os.makedev(1, 1))": "PermissionError",
    "import os; os.memfd_create('x')": "PermissionError",
    "import subprocess; subprocess.run(['mount', '-t', 'tmpfs', 'x', '/tmp'], check=True)": (
        "CalledProcessError"
    ),
    "import subprocess; subprocess.run(['unshare', '-Ur', 'true'], check=True)": (
        "CalledProcessError"
    ),
    "import subprocess; subprocess.run(['nsenter', '-t', '1', '-a', 'true'], check=True)": (
        "CalledProcessError"
    ),
    "import ctypes\nif ctypes.CDLL(None).ptrace(0, 0, 0, 0): raise PermissionError": (
        "PermissionError"
    ),
    "import resource as r; r.setrlimit(r.RLIMIT_DATA, (-1, -1))": "ValueError",
    "with open('/proc/sys/kernel/hostname', 'w') as file: file.write('x')": "OSError",
    "for n in range(400): open(f'{n}', 'wb').write(bytes(10**6))": "OSError",
    "for n in range(400): open(f'/dev/shm/{n}', 'wb').write(bytes(10**6))": "OSError",
    "open('big', 'wb').write(bytes(100 * 2**20))": "OSError",
}


@pytest.fixture(scope="module")
def attacked(tiny: Lesson, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict]:
    """One right submission with all attacks in it: (error by attack, the execution, outside)."""
    generator = outside.__wrapped__(tmp_path_factory.mktemp("box"))  # type: ignore[attr-defined]
    around = next(generator)
    notebook = solved_with(tiny, [around.fill(code) for code in ATTACKS])
    done = execute(job(tiny, notebook, limits=replace(LIMITS, file_mib=50, disk_mib=60)))
    yield {"done": done, "outside": around}
    next(generator, None)


def solved_with(tiny: Lesson, sources: list[str]) -> NotebookNode:
    """The right submission with more cells of the student's before its check cells."""
    notebook = copy.deepcopy(tiny.fill())
    notebook.cells[4:4] = [new_code_cell(source) for source in sources]
    return notebook


@pytest.mark.parametrize("code", ATTACKS)
def test_an_attack_is_an_error_in_its_cell(attacked: dict, code: str) -> None:
    shown = outputs(attacked["done"], attacked["outside"].fill(code))

    (error,) = [output for output in shown if output.output_type == "error"]
    assert error.ename in {ATTACKS[code], *_kinds(ATTACKS[code])}


def _kinds(name: str) -> set[str]:
    """OSError stands for those of its kinds that a read-only or full place may give."""
    return {"PermissionError", "TimeoutError"} if name == "OSError" else set()


def test_after_all_attacks_nothing_outside_changed_and_the_answers_count(attacked: dict) -> None:
    done, around = attacked["done"], attacked["outside"]

    assert counts(done) == ALL
    assert around.secret.read_text() == "everybody's marks"
    assert around.process.poll() is None
    assert not [path for path in around.secret.parent.iterdir() if path != around.secret]


def run(tiny: Lesson, *sources: str, **limits: int) -> Execution:
    """A right submission with more cells, executed."""
    return execute(job(tiny, solved_with(tiny, list(sources)), limits=replace(LIMITS, **limits)))


def test_what_is_seen_inside(tiny: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    look = (
        "import getpass, json, os\n"
        "print(json.dumps({'processes': len([n for n in os.listdir('/proc') if n.isdigit()]),\n"
        "  'environment': sorted(os.environ), 'user': getpass.getuser(), 'id': os.getuid(),\n"
        "  'home': os.path.expanduser('~'), 'here': os.getcwd(), 'files': os.listdir('.')}))"
    )

    seen = json.loads(outputs(run(tiny, look), look)[0].text)

    assert seen["processes"] <= 3
    assert seen["user"] == "student"
    assert seen["id"] != 0
    assert (seen["home"], seen["here"]) == ("/tmp/home", "/tmp/home/work")
    assert "DATABASE_PASSWORD" not in seen["environment"]


def test_the_course_and_the_references_are_not_there(tiny: Lesson) -> None:
    root = Path(__file__).resolve().parents[2]
    look = (
        "import os, subprocess\n"
        f"print([os.path.exists(p) for p in ({str(root / 'lessons')!r}, {str(tiny.folder)!r})])\n"
        "print(subprocess.run(['grep', '-rlE', 'BEGIN SOLUTION', '/run/course', '/tmp', '/home'],"
        " capture_output=True, text=True).stdout)"
    )

    shown = outputs(run(tiny, look), look)[0].text

    there, found = shown.split("\n", 1)
    assert there == "[False, False]"
    assert {Path(line).parts[:4] for line in found.split()} <= {
        ("/", "run", "course", "autograder")
    }


def test_many_processes_are_refused_and_the_next_cell_runs(tiny: Lesson) -> None:
    bomb = (
        "import os, time\n"
        "for _ in range(500):\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(60)\n"
        "        os._exit(0)"
    )

    done = run(tiny, bomb, "after = 1\nprint(after)")

    assert [o.ename for o in outputs(done, bomb) if o.output_type == "error"] == ["BlockingIOError"]
    assert outputs(done, "after = 1\nprint(after)")[0].text == "1\n"
    assert counts(done) == ALL


@pytest.mark.slow  # about five seconds: memory is filled
def test_children_that_use_too_much_memory_together_end_it_with_a_reason(tiny: Lesson) -> None:
    hungry = (
        "import os, time\n"
        "for _ in range(8):\n"
        "    if os.fork() == 0:\n"
        "        held = b'x' * 100_000_000\n"
        "        time.sleep(60)\n"
        "        os._exit(0)\n"
        "time.sleep(4)"
    )

    done = run(tiny, hungry, memory_mib=512)

    assert any("used more than 512 MiB of memory" in event for event in done.events)
    assert done.replies["rows"]


def test_a_daemon_ends_with_the_box(tiny: Lesson, tmp_path: Path) -> None:
    name = f"sleep 299.{os.getpid()}"
    leave = f"import subprocess\nsubprocess.Popen('setsid {name} &', shell=True)"

    run(tiny, leave)

    assert name not in subprocess.run(["ps", "axo", "args"], capture_output=True, text=True).stdout


def test_nothing_of_one_submission_is_left_for_the_next(tiny: Lesson) -> None:
    leave = (
        "import os, random, subprocess\n"
        "import numpy as np\n"
        "print(random.random(), np.random.random())\n"
        "for place in ('/tmp/left', '/dev/shm/left', '/tmp/home/left', 'left'):\n"
        "    open(place, 'w').close()\n"
        "os.environ['LEFT'] = 'x'\n"
        "np.LEFT = 'x'\n"
        "subprocess.Popen(['sleep', '60'], start_new_session=True)"
    )
    look = (
        "import glob, os, random\n"
        "import numpy as np\n"
        "print(random.random(), np.random.random())\n"
        "print(glob.glob('/tmp/**/left', recursive=True), glob.glob('/dev/shm/*'),\n"
        "    'LEFT' in os.environ, hasattr(np, 'LEFT'),\n"
        "    len([n for n in os.listdir('/proc') if n.isdigit()]))"
    )

    first = outputs(run(tiny, leave), leave)[0].text
    drawn, seen = outputs(run(tiny, look), look)[0].text.splitlines()

    assert seen == "[] [] False False 2"
    assert not set(drawn.split()) & set(first.split())


def test_a_new_warm_python_takes_the_place_of_one_that_died(tiny: Lesson) -> None:
    died = box.proven()
    died.process.kill()
    died.process.wait()

    done = run(tiny)

    assert counts(done) == ALL
    assert box.proven() is not died


WALLS = {
    "--unshare-net": "reach a server of this machine",
    "--clearenv": "read the grader's environment",
}


@pytest.fixture
def rebuilt() -> Iterator[None]:
    """The box is built anew in the test, and again after it."""
    box._built.cache_clear()
    yield
    box._built.cache_clear()


@pytest.mark.usefixtures("rebuilt")
@pytest.mark.parametrize("wall", WALLS)
def test_a_box_without_one_of_its_walls_is_refused(
    monkeypatch: pytest.MonkeyPatch, wall: str
) -> None:
    whole = box.walls
    monkeypatch.setattr(box, "walls", lambda *given: [w for w in whole(*given) if w != wall])

    with pytest.raises(BoxError, match=WALLS[wall]):
        box.proven()


@pytest.mark.usefixtures("rebuilt")
def test_a_box_that_lets_every_system_call_through_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(box, "write_filter", lambda: box._file(struct.pack("HBBI", 6, 0, 0, ALLOW)))

    with pytest.raises(BoxError, match="open a new space of users"):
        box.proven()


@pytest.mark.usefixtures("rebuilt")
def test_a_place_of_the_graders_that_is_open_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = box.walls
    shared = ["--perms", "0755", "--dir", "/var", "--ro-bind", "/var/tmp", "/var/tmp"]
    monkeypatch.setattr(box, "walls", lambda *given: [*shared, *whole(*given)])

    @contextmanager
    def careless() -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            Path(folder).chmod(0o755)
            yield Path(folder)

    monkeypatch.setattr(folders, "private", careless)

    with pytest.raises(BoxError, match="read a file of the grader's, list the grader's files"):
        box.proven()


@pytest.mark.usefixtures("rebuilt")
def test_without_bubblewrap_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(BoxError, match=r"apt install bubblewrap.*--without-box"):
        box.proven()
