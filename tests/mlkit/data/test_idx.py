"""The reader against files written here, whole and damaged, and the loaders on small files."""

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from mlkit.data import download, fashion_mnist, mnist, read_idx

CODES = {"u1": 8, "i1": 9, ">i2": 11, ">i4": 12, ">f4": 13, ">f8": 14}
NAMES = [
    f"{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
]


def as_idx(array, dtype="u1"):
    """The bytes of an IDX file, written from the format's description."""
    head = struct.pack(f">HBB{array.ndim}I", 0, CODES[dtype], array.ndim, *array.shape)
    return head + array.astype(dtype).tobytes()


def write(path, data):
    path.write_bytes(data)
    return path


@pytest.fixture
def images(rng):
    return rng.integers(0, 256, size=(5, 4, 3)).astype(np.uint8)


@pytest.fixture
def folder(tmp_path, rng):
    """A tiny data set in MNIST's four files: 6 images to train, 4 to test; one file packed."""
    for name, n in zip(NAMES, [6, 6, 4, 4], strict=True):
        shape = (n, 28, 28) if "images" in name else (n,)
        data = as_idx(rng.integers(0, 10, size=shape))
        if name.startswith("t10k"):
            write(tmp_path / f"{name}.gz", gzip.compress(data))
        else:
            write(tmp_path / name, data)
    return tmp_path


@pytest.mark.parametrize("dtype", CODES)
@pytest.mark.parametrize("shape", [(7,), (3, 2), (2, 3, 2), (0, 4)])
def test_what_was_written_is_read(tmp_path, rng, dtype, shape):
    array = rng.integers(0, 100, size=shape).astype(dtype)

    read = read_idx(write(tmp_path / "x", as_idx(array, dtype)))

    np.testing.assert_array_equal(read, array)
    assert (read.shape, read.dtype) == (shape, np.dtype(dtype).newbyteorder("="))


def test_packed_with_gzip_reads_the_same_whatever_the_name(tmp_path, images):
    path = write(tmp_path / "images", gzip.compress(as_idx(images)))

    np.testing.assert_array_equal(read_idx(path), images)


def test_every_truncation_is_told_with_file_and_byte(tmp_path, images):
    whole = as_idx(images)

    for n in range(len(whole)):
        path = write(tmp_path / "short", whole[:n])
        with pytest.raises(ValueError, match=rf"read_idx: .*short at byte {n}: expected .* got"):
            read_idx(path)


def test_every_truncation_of_a_packed_file_is_told(tmp_path, images):
    whole = gzip.compress(as_idx(images))

    for n in range(len(whole)):
        with pytest.raises(ValueError, match=r"read_idx: .*short.*(gzip cannot unpack|expected)"):
            read_idx(write(tmp_path / "short.gz", whole[:n]))


def test_more_bytes_than_promised_are_told(tmp_path, images):
    with pytest.raises(ValueError, match=r"at byte 76: .*\(5, 4, 3\).* got 2 bytes more"):
        read_idx(write(tmp_path / "x", as_idx(images) + b"ab"))


@pytest.mark.parametrize("magic", [b"\x00\x01\x08\x01", b"\x00\x00\x0a\x01", b"\x00\x00\x08\x00",
                                   b"PK\x03\x04", b"<htm"])  # fmt: skip
def test_a_wrong_magic_number_is_shown(tmp_path, magic):
    with pytest.raises(ValueError, match=f"at byte 0: expected a magic .* got {magic.hex(' ')};"):
        read_idx(write(tmp_path / "x", magic + bytes(20)))


def test_a_flipped_bit_in_a_packed_file_is_told(tmp_path, images):
    data = bytearray(gzip.compress(as_idx(images)))
    data[-6] ^= 1  # in the checksum that gzip keeps

    with pytest.raises(ValueError, match=r"gzip cannot unpack its .* bytes .*CRC"):
        read_idx(write(tmp_path / "x", bytes(data)))


def test_lengths_that_would_not_fit_into_memory_are_compared_before_they_are_used(tmp_path):
    head = struct.pack(">HBB3I", 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1)

    with pytest.raises(ValueError, match="expected the end after"):
        read_idx(write(tmp_path / "x", head))


