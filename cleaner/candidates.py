"""Candidates: stretches of words that may have been put into a sentence, before one, or behind a line without a full
stop (`cleaner.inserts` judges them).

No boundary tells where such words begin. Every stretch of a few words is a candidate whose first and last word read on
badly from, and into, the rest, while the rest reads on better without it (deletion gain); so are the first words of a
sentence if a word with a capital follows (a head), and all that stands behind what may be a headline, on its line (a
tail). A linear *screen* keeps those that are worth a closer look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features import Evidence
from cleaner.lexicon import Lexicon
from cleaner.ngrams import Floats, word_slots
from cleaner.seams import Seams
from cleaner.tokens import COLON, COMMA, FIRST_UPPER, NEVER, OPEN, QUOTE, SPACE, STOP, Bools, Ints, has
from cleaner.units import Boundary

LONGEST = 8
"""Words of the longest candidate."""
REST = 3
"""So many other words at least a sentence must have."""
HEADLINE = 16
"""So many words at most stand before a long candidate on its line."""
LONGEST_TAIL = 60
"""Words of the longest candidate behind them; keeps memory and time in bounds whatever the line."""
SUSPECT = -4.0
"""Log odds of a unit from which a long candidate is looked for in its sentence."""
SEAM, ACROSS, GAIN = 2.5, -4.0, 0.0
"""Bits: two words that read on so well are not torn apart; what is left without a candidate must read on so well, and
so much better than with it. (Of the search phrases put into sentences 69 % keep within these and what is below.)"""
FUNCTIONS, LONG = (2, 4), 5
"""Function words that a candidate may hold, up to, and from, so many words on."""
LAST_FUNCTION = 3
"""Words of the shortest candidate that may end in a function word ("is moon water worth it")."""
REPEATED = 1
"""Words of a candidate that may stand elsewhere in the text, too."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates of a batch, sorted by first and last word; shape (c,) each.

    Attributes:
        first: the first word of each.
        last: the word behind its last one.
        sentence: the number of its sentence.
        begin, end: the words of each sentence, half-open; shape (s,).
    """

    first: Ints
    last: Ints
    sentence: Ints
    begin: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.first)

    def where(self, chosen: NDArray[Any]) -> Candidates:
        """The chosen candidates."""
        return Candidates(self.first[chosen], self.last[chosen], self.sentence[chosen], self.begin, self.end)

    @property
    def tail(self) -> Bools:
        """Which of them end their sentence."""
        return np.asarray(self.last == self.end[self.sentence])

    @property
    def head(self) -> Bools:
        """Which of them begin their sentence."""
        return np.asarray(self.first == self.begin[self.sentence])

    @property
    def before(self) -> Ints:
        """The word before each; before the first one of a batch, -1, stands the border behind the last text."""
        return self.first - 1


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of a batch before its candidates are looked at.

    Attributes:
        found: the evidence of the units.
        lexicon: of the model.
        tables: weights of the text scores by n-gram slot (`Side.tables`).
        rows: evidence and verdicts of the units (`Side.rows`).
        odds: log odds of the units.
    """

    found: Evidence
    lexicon: Lexicon
    tables: Floats
    rows: Floats
    odds: Floats


def candidates(ground: Ground) -> Candidates:
    """All candidates of a batch."""
    found, lexicon = ground.found, ground.lexicon
    tokens, units, seams = found.tokens, found.units, found.seams
    opens = units.left != Boundary.SEAM  # what may be two sentences may be one with other words in it, too
    begin = units.first[opens]
    end = units.last[np.append(np.flatnonzero(opens)[1:], len(units)) - 1] if len(units) else begin
    bits = seams.strength + seams.fit
    torn = np.concatenate(([False], bits[:-1] < SEAM))
    torn[tokens.borders] = False
    torn[begin] = False
    plain = (tokens.gap & ~np.uint16(SPACE)) == 0
    starts = (torn & ((tokens.gap & ~np.uint16(SPACE | COMMA)) == 0)).nonzero()[0]
    stops = torn & plain  # never where a sentence begins
    stops[end] |= ((tokens.gap.take(end) & STOP) == 0) & ~torn.take(end)
    # What a sentence may begin with behind a head.
    opens_again = torn & ((tokens.gap & ~np.uint16(SPACE | QUOTE | OPEN | COLON)) == 0)
    opens_again &= has(tokens.shape, FIRST_UPPER) | has(tokens.gap, QUOTE)
    sentence = np.searchsorted(begin, starts, "right") - 1
    roomy = end.take(sentence) - begin.take(sentence) > REST
    starts, sentence = starts[roomy], sentence[roomy]
    tails = _long_tails(ground, starts, sentence, begin, end)
    function = lexicon.function.take(units.rows)
    # None goes beyond its sentence, nor beyond the last word that may stand elsewhere in the text, too.
    repeated = np.append((_elsewhere(found) & ~function).nonzero()[0], [len(tokens)] * (REPEATED + 1))
    heads = len(begin)
    starts, sentence = np.concatenate((begin, starts)), np.concatenate((np.arange(heads), sentence))
    room = np.minimum(repeated.take(repeated.searchsorted(starts) + REPEATED), end.take(sentence)) - starts
    first, words = _pairs(starts, np.minimum(room, LONGEST))
    behind = starts.take(first) + words
    likely = np.where(first < heads, opens_again.take(behind), stops.take(behind))
    likely &= ~function.take(behind - 1) | (words >= LAST_FUNCTION)
    some = likely.nonzero()[0]
    first, words = first.take(some), words.take(some)
    starts, sentence = starts.take(first), sentence.take(first)
    last, begins, ends = starts + words, begin.take(sentence), end.take(sentence)
    functions = np.concatenate(([0], function.cumsum()))
    fits = functions.take(last) - functions.take(starts) <= np.where(words >= LONG, FUNCTIONS[1], FUNCTIONS[0])
    fits &= (ends - begins - words >= REST) & ((last < ends) | (words > 1))
    some = fits.nonzero()[0]
    parts = zip((starts.take(some), last.take(some), sentence.take(some)), tails, strict=True)
    first, last, sentence = map(np.concatenate, parts)
    these = Candidates(first, last, sentence, begin, end)
    these = these.where((_gain(these, seams, bits) > GAIN).nonzero()[0])
    return these.where((these.first * len(tokens) + these.last).argsort(kind="stable"))


