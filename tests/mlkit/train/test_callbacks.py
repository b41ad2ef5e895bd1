"""Callbacks: early stopping, the CSV file, TensorBoard's events; and that fit tells them."""

import csv
import sys

import numpy as np
import pytest

from mlkit import train


class Note(train.Callback):
    """Notes what it is told."""

    def __init__(self):
        self.told = []

    def on_start(self, run):
        self.told.append("start")

    def on_step(self, run):
        self.told.append(run.step)

    def on_epoch(self, run):
        self.told.append(f"epoch {run.epoch}")

    def on_end(self, run):
        self.told.append("end")


class Pretend(train.Callback):
    """Puts numbers of its own into the history, and keeps the weights of each epoch."""

    def __init__(self, numbers):
        self.numbers, self.weights = numbers, []

    def on_epoch(self, run):
        run.history["val_score"] = self.numbers[: run.epoch]
        self.weights.append(run.model.state_dict())


def test_a_callback_is_told_in_order(run_fit):
    note = Note()

    run_fit(2, batch_size=40, callbacks=[note])

    assert note.told == ["start", 1, 2, 3, "epoch 1", 1, 2, 3, "epoch 2", "end"]


def test_a_callback_is_told_of_the_end_when_training_breaks_off(run_fit):
    class Break(train.Callback):
        def on_step(self, run):
            raise KeyboardInterrupt

    note = Note()
    with pytest.raises(KeyboardInterrupt):
        run_fit(callbacks=[note, Break()])

    assert note.told == ["start", 1, "end"]


@pytest.mark.parametrize(("options", "numbers", "epochs", "best"), [
    ({"patience": 2}, [5, 4, 3, 3, 4, 1], 5, 3),
    ({"patience": 1}, [5, 4, 3, 2], 4, 4),
    ({"patience": 1}, [1, 2, 0], 2, 1),
    ({"patience": 1, "better": "larger"}, [1, 2, 3, 3, 9], 4, 3),
    ({"patience": 1, "least": 0.5}, [5, 4.6, 4], 2, 1),
    ({"patience": 2}, [float("nan"), 2, 1, 3], 4, 3),
])  # fmt: skip
def test_early_stopping_ends_and_gives_the_best_weights_back(
    run_fit, options, numbers, epochs, best
):
    pretend, options = Pretend(numbers), {"better": "smaller"} | options

    model, history = run_fit(
        len(numbers), callbacks=[pretend, train.EarlyStopping("val_score", **options)]
    )

    assert len(history["loss"]) == epochs
    expected = pretend.weights[best - 1]
    for name, x in model.state_dict().items():
        np.testing.assert_array_equal(x, expected[name])


@pytest.mark.parametrize(("monitor", "sign"), [("val_accuracy", -1), ("val_loss", 1)])
def test_of_an_accuracy_more_is_better(monitor, sign):
    assert train.EarlyStopping(monitor).sign == sign


def test_early_stopping_serves_a_second_run(run_fit):
    early = train.EarlyStopping("loss", 2)

    first, second = (run_fit(3, callbacks=[early])[1] for _ in range(2))

    assert first == second


def test_a_number_that_is_not_there_is_told(run_fit):
    with pytest.raises(
        ValueError, match=r"there is no val_loss, only loss; give fit validation=\(x, y\)"
    ):
        run_fit(callbacks=[train.EarlyStopping()])


@pytest.mark.parametrize(("options", "said"), [
    ({"better": "min"}, 'say whether "smaller" or "larger" is better for val_loss, better=\'min\''),
    ({"monitor": "val_score"}, 'is better for val_score, better=None does not'),
    ({"patience": 0}, "patience is a number of epochs from 1, got 0"),
])  # fmt: skip
def test_early_stopping_does_not_guess(options, said):
    with pytest.raises(ValueError, match=said):
        train.EarlyStopping(**options)


def test_the_best_weights_are_not_kept_after_the_run(run_fit):
    early = train.EarlyStopping("loss", 2)

    run_fit(2, callbacks=[early])

    assert not early.weights


def test_every_callback_is_told_of_the_end_even_if_one_fails_there(run_fit):
    class Fails(train.Callback):
        def on_end(self, run):
            raise OSError("disk full")

    note = Note()
    with pytest.raises(OSError, match="disk full"):
        run_fit(1, batch_size=90, callbacks=[Fails(), note])

    assert note.told[-1] == "end"


def test_the_csv_file_has_a_row_for_each_epoch(run_fit, clouds, tmp_path):
    _, history = run_fit(3, validation=clouds, callbacks=[train.CSVLog(tmp_path / "log" / "a.csv")])

    with (tmp_path / "log" / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert [float(row["val_loss"]) for row in rows] == history["val_loss"]


def test_the_csv_file_goes_on_after_a_resume(run_fit, tmp_path):
    log, checkpoint = train.CSVLog(tmp_path / "a.csv"), tmp_path / "run.npz"
    run_fit(3, callbacks=[log])
    expected = (tmp_path / "a.csv").read_text()

    run_fit(1, callbacks=[log, train.Checkpoint(checkpoint)])
    run_fit(3, callbacks=[log, train.Checkpoint(checkpoint, resume=True)])

    assert (tmp_path / "a.csv").read_text() == expected


def events(folder):
    """(name, step, number) in the event files of a folder, read record by record."""
    from tensorboardX.proto.event_pb2 import Event

    found = []
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        while data:
            n = int.from_bytes(data[:8], "little")
            event = Event.FromString(data[12 : 12 + n])
            data = data[16 + n :]
            found += [(v.tag, event.step, v.simple_value) for v in event.summary.value]
    return found


def test_tensorboard_gets_each_number_of_each_epoch(run_fit, clouds, tmp_path):
    _, history = run_fit(2, validation=clouds, callbacks=[train.TensorBoard(tmp_path)])

    found = {(name, step): number for name, step, number in events(tmp_path)}

    assert found[("learning_rate", 2)] == pytest.approx(0.01)
    for name in ("loss", "val_loss"):
        assert [found[(name, epoch)] for epoch in (1, 2)] == pytest.approx(history[name], rel=1e-6)


def test_tensorboard_keeps_what_came_before_a_resume(run_fit, tmp_path):
    board = train.TensorBoard(tmp_path / "events")
    run_fit(2, callbacks=[board, train.Checkpoint(tmp_path / "run.npz")])

    _, history = run_fit(4, callbacks=[board, train.Checkpoint(tmp_path / "run.npz", resume=True)])

    found = {step: number for name, step, number in events(board.folder) if name == "loss"}
    assert [found[epoch] for epoch in (1, 2, 3, 4)] == pytest.approx(history["loss"], rel=1e-6)


def test_without_tensorboardx_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)

    with pytest.raises(ImportError, match="pip install tensorboardX; CSVLog needs none"):
        train.TensorBoard(tmp_path)
