"""Batches cover all rows once per pass; a split puts each row into one part."""

import numpy as np
import pytest

from mlkit.data import batches, digits, split


def rows(n):
    """x whose row i is (i, i), and y = i."""
    return np.repeat(np.arange(n), 2).reshape(n, 2), np.arange(n)


def test_batches_keep_the_order_and_the_short_last_one():
    parts = list(batches(*rows(7), 3))

    assert [y.tolist() for _, y in parts] == [[0, 1, 2], [3, 4, 5], [6]]
    assert all((x == y[:, None]).all() for x, y in parts)


@pytest.mark.parametrize(("n", "size", "last", "expected"), [
    (7, 3, True, 3), (7, 3, False, 2), (6, 3, True, 2), (6, 3, False, 2), (2, 3, True, 1),
])  # fmt: skip
def test_as_many_batches_come_as_len_says(n, size, last, expected):
    parts = batches(*rows(n), size, last=last)

    assert len(parts) == len(list(parts)) == expected
    assert last or all(len(y) == size for _, y in parts)


def test_with_rng_each_pass_has_all_rows_in_a_new_order(rng):
    parts = batches(*rows(20), 6, rng)

    passes = [np.concatenate([y for _, y in parts]).tolist() for _ in range(2)]

    assert passes[0] != passes[1]
    assert all(sorted(order) == list(range(20)) for order in passes)
    assert all((x == y[:, None]).all() for x, y in parts)


def test_the_same_seed_gives_the_same_batches():
    one, two = (batches(*rows(20), 6, np.random.default_rng(3)) for _ in range(2))

    for (_, a), (_, b) in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_pass_can_go_on_after_the_first_batches():
    one, two = (batches(*rows(20), 6, np.random.default_rng(3)) for _ in range(2))

    whole, rest = [y.tolist() for _, y in one], [y.tolist() for _, y in two.after(2)]

    assert rest == whole[2:]


@pytest.mark.parametrize("size", [0, -1, 2.5, None])
def test_a_batch_has_at_least_one_row(size):
    with pytest.raises(ValueError, match="size must be a whole number of at least 1"):
        batches(*rows(3), size)


def test_rows_that_do_not_pair_are_refused(rng):
    with pytest.raises(ValueError, match=r"the same number of rows.* got 3 and 4"):
        batches(np.zeros((3, 2)), np.zeros(4), 2)
    with pytest.raises(ValueError, match=r"the same number of rows.* got 0 and 0"):
        split([], [], rng=rng)


@pytest.mark.parametrize("stratified", [False, True])
def test_each_row_goes_to_one_part(rng, stratified):
    x, y = rows(53)

    parts = split(x, y % 4, 0.25, 7, rng=rng, stratified=stratified)

    assert [len(labels) for _, labels in parts] == [33, 13, 7]
    assert sorted(np.concatenate([images[:, 0] for images, _ in parts])) == list(range(53))
    assert all((images[:, 0] % 4 == labels).all() for images, labels in parts)


def test_the_same_seed_gives_the_same_split():
    one, two = (split(*rows(30), rng=np.random.default_rng(5)) for _ in range(2))

    assert all((a[1] == b[1]).all() for a, b in zip(one, two, strict=True))
    assert one[0][1].tolist() != sorted(one[0][1])


@pytest.mark.parametrize("seed", range(20))
def test_a_stratified_split_has_each_class_in_proportion(seed):
    rng = np.random.default_rng(seed)
    y = rng.choice(5, size=400, p=[0.4, 0.3, 0.2, 0.07, 0.03])

    parts = split(y, y, 0.1, 0.25, rng=rng, stratified=True)

    for share, (_, labels) in zip([0.65, 0.1, 0.25], parts, strict=True):
        off = np.bincount(labels, minlength=5) - share * np.bincount(y)
        assert np.abs(off).max() <= 1.5


def test_the_digits_hold_no_image_twice_that_a_split_could_leak(rng):
    images, _ = digits()

    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(images)


def test_a_split_that_leaves_nothing_to_train_is_refused(rng):
    with pytest.raises(ValueError, match="take 10 of 10 rows and leave none to train"):
        split(*rows(10), 0.5, 0.5, rng=rng)


@pytest.mark.parametrize("share", [1.0, -0.1, -3])
def test_a_share_is_below_one(rng, share):
    with pytest.raises(ValueError, match=r"validation is a share from 0 to below 1"):
        split(*rows(10), share, rng=rng)


def test_no_whole_batch_is_an_error_and_not_a_training_without_steps():
    with pytest.raises(ValueError, match="batches: 2 rows make no whole batch of 3; take a small"):
        batches(*rows(2), 3, last=False)


def test_a_seed_serves_as_generator():
    x, y = rows(20)

    def dealt(make):
        order = [part.tolist() for _, part in batches(x, y, 6, make(3))]
        return order, split(x, y, rng=make(3))[0][1].tolist()

    assert dealt(int) == dealt(np.random.default_rng)


def test_lists_serve_as_rows():
    x, y = rows(7)

    got = list(batches(x.tolist(), y.tolist(), 3, 0))

    assert [part.tolist() for _, part in got] == [part.tolist() for _, part in batches(x, y, 3, 0)]


@pytest.mark.parametrize("share", [float("nan"), 1.0, -0.5, -1])
def test_a_share_is_a_share(share):
    with pytest.raises(ValueError, match="split: test is a share from 0 to below 1 or a number"):
        split(*rows(7), test=share, rng=0)