def _pairs(starts: Ints, most: Ints) -> tuple[Ints, Ints]:
    """Each of some starts, by its number, with 1 to `most` words; sorted; none of those with less than one."""
    most = np.maximum(most, 0)
    which = np.repeat(np.arange(len(starts)), most)
    return which, np.arange(1, len(which) + 1) - np.repeat(most.cumsum() - most, most)


def _long_tails(ground: Ground, starts: Ints, sentence: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Candidates longer than `LONGEST` that end their sentence, and for which a headline is left on their line; those
    that end in a stop may be shorter. Only where a unit of the sentence is suspect is it worth to look."""
    tokens, units = ground.found.tokens, ground.found.units
    suspect = np.bincount(np.searchsorted(begin, units.first, "right") - 1, ground.odds > SUSPECT, len(begin)) > 0
    chosen = suspect & (tokens.lines.take(begin) > 0) & has(tokens.shape.take(begin), FIRST_UPPER)
    chosen = chosen.take(sentence)
    starts, sentence = starts[chosen], sentence[chosen]
    left, words, last = starts - begin.take(sentence), end.take(sentence) - starts, end.take(sentence)
    shorter = (words > 1) & has(tokens.gap.take(last), STOP)
    chosen = (left >= REST) & (left <= HEADLINE) & ((words > LONGEST) | shorter) & (words <= LONGEST_TAIL)
    return starts[chosen], last[chosen], sentence[chosen]


def _gain(these: Candidates, seams: Seams, bits: Floats) -> Floats:
    """How many bits better the rest reads on without each candidate; before a head and behind a tail nothing does."""
    before, after = these.before, these.last
    _, strength, fit = seams.across(before, after)
    across = strength + fit
    gain = np.where(across > ACROSS, across - bits.take(before) - bits.take(after - 1), -np.inf)
    return np.where(these.tail | these.head, np.inf, gain)


def _elsewhere(found: Evidence) -> Bools:
    """Which words, by their stems, stand elsewhere in their text, too."""
    earlier, later = found.recurrences
    return np.asarray((earlier >= 0) | (later < NEVER))


SCREEN = (
    "words", "tail", "head", "into", "out", "across", "bits", "word_weight", "function", "frequency", "elsewhere",
    "upper", "unit_odds", "before_function", "next_starter",
)  # fmt: skip
"""What the screen sees."""


def screen_rows(ground: Ground, these: Candidates) -> Floats:
    """The evidence `SCREEN` of each candidate; shape (c, len(SCREEN)). Running sums over the batch give all of it."""
    found, lexicon = ground.found, ground.lexicon
    tokens, seams, rows = found.tokens, found.seams, found.units.rows
    first, last, before, words = these.first, these.last, these.before, these.last - these.first
    bits = seams.strength + seams.fit
    _, across, across_fit = seams.across(before, last)
    unit = np.searchsorted(found.units.first, first, "right") - 1

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        running = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
        return np.asarray((running.take(last) - running.take(first)) / words, np.float64)

    columns = {
        "words": np.log1p(words), "tail": these.tail, "head": these.head,
        "into": np.where(these.head, 0, bits.take(before)), "out": np.where(these.tail, 0, bits.take(last - 1)),
        "across": np.where(these.head | these.tail, 0, across + across_fit), "bits": mean(bits),
        "word_weight": mean(ground.tables[0].take(word_slots(tokens.key))),
        "function": mean(lexicon.function.take(rows)), "frequency": mean(lexicon.frequency.take(rows)),
        "elsewhere": mean(_elsewhere(found)), "upper": mean(has(tokens.shape, FIRST_UPPER)),
        "unit_odds": np.clip(ground.odds[unit], -8, 8),
        "before_function": lexicon.function.take(rows.take(before)) & ~these.head,
        "next_starter": np.where(these.head, lexicon.starter.take(rows.take(last)), 0),
    }  # fmt: skip
    return np.column_stack([columns[name] for name in SCREEN]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Screen:
    """Keeps a candidate where `rows @ weights + bias` is above zero; `weights` has shape (len(SCREEN),)."""

    weights: Floats
    bias: float

    def keep(self, ground: Ground, these: Candidates) -> Candidates:
        """The candidates that are worth a closer look."""
        if not len(these):
            return these
        return these.where(screen_rows(ground, these) @ self.weights + np.float32(self.bias) > 0)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Arrays to be stored."""
        return {"insert_screen": np.append(self.weights, np.float32(self.bias))}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Screen:
        """The screen that `arrays()` gave."""
        stored = np.asarray(arrays["insert_screen"], np.float32)
        return cls(stored[:-1], float(stored[-1]))
