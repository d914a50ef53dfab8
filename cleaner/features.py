"""Units -> rows of numbers. ONE code path: training and inference call the same functions on the same arrays.

The evidence of a unit: its text scores (`cleaner.ngrams`), its shape, its seams, its line, its neighbours, its
document. `COLUMNS` names it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.lexicon import DIMENSIONS, SENSES, Lexicon
from cleaner.meaning import directions, document_vectors, likeness, likeness_columns, unit_vectors
from cleaner.ngrams import Floats, UnitNGrams
from cleaner.seams import Seams
from cleaner.stretches import Neighbours, Stretches
from cleaner.tokens import (
    ANY_DIGIT,
    ANY_FOREIGN,
    ANY_LOWER,
    ANY_UPPER,
    ASK,
    BAR,
    CLOSE,
    COLON,
    COMMA,
    DASH,
    FIRST_UPPER,
    LINK,
    NEVER,
    OPEN,
    QUOTE,
    SIGN,
    SPACE,
    STOP,
    Bools,
    Ints,
    Tokens,
    has,
    recurrences,
)  # fmt: skip
from cleaner.units import Units
from cleaner.voice import VOICE, voice

# ---------------------------------------------------------------------------------------------------------------------

LONG_LINE = 12
"""A line of this many words that ends in a stop is prose (the prose core of a page)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """The lines of a batch; `of_unit` says which line each unit stands on."""

    first: Ints
    last: Ints
    of_unit: Ints
    document: Ints
    prose: Bools

    @classmethod
    def of(cls, tokens: Tokens, units: Units) -> _Lines:
        begins = tokens.lines[units.first] > 0
        at = begins.nonzero()[0]
        of_unit = begins.cumsum() - 1
        first = units.first[at]
        last = units.last[np.append(at[1:], len(units)) - 1] if len(at) else first
        prose = (last - first >= LONG_LINE) & has(tokens.gap[last], STOP)
        return cls(first, last, of_unit, units.document[at], prose)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The evidence of a batch that does not depend on a text model; `rows` adds what does."""

    tokens: Tokens
    units: Units
    lexicon: Lexicon
    lines: _Lines
    static: Floats
    sense: Floats
    ngrams: UnitNGrams
    seams: Seams
    recurrences: tuple[Ints, Ints]
    document_vectors: Floats
    """The sum of the vectors of each document's words; shape (documents, DIMENSIONS + SENSES)."""
    chosen: Ints
    """Which of the units that the n-grams belong to these are."""
    scores: Floats | None = None
    """The text scores of those units, where they are known already; shape (k, 2)."""

    def of_documents(self, chosen: Bools) -> Evidence:
        """The evidence of the documents for which `chosen` holds; shape (documents,)."""
        if chosen.all():
            return self
        inside = chosen[self.units.document]
        units = self.units.where(inside)
        lines = _Lines.of(self.tokens, units)
        return Evidence(
            self.tokens, units, self.lexicon, lines, self.static[inside], self.sense[inside], self.ngrams, self.seams,
            self.recurrences, self.document_vectors, self.chosen[inside], self.scores,
        )  # fmt: skip

    def rows(self, tables: Floats, spare: int = 0) -> Floats:
        """All columns, with the text scores that the weights `tables` give (`UnitNGrams.scores`), zeros for `STRANGE`,
        and behind them `spare` ones without values; shape (k, len(COLUMNS) + spare)."""
        scores = self.ngrams.scores(tables) if self.scores is None else self.scores
        context = _context(self.tokens, self.units, self.lines, scores[self.chosen])
        rows = np.empty((len(self.units), len(COLUMNS) + spare), np.float32)
        rows[:, : len(STATIC)] = self.static
        for place, column in enumerate(context.values(), len(STATIC)):
            rows[:, place] = column
        rows[:, len(STATIC) + len(CONTEXT) : len(COLUMNS) - len(STRANGE)] = self.sense
        rows[:, len(COLUMNS) - len(STRANGE) : len(COLUMNS)] = 0
        return rows


