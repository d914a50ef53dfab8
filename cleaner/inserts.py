"""Words put into a sentence ("The minister cheap jerseys online said on Monday"), or behind a line without a full stop.

No boundary tells where such words begin, so every stretch of a few words is a *candidate* whose first and last word
read on badly from, and into, the rest, while the rest reads on better without it (deletion gain); and so is all that
stands behind what may be a headline, on its line. Two networks judge:
the first looks at all candidates, the second at the best one of each sentence, with what is known of the sentence and
of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features import COLUMNS as UNIT_COLUMNS
from cleaner.features import MEANING, RARE, Evidence, cosine, directions, vectors_within
from cleaner.joins import Joins
from cleaner.lexicon import Lexicon
from cleaner.network import Network
from cleaner.ngrams import Floats, word_slots
from cleaner.seams import Seams
from cleaner.strata import SHORT_TEXT
from cleaner.tokens import (
    ANY_DIGIT,
    ANY_LOWER,
    ANY_UPPER,
    COMMA,
    FIRST_UPPER,
    NEVER,
    SPACE,
    STOP,
    Bools,
    Ints,
    Tokens,
)
from cleaner.units import Boundary
from cleaner.verdicts import VERDICTS

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
SEAM, ACROSS, GAIN = 1.5, -2.0, 2.0
"""Bits: two words that read on so well are not torn apart; what is left without a candidate must read on so well, and
so much better than with it. (Of the candidates that the networks find, nine in ten keep within these, of all half.)"""
FUNCTIONS, LONG = (1, 2), 5
"""Function words that a candidate may hold, up to, and from, so many words on."""
NEAR = 60
"""Words before or behind that are near."""
FLOOR = 0.0
"""Log odds of the first network below which nothing is looked at again."""

FIRST = (
    "words", "tail", "into", "into_fit", "out", "out_fit", "across_known", "across", "across_fit", "gain", "beyond_fit",
    "pairs_known", "pairs", "fit", "misfits", "functions", "function", "first_function", "before_function",
    "next_function", "frequency", "unknown", "upper", "shouted", "first_upper", "first_lower", "upper_unlike",
    "lower_name", "first_namelike", "last_namelike", "digits", "word_length", "word_weight", "comma_before", "commas",
    "signs", "recur_near", "sentence_words", "from_start", "from_end", "sentence_stop", "before_frequency",
    "next_frequency", "before_upper", "next_upper", "next_starter",
)  # fmt: skip
"""What the first network sees."""
OF_DOCUMENT = ("doc_noise", "doc_expected", "doc_words")
SECOND = (
    "candidate_odds", "text", "form", "topic", "topic_sentence", "sentence_text", "sentence_form", "unit_odds",
    *OF_DOCUMENT, "join_into", "join_out", "join_across", "join_gain", "join_least",
)  # fmt: skip
"""What the second network sees besides, and `MEANING` of the candidate."""
COLUMNS = FIRST + SECOND + tuple(f"candidate_{name}" for name in MEANING)


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
    starts = (torn & ((tokens.gap & ~np.uint16(SPACE | COMMA)) == 0)).nonzero()[0]
    stops = torn & ((tokens.gap & ~np.uint16(SPACE)) == 0)  # never where a sentence begins
    stops[end] |= ((tokens.gap.take(end) & STOP) == 0) & ~torn.take(end)
    sentence = np.searchsorted(begin, starts, "right") - 1
    roomy = end.take(sentence) - begin.take(sentence) > REST
    starts, sentence = starts[roomy], sentence[roomy]
    function = lexicon.function.take(units.rows)
    tails = _long_tails(ground, starts, sentence, begin, end)
    # None goes beyond its sentence, nor beyond the next word that stands elsewhere in the text, too.
    repeated = np.append((_elsewhere(found) & ~function).nonzero()[0], len(tokens))
    room = np.minimum(repeated.take(repeated.searchsorted(starts)), end.take(sentence)) - starts
    first, words = _pairs(starts, np.minimum(room, LONGEST))
    stops[1:] &= ~function[:-1]
    likely = stops.take(starts.take(first) + words).nonzero()[0]
    first, words = first.take(likely), words.take(likely)
    starts, sentence = starts.take(first), sentence.take(first)
    last, begins, ends = starts + words, begin.take(sentence), end.take(sentence)
    functions = np.concatenate(([0], function.cumsum()))
    fits = functions.take(last) - functions.take(starts) <= np.where(words >= LONG, FUNCTIONS[1], FUNCTIONS[0])
    fits &= (ends - begins - words >= REST) & ((last < ends) | (words > 1))
    these = Candidates(starts[fits], last[fits], sentence[fits], begin, end)
    if len(tails[0]):
        first, last, sentence = map(np.concatenate, zip((these.first, these.last, these.sentence), tails, strict=True))
        order = np.lexsort((last, first))
        these = Candidates(first[order], last[order], sentence[order], begin, end)
    return these.where(_gain(these, seams, bits) > GAIN)


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
    chosen = suspect & (tokens.lines.take(begin) > 0) & _has(tokens.shape.take(begin), FIRST_UPPER)
    chosen = chosen.take(sentence)
    starts, sentence = starts[chosen], sentence[chosen]
    left, words, last = starts - begin.take(sentence), end.take(sentence) - starts, end.take(sentence)
    shorter = (words > 1) & _has(tokens.gap.take(last), STOP)
    chosen = (left >= REST) & (left <= HEADLINE) & ((words > LONGEST) | shorter) & (words <= LONGEST_TAIL)
    return starts[chosen], last[chosen], sentence[chosen]


def _gain(these: Candidates, seams: Seams, bits: Floats) -> Floats:
    """How many bits better the rest reads on without each candidate; behind a tail nothing does."""
    before, after = these.first - 1, these.last
    _, strength, fit = seams.across(before, after)
    across = strength + fit
    gain = np.where(across > ACROSS, across - bits.take(before) - bits.take(after - 1), -np.inf)
    return np.where(these.tail, np.inf, gain)


def _elsewhere(found: Evidence) -> Bools:
    """Which words, by their stems, stand elsewhere in their text, too."""
    earlier, later = found.recurrences
    return np.asarray((earlier >= 0) | (later < NEVER))


def _has(bits: NDArray[np.integer[Any]], mask: int) -> Bools:
    return np.asarray((bits & mask) != 0)


def first_rows(ground: Ground, these: Candidates) -> Floats:
    """The evidence `FIRST` of each candidate; shape (c, len(FIRST)). Nothing but the candidates and the words beside
    them is looked at."""
    if not len(these):
        return np.zeros((0, len(FIRST)), np.float32)
    found, lexicon = ground.found, ground.lexicon
    tokens, seams = found.tokens, found.seams
    first, last, tail, words = these.first, these.last, these.tail, these.last - these.first
    before, final, after = first - 1, last - 1, last
    begins = np.cumsum(words) - words
    places = np.arange(int(words.sum())) + np.repeat(first - begins, words)

    def over(values: NDArray[Any]) -> Floats:
        """The sum over the words of each candidate of what is known of `places`."""
        return np.add.reduceat(values, begins, dtype=np.float32)

    def inner(values: NDArray[Any], aside: Ints) -> Floats:
        """The same without what is known of each candidate's word `aside`."""
        return np.asarray(over(values) - values.take(begins + aside - first), np.float32)

    shape, rows, length = (
        values.take(places) for values in (tokens.shape, found.units.rows, tokens.end - tokens.start)
    )
    upper, digit = _has(shape, FIRST_UPPER), _has(shape, ANY_DIGIT)
    shouted = _has(shape, ANY_UPPER) & ~_has(shape, ANY_LOWER) & (length > 1)
    function, frequency, namelike = (
        column.take(rows) for column in (lexicon.function, lexicon.frequency, lexicon.namelike)
    )
    weight = np.where(~function & (length > 2), np.float32(RARE) - frequency, np.float32(0))
    earlier, later = (part.take(places) for part in found.recurrences)
    near = (earlier >= places - NEAR) | (later <= places + NEAR)
    functions, pairs = over(function), np.maximum(words - 1, 1)
    known, across, across_fit = (np.where(tail, 0, part) for part in seams.across(before, after))
    into, into_fit = seams.strength.take(before), seams.fit.take(before)
    out, out_fit = (np.where(tail, 0, part.take(final)) for part in (seams.strength, seams.fit))
    beyond = lexicon.fits(seams.classes.take(np.maximum(first - 2, 0)), seams.classes.take(after))
    second_word = (first < 2) | (tokens.document.take(np.maximum(first - 2, 0)) != tokens.document.take(first))
    row_first, row_final, row_before, row_after = (found.units.rows.take(at) for at in (first, final, before, after))
    is_function, commonness = lexicon.function, lexicon.frequency
    first_shape, gap = tokens.shape.take(first), tokens.gap.take(places)
    strong = seams.known.take(places).astype(np.float32)
    strength, fit = seams.strength.take(places), seams.fit.take(places)
    begin, end = these.begin.take(these.sentence), these.end.take(these.sentence)
    columns = {
        "words": np.log1p(words), "tail": tail,
        "into": into, "into_fit": into_fit, "out": out, "out_fit": out_fit,
        "across_known": known, "across": across, "across_fit": across_fit,
        "gain": across + across_fit - into - into_fit - out - out_fit,
        "beyond_fit": np.where(tail | second_word, 0, beyond),
        "pairs_known": inner(strong, final) / pairs, "pairs": inner(strength, final) / pairs,
        "fit": inner(fit, final) / pairs, "misfits": inner((fit < -1).astype(np.float32), final) / pairs,
        "functions": functions, "function": functions / words, "first_function": is_function.take(row_first),
        "before_function": is_function.take(row_before), "next_function": is_function.take(row_after) & ~tail,
        "frequency": over(frequency) / words, "unknown": over((rows == 0) & ~digit) / words,
        "upper": over(upper) / words, "shouted": over(shouted) / words, "first_upper": _has(first_shape, FIRST_UPPER),
        "first_lower": (first_shape & (ANY_LOWER | FIRST_UPPER)) == ANY_LOWER,
        "upper_unlike": over(upper & (namelike < -1)) / words, "lower_name": over(~upper & (namelike > 1)) / words,
        "first_namelike": lexicon.namelike.take(row_first), "last_namelike": lexicon.namelike.take(row_final),
        "digits": over(digit) / words, "word_length": over(length) / words,
        "word_weight": over(ground.tables[0].take(word_slots(tokens.key.take(places)))) / np.sqrt(words),
        "comma_before": _has(tokens.gap.take(first), COMMA),
        "commas": inner(_has(gap, COMMA).astype(np.float32), first) / words,
        "signs": inner(((gap & ~np.uint16(SPACE | COMMA)) != 0).astype(np.float32), first),
        "recur_near": over(weight * near) / np.maximum(over(weight), 1),
        "sentence_words": np.log1p(end - begin), "from_start": np.log1p(first - begin),
        "from_end": np.log1p(end - last),
        "sentence_stop": _has(tokens.gap.take(end), STOP), "before_frequency": commonness.take(row_before),
        "next_frequency": commonness.take(row_after),
        "before_upper": _has(tokens.shape.take(before), FIRST_UPPER),
        "next_upper": _has(tokens.shape.take(after), FIRST_UPPER), "next_starter": lexicon.starter.take(row_after),
    }  # fmt: skip
    return np.column_stack([columns[name] for name in FIRST]).astype(np.float32)


