"""Text -> units: the lines, sentences and fragments that the noise stage judges.

A unit is the smallest stretch that may be taken out: a line, a sentence, or a fragment of one, such as a lower-case
tail
after a full stop, a label, a web address, a sentence glued to the one before. Boundaries are set generously: one too
many
costs little (the model judges both sides), one too few and two stray words take a true sentence with them.

Units are found for a whole batch at once, on the arrays of `cleaner.tokens`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.edits import Span
from cleaner.lexicon import Lexicon
from cleaner.tokens import (
    ANY_DIGIT,
    ANY_FOREIGN,
    ANY_LOWER,
    ANY_UPPER,
    BAR,
    CLOSE,
    FIRST_UPPER,
    LINK,
    OPEN,
    QUOTE,
    SPACE,
    STOP,
    Bools,
    Ints,
    Tokens,
    code_points,
    tokenize,
    word_keys,
)  # fmt: skip


class Boundary(IntEnum):
    """Why a unit begins where it does."""

    NONE = 0
    LINE = 1
    SENTENCE = 2
    GLUED = 3  # a full stop without a space behind it: "at home.cheap tyres"
    BAR = 4  # "|", a bullet, an arrow
    LINK = 5  # before and behind a web address
    BRACKET = 6  # behind a bracket that opened a unit: "[Advertisement] The ..."
    SEAM = 7  # inside a sentence, where another one seems to begin: "hair oil The bishop said"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a text. Units tile the text: each ends where the next begins."""

    span: Span
    kind: Boundary


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a batch; shape (k,) each.

    Attributes:
        first: the first word of each unit (an index into `Tokens`).
        last: the word behind its last word.
        left: why it begins (a `Boundary`).
        document: which text it belongs to.
    """

    first: Ints
    last: Ints
    left: NDArray[np.int8]
    document: Ints

    def __len__(self) -> int:
        return len(self.first)

    def where(self, chosen: Bools) -> Units:
        """The chosen units."""
        return Units(self.first[chosen], self.last[chosen], self.left[chosen], self.document[chosen])


# Words that a full stop may follow inside a sentence. Written for this project from common usage.
_ABBREVIATIONS = np.sort(
    word_keys(
        (
            "mr mrs ms dr prof sen rep gov gen col lt sgt capt maj cmdr adm rev hon st jr sr vs no nos inc co corp ltd "
            "plc dept univ est approx ca fig figs vol ed eds pp ext tel jan feb mar apr jun jul aug sep sept oct nov "
            "dec mon tue tues wed thu thur thurs fri sat sun ave blvd rd mt ft dist bros assn intl etc al eg ie cf esp "
            "incl max min"
        ).split()
    )
)

SEAM_REACH = 14
"""A fragment before a sentence is looked for in this many words."""


def segment(tokens: Tokens, lexicon: Lexicon) -> Units:
    """The units of a batch of texts."""
    rows = lexicon.find(tokens.key)
    kind = _brackets(tokens, _hard_boundaries(tokens, lexicon, rows))
    kind = _seams(tokens, lexicon, rows, kind)
    first = np.flatnonzero((kind != Boundary.NONE) & ~tokens.border)
    following = np.append(np.flatnonzero(kind != Boundary.NONE), len(tokens))
    last = following[np.searchsorted(following, first, "right")]
    return Units(first, last, kind[first].astype(np.int8), tokens.document[first])


def _has(bits: NDArray[np.integer[Any]], mask: int) -> Bools:
    return np.asarray((bits & mask) != 0)


def _hard_boundaries(tokens: Tokens, lexicon: Lexicon, rows: Ints) -> NDArray[np.int8]:
    gap, shape = tokens.gap, tokens.shape
    before = np.concatenate((np.zeros(1, np.uint8), shape[:-1]))
    border = tokens.border
    upper, letter = _has(shape, FIRST_UPPER), _has(shape, ANY_UPPER | ANY_LOWER | ANY_FOREIGN)
    space, stop = _has(gap, SPACE), _has(gap, STOP)
    short = np.concatenate(([False], (tokens.end - tokens.start)[:-1] == 1))
    initial = short & _has(before, FIRST_UPPER)
    key_before = np.concatenate((tokens.key[:1], tokens.key[:-1]))
    at = np.minimum(np.searchsorted(_ABBREVIATIONS, key_before), len(_ABBREVIATIONS) - 1)
    plain_stop = (gap & ~np.uint16(SPACE | STOP)) == 0
    dotted = short & np.concatenate(([False], (stop & ~space)[:-1]))  # the second letter of "p.m." or "i.e."
    abbreviated = (_ABBREVIATIONS[at] == key_before) | initial | dotted
    within = plain_stop & abbreviated & ~(upper & (lexicon.starter[rows] > 0))

    kind = np.zeros(len(tokens), np.int8)
    link = _has(shape, LINK)
    kind[link | np.concatenate(([False], link[:-1]))] = Boundary.LINK
    kind[_has(gap, BAR) & space] = Boundary.BAR
    long_before = np.concatenate(([False], (tokens.end - tokens.start)[:-1] > 1))
    kind[stop & ~space & letter & long_before & ~_has(before, ANY_DIGIT)] = Boundary.GLUED
    kind[stop & space & ~within] = Boundary.SENTENCE
    kind[tokens.lines > 0] = Boundary.LINE
    kind[border | np.concatenate(([True], border[:-1]))] = Boundary.LINE
    return kind


def _brackets(tokens: Tokens, kind: NDArray[np.int8]) -> NDArray[np.int8]:
    """Add the boundary behind a bracket that opened a unit and closed within 12 words."""
    gap = tokens.gap
    opening = np.flatnonzero((kind != Boundary.NONE) & _has(gap, OPEN))
    closing = np.flatnonzero(_has(gap, CLOSE))
    if len(opening) and len(closing):
        at = np.searchsorted(closing, opening, "right")
        opening, found = opening[at < len(closing)], closing[at[at < len(closing)]]
        near = (found - opening <= 12) & (tokens.document[found] == tokens.document[opening])
        kind[found[near & (kind[found] == Boundary.NONE)]] = Boundary.BRACKET
    return kind


def _seams(tokens: Tokens, lexicon: Lexicon, entry: Ints, kind: NDArray[np.int8]) -> NDArray[np.int8]:
    """Add boundaries where, early in a unit, a new sentence seems to begin without any mark."""
    gap, shape = tokens.gap, tokens.shape
    index = np.arange(len(tokens))
    begin = np.maximum.accumulate(np.where(kind != Boundary.NONE, index, 0))
    position = index - begin
    upper = _has(shape, FIRST_UPPER)
    plain = (gap & ~np.uint16(SPACE | QUOTE | OPEN)) == 0
    before = np.concatenate(([0], entry[:-1]))
    shape_before = np.concatenate((np.zeros(1, np.uint8), shape[:-1]))
    candidate = (
        (kind == Boundary.NONE) & (position > 0) & (position <= SEAM_REACH) & upper & plain & ~lexicon.function[before]
    )
    starts = lexicon.starter[entry] > 1.0
    quoted = _has(gap, QUOTE) & _has(gap, SPACE)
    low_start = ~_has(shape[begin], FIRST_UPPER) & _has(shape[begin], ANY_LOWER)
    uppers = np.cumsum(upper)
    first_upper: Bools = uppers - uppers[begin] == 1
    shouted = ~_has(shape_before, ANY_LOWER) & _has(shape_before, ANY_UPPER) & _has(shape, ANY_LOWER) & (position >= 2)
    kind[candidate & (starts | quoted | (low_start & first_upper) | shouted)] = Boundary.SEAM
    return kind


def extents(text: str, tokens: Tokens, first: Sequence[int], last: Sequence[int]) -> list[Span]:
    """The exact stretches of `text` that words `first` to `last` fill, with the punctuation that belongs to them.

    What stands in a gap before its first blank belongs to the left, what stands behind the blanks to the right;
    without a
    blank, all of it belongs to the left. Signs on lines of their own belong to nobody.

    Args:
        text: the text that the words belong to.
        tokens: its batch.
        first, last: words of this text, half-open, ascending.
    """
    if not len(first):
        return []
    document = tokens.document[first[0]]
    origin = int(tokens.text_start[document]) + 1
    opening = int(np.searchsorted(tokens.document, document))
    places: list[tuple[int, int]] = []
    for a, b in zip(first, last, strict=True):
        places += [(int(tokens.end[a - 1]) if a > opening else origin, int(tokens.start[a]))]
        places += [(int(tokens.end[b - 1]), int(tokens.start[b]))]
    flat = np.minimum(np.array(places, np.int64).ravel(), int(tokens.text_start[document + 1]) - 2)
    offset = dict(
        zip(
            flat.tolist(),
            code_points(tokens.buffer, np.sort(flat), origin)[np.argsort(np.argsort(flat, kind="stable"))].tolist(),
            strict=True,
        )
    )
    bounds = [(offset[int(x)], offset[int(y)]) for x, y in flat.reshape(-1, 2)]
    spans = []
    for (gap_start, start), (end, gap_end) in zip(bounds[0::2], bounds[1::2], strict=True):
        lead = _leading_signs(text[gap_start:start], at_start=gap_start == 0)
        tail = _trailing_signs(text[end:gap_end])
        spans.append(Span(start - lead, end + tail))
    return spans


def _leading_signs(gap: str, at_start: bool) -> int:
    """How many characters at the end of `gap` belong to the word behind it."""
    last_line = gap.rpartition("\n")[2]
    if last_line != gap or at_start:
        return len(last_line.lstrip())
    blank = next((i for i, c in enumerate(gap) if c.isspace()), len(gap))
    return len(gap[blank:].lstrip())


def _trailing_signs(gap: str) -> int:
    """How many characters at the beginning of `gap` belong to the word before it."""
    return next((i for i, c in enumerate(gap) if c.isspace()), len(gap))


def units(text: str, lexicon: Lexicon) -> tuple[Unit, ...]:
    """The units of one text, separators included with the unit before them; they tile the text exactly."""
    tokens = tokenize([text])
    found = segment(tokens, lexicon)
    starts = [span.start for span in extents(text, tokens, found.first.tolist(), found.last.tolist())]
    borders = [0, *starts[1:], len(text)] if starts else [0, len(text)]
    kinds = [Boundary(kind) for kind in found.left.tolist()] or [Boundary.LINE]
    return tuple(Unit(Span(a, b), kind) for (a, b), kind in zip(pairwise(borders), kinds, strict=True))
