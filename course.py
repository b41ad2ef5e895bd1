"""Set the course up and start it: `python3 course.py`. Needs Python and nothing else.

The first run makes .venv and installs what the lock file names, every download checked against
its hash; later runs only look whether the lock changed. The arguments go to `course` in .venv.
Written for old Pythons too, so that they can say what is wrong with them.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST, NEWEST = (3, 11), (3, 14)
LOCK = "requirements.lock"
TEST_LOCK = "requirements-dev.lock"  # all of LOCK, and what the tests need
UNFINISHED = "unfinished"


def main(arguments):
    """Set up what is missing, then run `course` with the arguments. Gives a status for sys.exit."""
    complaint = wrong_python(sys.version_info[:2])
    if complaint:
        return complaint
    arguments = arguments or ["lab"]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # with it Jupyter takes a minute to start
    try:
        set_up(ROOT, TEST_LOCK if arguments[0] == "test" else LOCK)
    except KeyboardInterrupt:
        return "\ncourse.py: set-up was stopped; the same command starts it again"
    except subprocess.CalledProcessError:
        return (
            "course.py: set-up failed; the lines above say why, perhaps no network, or a download "
            "that does not match its hash, which is never installed; the same command tries again"
        )
    except OSError as error:
        return f"course.py: set-up failed: {error}"
    return start([str(tool(ROOT, "course")), *arguments])


def wrong_python(version):
    """What to tell the user of a Python that the course cannot run on, or None."""
    if OLDEST <= version <= NEWEST:
        return None
    return (
        f"course.py: needs Python {dotted(OLDEST)} to {dotted(NEWEST)}, this is {dotted(version)} "
        f"({sys.executable}); start it with another one, for example: python3.13 course.py"
    )


def dotted(version):
    """(3, 11) -> "3.11"."""
    return ".".join(map(str, version))


def set_up(root, lock):
    """Make .venv hold what the lock names; do nothing where it already does."""
    stamp = root / ".venv" / "course-stamp"
    found = stamp.read_text() if stamp.exists() else ""
    if tool(root, "course").exists() and found in (stamp_of(root, lock), stamp_of(root, TEST_LOCK)):
        return
    if not tool(root, "python").exists() or (found and not found.startswith(place(root))):
        make_venv(stamp)
    stamp.write_text(UNFINISHED)  # until the last step, so that a stopped set-up is made anew
    install(root, lock)
    stamp.write_text(stamp_of(root, lock))
    say("ready")


def stamp_of(root, lock):
    """What .venv/course-stamp says once everything in the lock is installed."""
    contents = (root / lock).read_bytes() + (root / "pyproject.toml").read_bytes()
    return f"{place(root)}\n{hashlib.sha256(contents).hexdigest()}\n"


def place(root):
    """The things no .venv survives a change of: its Python and its folder."""
    return f"Python {dotted(sys.version_info[:2])} in {root}"


def make_venv(stamp):
    """Put an empty environment where the stamp's folder is."""
    if importlib.util.find_spec("ensurepip") is None:
        raise OSError("this Python lacks venv; on Debian and Ubuntu: sudo apt install python3-venv")
    say(f"making .venv with Python {dotted(sys.version_info[:2])}")
    shutil.rmtree(str(stamp.parent), ignore_errors=True)
    stamp.parent.mkdir()
    stamp.write_text(UNFINISHED)
    subprocess.check_call([sys.executable, "-m", "venv", str(stamp.parent)])


def install(root, lock):
    """Install the lock and then the course itself: with uv, or with pip where uv has no build."""
    python, text = str(tool(root, "python")), (root / lock).read_text()
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    uv = [str(tool(root, "uv")), "pip", "install", "--python", python]
    only_uv = "".join(re.findall(r"^uv==.*\n(?: .*\n)*", text, re.MULTILINE))
    say("installing, about 150 MB to download at first; Jupyter is most of it")
    try:
        install_hashed(root, [*pip, "--quiet", "--only-binary=:all:"], only_uv)
    except subprocess.CalledProcessError:
        say("no uv here, so pip takes over: a minute or two instead of seconds")
        uv, text = pip, text.replace(only_uv, "")
    install_hashed(root, uv, text)
    subprocess.check_call([*uv, "--no-deps", "--no-build-isolation", "--editable", str(root)])


def install_hashed(root, command, requirements):
    """Install exactly these lines of a lock; the command fails where a hash is not the lock's."""
    listed = root / ".venv" / "course-requirements.txt"
    listed.write_text(requirements)
    subprocess.check_call([*command, "--no-deps", "--require-hashes", "--requirement", str(listed)])


def tool(root, name):
    """Where .venv keeps a program."""
    if os.name == "nt":
        return root / ".venv" / "Scripts" / f"{name}.exe"
    return root / ".venv" / "bin" / name


def start(command):
    """Run a command to its end and give its status; Ctrl-C is the command's business."""
    if os.name != "nt":
        os.execv(command[0], command)
    child = subprocess.Popen(command)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def say(text):
    """Show one line of progress."""
    print(f"course.py: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
