"""Arrays by name in a file: .npz (NumPy's, needs nothing else) or .safetensors. Never pickle.

A file is written beside its place, flushed to the disk, and only then put there: whoever is killed
while writing leaves the old file whole. What is read was checked: all there, undamaged, no NaN.
"""

import json
import os
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from os import PathLike
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

__all__ = ["is_safetensors", "read", "read_note", "replacing", "sweep", "write"]

Arrays = dict[str, np.ndarray]
_SEAL = "mlkit.json"  # its place in an .npz; no array has it, as theirs end in .npy
_UNPACKING = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, MemoryError, RuntimeError,
)  # fmt: skip


def write(path: str | PathLike[str], arrays: dict[str, Any], note: Any = None) -> None:
    """Put arrays into a file whose ending, .npz or .safetensors, says the format.

    note: more to keep, made of what JSON knows. Makes folders where they lack.
    Raises TypeError for what is no array of numbers, ValueError for NaN; then the file that was
    there stays as it was.
    """
    path = Path(path)
    checked = {name: _writable(path, name, x) for name, x in arrays.items()}
    pack = _pack_safetensors if is_safetensors("write", path) else _pack_npz
    with replacing(path) as partial:
        pack(partial, checked, json.dumps({"note": note, "crc32": _checksum(checked, note)}))


def read(path: str | PathLike[str]) -> Arrays:
    """The arrays of a file by name.

    Raises ValueError on a damaged file, saying which array if it is one, and on NaN, saying where.
    """
    return _read(Path(path))[0]


def read_note(path: str | PathLike[str]) -> tuple[Arrays, Any]:
    """The arrays of a file and the note that write() put with them; None if there is none."""
    return _read(Path(path))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a path to write to; what was written there takes the place of `path` at the end.

    In one move, after it is on the disk; or never, if the work in between raises.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path, older_s=3600.0)
    partial = path.with_name(f".{path.name}.{os.urandom(4).hex()}.partial")
    try:
        yield partial
        _flush(partial, os.O_RDWR)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    if os.name == "posix":  # elsewhere a folder cannot be opened
        _flush(path.parent, os.O_RDONLY)


def sweep(path: Path, older_s: float) -> None:
    """Remove what writers of this file left who were killed at least so many seconds ago.

    A writer who is at work now has touched its own a moment ago.
    """
    path = Path(os.path.realpath(path))
    for left in path.parent.glob(f".{escape(path.name)}.*.partial"):
        with suppress(FileNotFoundError):  # another one sweeps too
            if time.time() - left.stat().st_mtime >= older_s:
                left.unlink()


def _flush(path: Path, how: int) -> None:
    """Wait until a file, or a folder's list of files, is on the disk."""
    handle = os.open(path, how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_safetensors(name: str, path: Path) -> bool:
    """Whether the ending says so. Raises ValueError if it is none of the two."""
    if path.suffix not in (".npz", ".safetensors"):
        raise ValueError(f"{name}: the file must end in .npz or .safetensors, got {path}")
    return path.suffix == ".safetensors"


def _writable(path: Path, name: str, x: Any) -> np.ndarray:
    """An array that may be written. Raises TypeError or ValueError if it may not."""
    x = np.asarray(x, order="C")
    if x.dtype.kind not in "biuf" or x.dtype.itemsize > 8:
        raise TypeError(f"write: {name} must be real numbers of up to 8 bytes, got {x.dtype}")
    x = x.astype(x.dtype.newbyteorder("="), copy=False)
    nan = _nan_in(x)
    if nan:
        raise ValueError(
            f"write: {name} holds {nan}: nothing is written to {path}; did training diverge? "
            "try a smaller learning rate"
        )
    return x


def _nan_in(x: np.ndarray) -> str:
    """Where an array holds NaN, in words; empty if it does not."""
    places = np.argwhere(np.isnan(x) if x.dtype.kind == "f" else False)
    if not len(places):
        return ""
    more = f" and {len(places) - 1} more places" if len(places) > 1 else ""
    return f"nan at {tuple(places[0].tolist())}{more}"


def _read(path: Path) -> tuple[Arrays, Any]:
    unpack = _unpack_safetensors if is_safetensors("read", path) else _unpack_npz
    arrays, seal = unpack(path)
    try:
        note = _opened(arrays, seal)
    except (ValueError, KeyError, TypeError) as error:
        _damaged(path, "its seal", error)
    for name, x in arrays.items():
        if nan := _nan_in(x):
            raise ValueError(
                f"read: {path}: {name} holds {nan}; it comes from a training that diverged, "
                "take an earlier file"
            )
    return arrays, note


def _opened(arrays: Arrays, seal: str) -> Any:
    """The note that write() sealed with a checksum, which is compared; None if others wrote it."""
    if not seal:
        return None
    said = json.loads(seal)
    found = _checksum(arrays, said["note"])
    if said["crc32"] != found:
        raise ValueError(f"its checksum should be {said['crc32']} and is {found}")
    return said["note"]


def _checksum(arrays: Arrays, note: Any) -> int:
    """CRC-32 of the note and of names, dtypes, shapes and elements: both formats lack one."""
    crc = zlib.crc32(json.dumps(note).encode())
    for name, x in sorted(arrays.items()):
        crc = zlib.crc32(f"{name} {x.dtype.str} {x.shape} ".encode(), crc)
        crc = zlib.crc32(x.tobytes(), crc)
    return crc


def _damaged(path: Path, part: str, error: Exception) -> NoReturn:
    said = str(error) or type(error).__name__
    raise ValueError(
        f"read: {path} is damaged: {part} cannot be read ({said}), the file has "
        f"{path.stat().st_size} bytes; take another copy"
    ) from error


def _pack_npz(path: Path, arrays: Arrays, seal: str) -> None:
    """The archive that np.savez makes; its own way has no room for arrays named "file"."""
    with zipfile.ZipFile(path, "x") as archive:
        archive.writestr(zipfile.ZipInfo(_SEAL), seal)  # first: what is lost behind it is noticed
        for name, x in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, x, allow_pickle=False)


def _unpack_npz(path: Path) -> tuple[Arrays, str]:
    part, seal, arrays = "its table of contents", "", {}
    with path.open("rb") as file:  # a missing file is told by its own error
        try:
            archive = zipfile.ZipFile(file)
            for part in archive.namelist():
                with archive.open(part) as member:
                    if part == _SEAL:
                        seal = member.read().decode()
                        continue
                    x = np.lib.format.read_array(member, allow_pickle=False)
                    if member.read(1):
                        raise ValueError("it is longer than its header says")
                    arrays[part.removesuffix(".npy")] = x
        except _UNPACKING as error:
            _damaged(path, part, error)
    return arrays, seal


def _pack_safetensors(path: Path, arrays: Arrays, seal: str) -> None:
    _safetensors("write").numpy.save_file(arrays, path, {"mlkit": seal})


def _unpack_safetensors(path: Path) -> tuple[Arrays, str]:
    safetensors = _safetensors("read")
    with path.open("rb"):  # a missing file is told by its own error
        pass
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (safetensors.SafetensorError, TypeError) as error:
        _damaged(path, "it", error)
    return arrays, metadata.get("mlkit", "")


def _safetensors(name: str) -> Any:
    """What we need of the package safetensors. Raises ImportError, saying what to do without."""
    try:
        import safetensors
        import safetensors.numpy
    except ImportError as error:
        raise ImportError(
            f"{name}: .safetensors needs a package: pip install safetensors; .npz needs none"
        ) from error
    return safetensors
