"""Weights survive the way to a file and back bit for bit, or an error says what and where."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from contextlib import suppress

import numpy as np
import pytest

from mlkit import nn, weights
from mlkit.files import read_note

FORMATS = [".npz", ".safetensors"]


@pytest.fixture(params=FORMATS)
def path(request, tmp_path):
    return tmp_path / f"model{request.param}"


@pytest.fixture
def arrays(rng):
    return {
        "layers.0.weight": rng.normal(size=(3, 4)).astype(np.float32),
        "layers.0.bias": rng.normal(size=4),
        "file": np.asarray(3),
        "steps": np.arange(5),
        "mask": np.array([True, False]),
        "empty": np.zeros((0, 2), np.float16),
        "turned": np.arange(6.0).reshape(2, 3).T,
        "large": np.array([np.inf, -np.inf, 1e308]),
    }


def network(seed=0, hidden=5):
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Dense(4, hidden, rng=rng), nn.ReLU(), nn.Dense(hidden, 3, rng=rng))


def same(one, two):
    return one.keys() == two.keys() and all(
        a.dtype == two[name].dtype and a.shape == two[name].shape and a.tobytes() == b.tobytes()
        for name, a in one.items()
        for b in [two[name]]
    )


def test_arrays_come_back_bit_for_bit(path, arrays):
    weights.write(path, arrays)

    assert same(weights.read(path), arrays)


def test_the_same_arrays_make_the_same_bytes(path, arrays):
    weights.write(path, arrays)
    first = path.read_bytes()
    weights.write(path, arrays)

    assert path.read_bytes() == first


def test_a_note_comes_back_beside_the_arrays(path, arrays):
    note = {"epoch": 3, "state": 2**127 + 1, "losses": [0.1, 1e-300]}

    weights.write(path, arrays, note)

    assert read_note(path)[1] == note
    assert same(read_note(path)[0], arrays)


def test_other_programs_read_the_files(tmp_path, arrays):
    import safetensors.numpy

    for ending in FORMATS:
        weights.write(tmp_path / f"x{ending}", arrays)

    with np.load(tmp_path / "x.npz", allow_pickle=False) as stored:
        assert same({name: stored[name] for name in arrays}, arrays)
    assert same(safetensors.numpy.load_file(tmp_path / "x.safetensors"), arrays)


def test_files_of_other_programs_are_read(tmp_path, arrays):
    import safetensors.numpy

    del arrays["file"], arrays["turned"]
    np.savez_compressed(tmp_path / "x.npz", **arrays)
    safetensors.numpy.save_file(arrays, tmp_path / "x.safetensors")

    for ending in FORMATS:
        assert same(weights.read(tmp_path / f"x{ending}"), arrays)


def test_a_network_gets_its_weights_back(path):
    saved, other = network(1), network(2)

    weights.save(saved, path)
    weights.load(other, path)

    assert same(other.state_dict(), saved.state_dict())


def test_all_that_does_not_fit_is_listed_and_nothing_is_changed(path):
    model, state = network(), network().state_dict()
    before = model.state_dict()
    state["layers.0.weight"] = np.ones((4, 6))
    state["layers.2.weight"] = state["layers.2.weight"].astype(np.float32)
    state["layers.9.bias"] = state.pop("layers.2.bias")
    weights.write(path, state)

    with pytest.raises(ValueError, match="does not fit the network") as caught:
        weights.load(model, path)

    for said in [
        str(path),
        "layers.0.weight has shape (4, 6), the network (4, 5)",
        "layers.2.weight is float32, the network float64",
        "layers.2.bias is missing",
        "layers.9.bias is not in the network",
    ]:
        assert said in str(caught.value)
    assert same(model.state_dict(), before)


def test_nan_is_not_written_and_the_old_file_stays(path):
    model = network()
    weights.save(model, path)
    before = path.read_bytes()
    model.layers[0].weight.data[2, 3] = np.nan
    model.layers[0].weight.data[3, 0] = np.nan

    with pytest.raises(
        ValueError, match=r"layers\.0\.weight holds nan at \(2, 3\) and 1 more places: nothing"
    ):
        weights.save(model, path)

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_nan_in_a_file_is_told_with_its_place(tmp_path):
    np.savez(tmp_path / "x.npz", a=np.array([[1.0, np.nan]]))

    with pytest.raises(ValueError, match=r"x\.npz: a holds nan at \(0, 1\); it comes from"):
        weights.read(tmp_path / "x.npz")


def test_objects_are_neither_written_nor_read(tmp_path, path):
    np.savez(tmp_path / "x.npz", a=np.array([{}], dtype=object))

    with pytest.raises(ValueError, match=r"x\.npz is damaged: a\.npy cannot be read \(Object"):
        weights.read(tmp_path / "x.npz")
    for values in [np.array(["text"]), np.array([1j]), np.array([{}], dtype=object)]:
        with pytest.raises(TypeError, match="write: a must be real numbers"):
            weights.write(path, {"a": values})


def test_every_truncation_is_told(path, rng):
    weights.write(path, {"a": rng.normal(size=(2, 3)), "b": np.arange(3)})
    whole = path.read_bytes()

    for n in range(len(whole)):
        path.write_bytes(whole[:n])
        with pytest.raises(ValueError, match=rf"{path.name} is damaged: .* has {n} bytes"):
            weights.read(path)


def test_every_flipped_byte_is_told_or_harmless(path, rng):
    arrays = {"a": rng.normal(size=(2, 3)), "b": np.arange(3)}
    weights.write(path, arrays, {"epoch": 3})
    whole = path.read_bytes()

    for n in range(len(whole)):
        damaged = bytearray(whole)
        damaged[n] ^= 0x55
        path.write_bytes(bytes(damaged))
        try:
            read, note = read_note(path)
        except ValueError as error:
            assert path.name in str(error)
        else:  # a date, or another program's mark
            assert same(read, arrays) and note in ({"epoch": 3}, None), n


def test_an_ending_without_a_format_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"must end in \.npz or \.safetensors, got .*x\.pkl"):
        weights.write(tmp_path / "x.pkl", {})
    with pytest.raises(FileNotFoundError):
        weights.read(tmp_path / "none.safetensors")


def test_folders_are_made_and_links_stay_links(tmp_path, path):
    target = tmp_path / "deep" / "er" / path.name
    weights.write(target, {"a": np.ones(2)})
    path.symlink_to(target)

    weights.write(path, {"a": np.zeros(2)})

    assert path.is_symlink() and not weights.read(target)["a"].any()


def test_without_safetensors_npz_is_offered(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)

    with pytest.raises(ImportError, match=r"pip install safetensors; \.npz needs none"):
        weights.write(tmp_path / "x.safetensors", {"a": np.ones(1)})


def test_an_interrupted_write_leaves_the_old_file(path, monkeypatch):
    weights.write(path, {"a": np.ones(3)})

    def full(*arguments):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        weights.write(path, {"a": np.zeros(3)})

    assert weights.read(path)["a"].all()
    assert list(path.parent.iterdir()) == [path]


def test_a_killed_writer_leaves_a_whole_file(path):
    """A process that writes without end is killed 8 times, wherever it is."""
    program = textwrap.dedent(
        """
        import sys, numpy as np
        from mlkit import weights
        for n in range(10**6):
            weights.write(sys.argv[1], {str(i): np.full(20_000, n) for i in range(4)})
            print(n, flush=True)
        """
    )
    rng = np.random.default_rng(0)
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
        )
        with process:
            process.stdout.readline()  # it is in its loop
            with suppress(subprocess.TimeoutExpired):
                process.wait(rng.uniform(0, 0.01))
            process.send_signal(signal.SIGKILL)

        arrays = weights.read(path)
        assert len({int(n) for x in arrays.values() for n in np.unique(x)}) == 1


def test_what_a_writer_left_who_was_killed_an_hour_ago_goes(path, arrays):
    path = path.with_name(f"[1]{path.name}")
    old, new, other = (
        path.with_name(f".{name}.0123abc{i}.partial")
        for i, name in enumerate([path.name] * 2 + ["x"])
    )
    for left in (old, new, other):
        left.touch()
        os.utime(left, (time.time() - 3601 * (left is not new),) * 2)

    weights.write(path, arrays)

    assert {*path.parent.iterdir()} == {path, new, other}  # new: perhaps somebody is at work


def test_an_array_longer_than_its_header_is_told(tmp_path):
    weights.write(tmp_path / "x.npz", {"a": np.ones(3)})
    with zipfile.ZipFile(tmp_path / "x.npz") as archive:
        data = archive.read("a.npy")
    with zipfile.ZipFile(tmp_path / "y.npz", "w") as archive:
        archive.writestr("a.npy", data + b"more")

    with pytest.raises(ValueError, match=r"a\.npy cannot be read \(it is longer than its header"):
        weights.read(tmp_path / "y.npz")
