"""Submissions assessed side by side: what one does to its process costs nobody else anything."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    as_completed,
)
from contextlib import nullcontext
from dataclasses import replace

from autograder.assess import Result, Task, assess
from autograder.belongings import printable


def assessed(todo: Sequence[Task], jobs: int | None, executor: Executor | None) -> Iterator[Result]:
    """A result for each task, as they come.

    jobs: processes, by default one a core. executor: where tasks run instead of on this machine.
    """
    if not todo:
        return
    with nullcontext(executor) if executor else _local(jobs, len(todo)) as pool:
        futures, unfinished = _submitted(pool, todo)
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenExecutor:
                unfinished.append(futures[future])
            except Exception as error:  # a kernel could not start
                yield _failed(futures[future], error)
    yield from map(_assessed_alone, unfinished)


def _submitted(
    pool: Executor, todo: Sequence[Task]
) -> tuple[dict[Future[Result], Task], list[Task]]:
    """What the pool took on, and what it did not as it was broken by then."""
    futures = {}
    for number, waiting in enumerate(todo):
        try:
            futures[pool.submit(assess, waiting)] = waiting
        except BrokenExecutor:
            return futures, list(todo[number:])
    return futures, []


def _assessed_alone(waiting: Task) -> Result:
    """One of those that were at work or waiting when somebody's code killed a worker."""
    with _local(1, 1) as pool:
        try:
            return pool.submit(assess, waiting).result()
        except BrokenExecutor:  # nobody else was there
            return assess(replace(waiting, unreadable="your code ended the grader's process"))
        except Exception as error:
            return _failed(waiting, error)


def _local(jobs: int | None, most: int) -> ProcessPoolExecutor:
    """Processes on this machine; spawned, so that none inherits the gradebook's connection."""
    workers = min(jobs or os.cpu_count() or 1, most)
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _failed(waiting: Task, error: Exception) -> Result:
    """The grader's own failure: no mark is recorded, and the next run tries again."""
    said = printable(f"{type(error).__name__} {str(error)[:300]}")
    most = sum(question["points"] for question in waiting.answers["questions"].values())
    reason = f"the grader failed, grade again: {said}"
    return Result(waiting.student, waiting.lesson, "not gradable", 0.0, most, reason=reason)
