"""A training that was stopped anywhere goes on to the same end, bit for bit."""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from mlkit import data, losses, optim, train, weights

PROGRAM = str(Path(__file__).parent / "resumed.py")


class Stop(train.Callback):
    """Ends a run with an error after some steps, as a crash would."""

    def __init__(self, steps):
        self.steps = steps

    def on_step(self, run):
        if run.steps == self.steps:
            raise KeyboardInterrupt


@pytest.fixture(params=[".npz", ".safetensors"])
def path(request, tmp_path):
    return tmp_path / f"run{request.param}"


@pytest.mark.parametrize("stopped", [1, 4, 11, 12, 13, 24, 30])
def test_after_a_stop_anywhere_the_end_is_the_same(run_fit, clouds, same, path, stopped):
    def train_with(*callbacks):
        early = train.EarlyStopping("val_loss", 2)
        return run_fit(3, validation=clouds, callbacks=[early, *callbacks])

    expected, history = train_with()

    with pytest.raises(KeyboardInterrupt):
        train_with(train.Checkpoint(path, every=1), Stop(stopped))
    resumed, again = train_with(train.Checkpoint(path, every=1, resume=True))

    assert same(resumed, expected)
    assert again == history


@pytest.mark.parametrize(
    "optimizer", [optim.SGD, lambda p, r: optim.SGD(p, r, momentum=0.9), optim.RMSProp, optim.AdamW]
)
@pytest.mark.parametrize("generator", [np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_every_optimiser_and_generator_goes_on(run_fit, same, tmp_path, optimizer, generator):
    def train_with(*callbacks):
        rng = np.random.Generator(generator(3))
        return run_fit(2, optimizer=optimizer, rng=rng, callbacks=callbacks)[0]

    with pytest.raises(KeyboardInterrupt):
        train_with(train.Checkpoint(tmp_path / "x.npz", every=5), Stop(17))

    resumed = train_with(train.Checkpoint(tmp_path / "x.npz", resume=True))
    assert same(resumed, train_with())


def test_a_finished_run_is_given_back_untouched(run_fit, same, path):
    first, history = run_fit(3, callbacks=[train.Checkpoint(path)])
    before = path.read_bytes()

    again, repeated = run_fit(3, callbacks=[train.Checkpoint(path, resume=True)])

    assert same(again, first) and repeated == history
    assert path.read_bytes() == before


def test_a_run_that_was_stopped_early_stays_stopped(run_fit, same, path):
    def train_with(**options):
        early = train.EarlyStopping("loss", 2, least=9.0)
        return run_fit(9, callbacks=[train.Checkpoint(path, **options), early])

    first, history = train_with()
    again, repeated = train_with(resume=True)

    assert len(history["loss"]) == 3
    assert same(again, first) and repeated == history


def test_a_generator_that_layers_share_with_the_order_of_the_rows_goes_on(make, clouds, same, path):
    def train_with(*callbacks):
        model, optimizer = make()
        train.fit(
            model, losses.cross_entropy, optimizer, clouds, epochs=2, batch_size=8,
            rng=model.layers[3].rng, progress=False, callbacks=callbacks,
        )  # fmt: skip
        return model

    with pytest.raises(KeyboardInterrupt):
        train_with(train.Checkpoint(path, every=1), Stop(5))

    assert same(train_with(train.Checkpoint(path, resume=True)), train_with())


def test_what_a_killed_run_left_half_written_is_swept_up(run_fit, path):
    path = path.with_name(f"[1]{path.name}")
    left = path.with_name(f".{path.name}.0123abcd.partial")
    left.touch()

    run_fit(1, callbacks=[train.Checkpoint(path)])

    assert list(path.parent.iterdir()) == [path]


def test_more_epochs_go_on_where_fewer_ended(run_fit, same, path):
    run_fit(2, callbacks=[train.Checkpoint(path)])

    longer, history = run_fit(4, callbacks=[train.Checkpoint(path, resume=True)])

    assert same(longer, run_fit(4)[0])
    assert len(history["loss"]) == 4


def test_without_resume_a_run_starts_anew(run_fit, same, path):
    run_fit(2, callbacks=[train.Checkpoint(path)])

    assert same(run_fit(1, callbacks=[train.Checkpoint(path)])[0], run_fit(1)[0])


def test_data_in_their_order_need_no_generator(make, clouds, same, path):
    def train_with(*callbacks):
        model, optimizer = make()
        pieces = data.batches(*clouds, 8)
        train.fit(
            model, losses.cross_entropy, optimizer, pieces, epochs=2, progress=False,
            callbacks=callbacks,
        )  # fmt: skip
        return model

    with pytest.raises(KeyboardInterrupt):
        train_with(train.Checkpoint(path, every=2), Stop(17))

    assert same(train_with(train.Checkpoint(path, resume=True)), train_with())


def test_a_process_killed_again_and_again_ends_with_the_same_weights(tmp_path):
    """Killed 8 times at random moments, also while it writes; about 6 s."""
    subprocess.run([sys.executable, PROGRAM, "one.npz", "expected.npz"], cwd=tmp_path, check=True)
    rng = np.random.default_rng(0)
    killed = 0
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, PROGRAM, "two.npz", "result.npz"],
            cwd=tmp_path, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with process:
            for _ in range(rng.integers(3, 60)):
                process.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                process.wait(rng.uniform(0, 0.005))
            process.send_signal(signal.SIGKILL)
        killed += process.returncode == -signal.SIGKILL
    last = [sys.executable, PROGRAM, "two.npz", "result.npz"]
    subprocess.run(last, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)

    expected, result = (weights.read(tmp_path / f"{name}.npz") for name in ("expected", "result"))
    assert killed > 4
    assert expected.keys() == result.keys()
    assert all(x.tobytes() == result[name].tobytes() for name, x in expected.items())
    assert len(json.loads(result["history"].tobytes())["loss"]) == 30
    assert len(list(tmp_path.iterdir())) == 4  # nothing half-written is left lying about


def test_a_checkpoint_of_another_training_is_refused(run_fit, make, clouds, path):
    run_fit(1, callbacks=[train.Checkpoint(path)])
    resume = train.Checkpoint(path, resume=True)

    with pytest.raises(ValueError, match=r"'batch size': 8.*this one has .*'batch size': 4"):
        run_fit(1, batch_size=4, callbacks=[resume])
    with pytest.raises(
        ValueError, match=r"is of a training with other parts: load_state_dict: .*SGD"
    ):
        run_fit(1, optimizer=optim.SGD, callbacks=[resume])
    with pytest.raises(ValueError, match=r"is of a training with other parts: .*callback0"):
        run_fit(1, callbacks=[resume, train.EarlyStopping("loss")])


@pytest.mark.parametrize("rng", [0, np.random.Generator(np.random.MT19937(0))])
def test_a_run_that_cannot_go_on_stays_as_it_was(make, clouds, same, path, run_fit, rng):
    run_fit(1, callbacks=[train.Checkpoint(path)])
    model, optimizer = make(optimizer=optim.Adam if rng else optim.SGD)

    with pytest.raises(ValueError, match="is of a training with other parts"):
        train.fit(
            model, losses.cross_entropy, optimizer, clouds, epochs=2, batch_size=8, rng=rng,
            progress=False, callbacks=[train.Checkpoint(path, resume=True)],
        )  # fmt: skip

    assert same(model, make()[0])
    assert optimizer.steps == 0
    untouched = make()[0].layers[3].rng.bit_generator.state
    assert model.layers[3].rng.bit_generator.state == untouched


@pytest.mark.parametrize(("name", "every", "said"), [
    ("run.pt", None, r"Checkpoint: the file must end in \.npz or \.safetensors, got run\.pt"),
    ("run.npz", 0, "Checkpoint: every is a number of steps from 1, got 0"),
])  # fmt: skip
def test_a_wrong_checkpoint_is_told_before_training(name, every, said):
    with pytest.raises(ValueError, match=said):
        train.Checkpoint(name, every=every)


def test_weights_alone_are_no_checkpoint(run_fit, make, path):
    weights.save(make()[0], path)

    with pytest.raises(ValueError, match="holds weights but no training"):
        run_fit(1, callbacks=[train.Checkpoint(path, resume=True)])


def test_a_damaged_checkpoint_is_told_and_not_trained_from(run_fit, path):
    run_fit(1, callbacks=[train.Checkpoint(path)])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(ValueError, match=rf"{path.name} is damaged"):
        run_fit(2, callbacks=[train.Checkpoint(path, resume=True)])