def evidence(tokens: Tokens, units: Units, lexicon: Lexicon) -> Evidence:
    """The evidence for each unit of a batch."""
    lines = _Lines.of(tokens, units)
    seams, again = Seams.of(tokens, units.rows, lexicon), recurrences(tokens, lexicon.function.take(units.rows))
    vectors = unit_vectors(units, lexicon)
    of_document = document_vectors(units, vectors, len(tokens.text_start) - 1)
    parts = {
        **_shape(tokens, units, lexicon),
        **_edges(tokens, units),
        **_seams(tokens, units, lexicon, seams),
        **_line(tokens, units, lines),
        **_document(tokens, units, lexicon, lines),
        **likeness("topic", vectors[:, :DIMENSIONS], of_document[:, :DIMENSIONS], units.document),
        **_recurrence(tokens, units, again, lexicon),
        **voice(tokens, units.first, units.last, units.document, lexicon.voice.take(units.rows)),
    }
    static = np.zeros((len(units), len(STATIC)), np.float32)
    for place, name in enumerate(SCALARS):
        static[:, place] = parts[name]
    static[:, len(SCALARS) :] = directions(vectors[:, :DIMENSIONS])
    sense = _sense(vectors[:, DIMENSIONS:], of_document[:, DIMENSIONS:], units.document)
    grams = UnitNGrams.of(tokens, units, lexicon, seams.classes)
    rest = (static, sense, grams, seams, again, of_document, np.arange(len(units)))
    return Evidence(tokens, units, lexicon, lines, *rest)


def _shape(tokens: Tokens, units: Units, lexicon: Lexicon) -> dict[str, NDArray[np.generic]]:
    """What the unit's words look like."""
    over, shape, rows = units.words.sums, tokens.shape, units.rows
    count = np.maximum(units.last - units.first, 1)
    length = tokens.end - tokens.start
    upper, digit = has(shape, FIRST_UPPER), has(shape, ANY_DIGIT)
    shouted = has(shape, ANY_UPPER) & ~has(shape, ANY_LOWER) & (length > 1)
    functions = over(lexicon.function.take(rows))
    namelike = lexicon.namelike.take(rows)
    first = shape[units.first]
    return {
        "words": np.log1p(count),
        "word_length": over(length) / count,
        "function": functions / count,
        "functions": np.minimum(functions, 9),
        "unknown": over((rows == 0) & ~digit) / count,
        "frequency": over(lexicon.frequency.take(rows)) / count,
        "upper": over(upper) / count,
        "shouted": over(shouted) / count,
        "digits": over(digit) / count,
        "links": over(has(shape, LINK)),
        "foreign": over(has(shape, ANY_FOREIGN)) / count,
        "first_upper": has(first, FIRST_UPPER),
        "first_lower": has(first, ANY_LOWER) & ~has(first, FIRST_UPPER),
        "first_digit": has(first, ANY_DIGIT),
        "upper_unlike": over(upper & (namelike < -1)) / count,
        "lower_name": over(~upper & (namelike > 1)) / count,
    }


def _edges(tokens: Tokens, units: Units) -> dict[str, NDArray[np.generic]]:
    """The signs before, inside and behind the unit, and why it begins and ends."""
    left, right = tokens.gap.take(units.first), tokens.gap.take(units.last)
    found: dict[str, NDArray[np.generic]] = {
        "left": units.left,
        "right": np.append(units.left[1:], np.int8(1)),
        "left_space": has(left, SPACE),
        "right_space": has(right, SPACE),
        "right_ask": has(right, ASK),
    }
    of_left, of_right, inner = has(left[:, None], _SIGNS), has(right[:, None], _SIGNS), _inner_signs(tokens, units)
    for number, name in enumerate(SIGNS):
        found[f"left_{name}"], found[f"right_{name}"] = of_left[:, number], of_right[:, number]
        found[f"inner_{name}"] = inner[:, number]
    found["commas"] = found["inner_comma"] / np.maximum(units.last - units.first, 1)
    return found


