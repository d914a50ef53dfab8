"""Candidates: stretches of words that may have been put into a sentence, before one, or beside a headline on its line
(`cleaner.inserts` judges them).

No boundary tells where such words begin. Every stretch of a few words is a candidate whose first and last word read on
badly from, and into, the rest, while the rest reads on better without it (deletion gain); so are the first words of a
sentence if a word with a capital follows (a head), and all that stands behind what may be a headline, on its line (a
tail). A linear *screen* keeps those that are worth a closer look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features import Evidence
from cleaner.lexicon import Lexicon
from cleaner.ngrams import Floats, word_slots
from cleaner.strange import StrangeWords
from cleaner.stretches import places_within
from cleaner.tokens import (
    ANY_DIGIT,
    COLON,
    COMMA,
    FIRST_UPPER,
    NEVER,
    OPEN,
    QUOTE,
    SPACE,
    STOP,
    Bools,
    Ints,
    Tokens,
    has,
)
from cleaner.units import Boundary

LONGEST = 8
"""Words of the longest candidate; a bit for each of them fits into a byte."""
REST = 3
"""So many other words at least a sentence must have."""
HEADLINE = 32
"""So many words at most stand on their line before a tail that is longer, or less like a search phrase, than others."""
LONGEST_TAIL = 60
"""Words of the longest candidate behind them; keeps memory and time in bounds whatever the line."""
LONGEST_LIST = 24
"""Words of the longest list of search phrases, before a sentence or inside it."""
SUSPECT, SUSPECT_STOPPED = -8.0, -4.0
"""Log odds of a unit from which all heads and tails are looked for in its sentence; tails that end in a stop, as most
sentences do."""
LEFT = 2
"""So many words at least they leave of it: a headline may have no more."""
SEAM, ACROSS, GAIN = 3.5, -5.0, -1.0
"""Bits: two words that read on so well are not torn apart; what is left without a candidate must read on so well, and
so much better than with it. (Of the search phrases put into sentences 79 % keep within these and what is below.)"""
FUNCTIONS, LONG = (2, 4), 5
"""Function words that a candidate may hold, up to, and from, so many words on."""
FUNCTIONS_OF_LIST = 4
"""A list of phrases has at least so many words for each function word."""
LAST_FUNCTION = 3
"""Words of the shortest candidate that may end in a function word ("is moon water worth it")."""
REPEATED = 1
"""Words of a candidate that may stand elsewhere in the text, too."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Candidates of a batch, sorted by first and last word; shape (c,) each.

    Attributes:
        first: the first word of each.
        last: the word behind its last one.
        sentence: the number of its sentence.
        across: whether the words before and behind it were ever seen side by side, and how well they read on without it
            (`Seams.across`); shape (3, c).
        begin, end: the words of each sentence, half-open; shape (s,).
    """

    first: Ints
    last: Ints
    sentence: Ints
    across: Floats
    begin: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.first)

    def where(self, chosen: NDArray[Any]) -> Candidates:
        """The chosen candidates."""
        return Candidates(
            self.first[chosen], self.last[chosen], self.sentence[chosen], self.across[:, chosen], self.begin, self.end
        )

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


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is known of a batch before its candidates are looked at.

    Attributes:
        found: the evidence of the units.
        tables: weights of the text scores by n-gram slot (`Side.tables`).
        strange: judges words (`Side.strange`).
        rows: evidence and verdicts of the units (`Side.rows`).
        odds: log odds of the units.
    """

    found: Evidence
    tables: Floats
    strange: StrangeWords | None
    rows: Floats
    odds: Floats

    @property
    def lexicon(self) -> Lexicon:
        """Of the model."""
        return self.found.lexicon

    def of_documents(self, chosen: Bools) -> Ground:
        """The same of the documents for which `chosen` holds; shape (documents,)."""
        if chosen.all():
            return self
        inside = chosen[self.found.units.document]
        found = self.found.of_documents(chosen)
        return Ground(found, self.tables, self.strange, self.rows[inside], self.odds[inside])


Proposed = tuple[Ints, Ints, Ints]
"""Candidates to be: the first word of each, the word behind its last one, the number of its sentence."""


