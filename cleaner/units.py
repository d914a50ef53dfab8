"""Text -> units: the lines, sentences and fragments that the noise stage judges.

A unit is the smallest stretch that may be taken out: a line, a sentence, or a fragment of one, such as a lower-case
tail after a full stop, a label, a web address, a sentence glued to the one before. Boundaries are set generously: one
too many costs little (the model judges both sides), one too few and two stray words take a true sentence with them.

Units are found for a whole batch at once, on the arrays of `cleaner.tokens`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleaner.edits import Span
from cleaner.lexicon import Lexicon
from cleaner.stretches import Stretches
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
    has,
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


@dataclass(frozen=True, eq=False)
class Units:
    """The units of a batch; shape (k,) each.

    Attributes:
        first: the first word of each unit (an index into `Tokens`).
        last: the word behind its last word.
        left: why it begins (a `Boundary`).
        document: which text it belongs to.
        rows: the lexicon's row of each word of the batch, 0 for the unknown; shape (m,), words in `Tokens`.
    """

    first: Ints
    last: Ints
    left: NDArray[np.int8]
    document: Ints
    rows: Ints

    @cached_property
    def words(self) -> Stretches:
        """The words of each unit, to be summed over."""
        return Stretches.of(self.first, self.last)

    @cached_property
    def pairs(self) -> Stretches:
        """The same without the last word of each unit: a place for each pair of words."""
        return Stretches.of(self.first, np.maximum(self.last - 1, self.first))

    def __len__(self) -> int:
        return len(self.first)

    def where(self, chosen: Bools) -> Units:
        """The chosen units."""
        return Units(
            self.first[chosen], self.last[chosen], self.left[chosen], self.document[chosen], self.rows
        )  # fmt: skip


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

LONGEST_UNIT_OF_MEASURE = 3
"""Letters behind a figure and a full stop that may still belong to it ("2.5kg", "No. 4.Bis")."""
SEAM_REACH = 14
"""A fragment before a sentence is looked for in this many words."""


def segment(tokens: Tokens, lexicon: Lexicon) -> Units:
    """The units of a batch of texts."""
    rows = lexicon.find(tokens.key)
    kind = _brackets(tokens, _hard_boundaries(tokens, lexicon, rows))
    kind = _seams(tokens, lexicon, rows, kind)
    begins = (kind != Boundary.NONE).nonzero()[0]
    first, last = begins, np.append(begins[1:], len(tokens))
    text = ~tokens.border.take(begins)
    first, last = first[text], last[text]
    return Units(first, last, kind.take(first), tokens.document.take(first), rows)


def _hard_boundaries(tokens: Tokens, lexicon: Lexicon, rows: Ints) -> NDArray[np.int8]:
    gap, shape, border = tokens.gap, tokens.shape, tokens.border
    kind = np.zeros(len(tokens), np.int8)
    link = has(shape, LINK)
    kind[link | _before(link, False)] = Boundary.LINK
    kind[has(gap, BAR) & has(gap, SPACE)] = Boundary.BAR
    _stops(tokens, lexicon, rows, kind)
    kind[tokens.lines > 0] = Boundary.LINE
    kind[border | _before(border, True)] = Boundary.LINE
    return kind


def _before(marks: Bools, first: bool) -> Bools:
    """The same marks one word later; `first` for the first word."""
    return np.concatenate(([first], marks[:-1]))


def _stops(tokens: Tokens, lexicon: Lexicon, rows: Ints, kind: NDArray[np.int8]) -> None:
    """Add the boundaries behind full stops, those of abbreviations aside."""
    at = has(tokens.gap, STOP).nonzero()[0]
    at = at[at > 0]
    gap, shape, before, shape_before = tokens.gap[at], tokens.shape[at], at - 1, tokens.shape[at - 1]
    space, short = has(gap, SPACE), tokens.end[before] - tokens.start[before] == 1
    key = tokens.key[before]
    known = _ABBREVIATIONS[np.minimum(_ABBREVIATIONS.searchsorted(key), len(_ABBREVIATIONS) - 1)] == key
    initial = short & has(shape_before, FIRST_UPPER)
    gap_before = tokens.gap[before]
    dotted = short & has(gap_before, STOP) & ~has(gap_before, SPACE)  # the second letter of "p.m." or "i.e."
    plain = (gap & ~np.uint16(SPACE | STOP)) == 0
    opens = has(shape, FIRST_UPPER) & (lexicon.starter[rows[at]] > 0)
    within = plain & (known | initial | dotted) & ~opens
    letter = has(shape, ANY_UPPER | ANY_LOWER | ANY_FOREIGN)
    figures = has(shape_before, ANY_DIGIT)
    long = tokens.end[at] - tokens.start[at] > LONGEST_UNIT_OF_MEASURE
    after_figures = figures & has(shape, FIRST_UPPER) & long & ~has(gap_before, STOP)  # "in 2006.Subscribe"
    word_before = (rows[before] > 0) & ~figures & ~known & (tokens.end[before] - tokens.start[before] > 2)
    before_figures = has(shape, ANY_DIGIT) & word_before & ~has(shape_before, ANY_UPPER)  # "the survey.61 shares"
    glued = (letter & ~short & ~figures) | after_figures | before_figures
    kind[at[~space & glued]] = Boundary.GLUED
    kind[at[space & ~within]] = Boundary.SENTENCE


def _brackets(tokens: Tokens, kind: NDArray[np.int8]) -> NDArray[np.int8]:
    """Add the boundary behind a bracket that opened a unit and closed within 12 words."""
    gap = tokens.gap
    opening = ((kind != Boundary.NONE) & has(gap, OPEN)).nonzero()[0]
    closing = has(gap, CLOSE).nonzero()[0]
    if len(opening) and len(closing):
        at = closing.searchsorted(opening, "right")
        opening, found = opening[at < len(closing)], closing[at[at < len(closing)]]
        near = (found - opening <= 12) & (tokens.document[found] == tokens.document[opening])
        kind[found[near & (kind[found] == Boundary.NONE)]] = Boundary.BRACKET
    return kind


def _seams(tokens: Tokens, lexicon: Lexicon, entry: Ints, kind: NDArray[np.int8]) -> NDArray[np.int8]:
    """Add boundaries where, early in a unit, a new sentence seems to begin without any mark."""
    upper = has(tokens.shape, FIRST_UPPER)
    plain = (tokens.gap & ~np.uint16(SPACE | QUOTE | OPEN)) == 0
    at = ((kind == Boundary.NONE) & upper & plain).nonzero()[0]
    begins = (kind != Boundary.NONE).nonzero()[0]
    begin = begins[begins.searchsorted(at, "right") - 1]
    position = at - begin
    near = (position <= SEAM_REACH) & ~lexicon.function[entry[at - 1]]
    at, begin, position = at[near], begin[near], position[near]
    gap, shape, shape_before, shape_begin = tokens.gap[at], tokens.shape[at], tokens.shape[at - 1], tokens.shape[begin]
    starts = lexicon.starter[entry[at]] > 1.0
    quoted = has(gap, QUOTE) & has(gap, SPACE)
    low_start = ~has(shape_begin, FIRST_UPPER) & has(shape_begin, ANY_LOWER)
    uppers = upper.cumsum()
    first_upper: Bools = uppers[at] - uppers[begin] == 1
    shouted = ~has(shape_before, ANY_LOWER) & has(shape_before, ANY_UPPER) & has(shape, ANY_LOWER) & (position >= 2)
    kind[at[starts | quoted | (low_start & first_upper) | shouted]] = Boundary.SEAM
    return kind


def extents(texts: Sequence[str], tokens: Tokens, first: Ints, last: Ints) -> list[Span]:
    """The exact stretches of text that words `first` to `last` fill, with the punctuation that belongs to them.

    What stands in a gap before its first blank belongs to the left, what stands behind the blanks to the right;
    without a blank, all of it belongs to the left. Where a line ends in the gap, all that stands on a line with words
    belongs to these. Signs on lines of their own belong to nobody.

    Args:
        texts: the texts of the batch.
        tokens: the batch.
        first, last: words of one text each, half-open; shape (n,).

    Returns:
        n spans, each of the text that its words belong to.
    """
    document = tokens.document.take(first)
    origin, stop = tokens.text_start.take(document) + 1, tokens.text_start.take(document + 1) - 2
    opens = tokens.buffer.take(tokens.start.take(first - 1)) == 0  # behind a border
    places = (
        np.where(opens, origin, tokens.end.take(first - 1)), tokens.start.take(first), tokens.end.take(last - 1),
        np.minimum(tokens.start.take(last), stop),
    )  # fmt: skip
    offsets = tokens.code_points(np.stack(places), origin).tolist()
    return [_extent(texts[number], *at) for number, *at in zip(document.tolist(), *offsets, strict=True)]


def _extent(text: str, gap_start: int, start: int, end: int, gap_end: int) -> Span:
    """The stretch of one text between the gaps before and behind it."""
    lead = _leading_signs(text[gap_start:start], at_start=gap_start == 0)
    return Span(start - lead, end + _trailing_signs(text[end:gap_end], at_end=gap_end == len(text)))


def _leading_signs(gap: str, at_start: bool) -> int:
    """How many characters at the end of `gap` belong to the word behind it."""
    last_line = gap.rpartition("\n")[2]
    if last_line != gap or at_start:
        return len(last_line.lstrip())
    blank = next((i for i, c in enumerate(gap) if c.isspace()), len(gap))
    return len(gap[blank:].lstrip())


def _trailing_signs(gap: str, at_end: bool) -> int:
    """How many characters at the beginning of `gap` belong to the word before it."""
    first_line = gap.partition("\n")[0]
    if first_line != gap or at_end:
        return len(first_line.rstrip())
    return next((i for i, c in enumerate(gap) if c.isspace()), len(gap))


def units(text: str, lexicon: Lexicon) -> tuple[Unit, ...]:
    """The units of one text, separators included with the unit before them; they tile the text exactly."""
    tokens = tokenize([text])
    found = segment(tokens, lexicon)
    starts = [span.start for span in extents([text], tokens, found.first, found.last)]
    borders = [0, *starts[1:], len(text)] if starts else [0, len(text)]
    kinds = [Boundary(kind) for kind in found.left.tolist()] or [Boundary.LINE]
    return tuple(Unit(Span(a, b), kind) for (a, b), kind in zip(pairwise(borders), kinds, strict=True))
