"""What the first network says of the units around a unit: evidence for the second one.

One headline on a line of its own may be a subhead; six in a row under "Most read" are not. What a single unit cannot
show, the verdicts on its neighbours, its line, its run of lines and its document do (stacking; Wolpert 1992, Cohen &
Carvalho 2005 for sequences).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.ngrams import Floats
from cleaner.stretches import around, shifted
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


@dataclass(frozen=True, slots=True)
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
        line = np.cumsum(begins) - 1
        at = np.flatnonzero(begins)
        first, last = units.first[at], units.last[np.append(at[1:], len(units)) - 1]
        listed = (last - first <= LIST_WORDS) & ((tokens.gap[last] & STOP) == 0)
        return cls(units.document, line, (units.last - units.first).astype(np.float32), listed[line])


def verdicts(layout: Layout, odds: Floats) -> Floats:
    """The columns `VERDICTS`, for the first network's log odds of the units; shape (k, len(VERDICTS))."""
    odds = np.clip(odds, -LIMIT, LIMIT)
    share = np.asarray(1 / (1 + np.exp(-odds)), np.float32)
    near = around(odds, layout.document, 3, NONE)
    exists = near > NONE
    columns = [
        odds,
        *near,
        np.where(exists, near, 0).sum(axis=0) / np.maximum(exists.sum(axis=0), 1),
        near.max(axis=0),
    ]
    columns += _lines(layout, odds)
    columns += _documents(layout, odds, share)
    columns += _runs(layout, odds)
    columns += _lists(layout, odds)
    return np.column_stack(columns).astype(np.float32)


def _groups(*parts: NDArray[np.generic]) -> Ints:
    """Numbers of the stretches in which none of `parts` changes."""
    changes = np.zeros(len(parts[0]), np.bool_)
    for part in parts:
        changes[1:] |= part[1:] != part[:-1]
    return np.cumsum(changes)


def _mean(group: Ints, values: Floats, words: Floats) -> Floats:
    """Mean of `values` over each group, by words; one number a unit."""
    return np.asarray(
        (np.bincount(group, words * values) / np.maximum(np.bincount(group, words), 1))[group], np.float32
    )


def _highest(group: Ints, values: Floats) -> Floats:
    """The highest of `values` in each group, which are numbered in order; one number a unit."""
    first = np.flatnonzero(np.diff(group, prepend=-1) > 0)
    return np.asarray(np.maximum.reduceat(values, first)[group] if len(group) else values, np.float32)


def _lines(layout: Layout, odds: Floats) -> list[Floats]:
    """The unit's line and the two beside it."""
    line = _groups(layout.line, layout.document)
    mean = _mean(line, odds, layout.words)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    document = layout.document[first]
    return [
        mean,
        *(shifted(mean[first], document, by, NONE)[line] for by in (-1, 1)),
    ]


def _documents(layout: Layout, odds: Floats, share: Floats) -> list[Floats]:
    group = _groups(layout.document)
    found = np.log1p(np.bincount(group, odds > 0))[group]
    noise = (odds > 0).astype(np.float32)
    return [_mean(group, noise, layout.words), _mean(group, share, layout.words), _highest(group, odds), found]


def _runs(layout: Layout, odds: Floats) -> list[Floats]:
    """The stretch of units in a row that may all be noise; zero for others."""
    inside = odds > IN_RUN
    group = _groups(layout.document, inside)
    size, words = np.log1p(np.bincount(group))[group], np.log1p(np.bincount(group, layout.words))[group]
    return [inside * size, inside * words, np.where(inside, _mean(group, odds, layout.words), IN_RUN),
            np.where(inside, _highest(group, odds), IN_RUN)]  # fmt: skip


def _lists(layout: Layout, odds: Floats) -> list[Floats]:
    """The stretch of lines that may be a list (or that are none)."""
    group = _groups(layout.document, layout.listed)
    line = _groups(layout.line, layout.document)
    opens = np.diff(line, prepend=-1) > 0
    first_line = line[np.searchsorted(group, np.arange(int(group[-1]) + 1))] if len(group) else line
    lines = np.bincount(group, opens)[group]
    words = np.log1p(np.bincount(group, layout.words))[group]
    place = (line - first_line[group]) / np.maximum(lines, 1)
    return [np.log1p(lines) * layout.listed, words, _mean(group, odds, layout.words), _highest(group, odds), place]
