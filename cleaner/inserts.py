"""Words put into a sentence ("The minister cheap jerseys online said on Monday"), before one, or behind a line without
a full stop.

Two networks judge the candidates of `cleaner.candidates`: the first looks at all that pass the screen, the second at
the best few of each sentence, with what is known of the sentence and of the text. One of each sentence may go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.candidates import Candidates, Ground, Screen, candidates, rows_of
from cleaner.features import COLUMNS as UNIT_COLUMNS
from cleaner.features import MEANING, RARE, SENSE_ALONE, STRANGE
from cleaner.joins import Joins
from cleaner.lexicon import DIMENSIONS
from cleaner.meaning import cosine, directions, vectors_within
from cleaner.network import Network
from cleaner.ngrams import Floats, word_slots
from cleaner.strange import Sums
from cleaner.strata import SHORT_TEXT
from cleaner.stretches import changes, places_within
from cleaner.tokens import ANY_DIGIT, ANY_LOWER, ANY_UPPER, COMMA, FIRST_UPPER, SPACE, STOP, Bools, Ints, Tokens, has
from cleaner.verdicts import VERDICTS

NEAR = 60
"""Words before or behind that are near."""
FLOOR = -1.5
"""Log odds of the first network below which nothing is looked at again."""
LOOKED_AT = 3
"""So many candidates of a sentence are looked at again: the first network knows too little to tell where words begin
and end."""

FIRST = (
    "words", "tail", "head", "into", "into_fit", "out", "out_fit", "across_known", "across", "across_fit", "gain",
    "beyond_fit",
    "pairs_known", "pairs", "fit", "misfits", "functions", "function", "first_function", "before_function",
    "next_function", "frequency", "unknown", "upper", "shouted", "first_upper", "first_lower", "upper_unlike",
    "lower_name", "first_namelike", "last_namelike", "digits", "word_length", "word_weight", "comma_before", "commas",
    "signs", "recur_near", "sentence_words", "from_start", "from_end", "sentence_stop", "before_frequency",
    "next_frequency", "before_upper", "next_upper", "next_starter",
    "glued", "before_signs", "next_signs", "opens_line", "ends_line", "rest_upper", "rest_function", "unit_odds",
)  # fmt: skip
"""What the first network sees."""
OF_UNIT = (
    "doc_noise", "doc_expected", "doc_words", "doc_highest", "doc_found", "odds_line_before", "odds_line_after",
    "odds_before", "odds_after", "list_lines", "list_odds",
)  # fmt: skip
"""What the second network sees of the evidence of the unit that the candidate begins in."""
OF_STRANGE = (
    *(f"candidate_{name}" for name in STRANGE),
    "rest_strange_mean", "rest_strange", "rest_strange_sum", "rest_strange_words",
)  # fmt: skip
SECOND = (
    "candidate_odds", "candidate_lead", "text", "form", "topic", "topic_sentence", "sense", "sense_sentence",
    "sentence_text", "sentence_form", *OF_UNIT,
    "join_into", "join_out", "join_across", "join_gain", "join_least",
    "rest_text", "rest_form", "rest_topic", "rest_sense", *OF_STRANGE,
)  # fmt: skip
"""What the second network sees besides, and where the candidate's words point. `rest` is the sentence without them."""
_MEANING, _SENSE = (tuple(f"candidate_{name}" for name in names) for names in (MEANING, SENSE_ALONE))
COLUMNS = FIRST + SECOND + _MEANING + _SENSE
OF_MEANING = ("topic", "topic_sentence", "rest_topic", *_MEANING)
OF_SENSE = ("sense", "sense_sentence", "rest_sense", *_SENSE)
"""Half of the second network does not see the one, half does not see the other (as in `cleaner.model.Side`)."""


