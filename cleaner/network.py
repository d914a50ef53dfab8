"""A network with one hidden layer as plain arrays: trained with scikit-learn, evaluated with NumPy for all rows at
once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.ngrams import Floats

REACH = 4.0
"""Standardised evidence is cut off at this many standard deviations, so that one odd number cannot decide alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """`score = max(0, z @ inner + inner_bias) @ outer + outer_bias`, where z is the standardised row.

    Networks that differ only in their random start are averaged by standing side by side in the hidden layer.

    Attributes:
        mean, scale: of each column; shape (c,).
        inner, inner_bias: shapes (c, h) and (h,).
        outer, outer_bias: shape (h,) and a number.
    """

    mean: Floats
    scale: Floats
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: float

    def log_odds(self, rows: Floats) -> Floats:
        """Log odds of each row; rows of shape (k, c)."""
        return self.decided(self.summed(rows))

    def summed(self, rows: Floats, columns: slice = slice(None)) -> Floats:
        """What some columns bring to the hidden layer; shape (k, h)."""
        z = rows - self.mean[columns]
        z /= self.scale[columns]
        np.clip(z, -REACH, REACH, out=z)
        return np.asarray(z @ self.inner[columns], np.float32)

    def decided(self, hidden: Floats) -> Floats:
        """Log odds from what all columns together bring to the hidden layer, which is changed."""
        hidden += self.inner_bias
        np.clip(hidden, 0, np.inf, out=hidden)  # several times as fast as `maximum` with a number
        return np.asarray(hidden @ self.outer + np.float32(self.outer_bias), np.float32)

    def part(self, share: int) -> Network:
        """An estimate of the whole by the first of `share` equal parts of the hidden layer: one or more of the networks
        that stand there side by side."""
        some = slice(len(self.outer) // share)
        return Network(
            self.mean, self.scale, np.ascontiguousarray(self.inner[:, some]), self.inner_bias[some],
            self.outer[some] * np.float32(share), self.outer_bias,
        )  # fmt: skip

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Arrays to store under `name`."""
        return {
            f"{name}_mean": self.mean, f"{name}_scale": self.scale, f"{name}_inner": self.inner.astype(np.float16),
            f"{name}_inner_bias": self.inner_bias, f"{name}_outer": self.outer,
            f"{name}_outer_bias": np.array([self.outer_bias], np.float32),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> Network:
        """The network that `arrays(name)` gave."""
        parts = [
            np.asarray(arrays[f"{name}_{part}"], np.float32)
            for part in ("mean", "scale", "inner", "inner_bias", "outer", "outer_bias")
        ]
        return cls(parts[0], parts[1], parts[2], parts[3], parts[4], float(parts[5][0]))