SIGNS = {
    "stop": STOP, "quote": QUOTE, "open": OPEN, "close": CLOSE, "bar": BAR, "dash": DASH, "sign": SIGN, "colon": COLON,
    "comma": COMMA,
}  # fmt: skip
"""Signs that are counted one kind at a time."""
_SIGNS = np.array(list(SIGNS.values()), np.uint16)


def _inner_signs(tokens: Tokens, units: Units) -> Ints:
    """In how many gaps inside each unit there is each of `SIGNS`; shape (k, len(SIGNS))."""
    at = has(tokens.gap, sum(SIGNS.values())).nonzero()[0]  # few: in most gaps is nothing but a blank
    unit = units.first.searchsorted(at, "right") - 1
    inside = (at > units.first.take(unit)) & (at < units.last.take(unit))
    gap, sign = has(tokens.gap.take(at[inside])[:, None], _SIGNS).nonzero()
    cells = unit[inside].take(gap) * len(SIGNS) + sign
    return np.bincount(cells, minlength=len(units) * len(SIGNS)).reshape(-1, len(SIGNS))


def _seams(tokens: Tokens, units: Units, lexicon: Lexicon, seams: Seams) -> dict[str, NDArray[np.generic]]:
    """How well the unit reads on from what stands before it, into what follows, and how well these two would without
    it."""
    rows = units.rows
    # Before the first unit of all stands word -1, the border behind the last text: as before every other text.
    previous, last = units.first - 1, units.last - 1
    across_known, across, across_fit = seams.across(previous % len(tokens), units.last)
    inside = units.pairs.sums
    pairs = np.maximum(units.last - units.first - 1, 1)
    return {
        "into_known": seams.known[previous], "into": seams.strength[previous],
        "out_known": seams.known[last], "out": seams.strength[last],
        "across_known": across_known, "across": across,
        "into_fit": seams.fit[previous], "out_fit": seams.fit[last], "across_fit": across_fit,
        "fit": inside(seams.fit) / pairs, "misfits": inside(seams.fit < -1) / pairs,
        "pairs_known": inside(seams.known) / pairs, "pairs": inside(seams.strength) / pairs,
        "starter": lexicon.starter[rows[units.first]], "next_starter": lexicon.starter[rows[units.last]],
        "next_upper": has(tokens.shape[units.last], FIRST_UPPER),
        "first_function": lexicon.function[rows[units.first]], "last_function": lexicon.function[rows[last]],
        "before_function": lexicon.function[rows[previous]],
        "first_namelike": lexicon.namelike[rows[units.first]],
        "first_frequency": lexicon.frequency[rows[units.first]],
    }  # fmt: skip


def _line(tokens: Tokens, units: Units, lines: _Lines) -> dict[str, NDArray[np.generic]]:
    """The line on which the unit stands."""
    first, last = lines.first[lines.of_unit], lines.last[lines.of_unit]
    return {
        "whole_line": (units.first == first) & (units.last == last),
        "opens_line": units.first == first,
        "ends_line": units.last == last,
        "line_words": np.log1p(last - first),
        "line_share": (units.last - units.first) / np.maximum(last - first, 1),
        "line_stop": has(tokens.gap[last], STOP),
        "blank_before": np.minimum(tokens.lines[first], 3),
        "blank_after": np.minimum(tokens.lines[last], 3),
    }


