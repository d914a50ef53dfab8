"""What stands together in an array: sums over stretches (the words of each unit, its bytes), and neighbours of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
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


def places_within(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """The places in a few stretches, one stretch behind the other, and where each stretch begins among them; half-open,
    none empty, in any order; shape (places,) and (n,)."""
    size = last - first
    begins = size.cumsum() - size
    return np.arange(int(size.sum())) + np.repeat(first - begins, size), begins


def shifted(values: NDArray[Any], group: Ints, by: int, missing: float) -> NDArray[np.float32]:
    """`values` of the row `by` places further on, or `missing` where that row is of another group or none; shape
    (k,)."""
    place = np.arange(len(values)) + by
    return _of_group(values, group, place, missing)


def around(values: NDArray[Any], group: Ints, reach: int, missing: float) -> NDArray[np.float32]:
    """The same for -`reach` to -1 and 1 to `reach` places; shape (2 * reach, k)."""
    moves = np.array([*range(-reach, 0), *range(1, reach + 1)])
    return _of_group(values, group, np.arange(len(values)) + moves[:, None], missing)


def _of_group(values: NDArray[Any], group: Ints, place: Ints, missing: float) -> NDArray[np.float32]:
    at = np.minimum(np.maximum(place, 0), len(values) - 1)
    return np.where((at == place) & (group[at] == group), values[at], missing).astype(np.float32)
