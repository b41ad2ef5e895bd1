"""Labels to rows and back; pixels to floats, once."""

import numpy as np
import pytest

from mlkit.data import OneHotEncoder, to_float


@pytest.mark.parametrize("labels", [[3, 1, 3, 7], ["b", "a", "c"], [True, False]])
def test_inverse_transform_undoes_transform(labels):
    encoder = OneHotEncoder()

    rows = encoder.fit_transform(labels)

    assert rows.sum(axis=1).tolist() == [1] * len(labels)
    assert encoder.inverse_transform(rows).tolist() == labels


def test_columns_are_the_classes_in_order():
    encoder = OneHotEncoder().fit([7, 1, 3])

    assert encoder.classes.tolist() == [1, 3, 7]
    np.testing.assert_array_equal(encoder.transform([3, 7]), [[0, 1, 0], [0, 0, 1]])


@pytest.mark.parametrize(("labels", "named"), [([1, 9], "9 at place 1"), ([0, 1], "0 at place 0"),
                                               ([2], "2 at place 0")])  # fmt: skip
def test_a_label_not_seen_in_fit_is_named(labels, named):
    encoder = OneHotEncoder().fit([1, 3, 7])

    with pytest.raises(ValueError, match=rf"label {named} is none of the classes \[1, 3, 7\]"):
        encoder.transform(labels)


def test_an_unseen_word_is_named():
    with pytest.raises(ValueError, match="label 'zebra' at place 1 is none"):
        OneHotEncoder().fit(["ant", "bee"]).transform(["ant", "zebra"])


def test_fit_comes_first():
    with pytest.raises(RuntimeError, match="call fit with the training labels first"):
        OneHotEncoder().transform([1])
    with pytest.raises(RuntimeError, match="inverse_transform: call fit"):
        OneHotEncoder().inverse_transform([[1]])


def test_rows_of_another_width_are_refused():
    with pytest.raises(ValueError, match=r"must have 2 columns, one for each class, got \(1, 3\)"):
        OneHotEncoder().fit([0, 1]).inverse_transform([[0, 1, 0]])


@pytest.mark.parametrize("call", ["fit", "transform"])
def test_labels_are_one_row(call):
    encoder = OneHotEncoder().fit([0, 1])

    with pytest.raises(ValueError, match=rf"{call}: labels must be one row.* \(2, 2\)"):
        getattr(encoder, call)(np.eye(2))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_all_256_values_of_a_pixel_become_floats_from_0_to_1(dtype):
    pixels = np.arange(256, dtype=np.uint8)

    floats = to_float(pixels, dtype)

    assert floats.dtype == dtype
    assert (floats[0], floats[-1]) == (0, 1)
    np.testing.assert_array_equal((floats * 255).round(), pixels)


@pytest.mark.parametrize(("images", "said"), [
    (np.linspace(0, 1, 5), "got float64 from 0.0 to 1.0; are they scaled already"),
    (np.array([0, 16]), "got int64 from 0 to 16; divide by the largest possible value"),
    (np.zeros((0, 8)), "got float64 without elements"),
])  # fmt: skip
def test_only_pixels_of_one_byte_are_scaled(images, said):
    with pytest.raises(TypeError, match=said):
        to_float(images)