def first_rows(ground: Ground, these: Candidates) -> Floats:
    """The evidence `FIRST` of each candidate; shape (c, len(FIRST)). Nothing but the candidates and the words beside
    them is looked at."""
    if not len(these):
        return np.zeros((0, len(FIRST)), np.float32)
    found, lexicon = ground.found, ground.lexicon
    tokens, seams = found.tokens, found.seams
    first, last, head, tail, words = these.first, these.last, these.head, these.tail, these.last - these.first
    before, final, after = these.before, last - 1, last
    begins = words.cumsum() - words
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
    upper, digit = has(shape, FIRST_UPPER), has(shape, ANY_DIGIT)
    shouted = has(shape, ANY_UPPER) & ~has(shape, ANY_LOWER) & (length > 1)
    function, frequency, namelike = (
        column.take(rows) for column in (lexicon.function, lexicon.frequency, lexicon.namelike)
    )
    weight = np.where(~function & (length > 2), np.float32(RARE) - frequency, np.float32(0))
    earlier, later = (part.take(places) for part in found.recurrences)
    near = (earlier >= places - NEAR) | (later <= places + NEAR)
    functions, pairs = over(function), np.maximum(words - 1, 1)
    known, across, across_fit = np.where(head | tail, 0, these.across)
    into, into_fit = (np.where(head, 0, part.take(before)) for part in (seams.strength, seams.fit))
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
        "words": np.log1p(words), "tail": tail, "head": head,
        "into": into, "into_fit": into_fit, "out": out, "out_fit": out_fit,
        "across_known": known, "across": across, "across_fit": across_fit,
        "gain": across + across_fit - into - into_fit - out - out_fit,
        "beyond_fit": np.where(head | tail | second_word, 0, beyond),
        "pairs_known": inner(strong, final) / pairs, "pairs": inner(strength, final) / pairs,
        "fit": inner(fit, final) / pairs, "misfits": inner((fit < -1).astype(np.float32), final) / pairs,
        "functions": functions, "function": functions / words, "first_function": is_function.take(row_first),
        "before_function": is_function.take(row_before) & ~head, "next_function": is_function.take(row_after) & ~tail,
        "frequency": over(frequency) / words, "unknown": over((rows == 0) & ~digit) / words,
        "upper": over(upper) / words, "shouted": over(shouted) / words, "first_upper": has(first_shape, FIRST_UPPER),
        "first_lower": (first_shape & (ANY_LOWER | FIRST_UPPER)) == ANY_LOWER,
        "upper_unlike": over(upper & (namelike < -1)) / words, "lower_name": over(~upper & (namelike > 1)) / words,
        "first_namelike": lexicon.namelike.take(row_first), "last_namelike": lexicon.namelike.take(row_final),
        "digits": over(digit) / words, "word_length": over(length) / words,
        "word_weight": over(ground.tables[0].take(word_slots(tokens.key.take(places)))) / np.sqrt(words),
        "comma_before": has(tokens.gap.take(first), COMMA),
        "commas": inner(has(gap, COMMA).astype(np.float32), first) / words,
        "signs": inner(((gap & ~np.uint16(SPACE | COMMA)) != 0).astype(np.float32), first),
        "recur_near": over(weight * near) / np.maximum(over(weight), 1),
        "sentence_words": np.log1p(end - begin), "from_start": np.log1p(first - begin),
        "from_end": np.log1p(end - last), "sentence_stop": has(tokens.gap.take(end), STOP),
        "before_frequency": np.where(head, 0, commonness.take(row_before)),
        "next_frequency": commonness.take(row_after),
        "before_upper": has(tokens.shape.take(before), FIRST_UPPER) & ~head,
        "next_upper": has(tokens.shape.take(after), FIRST_UPPER), "next_starter": lexicon.starter.take(row_after),
        "glued": tokens.gap.take(first) == 0,
        "before_signs": _signs(tokens.gap.take(first)) & ~head, "next_signs": _signs(tokens.gap.take(last)) & ~tail,
        "opens_line": tokens.lines.take(begin) > 0, "ends_line": tokens.lines.take(end) > 0,
        "rest_upper": _rest(has(tokens.shape, FIRST_UPPER), these, upper, begins),
        "rest_function": _rest(lexicon.function.take(found.units.rows), these, function, begins),
        "unit_odds": np.clip(ground.odds.take(found.units.first.searchsorted(first, "right") - 1), -8, 8),
    }  # fmt: skip
    return rows_of([columns[name] for name in FIRST])


def _signs(gap: NDArray[np.uint16]) -> Bools:
    """In which gaps stand more than blanks and commas."""
    return np.asarray((gap & ~np.uint16(SPACE | COMMA)) != 0)


def _rest(marks: Bools, these: Candidates, inside: Bools, begins: Ints) -> Floats:
    """The share of the words of each candidate's sentence, without its own, that are marked.

    Args:
        marks: of all words of the batch.
        these: the candidates.
        inside: the same marks of the candidates' words, one candidate behind the other.
        begins: where those of each candidate begin.
    """
    running = np.concatenate(([0], marks.cumsum()))
    begin, end = these.begin.take(these.sentence), these.end.take(these.sentence)
    own = np.add.reduceat(inside, begins, dtype=np.float32)
    words = end - begin - (these.last - these.first)
    return np.asarray((running.take(end) - running.take(begin) - own) / np.maximum(words, 1), np.float32)