def best(these: Candidates, odds: Floats, floor: float) -> Ints:
    """Which candidates are the best ones of their sentences, and not below `floor`; ascending."""
    order = np.lexsort((-odds, these.sentence))
    leads = np.append(True, np.diff(these.sentence[order]) > 0)[: len(order)]
    chosen = order[leads]
    return np.sort(chosen[odds[chosen] >= floor])


def second_rows(ground: Ground, these: Candidates, first: Floats, odds: Floats, joins: Joins) -> Floats:
    """The evidence `FIRST` and `SECOND` of each candidate, at most one of each sentence.

    Args:
        ground: the batch.
        these: the candidates.
        first: their evidence `FIRST`.
        odds: what the first network says of them.
        joins: judges their seams.
    """
    found, lexicon, units = ground.found, ground.lexicon, ground.found.units
    tokens, classes = found.tokens, found.seams.classes
    begin, end = these.begin[these.sentence], these.end[these.sentence]
    scores = found.ngrams.scores_within(tokens, these.first, these.last, ground.tables)
    around = found.ngrams.scores_within(tokens, begin, end, ground.tables)
    vectors = vectors_within(units.rows, these.first, these.last, lexicon)
    of_sentence = vectors_within(units.rows, begin, end, lexicon)
    of_document = found.document_vectors[tokens.document[these.first]]
    unit = np.searchsorted(units.first, these.first, "right") - 1
    before, final, after = these.first - 1, these.last - 1, these.last
    places = (np.concatenate(side) for side in ((before, final, before), (these.first, after, after)))
    into, out, across = joins.log_odds(tokens, classes, *places).reshape(3, len(these))
    out, across = np.where(these.tail, 0, out), np.where(these.tail, 0, across)
    columns = {
        "candidate_odds": odds, "text": scores[:, 0], "form": scores[:, 1],
        "topic": cosine(vectors, of_document - vectors),
        "topic_sentence": cosine(vectors, of_sentence - vectors),
        "sentence_text": around[:, 0], "sentence_form": around[:, 1], "unit_odds": np.clip(ground.odds[unit], -8, 8),
        "join_into": into, "join_out": out, "join_across": across,
        "join_gain": across - into - out, "join_least": across - np.maximum(into, out),
        **{name: ground.rows[unit, (UNIT_COLUMNS + VERDICTS).index(name)] for name in OF_DOCUMENT},
    }  # fmt: skip
    rows = np.zeros((len(these), len(COLUMNS)), np.float32)
    rows[:, : len(FIRST)] = first
    for place, name in enumerate(SECOND, len(FIRST)):
        rows[:, place] = columns[name]
    rows[:, len(FIRST) + len(SECOND) :][:, : vectors.shape[1]] = directions(vectors)
    return rows