def candidates(ground: Ground) -> Candidates:
    """All candidates of the documents that the units belong to."""
    found, seams = ground.found, ground.found.seams
    marks = _Marks.of(ground)
    starts, highest = marks.starts(), _highest(ground, marks.begin)
    parts = _short(found, marks, starts), _lists(marks, starts), _tails(marks, highest), _heads(marks, highest)
    first, last, sentence = map(np.concatenate, zip(*parts, strict=True))
    across = seams.across(first - 1, last)
    these = Candidates(first, last, sentence, np.stack(across), marks.begin, marks.end)
    figures = np.concatenate(([0], has(marks.tokens.shape, ANY_DIGIT).cumsum()))
    numbers = figures[last] - figures[first] == last - first  # of a telephone, a year
    these = these.where(((_gain(these, seams.bits) > GAIN) & ~numbers).nonzero()[0])
    _, some = np.unique(these.first * len(marks.tokens) + these.last, return_index=True)
    return these.where(some)


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Where candidates may begin and end, in a batch of m words and s sentences.

    Attributes:
        tokens: the batch.
        begin, end: the words of each sentence, half-open; shape (s,).
        sentence: the number of each word's sentence; shape (m,). It says nothing in documents that are not looked at.
        function: which words are function words.
        torn: which words do not read on from the one before them, inside a sentence.
        signs: before which words inside a sentence stand more than blanks.
        stops: behind which words a candidate may end.
        opens_again: with which words a sentence may begin behind a head.
    """

    tokens: Tokens
    begin: Ints
    end: Ints
    sentence: Ints
    function: Bools
    torn: Bools
    signs: Bools
    stops: Bools
    opens_again: Bools

    @classmethod
    def of(cls, ground: Ground) -> _Marks:
        """The marks of the documents that the units belong to."""
        found = ground.found
        tokens, units = found.tokens, found.units
        opens = units.left != Boundary.SEAM  # what may be two sentences may be one with other words in it, too
        begin = units.first[opens]
        end = units.last[np.append(opens.nonzero()[0][1:], len(units)) - 1] if len(units) else begin
        looked_at = np.zeros(len(tokens.text_start) - 1, np.bool_)
        looked_at[units.document] = True
        inside = looked_at.take(tokens.document)
        inside[tokens.borders] = False
        inside[begin] = False
        torn = np.concatenate(([False], found.seams.bits[:-1] < SEAM)) & inside
        plain = (tokens.gap & ~np.uint16(SPACE)) == 0
        stops = torn & plain  # never where a sentence begins
        stops[end] |= ((tokens.gap.take(end) & STOP) == 0) & ~torn.take(end)
        opens_again = torn & ((tokens.gap & ~np.uint16(SPACE | QUOTE | OPEN | COLON)) == 0)
        opens_again &= has(tokens.shape, FIRST_UPPER) | has(tokens.gap, QUOTE)
        opening = np.zeros(len(tokens), np.int64)
        opening[begin] = 1
        return cls(
            tokens, begin, end, opening.cumsum() - 1, ground.lexicon.function.take(units.rows), torn,
            inside & ~plain, stops, opens_again,
        )  # fmt: skip

    def starts(self) -> Ints:
        """With which words a candidate may begin inside a sentence that has room for one; ascending."""
        starts = (self.torn & ((self.tokens.gap & ~np.uint16(SPACE | COMMA)) == 0)).nonzero()[0]
        sentence = self.sentence.take(starts)
        return np.asarray(starts[self.end.take(sentence) - self.begin.take(sentence) > REST])


def _short(found: Evidence, marks: _Marks, starts: Ints) -> Proposed:
    """Candidates of up to `LONGEST` words, at the given words and at the beginning of each sentence."""
    function, begin, end = marks.function, marks.begin, marks.end
    # None goes beyond its sentence, nor beyond the last word that may stand elsewhere in the text, too.
    repeats = _elsewhere(found) & ~function
    repeated = np.append(repeats.nonzero()[0], [len(function)] * (REPEATED + 1))
    heads = len(begin)
    starts = np.concatenate((begin, starts))
    sentence = marks.sentence.take(starts)
    sooner = (repeats.cumsum() - repeats).take(starts)  # so many stand before each start
    room = np.minimum(repeated.take(sooner + REPEATED), end.take(sentence)) - starts
    # Each start with 1 to `LONGEST` words, a bit for each: whether a candidate may end there.
    likely = _ROOMS.take(np.minimum(np.maximum(room, 0), LONGEST))
    likely[:heads] &= _ahead(marks.opens_again).take(begin)
    likely[heads:] &= _ahead(marks.stops).take(starts[heads:])
    for before in range(LAST_FUNCTION - 1):  # so many words before the last one
        likely &= ~(function.take(starts + before).view(np.uint8) << np.uint8(before))
    some = np.unpackbits(likely, bitorder="little").view(np.bool_).nonzero()[0]
    first, words = some // 8, some % 8 + 1
    starts, sentence = starts.take(first), sentence.take(first)
    last, begins, ends = starts + words, begin.take(sentence), end.take(sentence)
    functions = np.concatenate(([0], function.cumsum()))
    fits = functions.take(last) - functions.take(starts) <= np.where(words >= LONG, FUNCTIONS[1], FUNCTIONS[0])
    fits &= (ends - begins - words >= REST) & ((last < ends) | (words > 1))
    some = fits.nonzero()[0]
    return starts.take(some), last.take(some), sentence.take(some)


_ROOMS = np.array([(1 << room) - 1 for room in range(LONGEST + 1)], np.uint8)
"""By the number of words for which there is room: a bit for each."""


def _ahead(marks: Bools) -> NDArray[np.uint8]:
    """Which of the `LONGEST` words behind each word are marked, the next one in the lowest bit; shape (m,)."""
    padded = np.concatenate((marks[1:], np.zeros(LONGEST, np.bool_))).view(np.uint8)
    found = padded[: len(marks)].copy()
    for by in range(1, LONGEST):
        found |= padded[by : by + len(marks)] << np.uint8(by)
    return found


def _lists(marks: _Marks, starts: Ints) -> Proposed:
    """Lists of phrases inside a sentence, with commas between them: they may be longer than `LONGEST`, and their words
    may stand in more than one of them."""
    function = marks.function
    sentence = marks.sentence.take(starts)
    ends = marks.end.take(sentence)
    words = ends - marks.begin.take(sentence)
    stops = marks.stops & ~np.append(False, function[:-1])
    marked = has(marks.tokens.gap, COMMA)
    commas, stopped, functions = (np.concatenate(([0], each.cumsum())) for each in (marked, stops, function))
    # A list ends behind its first comma, inside its sentence, and leaves enough of it.
    comma = np.append(marked.nonzero()[0], len(function) - 1).take(commas.take(starts + 1))
    low = stopped.take(comma + 1)
    furthest = np.minimum(np.minimum(starts + LONGEST_LIST, ends - 1), starts + words - REST)
    count = np.maximum(stopped.take(furthest + 1) - low, 0)
    row = np.repeat(np.arange(len(starts)), count)
    last = stops.nonzero()[0].take(np.arange(len(row)) + np.repeat(low - count.cumsum() + count, count))
    first = starts.take(row)
    fits = (FUNCTIONS_OF_LIST * (functions.take(last) - functions.take(first)) <= last - first).nonzero()[0]
    return first[fits], last[fits], sentence.take(row[fits])


def _tails(marks: _Marks, highest: Floats) -> Proposed:
    """All that stands behind what may be a headline on its line, up to the end of the sentence, where that is suspect
    by its `_highest`."""
    tokens, begin, end = marks.tokens, marks.begin, marks.end
    suspect = highest > np.where(has(tokens.gap.take(end), STOP), SUSPECT_STOPPED, SUSPECT)
    suspect &= (tokens.lines.take(begin) > 0) & has(tokens.shape.take(begin), FIRST_UPPER)
    numbers = suspect.nonzero()[0]
    if not len(numbers):
        return numbers, numbers, numbers
    words, _ = places_within(begin[numbers], end[numbers])
    starts = words[(marks.torn | marks.signs).take(words)]
    starts = starts[~has(tokens.gap.take(starts), COLON | QUOTE)]  # what a headline leads up to, and what it quotes
    sentence = marks.sentence.take(starts)
    left, last = starts - begin.take(sentence), end.take(sentence)
    fits = (left >= LEFT) & (left <= HEADLINE) & (last - starts <= LONGEST_TAIL)
    return starts[fits], last[fits], sentence[fits]


def _heads(marks: _Marks, highest: Floats) -> Proposed:
    """All that stands before words with which a sentence may begin, where that is suspect by its `_highest`."""
    last = marks.opens_again.nonzero()[0]
    last = last[(highest > SUSPECT).take(marks.sentence.take(last))]
    sentence = marks.sentence.take(last)
    starts = marks.begin.take(sentence)
    fits = (last - starts <= LONGEST_LIST) & (marks.end.take(sentence) - last >= LEFT)
    return starts[fits], last[fits], sentence[fits]


def _highest(ground: Ground, begin: Ints) -> Floats:
    """The highest log odds of the units of each sentence."""
    if not len(begin):
        return np.zeros(0, np.float32)
    return np.asarray(np.maximum.reduceat(ground.odds, ground.found.units.first.searchsorted(begin)), np.float32)


def _gain(these: Candidates, bits: Floats) -> Floats:
    """How many bits better the rest reads on without each candidate; before a head and behind a tail nothing does."""
    across = these.across[1] + these.across[2]
    gain = np.where(across > ACROSS, across - bits.take(these.before) - bits.take(these.last - 1), -np.inf)
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
    """The evidence `SCREEN` of each candidate; shape (c, len(SCREEN))."""
    of_words = {name: _mean(values, these) for name, values in _of_words(ground).items()}
    columns = _of_candidates(ground, these) | of_words
    return rows_of([columns[name] for name in SCREEN])


def _of_words(ground: Ground) -> dict[str, NDArray[Any]]:
    """What of `SCREEN` is the mean over the words of a candidate: each word's share; shape (m,) each."""
    found, lexicon = ground.found, ground.lexicon
    tokens, seams, rows = found.tokens, found.seams, found.units.rows
    return {
        "bits": seams.bits, "word_weight": ground.tables[0].take(word_slots(tokens.key)),
        "function": lexicon.function.take(rows), "frequency": lexicon.frequency.take(rows),
        "elsewhere": _elsewhere(found), "upper": has(tokens.shape, FIRST_UPPER),
    }  # fmt: skip


