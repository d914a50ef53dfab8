"""What stands together in an array: sums over stretches (the words of each unit, its bytes), and neighbours of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Stretches of an array, half-open; `of` makes them.

    Attributes:
        count: how many there are, k.
        filled: those that are not empty; shape (f,).
        bounds: where each of these begins and, unless the next one begins there, ends; ascending.
        begins: which of the bounds begin one; shape (f,).
    """

    count: int
    filled: Ints
    bounds: Ints
    begins: Ints

    @classmethod
    def of(cls, first: Ints, last: Ints) -> Stretches:
        """The stretches from `first` up to, but without, `last`: ascending and disjoint; shape (k,) each."""
        filled = (last > first).nonzero()[0]
        if len(filled) < len(first):
            first, stop = first.take(filled), last.take(filled)
        else:
            stop = last
        ends = np.ones(len(filled), np.bool_)  # which ends are bounds; where the next stretch begins there, none is
        np.not_equal(stop[:-1], first[1:], out=ends[:-1])
        begins = np.arange(len(filled))
        begins[1:] += ends[:-1].cumsum()
        bounds = np.empty(len(filled) + np.count_nonzero(ends), np.int64)
        bounds[begins] = first
        bounds[begins[ends] + 1] = stop[ends]
        return cls(len(last), filled, bounds, begins)

    def sums(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """The sum of the values in each stretch, 0 where it is empty.

        Each stretch is summed apart: in one running sum what stands before it would change its last digits.

        Args:
            values: one number, or one row of numbers, for each place; shape (n,) or (n, c).

        Returns:
            Shape (k,) or (k, c).
        """
        return self._sums(values, np.float32)

    def paired_sums(self, values: NDArray[np.complex64]) -> NDArray[np.complex64]:
        """The same for pairs of numbers, each the real and the imaginary part of one; shape (n,), gives (k,)."""
        return self._sums(values, np.complex64)

    def _sums(self, values: NDArray[Any], kind: type[Any]) -> NDArray[Any]:
        if not len(self.filled):
            return np.zeros((self.count, *values.shape[1:]), kind)
        bounds = self.bounds[:-1] if self.bounds[-1] == len(values) else self.bounds  # they may end with the array
        sums = np.add.reduceat(values, bounds, dtype=kind).take(self.begins, axis=0)
        if len(self.filled) == self.count:
            return np.asarray(sums)
        found = np.zeros((self.count, *values.shape[1:]), kind)
        found[self.filled] = sums
        return found


FEW = 8
"""So many stretches or fewer that are longer than all others are summed up one by one."""


def row_sums(table: NDArray[np.float32], rows: Ints, first: Ints, last: Ints) -> NDArray[np.float32]:
    """The sum of the rows of a table that the places of each stretch name; shape (k, c).

    All stretches are gone through together, their first places, their second ones, and so on: rows are several times
    as fast to add so as by `Stretches.sums`.

    Args:
        table: shape (n, c).
        rows: a row of the table for each place.
        first, last: the stretches, half-open, in any order; shape (k,).
    """
    longest_first = (first - last).argsort(kind="stable")
    start, size = first.take(longest_first), (last - first).take(longest_first)
    total = np.zeros((len(start), table.shape[1]), np.float32)
    longer = (-size).searchsorted(-np.arange(size[FEW] if len(size) > FEW else 0))  # how many go on at each place
    for place, count in enumerate(longer.tolist()):
        total[:count] += table.take(rows.take(start[:count] + place), axis=0)
    rests = zip((start + len(longer))[:FEW].tolist(), (start + size)[:FEW].tolist(), strict=True)
    for number, (begin, end) in enumerate(rests):
        rest = table.take(rows[begin:end], axis=0)
        rest[:1] += total[number]
        total[number] = np.add.reduce(rest) if len(rest) else total[number]  # in order, as above
    sums = np.empty_like(total)
    sums[longest_first] = total
    return sums


def changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values are other than the one before them, the first one too; shape (n,)."""
    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def stretch_numbers(group: Ints, kind: NDArray[np.bool_]) -> Ints:
    """Which stretch of one group, in which `kind` does not change, each row belongs to, counted up; shape (k,)."""
    return (changes(group) | changes(kind)).cumsum() - 1


def places_within(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """The places in a few stretches, one stretch behind the other, and where each stretch begins among them; half-open,
    none empty, in any order; shape (places,) and (n,)."""
    size = last - first
    begins = size.cumsum() - size
    return np.arange(int(size.sum())) + np.repeat(first - begins, size), begins


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The rows before and behind each of k rows; `of` finds them.

    Attributes:
        at: the rows so many places before each, the farthest first, then those behind it; shape (2 * reach, k).
        exist: which of them are rows of the same group; shape (2 * reach, k).
    """

    at: Ints
    exist: NDArray[np.bool_]

    @classmethod
    def of(cls, group: Ints, reach: int) -> Neighbours:
        """Those up to `reach` places away, among rows of these groups; shape (k,)."""
        moves = np.array([*range(-reach, 0), *range(1, reach + 1)])
        place = np.arange(len(group)) + moves[:, None]
        at = np.minimum(np.maximum(place, 0), len(group) - 1)
        return cls(at, (at == place) & (group.take(at) == group))

    def values(self, values: NDArray[Any], missing: float) -> NDArray[np.float32]:
        """A value of each row for all its neighbours, or `missing` where there is none; shape (2 * reach, k)."""
        return np.where(self.exist, values.take(self.at), missing).astype(np.float32)

    def next(self, values: NDArray[Any], missing: float) -> NDArray[np.float32]:
        """The same for the nearest two; shape (2, k)."""
        reach = len(self.at) // 2
        nearest = slice(reach - 1, reach + 1)
        return Neighbours(self.at[nearest], self.exist[nearest]).values(values, missing)
