"""A warm Python in the box. It has imported what notebooks import, and forks for each submission.

It holds no secret and runs no student's code. A request is JSON and open files: the report socket,
the submission's files as a zip archive, the filter of system calls, where errors go, and, for a
kernel, its sockets. For each one a chain of three processes is forked: a keeper, who reports how it
ended and ends it when asked to or when the grader is gone; the first process of a space of its own,
so that nothing outlives it; and the one that the submission runs in.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import select
import signal
import socket
import sys
import traceback
import zipfile
from collections.abc import Callable
from typing import Any, NoReturn

from autograder import canary, inside, kernel
from autograder.walls import HOME

PRELOADED = (
    "numpy.random", "numpy.lib.stride_tricks", "IPython.core.completer", "IPython.core.debugger",
    "IPython.core.oinspect", "matplotlib.pyplot", "matplotlib.font_manager", "mlkit", "mlkit.nn",
    "mlkit.data", "mlkit.optim", "mlkit.play", "autograder.check", "tornado.platform.asyncio",
    "ipywidgets", "anywidget",
)  # fmt: skip
"""What takes long to import. A module that is not installed here is left out."""

REQUEST_BYTES, MOST_HANDLES = 2**17, 16

TASKS: dict[str, Callable[[dict[str, Any]], None]] = {"kernel": kernel.serve, "canary": canary.sing}


def main() -> None:
    """Serve until the grader is gone."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with contextlib.suppress(ImportError):
        _draw()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for keepers
    gc.collect()
    gc.freeze()  # so that a child does not copy pages only to look for garbage
    channel.send(b"ready")
    while True:
        text, handles, *_ = socket.recv_fds(channel, REQUEST_BYTES, MOST_HANDLES)
        if not text:
            return
        if os.fork() == 0:
            channel.close()
            _keep(json.loads(text), handles)
        for handle in handles:
            os.close(handle)


def _draw() -> None:
    """A picture for nobody: the first one costs three times as much as the others."""
    from matplotlib.figure import Figure

    figure = Figure()
    figure.add_subplot(title="0").plot([0, 1], label="1")
    figure.legend()
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")


def _keep(request: dict[str, Any], handles: list[int]) -> NoReturn:
    """The keeper: fork the first process of a new space, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    report = socket.socket(fileno=handles[0])
    try:
        inside.part()
        first = os.fork()
        if first == 0:
            report.close()
            inside.end_with_parent(signal.SIGKILL)
            _first(request, handles[1:])
        for handle in handles[1:]:
            os.close(handle)
        report.send(b"started")
        ended = os.pidfd_open(first)
        if (
            ended not in select.select([ended, report.fileno()], [], [])[0]
        ):  # told to end it, or left alone
            os.kill(first, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])
        report.send(json.dumps(code).encode())
    except OSError as error:  # told on the first process's way, as nothing else is there to tell
        os.write(handles[3], str(error).encode())
    finally:
        os._exit(0)


def _first(request: dict[str, Any], handles: list[int]) -> NoReturn:
    """The first process of the space: waits for orphans too, and gives the code as a shell does."""
    program = os.fork()
    if program == 0:
        _run(request, handles)
    while True:
        ended, status = os.wait()
        if ended == program:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def _run(request: dict[str, Any], handles: list[int]) -> NoReturn:
    """The process of the submission: everything before the student's code, then its task."""
    files, rules, errors, *sockets = handles
    code = 1
    try:
        for place, handle in ((0, os.open("/dev/null", os.O_RDWR)), (1, errors), (2, errors)):
            os.dup2(handle, place)
        inside.furnish(request["room"])
        inside.become(request["user"])
        with os.fdopen(files, "rb") as archive, zipfile.ZipFile(archive) as packed:
            packed.extractall(HOME)
        with os.fdopen(rules, "rb") as file:
            program = file.read()
        os.chdir(os.path.join(HOME, "work"))
        inside.restrict(request["limits"])
        inside.filter_calls(program)
        TASKS[request["task"]](request | {"sockets": sockets})
        code = 0
    except SystemExit as asked:
        code = asked.code if isinstance(asked.code, int) else 0
    except BaseException:
        traceback.print_exc()  # where errors go: the grader reads it
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