def _document(tokens: Tokens, units: Units, lexicon: Lexicon, lines: _Lines) -> dict[str, NDArray[np.generic]]:
    """The document: how long, how dirty, in which language; and where in it the unit stands."""
    count = len(tokens.text_start) - 1
    border = tokens.borders
    word_start = np.concatenate(([0], border[:-1] + 1))
    over = Stretches.of(word_start, border).sums
    words = border - word_start
    line_words = lines.last - lines.first
    line_count = np.bincount(lines.document, minlength=count)
    prose_words = np.bincount(lines.document, lines.prose * line_words, count)
    short = np.bincount(lines.document, line_words < 6, count)
    function = over(lexicon.function.take(units.rows))
    unknown = over((units.rows == 0) & ~has(tokens.shape, ANY_DIGIT))
    index = np.arange(len(lines.first))
    first_line = lines.document.searchsorted(np.arange(count))
    first_prose, last_prose = np.full(count, -1), np.full(count, -1)
    prose = index[lines.prose]
    last_prose[lines.document[prose]] = prose
    first_prose[lines.document[prose[::-1]]] = prose[::-1]
    d, line = units.document, lines.of_unit
    safe_words, safe_lines = np.maximum(words, 1), np.maximum(line_count, 1)
    return {
        "doc_words": np.log1p(words)[d],
        "doc_lines": np.log1p(line_count)[d],
        "doc_prose": (prose_words / safe_words)[d],
        "doc_line_words": np.log1p(words / safe_lines)[d],
        "doc_short": (short / safe_lines)[d],
        "doc_function": (function / safe_words)[d],
        "doc_unknown": (unknown / safe_words)[d],
        "place": (units.first - word_start[d]) / safe_words[d],
        "from_start": np.log1p(line - first_line[d]),
        "from_end": np.log1p(first_line[d] + line_count[d] - 1 - line),
        "before_prose": np.where(first_prose[d] < 0, -1, np.log1p(np.maximum(first_prose[d] - line, 0))),
        "after_prose": np.where(first_prose[d] < 0, -1, np.log1p(np.maximum(line - last_prose[d], 0))),
    }


ABSENT = -30.0
"""Stands for a neighbour that does not exist."""


def _context(tokens: Tokens, units: Units, lines: _Lines, scores: Floats) -> dict[str, NDArray[np.generic]]:
    """The text scores of the unit and around it."""
    text, form = scores[:, 0], scores[:, 1]
    d, words = units.document, np.log1p(units.last - units.first)
    beside, beside_line = Neighbours.of(d, 3), Neighbours.of(lines.document, 1)
    near = beside.values(text, ABSENT)
    exists = near > ABSENT
    weight = (units.last - units.first).astype(np.float64)
    line_weight = np.bincount(lines.of_unit, weight, len(lines.first))
    line_text = np.bincount(lines.of_unit, weight * text, len(lines.first)) / np.maximum(line_weight, 1)
    line_words = np.log1p(lines.last - lines.first)
    count = len(tokens.text_start) - 1
    doc_text = np.bincount(d, weight * text, count) / np.maximum(np.bincount(d, weight, count), 1)

    form_before, form_after = beside.next(form, 0)
    words_before, words_after = beside.next(words, 0)
    line_before, line_after = beside_line.values(line_text, ABSENT).take(lines.of_unit, axis=1)
    line_words_before, line_words_after = beside_line.values(line_words, ABSENT).take(lines.of_unit, axis=1)
    return {
        "text": text, "form": form,
        "form_before": form_before, "form_after": form_after,
        "text_before": near[2], "text_after": near[3],
        "text_around": np.where(exists, near, 0).sum(axis=0) / np.maximum(exists.sum(axis=0), 1),
        "text_highest": near.max(axis=0),
        "text_line": line_text[lines.of_unit],
        "line_before": line_before, "line_after": line_after,
        "doc_text": doc_text[d],
        "words_before": words_before, "words_after": words_after,
        "line_words_before": line_words_before, "line_words_after": line_words_after,
    }  # fmt: skip


def _sense(vectors: Floats, whole: Floats, document: Ints) -> Floats:
    """The columns `SENSE`; arguments as for `likeness`."""
    return np.column_stack((*likeness("sense", vectors, whole, document).values(), directions(vectors)))


