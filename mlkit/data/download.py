"""Data sets that are too large to ship: MNIST and Fashion-MNIST, from a folder or the internet.

Looked for in: the folder given; else the folder named by MLKIT_DATA; else the user's cache, where
files go that are downloaded once, with pooch, and whose sha256 is compared each time.
"""

import os
from importlib.util import find_spec
from os import PathLike
from pathlib import Path

import numpy as np

from mlkit.data.idx import read_idx

__all__ = ["fashion_mnist", "mnist"]

Part = tuple[np.ndarray, np.ndarray]
_MNIST = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    {
        "train-images-idx3-ubyte.gz": (
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
        ),
        "train-labels-idx1-ubyte.gz": (
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
        ),
        "t10k-images-idx3-ubyte.gz": (
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
        ),
        "t10k-labels-idx1-ubyte.gz": (
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
        ),
    },
)
_FASHION = (
    "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
    {
        "train-images-idx3-ubyte.gz": (
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
        ),
        "train-labels-idx1-ubyte.gz": (
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
        ),
        "t10k-images-idx3-ubyte.gz": (
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
        ),
        "t10k-labels-idx1-ubyte.gz": (
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
        ),
    },
)


def mnist(folder: str | PathLike[str] | None = None) -> tuple[Part, Part]:
    """Handwritten digits, 28 by 28 pixels: (images, labels) to train, (images, labels) to test.

    Images (60000 and 10000, 28, 28) are uint8: see to_float. Labels (60000 and 10000,) are int64.
    folder: has the four files, packed with gzip or not; the module's first lines say where else.
    Raises FileNotFoundError if they are nowhere, ValueError if one is damaged.
    Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits, 1998.
    """
    return _load("mnist", folder, *_MNIST)


def fashion_mnist(folder: str | PathLike[str] | None = None) -> tuple[Part, Part]:
    """Articles of clothing in 28 by 28 pixels, in the form of mnist().

    Labels: T-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot.
    Source: H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, arXiv:1708.07747 (MIT licence).
    """
    return _load("fashion-mnist", folder, *_FASHION)


def _load(
    name: str, folder: str | PathLike[str] | None, address: str, sums: dict[str, str]
) -> tuple[Part, Part]:
    """Both parts of a data set, each made of a file of images and one of labels."""
    home = folder or os.environ.get("MLKIT_DATA")
    if home:
        paths = [_in_folder(name, Path(home), file) for file in sums]
    else:
        paths = [_downloaded(name, address + file, digest) for file, digest in sums.items()]
    return _part(name, *paths[:2]), _part(name, *paths[2:])


def _part(name: str, images: Path, labels: Path) -> Part:
    """Images and labels of one part, which must be as many and of the right kind."""
    x, y = read_idx(images), read_idx(labels)
    for array, path, axes in [(x, images, 3), (y, labels, 1)]:
        if array.ndim != axes or array.dtype != np.uint8:
            raise ValueError(
                f"{name}: {path} must hold uint8 with {axes} axes, got {array.dtype} with "
                f"{array.ndim}; are two files exchanged?"
            )
    if len(x) != len(y):
        raise ValueError(
            f"{name}: {images} has {len(x)} images and {labels} {len(y)} labels; "
            "take both from the same part, train or t10k"
        )
    return x, y.astype(np.int64)


def _in_folder(name: str, folder: Path, file: str) -> Path:
    """The path of a file in a folder, or in the data set's own folder there; packed or not."""
    for place in (folder, folder / name):
        for path in (place / file, place / file.removesuffix(".gz")):
            if path.is_file():
                return path
    raise FileNotFoundError(
        f"{name}: {file} (or without .gz) is neither in {folder} nor in {folder / name}; copy it "
        "there, or give no folder and unset MLKIT_DATA to download it"
    )


def _downloaded(name: str, address: str, digest: str) -> Path:
    """The path of a file in the user's cache, downloaded if it is not there yet."""
    if find_spec("pooch") is None:
        raise FileNotFoundError(
            f"{name}: downloading needs pooch: pip install pooch; or get {address} and its "
            "three sisters, and name their folder: folder=..., or MLKIT_DATA in the environment"
        )
    import pooch

    folder = Path(pooch.os_cache("mlkit")) / name
    try:
        return Path(pooch.retrieve(address, digest, address.rpartition("/")[2], folder))
    except OSError as error:  # that is what requests raises too
        raise FileNotFoundError(
            f"{name}: {address} cannot be downloaded ({error}); without internet put it and its "
            f"three sisters into {folder}"
        ) from error