def _mean(values: NDArray[Any], these: Candidates) -> NDArray[np.float64]:
    """The mean over the words of each candidate of what is known of all words, by a running sum over the batch."""
    running = np.zeros(len(values) + 1)
    values.cumsum(dtype=np.float64, out=running[1:])
    return np.asarray((running.take(these.last) - running.take(these.first)) / (these.last - these.first))


def _of_candidates(ground: Ground, these: Candidates) -> dict[str, NDArray[Any]]:
    """The rest of `SCREEN`; shape (c,) each."""
    found, lexicon, rows = ground.found, ground.lexicon, ground.found.units.rows
    first, last, before, head, tail = these.first, these.last, these.before, these.head, these.tail
    bits = found.seams.bits
    unit = found.units.first.searchsorted(first, "right") - 1
    return {
        "words": np.log1p(last - first), "tail": tail, "head": head,
        "into": np.where(head, 0, bits.take(before)), "out": np.where(tail, 0, bits.take(last - 1)),
        "across": np.where(head | tail, 0, these.across[1] + these.across[2]),
        "unit_odds": np.clip(ground.odds[unit], -8, 8),
        "before_function": lexicon.function.take(rows.take(before)) & ~head,
        "next_starter": np.where(head, lexicon.starter.take(rows.take(last)), 0),
    }  # fmt: skip


