"""Whether a text reads on from one word to another: a small network that has learnt from clean articles which four
words follow which, against four words a little further on or from another text.

It judges the seams before and behind a few words in a sentence, and the one that stays without them (deletion gain).
It knows words by their classes alone, so it has nothing to say of topics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.ngrams import Floats
from cleaner.tokens import COMMA, SPACE, STOP, Ints, Tokens

REACH = 4
"""Words on each side."""
MARKS = 5
"""What may stand before a word: nothing but a blank, a comma, a stop, another sign, a line end."""
LINE_END = MARKS - 1


@dataclass(frozen=True, slots=True, eq=False)
class Joins:
    """`log odds = max(0, the sum of the rows * scale + bias) @ outer + outer_bias`, one row for each word around the
    place and for each mark between them.

    Attributes:
        rows: shape (2 * REACH * (classes + 1) + 2 * (REACH - 1) * MARKS, h).
        scale, bias, outer: shape (h,).
        outer_bias: a number.
    """

    rows: NDArray[np.int8]
    scale: Floats
    bias: Floats
    outer: Floats
    outer_bias: float

    def log_odds(self, tokens: Tokens, classes: Ints, left: Ints, right: Ints) -> Floats:
        """Log odds that word `right` follows word `left`; shape (n,).

        Args:
            tokens: the batch.
            classes: of its words.
            left, right: words of one text each; shape (n,).
        """
        places = places_around(tokens, classes, left, right, _class_count(len(self.rows)))
        total = self.rows[places].sum(axis=1, dtype=np.int32).astype(np.float32)
        hidden = np.maximum(total * self.scale + self.bias, 0)
        return np.asarray(hidden @ self.outer + np.float32(self.outer_bias), np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Arrays to be stored."""
        return {
            "joins_rows": self.rows, "joins_scale": self.scale, "joins_bias": self.bias, "joins_outer": self.outer,
            "joins_outer_bias": np.array([self.outer_bias], np.float32),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Joins:
        """The network that `arrays()` gave."""
        scale, bias, outer = (np.asarray(arrays[f"joins_{name}"], np.float32) for name in ("scale", "bias", "outer"))
        return cls(np.asarray(arrays["joins_rows"], np.int8), scale, bias, outer, float(arrays["joins_outer_bias"][0]))


def width(classes: int) -> int:
    """How many rows a network has that knows so many word classes."""
    return 2 * REACH * (classes + 1) + 2 * (REACH - 1) * MARKS


def _class_count(rows: int) -> int:
    return (rows - 2 * (REACH - 1) * MARKS) // (2 * REACH) - 1


def places_around(tokens: Tokens, classes: Ints, left: Ints, right: Ints, count: int) -> Ints:
    """The rows of `Joins.rows` that belong to each place; shape (n, 4 * REACH - 2).

    Args:
        tokens: the batch.
        classes: of its words, below `count`.
        left, right: the words on both sides of each place; shape (n,).
        count: how many word classes there are.
    """
    at, inside = _beside(tokens, left, right, range(REACH), range(REACH))
    rows = np.where(inside, classes.take(at), count) + np.arange(len(at))[:, None] * (count + 1)
    at, inside = _beside(tokens, left, right, range(REACH - 1), range(1, REACH))
    marks = np.where(inside, marks_of(tokens, at), LINE_END)
    marks += 2 * REACH * (count + 1) + np.arange(len(at))[:, None] * MARKS
    return np.concatenate((rows, marks)).T


def _beside(tokens: Tokens, left: Ints, right: Ints, before: range, behind: range) -> tuple[Ints, NDArray[np.bool_]]:
    """Words so far before `left` and behind `right`, and which of them belong to the same text; shape (places, n)."""
    at = np.array([*(left - by for by in before), *(right + by for by in behind)])
    origin = np.array([*(left for _ in before), *(right for _ in behind)])
    there = np.minimum(np.maximum(at, 0), len(tokens) - 1)
    return there, (there == at) & (tokens.document.take(there) == tokens.document.take(origin))


def marks_of(tokens: Tokens, at: Ints) -> Ints:
    """What stands before some words, from 0 to `MARKS` - 1."""
    gap = tokens.gap.take(at)
    other = (gap & ~np.uint16(SPACE | COMMA | STOP)) != 0
    sign = np.where(other, 3, np.where((gap & STOP) != 0, 2, (gap & COMMA) != 0))
    return np.where(tokens.lines.take(at) > 0, LINE_END, sign).astype(np.int64)