KINDS = ("low", "other", "tail", "low_of_short_text", "other_of_short_text", "tail_of_short_text")
"""Candidates that have a cut of their own (as in `cleaner.strata`): names do not begin in lower case, behind a tail
nothing tells whether the rest reads on, and a short text says little of what it speaks of."""


def kinds(rows: Floats) -> Ints:
    """The kind of each candidate, as an index into `KINDS`; rows of `FIRST` and `SECOND`."""
    low, tail, words = (rows[:, COLUMNS.index(name)] for name in ("first_lower", "tail", "doc_words"))
    short = np.rint(np.expm1(words)) <= SHORT_TEXT
    return np.where(tail > 0, 2, np.where(low > 0, 0, 1)) + np.where(short, len(KINDS) // 2, 0)


@dataclass(frozen=True, slots=True)
class Inserts:
    """What is said of the best candidates; shape (c,) each.

    Attributes:
        first, last: words, half-open, ascending and disjoint.
        margin: log odds above the cut.
    """

    first: Ints
    last: Ints
    margin: Floats

    def where(self, documents: Bools, tokens: Tokens) -> Inserts:
        """Those of the chosen documents; shape (documents,)."""
        return self.chosen(documents[tokens.document.take(self.first)])

    def chosen(self, which: Bools) -> Inserts:
        """The chosen ones; shape (c,)."""
        return Inserts(self.first[which], self.last[which], self.margin[which])

    def rows(self) -> Iterator[tuple[int, int, float]]:
        """First word, the word behind the last, margin of each."""
        return zip(self.first.tolist(), self.last.tolist(), self.margin.tolist(), strict=True)


NOTHING = Inserts(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


@dataclass(frozen=True)
class InsertModel:
    """Finds words put into a sentence.

    Attributes:
        joins: judges seams.
        first: the network over `FIRST`.
        second: the network over `FIRST` and `SECOND`.
        cuts: log odds from which a candidate is removed: by budget one number for each of `KINDS`.
    """

    joins: Joins
    first: Network
    second: Network
    cuts: Mapping[float, tuple[float, ...]]

    def find(self, ground: Ground, cut: Floats) -> Inserts:
        """The best candidates of a batch, with their margins above `cut`, one number for each of `KINDS`."""
        these, rows = self.evidence(ground)
        if not len(these):
            return NOTHING
        return Inserts(these.first, these.last, self.second.log_odds(rows) - cut[kinds(rows)])

    def evidence(self, ground: Ground) -> tuple[Candidates, Floats]:
        """The best candidate of each sentence, and its evidence `FIRST` and `SECOND`."""
        these, rows, odds = screened(ground, candidates(ground), self.first)
        if not len(these):
            return these, np.zeros((0, len(COLUMNS)), np.float32)
        return these, second_rows(ground, these, rows, odds, self.joins)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the cuts, to be stored."""
        return {
            **self.joins.arrays(), **self.first.arrays("insert_first"), **self.second.arrays("insert_second"),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], cuts: Mapping[float, tuple[float, ...]]) -> InsertModel:
        """The model that `arrays()` gave."""
        first, second = (Network.from_arrays(f"insert_{part}", arrays) for part in ("first", "second"))
        return cls(Joins.from_arrays(arrays), first, second, cuts)


def screened(
    ground: Ground, these: Candidates, network: Network, floor: float = FLOOR
) -> tuple[Candidates, Floats, Floats]:
    """The best candidate of each sentence by a network over `FIRST`, if its log odds reach `floor`; its evidence and
    these."""
    rows = first_rows(ground, these)
    odds = network.log_odds(rows)
    chosen = best(these, odds, floor)
    return these.where(chosen), rows[chosen], odds[chosen]