def best(these: Candidates, odds: Floats, floor: float, count: int = 1) -> Ints:
    """Which candidates are among the `count` best ones of their sentences, and not below `floor`; ascending."""
    order = np.lexsort((-odds, these.sentence))
    opens = changes(these.sentence[order])
    rank = np.arange(len(order)) - opens.nonzero()[0].take(opens.cumsum() - 1)
    chosen = order[rank < count]
    return np.sort(chosen[odds[chosen] >= floor])


def second_rows(ground: Ground, these: Candidates, first: Floats, odds: Floats, joins: Joins) -> Floats:
    """The evidence `FIRST` and `SECOND` of each candidate.

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
    both = np.concatenate((these.first, begin)), np.concatenate((these.last, end))
    scores, around = np.split(found.ngrams.scores_within(tokens, *both, ground.tables), 2)
    vectors, of_sentence = np.split(vectors_within(units.rows, *both, lexicon), 2)
    of_document = found.document_vectors[tokens.document[these.first]]
    meaning, sense = (
        (vectors[:, part], of_document[:, part], of_sentence[:, part])
        for part in (slice(DIMENSIONS), slice(DIMENSIONS, None))
    )
    unit = units.first.searchsorted(these.first, "right") - 1
    before, final, after = these.before, these.last - 1, these.last
    places = (np.concatenate(side) for side in ((before, final, before), (these.first, after, after)))
    into, out, across = joins.log_odds(tokens, classes, *places).reshape(3, len(these))
    into, out = np.where(these.head, 0, into), np.where(these.tail, 0, out)
    across = np.where(these.head | these.tail, 0, across)
    highest = np.full(len(these.begin), -np.inf, np.float32)
    np.maximum.at(highest, these.sentence, odds)
    sides = _sides(these)
    rest_scores = found.ngrams.scores_within(tokens, *sides, ground.tables).reshape(2, len(these), 2).sum(axis=0)
    rest_topic, rest_sense = (cosine(whole - own, around - whole) for own, around, whole in (meaning, sense))
    columns = {
        "candidate_odds": odds, "candidate_lead": odds - highest[these.sentence],
        "text": scores[:, 0], "form": scores[:, 1],
        **dict(zip(("topic", "topic_sentence"), _likeness(*meaning), strict=True)),
        **dict(zip(("sense", "sense_sentence"), _likeness(*sense), strict=True)),
        "sentence_text": around[:, 0], "sentence_form": around[:, 1],
        "join_into": into, "join_out": out, "join_across": across,
        "join_gain": across - into - out, "join_least": across - np.maximum(into, out),
        **{name: ground.rows[unit, (UNIT_COLUMNS + VERDICTS).index(name)] for name in OF_UNIT},
        **dict(zip(OF_STRANGE, _strange(ground, these).T, strict=True)),
        "rest_text": rest_scores[:, 0], "rest_form": rest_scores[:, 1],
        "rest_topic": rest_topic, "rest_sense": rest_sense,
    }  # fmt: skip
    rows = np.zeros((len(these), len(COLUMNS)), np.float32)
    rows[:, : len(FIRST)] = first
    for place, name in enumerate(SECOND, len(FIRST)):
        rows[:, place] = columns[name]
    rows[:, len(FIRST) + len(SECOND) :] = np.column_stack((directions(meaning[0]), directions(sense[0])))
    return rows


def _sides(these: Candidates) -> tuple[Ints, Ints]:
    """What stands before each candidate in its sentence, of all of them, and then what stands behind it: words,
    half-open; there may be none."""
    begin, end = these.begin[these.sentence], these.end[these.sentence]
    return np.concatenate((begin, these.last)), np.concatenate((these.first, end))


def _strange(ground: Ground, these: Candidates) -> Floats:
    """The evidence `OF_STRANGE`: of the words of each candidate, and of the rest of its sentence."""
    if ground.strange is None:
        return np.zeros((len(these), len(OF_STRANGE)), np.float32)
    sentence, of = np.unique(these.sentence, return_inverse=True)
    begin, size = these.begin[sentence], these.end[sentence] - these.begin[sentence]
    begins = size.cumsum() - size
    odds = ground.strange.within(ground.found, begin, begin + size)
    words = these.last - these.first
    places, at = places_within(these.first + (begins - begin)[of], these.last + (begins - begin)[of])
    whole, own = Sums.of(odds, begins, size), Sums.of(odds.take(places), at, words)
    return np.column_stack((own.columns(), whole.rest(own, of)))


def _likeness(vectors: Floats, *around: Floats) -> Iterator[Floats]:
    """The cosine of each candidate with what else there is around it, once for each of `around`."""
    return (cosine(vectors, whole - vectors) for whole in around)


KINDS = (
    "low", "other", "tail", "head",
    "low_of_short_text", "other_of_short_text", "tail_of_short_text", "head_of_short_text",
)  # fmt: skip
"""Candidates that have a cut of their own (as in `cleaner.strata`): names do not begin in lower case, behind a tail and
before a head nothing tells whether the rest reads on, and a short text says little of what it speaks of."""


def kinds(rows: Floats) -> Ints:
    """The kind of each candidate, as an index into `KINDS`; rows of `FIRST` and `SECOND`."""
    low, head, tail, words = (rows[:, COLUMNS.index(name)] for name in ("first_lower", "head", "tail", "doc_words"))
    short = np.rint(np.expm1(words)) <= SHORT_TEXT
    kind = np.where(head > 0, 3, np.where(tail > 0, 2, np.where(low > 0, 0, 1)))
    return np.asarray(kind + len(KINDS) // 2 * short, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Inserts:
    """What is said of the best candidates; shape (c,) each.

    Attributes:
        first, last: words, half-open, ascending and disjoint.
        margin: log odds above the cut.
        odds: log odds.
    """

    first: Ints
    last: Ints
    margin: Floats
    odds: Floats

    def where(self, documents: Bools, tokens: Tokens) -> Inserts:
        """Those of the chosen documents; shape (documents,)."""
        return self.chosen(documents[tokens.document.take(self.first)])

    def chosen(self, which: Bools) -> Inserts:
        """The chosen ones; shape (c,)."""
        return Inserts(self.first[which], self.last[which], self.margin[which], self.odds[which])

    def rows(self) -> Iterator[tuple[int, int, float]]:
        """First word, the word behind the last, margin of each."""
        return zip(self.first.tolist(), self.last.tolist(), self.margin.tolist(), strict=True)


NOTHING = Inserts(*np.zeros((2, 0), np.int64), *np.zeros((2, 0), np.float32))


@dataclass(frozen=True, eq=False)
class InsertModel:
    """Finds words put into a sentence.

    Attributes:
        screen: keeps candidates that are worth a closer look.
        joins: judges seams.
        first: the network over `FIRST`.
        second: the network over `FIRST` and `SECOND`.
        cuts: log odds from which a candidate is removed: by budget one number for each of `KINDS`.
    """

    screen: Screen
    joins: Joins
    first: Network
    second: Network
    cuts: Mapping[float, tuple[float, ...]]

    def find(self, ground: Ground, cut: Floats) -> Inserts:
        """The best candidates of a batch, with their margins above `cut`, one number for each of `KINDS`."""
        these, rows, odds = self.judged(ground)
        return Inserts(these.first, these.last, odds - cut[kinds(rows)], odds) if len(these) else NOTHING

    def judged(self, ground: Ground) -> tuple[Candidates, Floats, Floats]:
        """The best candidate of each sentence, its evidence `FIRST` and `SECOND`, and its log odds."""
        these, rows, odds = screened(ground, self.screen.keep(ground, candidates(ground)), self.first)
        if not len(these):
            return these, np.zeros((0, len(COLUMNS)), np.float32), odds
        rows = second_rows(ground, these, rows, odds, self.joins)
        odds = self.second.log_odds(rows)
        chosen = best(these, odds, -np.inf)
        return these.where(chosen), rows[chosen], odds[chosen]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the cuts, to be stored."""
        return {
            **self.screen.arrays(), **self.joins.arrays(),
            **self.first.arrays("insert_first"), **self.second.arrays("insert_second"),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], cuts: Mapping[float, tuple[float, ...]]) -> InsertModel:
        """The model that `arrays()` gave."""
        first, second = (Network.from_arrays(f"insert_{part}", arrays) for part in ("first", "second"))
        return cls(Screen.from_arrays(arrays), Joins.from_arrays(arrays), first, second, cuts)


def screened(
    ground: Ground, these: Candidates, network: Network, floor: float = FLOOR
) -> tuple[Candidates, Floats, Floats]:
    """The best `LOOKED_AT` candidates of each sentence by a network over `FIRST`, if their log odds reach `floor`;
    their evidence and these."""
    rows = first_rows(ground, these)
    odds = network.log_odds(rows)
    chosen = best(these, odds, floor, LOOKED_AT)
    return these.where(chosen), rows[chosen], odds[chosen]