def _recurrence(
    tokens: Tokens, units: Units, again: tuple[Ints, Ints], lexicon: Lexicon
) -> dict[str, NDArray[np.generic]]:
    """Whether the unit's words or all of it stand elsewhere in its document, too."""
    d, rows = units.document, units.rows
    over = units.words.sums
    content = ~lexicon.function.take(rows) & (tokens.end - tokens.start > 2)
    weight = np.where(content, np.float32(RARE) - lexicon.frequency.take(rows), np.float32(0))
    total = np.maximum(over(weight), 1)

    def share(found: Bools) -> Floats:
        return np.asarray(over(weight * found) / total, np.float32)

    before, behind = again
    # The first word of each word's unit and the word behind its last one; border words, which weigh nothing, aside.
    bounds = np.concatenate(([0], units.first, [len(tokens)]))
    words = bounds[1:] - bounds[:-1]
    first = np.repeat(bounds[:-1], words)
    last = np.repeat(np.concatenate(([0], units.last)), words)
    running = np.concatenate((np.zeros(1, np.uint64), tokens.key.cumsum()))
    same = (running[units.last] - running[units.first]) ^ (d.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    _, unit_number, unit_times = np.unique(same, return_inverse=True, return_counts=True)
    return {
        "recur": share((before < first) & (before >= 0) | (behind >= last) & (behind < NEVER)),
        "recur_before": share((before < first) & (before >= first - NEAR)),
        "recur_after": share((behind >= last) & (behind < last + NEAR)),
        "content": np.minimum(over(content), 12),
        "copies": np.minimum(unit_times[unit_number], 5),
    }


RARE = 18.0
"""Words count the more the rarer they are: by this less the logarithm of their frequency."""
NEAR = 60
"""Words before or behind a unit that are near it."""


SCALARS = (
    "words", "word_length", "function", "functions", "unknown", "frequency", "upper", "shouted", "digits", "links",
    "foreign",
    "first_upper", "first_lower", "first_digit", "upper_unlike", "lower_name",
    "left", "right", "left_space", "right_space", "commas",
    "left_stop", "right_stop", "inner_stop", "left_quote", "right_quote", "inner_quote", "left_open", "right_open",
    "inner_open",
    "left_close", "right_close", "inner_close", "left_bar", "right_bar", "inner_bar", "left_dash", "right_dash",
    "inner_dash",
    "left_sign", "right_sign", "inner_sign", "left_colon", "right_colon", "inner_colon", "right_ask",
    "into_known", "into", "out_known", "out", "across_known", "across", "into_fit", "out_fit", "across_fit",
    "fit", "misfits", "pairs_known", "pairs", "starter",
    "next_starter",
    "next_upper", "first_function", "last_function", "before_function", "first_namelike", "first_frequency",
    "whole_line", "opens_line", "ends_line", "line_words", "line_share", "line_stop", "blank_before", "blank_after",
    "doc_words", "doc_lines", "doc_prose", "doc_line_words", "doc_short", "doc_function", "doc_unknown", "place",
    "from_start", "from_end", "before_prose", "after_prose",
    *likeness_columns("topic"), "recur", "recur_before", "recur_after", "content", "copies",
    *VOICE,
)  # fmt: skip

MEANING = tuple(f"meaning_{n}" for n in range(DIMENSIONS))
"""Where the words of the unit point, taken together: it knows the trade that a text speaks of by its neighbours."""
STATIC = SCALARS + MEANING

CONTEXT = (
    "text", "form", "form_before", "form_after", "text_before", "text_after", "text_around", "text_highest",
    "text_line", "line_before", "line_after",
    "doc_text",
    "words_before", "words_after", "line_words_before", "line_words_after",
)  # fmt: skip
SENSE_ALONE = tuple(f"sense_{n}" for n in range(SENSES))
"""What an encoder of sentences would say of the unit, as far as its words tell."""
SENSE = (*likeness_columns("sense"), *SENSE_ALONE)

STRANGE = ("strange_mean", "strange", "strange_highest", "strange_sum", "strange_words")
"""How strange the unit's words are to their document (`cleaner.strange`)."""

COLUMNS = STATIC + CONTEXT + SENSE + STRANGE
"""The names of the evidence, in the order of the columns."""
OF_MEANING = (*likeness_columns("topic"), *MEANING)
"""What the vectors of meaning tell. Networks see either these or `SENSE`: two that see the same words with other eyes
err in other places, so their mean is better than either (random subspaces; Ho 1998)."""
