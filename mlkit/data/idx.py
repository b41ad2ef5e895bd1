"""The IDX format of MNIST: a magic number, the length of each axis, and the raw numbers.

Four bytes of magic: 0, 0, a code for the dtype, the number of axes. Then each length in four
bytes, then the elements, row by row, all with the most significant byte first.
Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database, "file formats".
"""

import gzip
import math
import struct
import zlib
from os import PathLike
from pathlib import Path

import numpy as np

__all__ = ["read_idx"]

_DTYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_GZIP = b"\x1f\x8b"
_AGAIN = "get the file again"


def read_idx(path: str | PathLike[str]) -> np.ndarray:
    """The array in an IDX file, which may be compressed with gzip (told by its content).

    Gives the shape and dtype that the file states, in the machine's byte order.
    Raises ValueError on a file that is damaged or none, saying at which byte and what is there.
    """
    path = Path(path)
    data = _content(path)
    if len(data) < 4:
        raise _damaged(path, len(data), "4 bytes of magic number", f"{len(data)} bytes", _AGAIN)
    zeros, code, axes = struct.unpack(">HBB", data[:4])
    if zeros != 0 or code not in _DTYPES or not axes:
        expected = "a magic number 00 00, a dtype 08 to 0e, the number of axes"
        raise _damaged(path, 0, expected, data[:4].hex(" "), "is it an IDX file?")
    start = 4 + 4 * axes
    if len(data) < start:
        raise _damaged(path, len(data), f"{axes} lengths, to byte {start}", "the end", _AGAIN)
    shape = struct.unpack(f">{axes}I", data[4:start])
    dtype = np.dtype(_DTYPES[code])
    promised = start + math.prod(shape) * dtype.itemsize
    if len(data) != promised:
        expected = f"the end after {shape} elements of {dtype.itemsize} bytes, at {promised}"
        got = "the end" if len(data) < promised else f"{len(data) - promised} bytes more"
        raise _damaged(path, min(len(data), promised), expected, got, _AGAIN)
    return np.frombuffer(data, dtype, offset=start).reshape(shape).astype(dtype.newbyteorder("="))


def _content(path: Path) -> bytes:
    """The bytes of a file, unpacked if gzip packed them."""
    packed = path.read_bytes()
    if not packed.startswith(_GZIP):
        return packed
    try:
        return gzip.decompress(packed)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"read_idx: {path} is damaged: gzip cannot unpack its {len(packed)} bytes ({error}); "
            f"{_AGAIN}"
        ) from error


def _damaged(path: Path, byte: int, expected: str, got: str, cure: str) -> ValueError:
    return ValueError(f"read_idx: {path} at byte {byte}: expected {expected}, got {got}; {cure}")
