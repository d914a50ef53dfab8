"""Sums over stretches, and the look-up of words by their keys, beside their plain counterparts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.noise import load_cached
from cleaner.stretches import Neighbours, Stretches, row_sums

CUTS = st.lists(st.integers(0, 40), min_size=2, max_size=12).map(sorted)


@given(CUTS, st.integers(0, 1), st.integers(0, 5))
def test_each_stretch_is_summed_apart(cuts: list[int], gaps: int, behind: int) -> None:
    first, last = np.array(cuts[:-1][:: gaps + 1]), np.array(cuts[1:][:: gaps + 1])
    values = np.random.default_rng(1).normal(size=(max(cuts) + behind, 3)).astype(np.float32)
    plain = [values[a:b].sum(axis=0) for a, b in zip(first, last, strict=True)]
    assert Stretches.of(first, last).sums(values) == pytest.approx(np.array(plain), abs=1e-4)
    assert Stretches.of(first, last).sums(values[:, 0]) == pytest.approx(np.array(plain)[:, 0], abs=1e-4)


def test_truth_values_are_counted() -> None:
    assert Stretches.of(np.array([0, 3]), np.array([3, 3])).sums(np.array([True, True, True])).tolist() == [3.0, 0.0]
    assert Stretches.of(np.zeros(0, np.int64), np.zeros(0, np.int64)).sums(np.ones(4)).tolist() == []


def test_words_are_found_as_by_a_search() -> None:
    lexicon = load_cached("noise").lexicon
    keys = np.concatenate((lexicon.key, np.random.default_rng(2).integers(0, 2**64, 5000, np.uint64), lexicon.key + 1))
    at = np.minimum(np.searchsorted(lexicon.key, keys), len(lexicon.key) - 1)
    assert np.array_equal(lexicon.find(keys), np.where(lexicon.key[at] == keys, at + 1, 0))


def test_neighbours() -> None:
    values, group = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 0, 1, 1])
    near = Neighbours.of(group, 1)
    assert near.values(values, -9).tolist() == [[-9, 1, -9, 3], [2, -9, 4, -9]]
    far = Neighbours.of(np.zeros(4, np.int64), 5).values(values, -9)
    assert far[[0, -1]].tolist() == [[-9] * 4] * 2
    assert far[[1, 3, 4, 5]].tolist() == [[-9] * 4, [-9, -9, 1, 2], [-9, 1, 2, 3], [2, 3, 4, -9]]
    assert Neighbours.of(group, 3).next(values, -9).tolist() == near.values(values, -9).tolist()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=9))
def test_rows_are_summed_one_behind_the_other_whatever_else_is(stretches: list[tuple[int, int]]) -> None:
    rng = np.random.default_rng(3)
    table, rows = rng.normal(size=(7, 3)).astype(np.float32), rng.integers(0, 7, 60)
    first = np.array([start for start, _ in stretches], np.int64)
    last = first + np.array([size for _, size in stretches], np.int64)
    plain = np.zeros((len(stretches), 3), np.float32)
    for total, a, b in zip(plain, first, last, strict=True):
        for row in rows[a:b]:
            total += table[row]
    assert np.array_equal(row_sums(table, rows, first, last), plain)