def rows_of(columns: Sequence[NDArray[Any]]) -> Floats:
    """Columns as rows of numbers; shape (n, columns), each column in one piece of memory."""
    rows = np.empty((len(columns), len(columns[0])), np.float32)
    for place, column in enumerate(columns):
        rows[place] = column
    return rows.T


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """Keeps a candidate where `screen_rows @ weights + bias` is above zero; `weights` has shape (len(SCREEN),)."""

    weights: Floats
    bias: float

    def keep(self, ground: Ground, these: Candidates) -> Candidates:
        """The candidates that are worth a closer look."""
        if not len(these):
            return these
        weight = dict(zip(SCREEN, self.weights, strict=True))
        # A weighted sum of means is the mean of weighted sums, for which one running sum is enough.
        odds = _mean(sum(weight[name] * values for name, values in _of_words(ground).items()), these)
        for name, column in _of_candidates(ground, these).items():
            odds += weight[name] * column
        return these.where((odds + self.bias > 0).nonzero()[0])

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Arrays to be stored."""
        return {"insert_screen": np.append(self.weights, np.float32(self.bias))}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Screen:
        """The screen that `arrays()` gave."""
        stored = np.asarray(arrays["insert_screen"], np.float32)
        return cls(stored[:-1], float(stored[-1]))
