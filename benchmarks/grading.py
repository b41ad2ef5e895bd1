"""Time `course grade` against stock `nbgrader autograde` on one class of real notebooks.

    python benchmarks/grading.py [--quick] [--students 24] [--json FILE]

Both are whole commands, start-up included, on the same two cores and in turns. The stock side is
nbgrader with its default settings on the lesson's source edition; it reads the points that the
visible checks print, so marks are compared question by question against what these checks earn.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the autograder of this checkout

import nbformat
import psutil
from jupyter_client.manager import start_new_kernel
from nbgrader.api import Gradebook

from autograder import assess, box, build, classroom, execute, grade, intake, record
from autograder.conversation import Kernel
from autograder.lesson import Lesson, load_course
from autograder.limits import Limits

LESSON = "04-softmax"
CORES = 2
STAGES = {
    "intake": (intake, "take"),
    "kernel start": (Kernel, "start"),
    "kernel stop": (Kernel, "stop"),
    "cells": (execute._Run, "_run_cell"),
    "probes": (execute._Run, "_ask"),
    "judge": (assess, "judge"),
    "record": (record.Recorder, "try_to_record"),
    "store": (grade, "store"),
}


def main() -> None:
    """Run both sides and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="under 50 s: stock grades fewer")
    parser.add_argument("--students", type=int, default=24)
    parser.add_argument("--json", type=Path)
    told = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), told.students, quick=told.quick)
    show(figures)
    if told.json:
        told.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def measured(folder: Path, students: int, *, quick: bool) -> dict:
    """All figures, with the class in a folder of its own."""
    lesson = load_course().lesson(LESSON)
    notebooks = class_of(lesson, students)
    few = dict(list(notebooks.items())[:6]) if quick else notebooks
    sides = {"ours": released(folder / "ours", lesson), "stock": released(folder / "stock", lesson)}
    rounds: dict[str, list[float]] = {"ours": [], "stock": []}
    # in turns, since a busy machine does not stay the same
    for side in ("ours", "stock") if quick else ("ours", "stock", "ours", "stock", "ours"):
        handed = notebooks if side == "ours" else few
        hand_in(sides[side], lesson, handed)
        rounds[side].append(len(handed) / command(sides[side], side) * 60)
    rates = {side: statistics.median(found) for side, found in rounds.items()}
    return {
        "speedup": round(rates["ours"] / rates["stock"], 2),
        "per minute": {side: [round(rate, 1) for rate in found] for side, found in rounds.items()},
        "students": {"ours": len(notebooks), "stock": len(few)},
        "marks": compared(sides, lesson, list(few)),
        "stages": stages(sides["ours"], lesson, list(few)[:6]),
        "kernels": kernels(),
    }


def class_of(lesson: Lesson, students: int) -> dict[str, str]:
    """A class: right answers by every way, then known mistakes, half-done work, several mistakes.

    They are mixed, so that the first few are of all kinds.
    """
    right = [lesson.fill(), *map(lesson.fill, lesson.variants)]
    wrong = list(map(lesson.fill, lesson.mistakes))
    mixed = [lesson.fill(tasks=[]), *(lesson.fill(*lesson.mistakes[n::3]) for n in range(3))]
    turns = [kind[n % len(kind)] for n in range(students) for kind in (right, wrong, mixed)]
    return {f"s{n:03}": nbformat.writes(turns[n]) for n in range(students)}


def released(folder: Path, lesson: Lesson) -> Path:
    """A course folder from which the lesson was released; stock nbgrader's has no settings."""
    if folder.name == "ours":
        classroom.init(folder, load_course())
        classroom.release(folder, lesson)
    else:
        build.write_source(lesson, folder)
        build.generate(lesson, folder)
    return folder


def hand_in(folder: Path, lesson: Lesson, notebooks: dict[str, str]) -> None:
    """Put the class in place, and what was graded before away."""
    for step in ("submitted", "autograded", "results"):
        shutil.rmtree(folder / step, ignore_errors=True)
    for student, text in notebooks.items():
        place = folder / "submitted" / student / lesson.name
        place.mkdir(parents=True)
        (place / f"{lesson.name}.ipynb").write_text(text, encoding="utf-8")
        shutil.copy(lesson.folder / "checks.json", place)


