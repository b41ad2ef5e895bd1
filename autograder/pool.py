"""Submissions assessed side by side: what one does to its process costs nobody else anything."""

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from itertools import islice

from autograder import folders, inside
from autograder.assess import Result, Task, assess
from autograder.belongings import printable
from autograder.box import proven

Running = Callable[[Sequence[str]], None]
"""Called with the names of those who are at work, each time that they change."""

WORKER_BYTES = 2**30
"""Memory that a grading process may take, whatever messages a kernel sends it."""

TRIES_ALONE = 2
"""How often a grading process may end over one submission that has it to itself."""


def assessed(
    todo: Iterable[Task],
    most: int,
    jobs: int | None,
    executor: Executor | None,
    running: Running = lambda students: None,
    *,
    boxed: bool = False,
) -> Iterator[tuple[Result, Task]]:
    """A result for each task, as they come.

    todo: taken from as there is room, so that not all need be in memory; most: how many there are.
    jobs: processes, by default one a core. executor: where tasks run instead of on this machine.
    Raises BoxError where there is to be a box on this machine and none can be built.
    """
    waiting = iter(todo)
    workers = most if executor else min(jobs or os.cpu_count() or 1, most)
    while workers:
        with nullcontext(executor) if executor else _local(workers) as pool:
            if boxed and not executor:
                _prove(pool, workers)
            lost = yield from _side_by_side(pool, waiting, workers, running)
        if not lost:
            return
        for task in lost:
            yield _assessed_alone(task), task


def _prove(pool: Executor, workers: int) -> None:
    """Have each process build its box, all at once. Raises BoxError if there is none to be had."""
    for proof in [pool.submit(_has_box) for _ in range(workers)]:
        with suppress(BrokenExecutor):
            proof.result()


def _has_box() -> bool:
    return proven().process.poll() is None


def _side_by_side(
    pool: Executor, waiting: Iterator[Task], workers: int, running: Running
) -> Generator[tuple[Result, Task], None, list[Task]]:
    """Results until nobody is waiting, or the pool broke; gives those that it broke over."""
    at_work: dict[Future[Result], Task] = {}
    lost: list[Task] = []
    while True:
        # one more than there are workers, so that none idles while a result is recorded
        room = 0 if lost else workers + 1 - len(at_work)
        for task in islice(waiting, room):
            try:
                at_work[pool.submit(assess, task)] = task
            except BrokenExecutor:
                lost.append(task)
                break
        if not at_work:
            return lost
        running([task.student for task in at_work.values()][:workers])
        for future in wait(at_work, return_when=FIRST_COMPLETED).done:
            task = at_work.pop(future)
            try:
                yield future.result(), task
            except BrokenExecutor:
                lost.append(task)
            except Exception as error:  # a kernel could not start
                yield _failed(task, error), task


def _assessed_alone(waiting: Task) -> Result:
    """One of those that were at work when a grading process ended, perhaps over somebody's code."""
    for _ in range(TRIES_ALONE):
        try:
            with _local(1) as pool:
                return pool.submit(assess, waiting).result()
        except BrokenExecutor:
            continue
        except Exception as error:
            return _failed(waiting, error)
    return assess(replace(waiting, unreadable="your code ended the grader's process"))


@contextmanager
def _local(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes on this machine; spawned, so that none inherits the gradebook's connection.

    When this is left by an error or Ctrl-C they are ended; what they did is done anew next time.
    """
    spawned = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=spawned, initializer=_begin)
    others = set(multiprocessing.active_children())
    try:
        yield pool
    except BaseException:
        for worker in set(multiprocessing.active_children()) - others:
            worker.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        folders.sweep()


def _begin() -> None:
    """A grading process: ends with the grader, leaves Ctrl-C to it, and has its memory bounded."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    # the soft limit alone: the box, which is started from here, may have a higher one
    resource.setrlimit(resource.RLIMIT_DATA, (WORKER_BYTES, hard))
    parent = multiprocessing.parent_process()
    if sys.platform == "linux":
        inside.end_with_parent(signal.SIGKILL)
    if parent is None or not parent.is_alive():
        os._exit(1)


def _failed(waiting: Task, error: Exception) -> Result:
    """The grader's own failure: no mark is recorded, and the next run tries again."""
    said = printable(f"{type(error).__name__} {str(error)[:300]}")
    most = sum(question["points"] for question in waiting.answers["questions"].values())
    reason = f"the grader failed, grade again: {said}"
    return Result(waiting.student, waiting.lesson, "not gradable", 0.0, most, reason=reason)