@pytest.mark.parametrize("load", [mnist, fashion_mnist])
def test_the_four_files_of_a_folder_become_two_parts(folder, load):
    (x, y), (x_test, y_test) = load(folder)

    assert (x.shape, x.dtype, x_test.shape) == ((6, 28, 28), np.uint8, (4, 28, 28))
    assert (y.shape, y.dtype, y_test.shape) == ((6,), np.int64, (4,))


def test_the_environment_names_the_folder(folder, monkeypatch, tmp_path):
    (home := tmp_path / "home").mkdir()
    inner = home / "fashion-mnist"
    inner.mkdir()
    for path in folder.glob("t*"):
        path.rename(inner / path.name)
    monkeypatch.setenv("MLKIT_DATA", str(home))

    assert len(fashion_mnist()[0][1]) == 6
    with pytest.raises(FileNotFoundError, match=r"mnist: train-images.* is neither in .*home nor"):
        mnist()


def test_counts_that_differ_are_told(folder):
    write(folder / "train-labels-idx1-ubyte", as_idx(np.zeros(5)))

    with pytest.raises(ValueError, match=r"has 6 images and .*labels-idx1-ubyte 5 labels"):
        mnist(folder)


def test_exchanged_files_are_told(folder):
    images, labels = (folder / name for name in NAMES[:2])
    images.rename(folder / "aside").touch()
    labels.rename(images)
    (folder / "aside").rename(labels)

    with pytest.raises(ValueError, match="must hold uint8 with 3 axes, got uint8 with 1; are two"):
        mnist(folder)


@pytest.fixture
def internet(folder, monkeypatch, tmp_path):
    """pooch's cache in a folder of the test, and its downloads from another; counts them."""
    import pooch

    monkeypatch.delenv("MLKIT_DATA", raising=False)
    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / "cache" / name)
    asked = []

    def get(self, url, output, pooch, **options):
        asked.append(url)
        path = folder / url.rpartition("/")[2].removesuffix(".gz")
        packed = path.with_name(path.name + ".gz")
        data = packed.read_bytes() if packed.is_file() else gzip.compress(path.read_bytes())
        Path(output).write_bytes(data)

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", get)
    return asked


def sums(folder):
    """The sha256 of what the internet of these tests gives."""
    found = {}
    for name in NAMES:
        path = folder / f"{name}.gz"
        data = path.read_bytes() if path.is_file() else gzip.compress((folder / name).read_bytes())
        found[f"{name}.gz"] = hashlib.sha256(data).hexdigest()
    return found


def test_files_are_downloaded_once(internet, folder, monkeypatch):
    monkeypatch.setattr(gzip, "compress", lambda data, make=gzip.compress: make(data, mtime=0))
    monkeypatch.setattr(download, "_MNIST", (download._MNIST[0], sums(folder)))

    first, second = mnist(), mnist()

    np.testing.assert_array_equal(first[0][0], second[0][0])
    assert [url.rpartition("/")[2] for url in internet] == [f"{name}.gz" for name in NAMES]


def test_a_download_with_a_wrong_checksum_is_refused_and_not_kept(internet, tmp_path):
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte\.gz.* does not match the known"):
        mnist()

    assert not list((tmp_path / "cache").rglob("*ubyte*"))


def test_without_internet_the_error_says_where_to_put_the_files(internet, monkeypatch):
    import pooch

    def fail(*arguments, **options):
        raise OSError("name resolution failed")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", fail)

    with pytest.raises(
        FileNotFoundError, match=r"cannot be downloaded \(name .*; without internet"
    ):
        mnist()


def test_without_pooch_the_error_says_what_to_install(monkeypatch):
    monkeypatch.delenv("MLKIT_DATA", raising=False)
    monkeypatch.setattr(download, "find_spec", lambda name: None)

    with pytest.raises(FileNotFoundError, match=r"pip install pooch; or get https://.*MLKIT_DATA"):
        fashion_mnist()


@pytest.mark.parametrize("table", [download._MNIST, download._FASHION])
def test_each_of_the_four_files_has_a_checksum(table):
    address, digests = table

    assert address.startswith("https://") and address.endswith("/")
    assert list(digests) == [f"{name}.gz" for name in NAMES]
    assert all(len(digest) == 64 for digest in digests.values())
    assert len(set(digests.values())) == 4
