"""The digits are the published ones, are small, say where they come from, and are in the wheel."""

import hashlib
from pathlib import Path

import numpy as np
from hatchling.builders.wheel import WheelBuilder

from mlkit.data import digits

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "mlkit" / "data"


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).astype(np.uint8).tobytes()).hexdigest()


def test_images_are_floats_from_0_to_1_and_labels_whole_numbers():
    images, labels = digits()

    assert (images.shape, images.dtype) == ((1797, 8, 8), np.float64)
    assert (labels.shape, labels.dtype) == ((1797,), np.int64)
    assert (images.min(), images.max()) == (0, 1)


def test_pixels_and_labels_are_those_that_scikit_learn_has():
    images, labels = digits()

    assert images.sum() * 16 == 561718
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert sha256(images * 16) == "8f26b2bd9d135c256808f68f14fdabddde6d9c7f869ae419704b051f0f14b3b3"
    assert sha256(labels) == "8ba4f891220f5e4c9c819638d1602d74b83618f167043c6da52a2a247841ddf0"


def test_each_call_gives_arrays_of_its_own():
    digits()[0][:] = 0

    assert digits()[0].any()


def test_the_file_is_small_and_its_licence_lies_beside_it():
    said = (FOLDER / "digits.md").read_text(encoding="utf-8")

    assert (FOLDER / "digits.npz").stat().st_size < 80_000
    assert "CC BY 4.0" in said and "10.24432/C50P49" in said


def test_the_wheel_holds_the_digits_and_their_licence():
    wheel = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}

    assert {"mlkit/data/digits.npz", "mlkit/data/digits.md"} <= wheel