def command(folder: Path, side: str) -> float:
    """Seconds of a whole command that grades the class in a folder."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    programs = Path(sys.executable).parent
    environment["PATH"] = os.pathsep.join([str(programs), environment.get("PATH", "")])
    argv = {
        "ours": [str(programs / "course"), "grade", LESSON, "--jobs", str(CORES)],
        "stock": [sys.executable, "-m", "nbgrader", "autograde", LESSON],
    }[side]
    began = time.perf_counter()
    done = subprocess.run(argv, cwd=folder, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{side}: {' '.join(argv)} failed:\n{done.stdout}{done.stderr}"[-2000:])
    return seconds


def compared(sides: dict[str, Path], lesson: Lesson, students: list[str]) -> dict:
    """Whether both agree: what stock reads are the visible checks' points, so ours are counted so.

    Where every visible check passes, stock gives the question's full marks; else the passed ones'.
    """
    agree, differ = 0, []
    with Gradebook(f"sqlite:///{sides['stock'] / 'gradebook.db'}") as book:
        for student in students:
            kept = grade.stored(sides["ours"], lesson.name, student)
            assert kept, student
            submitted = book.find_submission_notebook(lesson.name, lesson.name, student)
            scores = {g.name: (g.auto_score, g.max_score_gradecell) for g in submitted.grades}
            for verdict in kept.verdicts:
                shown = [f for f in verdict["findings"] if not f["hidden"]]
                every = sum(f["points"] for f in shown)
                part = sum(f["points"] for f in shown if f["passed"])
                score, most = scores[f"check-{verdict['question']}"]
                expected = most if every and part == every else part
                if abs((score or 0.0) - expected) < 0.02:
                    agree += 1
                else:
                    differ.append([student, verdict["question"], score, expected])
    return {"agree": agree, "differ": differ}


@contextmanager
def timed(into: dict[str, float]):
    """Each stage's seconds, added up while this is open."""
    real = {name: getattr(*place) for name, place in STAGES.items()}

    def watch(name: str, function: Callable) -> Callable:
        async def waited(*args, **kwargs):
            began = time.perf_counter()
            try:
                return await function(*args, **kwargs)
            finally:
                into[name] = into.get(name, 0.0) + time.perf_counter() - began

        def called(*args, **kwargs):
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                into[name] = into.get(name, 0.0) + time.perf_counter() - began

        return waited if asyncio.iscoroutinefunction(function) else called

    for name, (owner, attribute) in STAGES.items():
        setattr(owner, attribute, watch(name, real[name]))
    yield
    for name, (owner, attribute) in STAGES.items():
        setattr(owner, attribute, real[name])


def stages(folder: Path, lesson: Lesson, students: list[str]) -> dict[str, float]:
    """The share of each stage in one process, and what is left; seconds and CPU of a submission."""
    test = grade.exam(lesson)
    box.proven()
    spent: dict[str, float] = {}
    began, cpu = time.perf_counter(), _cpu()
    with record.Recorder(folder, lesson) as recorder, timed(spent):
        for student in students:
            handed = intake.take(folder / "submitted" / student / lesson.name, lesson)
            task = grade.task(test, student, handed)
            result = assess.assess(task)
            shutil.rmtree(folder / "autograded" / student, ignore_errors=True)
            grade.store(folder, recorder.try_to_record(result, task.job.files))
    whole = time.perf_counter() - began
    shares = {name: round(s / whole, 3) for name, s in spent.items()}
    shares["other"] = round(1 - sum(shares.values()), 3)
    per = {"seconds": whole / len(students), "own CPU seconds": (_cpu() - cpu) / len(students)}
    return shares | {name: round(value, 3) for name, value in per.items()}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def kernels() -> dict[str, float]:
    """Seconds until a kernel answers, the least of some; and what a warm one takes of memory."""

    def stock() -> None:
        manager, client = start_new_kernel()
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    async def ours(limits: Limits) -> tuple[float, float]:
        began = time.perf_counter()
        kernel = await Kernel.start({}, limits)
        took = time.perf_counter() - began
        used = sum(p.memory_full_info().uss for p in kernel._started()[-1:])
        await kernel.stop()
        return took, used / 2**20

    began = time.perf_counter()
    box._built.cache_clear()
    zygote = box.proven()
    built = time.perf_counter() - began
    warm = [asyncio.run(ours(Limits())) for _ in range(5)]
    cold = [asyncio.run(ours(Limits(box=False))) for _ in range(2)]
    parent = psutil.Process(zygote.process.pid).children(recursive=True)[-1]
    began = time.perf_counter()
    stock()
    return {
        "stock start and stop, s": round(time.perf_counter() - began, 3),
        "cold without a box, s": round(min(took for took, _ in cold), 3),
        "warm in the box, s": round(min(took for took, _ in warm), 3),
        "the box itself, s": round(built, 3),
        "memory of a warm kernel, MiB": round(min(used for _, used in warm), 1),
        "memory of the warm Python, MiB": round(parent.memory_full_info().uss / 2**20, 1),
    }


def show(figures: dict) -> None:
    """Print what was measured."""
    for side, rates in figures["per minute"].items():
        print(f"{side}: {rates} submissions a minute, {figures['students'][side]} a round")
    print(f"speed-up: {figures['speedup']}")
    marks = figures["marks"]
    print(f"questions with the same points: {marks['agree']}; others: {marks['differ']}")
    for name in ("stages", "kernels"):
        print(f"{name}: " + ", ".join(f"{k} {v}" for k, v in figures[name].items()))


if __name__ == "__main__":
    main()
