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
        filled = np.flatnonzero(last > first)
        bounds = np.column_stack((first[filled], last[filled])).ravel()
        needed = np.append(bounds[1:] != bounds[:-1], True)[: len(bounds)]
        needed[0::2] = True
        begins = np.cumsum(needed)[0::2] - 1
        return cls(len(first), filled, bounds[needed], begins)

    def sums(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """The sum of the values in each stretch, 0 where it is empty.

        Each stretch is summed apart: in one running sum what stands before it would change its last digits.

        Args:
            values: one number, or one row of numbers, for each place; shape (n,) or (n, c).

        Returns:
            Shape (k,) or (k, c).
        """
        found = np.zeros((self.count, *values.shape[1:]), np.float32)
        if len(self.filled):
            bounds = self.bounds[:-1] if self.bounds[-1] == len(values) else self.bounds  # they may end with the array
            found[self.filled] = np.add.reduceat(values, bounds, dtype=np.float32).take(self.begins, axis=0)
        return found


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
