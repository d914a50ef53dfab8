"""What the first network says of the units around a unit: evidence for the second one.

One headline on a line of its own may be a subhead; six in a row under "Most read" are not. What a single unit cannot
show, the verdicts on its neighbours, its line, its run of lines and its document do (stacking; Wolpert 1992, Cohen &
Carvalho 2005 for sequences).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.ngrams import Floats
from cleaner.stretches import Neighbours
from cleaner.tokens import STOP, Bools, Ints, Tokens
from cleaner.units import Units

VERDICTS = (
    "odds", "odds_before3", "odds_before2", "odds_before", "odds_after", "odds_after2", "odds_after3",
    "odds_near", "odds_highest", "odds_line", "odds_line_before", "odds_line_after",
    "doc_noise", "doc_expected", "doc_highest", "doc_found",
    "run_units", "run_words", "run_odds", "run_highest",
    "list_lines", "list_words", "list_odds", "list_highest", "list_place",
)  # fmt: skip

NONE = -10.0
"""Stands for the odds of a neighbour that does not exist; others are cut off at `LIMIT`."""
LIMIT = 8.0
IN_RUN = -2.0
"""Log odds from which a unit may be part of a run of noise."""
LIST_WORDS = 18
"""A line of at most this many words that does not end in a stop may be one of a list."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How the units of one or more batches lie together; shape (k,) each.

    Attributes:
        document: number of each unit's document.
        line: number of its line.
        words: how many words it has.
        listed: whether its line may be one of a list.
    """

    document: Ints
    line: Ints
    words: Floats
    listed: Bools

    @classmethod
    def of(cls, tokens: Tokens, units: Units) -> Layout:
        """The layout of a batch."""
        begins = tokens.lines[units.first] > 0
        line = begins.cumsum() - 1
        at = begins.nonzero()[0]
        first, last = units.first[at], units.last[np.append(at[1:], len(units)) - 1]
        listed = (last - first <= LIST_WORDS) & ((tokens.gap[last] & STOP) == 0)
        return cls(units.document, line, (units.last - units.first).astype(np.float32), listed[line])


def verdicts(layout: Layout, odds: Floats) -> Floats:
    """The columns `VERDICTS`, for the first network's log odds of the units; shape (k, len(VERDICTS))."""
    odds = np.clip(odds, -LIMIT, LIMIT)
    near = Neighbours.of(layout.document, 3).values(odds, NONE)
    exists = near > NONE
    lines = _Groups.of(layout.words, layout.line, layout.document)
    columns = [
        odds,
        *near,
        np.where(exists, near, 0).sum(axis=0) / np.maximum(exists.sum(axis=0), 1),
        near.max(axis=0),
    ]
    columns += _lines(layout, lines, odds)
    columns += _documents(layout, odds)
    columns += _runs(layout, odds)
    columns += _lists(layout, lines, odds)
    rows = np.empty((len(odds), len(VERDICTS)), np.float32)
    for place, column in enumerate(columns):
        rows[:, place] = column
    return rows


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Stretches of units, g of them.

    Attributes:
        of_unit: the number of each unit's group; shape (k,).
        first: the first unit of each group; shape (g,).
        words: of each unit; shape (k,).
        total: words of each group; shape (g,).
    """

    of_unit: Ints
    first: Ints
    words: Floats
    total: NDArray[Any]

    @classmethod
    def of(cls, words: Floats, *parts: NDArray[np.generic]) -> _Groups:
        """The stretches in which none of `parts` changes."""
        changes = np.zeros(len(words), np.bool_)
        changes[:1] = True
        for part in parts:
            changes[1:] |= part[1:] != part[:-1]
        group = changes.cumsum() - 1
        return cls(group, changes.nonzero()[0], words, np.bincount(group, words))

    def mean(self, values: Floats) -> Floats:
        """Mean of `values` over each group, by words; one number a unit."""
        total = np.bincount(self.of_unit, self.words * values)
        return np.asarray((total / np.maximum(self.total, 1)).take(self.of_unit), np.float32)

    def highest(self, values: Floats) -> Floats:
        """The highest of `values` in each group; one number a unit."""
        return np.asarray(np.maximum.reduceat(values, self.first).take(self.of_unit) if len(values) else values)

    def sizes(self) -> Ints:
        """How many units each group has."""
        return np.bincount(self.of_unit)


def _lines(layout: Layout, lines: _Groups, odds: Floats) -> list[Floats]:
    """The unit's line and the two beside it."""
    mean = lines.mean(odds)
    document, of_line = layout.document.take(lines.first), mean.take(lines.first)
    return [mean, *Neighbours.of(document, 1).values(of_line, NONE).take(lines.of_unit, axis=1)]


def _documents(layout: Layout, odds: Floats) -> list[Floats]:
    documents = _Groups.of(layout.words, layout.document)
    noise = (odds > 0).astype(np.float32)
    share = np.asarray(1 / (1 + np.exp(-odds)), np.float32)
    found = np.log1p(np.bincount(documents.of_unit, noise)).take(documents.of_unit)
    return [documents.mean(noise), documents.mean(share), documents.highest(odds), found]


def _runs(layout: Layout, odds: Floats) -> list[Floats]:
    """The stretch of units in a row that may all be noise; zero for others."""
    inside = odds > IN_RUN
    runs = _Groups.of(layout.words, layout.document, inside)
    size, words = np.log1p(runs.sizes()).take(runs.of_unit), np.log1p(runs.total).take(runs.of_unit)
    return [inside * size, inside * words, np.where(inside, runs.mean(odds), IN_RUN),
            np.where(inside, runs.highest(odds), IN_RUN)]  # fmt: skip


def _lists(layout: Layout, lines: _Groups, odds: Floats) -> list[Floats]:
    """The stretch of lines that may be a list (or that are none)."""
    lists = _Groups.of(layout.words, layout.document, layout.listed)
    opens = np.zeros(len(odds), np.bool_)
    opens[lines.first] = True
    count = np.bincount(lists.of_unit, opens).take(lists.of_unit)
    words = np.log1p(lists.total).take(lists.of_unit)
    place = (lines.of_unit - lines.of_unit.take(lists.first).take(lists.of_unit)) / np.maximum(count, 1)
    return [np.log1p(count) * layout.listed, words, lists.mean(odds), lists.highest(odds), place]
