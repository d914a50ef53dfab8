"""What is done to the model's scores before they decide: what no training set teaches well enough.

Each guard speaks of a form whose shape says more than its words; `cleaner.completion` then rounds off what was found in
part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cleaner.addresses import bind_addresses, favour_stray_addresses
from cleaner.bylines import byline_units
from cleaner.completion import complete
from cleaner.inserts import Inserts
from cleaner.lexicon import Lexicon
from cleaner.model import MENTION, SURELY_TEXT, Scores
from cleaner.stretches import changes, places_within, stretch_numbers
from cleaner.tokens import (
    ANY_DIGIT,
    ANY_LOWER,
    BAR,
    COMMA,
    FIRST_UPPER,
    LINK,
    QUOTE,
    STOP,
    Bools,
    Ints,
    Tokens,
    has,
    word_keys,
)  # fmt: skip
from cleaner.units import Boundary, Units
from cleaner.verdicts import Layout
from cleaner.voice import quoted


def guarded(
    tokens: Tokens, units: Units, scores: Scores, inserts: Inserts, lexicon: Lexicon, certain: Sequence[int]
) -> tuple[Scores, Inserts]:
    """The scores as they decide, and what may go inside units.

    Args:
        tokens, units, scores, inserts, lexicon: of a batch.
        certain: units that are noise whatever their score.
    """
    scores = settled(tokens, units, scores, lexicon, certain)
    if len(inserts.first):
        inserts = guard_quotations(tokens, inserts.where(~foreign_documents(tokens, units, lexicon), tokens))
    return scores, inserts


def settled(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon, certain: Sequence[int]) -> Scores:
    """The scores as they decide: guarded and completed.

    Beside favouring what is stray that only lowers what a document is suspected of, or raises what stands beside that.
    So nothing is done to documents without any suspicion, which are two in three of news.

    Args:
        tokens, units, scores, lexicon: of a batch.
        certain: units that are noise whatever their score.
    """
    scores = favour_stray_addresses(tokens, units, favour_stray_words(tokens, units, scores, lexicon), lexicon)
    noise = np.zeros(len(units), np.bool_)
    noise[list(certain)] = True
    suspected = np.zeros(len(tokens.text_start) - 1, np.bool_)
    suspected[units.document[noise | (scores.margin > MENTION) | (scores.off_topic > 0)]] = True
    inside = suspected[units.document]
    if not inside.any():
        return scores
    some, found = units.where(inside), Scores(scores.margin[inside], scores.off_topic[inside])
    found = complete(tokens, some, guard(tokens, some, found, lexicon), noise[inside].nonzero()[0].tolist())
    margin, off_topic = scores.margin.copy(), scores.off_topic.copy()
    margin[inside], off_topic[inside] = found.margin, found.off_topic
    return Scores(margin, off_topic)


def guard(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores after what no training set teaches well enough: forms whose shape says more than their words."""
    scores = guard_tables(tokens, units, guard_genre(tokens, units, scores))
    scores = guard_headlines(tokens, units, guard_fixtures(tokens, units, scores))
    scores = guard_lower_headlines(tokens, units, scores)
    scores = guard_foreign(tokens, units, guard_last_line(tokens, units, scores), lexicon)
    scores = guard_attributions(tokens, units, guard_bylines(tokens, units, scores))
    scores = guard_names(tokens, units, scores, lexicon)
    return guard_lone_words(tokens, units, bind_addresses(tokens, units, scores, lexicon))


STRAY_BONUS = 3.0
"""Log odds in favour of stray words; in 1.45 million words of news no true text of this shape is so near to the cut."""
STRAY_WORDS = (2, 6)


def favour_stray_words(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores with stray words behind a sentence easier to remove: "... on Friday. celebrity news".

    Two to six words in lower case behind a full stop, at the end of the line or before a capital, that neither begin
    nor end with a function word, hold at most one, and no comma, quotation mark or full stop.
    """
    words = units.last - units.first
    likely = (words >= STRAY_WORDS[0]) & (words <= STRAY_WORDS[1])
    likely &= (units.left == Boundary.SENTENCE) | (units.left == Boundary.GLUED)
    at = likely.nonzero()[0]  # few: what each of their words is need not be asked of all words
    first, last = units.first[at], units.last[at]
    low = (tokens.shape[first] & (FIRST_UPPER | ANY_LOWER)) == ANY_LOWER
    ends = (tokens.lines[last] > 0) | ((tokens.shape[last] & FIRST_UPPER) != 0)
    stray = low & ends & ((tokens.gap[first] & QUOTE) == 0)
    at, first, last = at[stray], first[stray], last[stray]
    if not len(at):
        return scores
    places, begins = places_within(first, last)
    function = lexicon.function.take(units.rows.take(places))
    signs = np.bitwise_or.reduceat(tokens.gap.take(places + 1), begins) & (COMMA | QUOTE | STOP)
    functions = np.add.reduceat(function, begins, dtype=np.int64)
    stray = ~function[begins] & ~function[begins + last - first - 1] & (functions <= 1) & (signs == 0)
    return scores.moved(at[stray], STRAY_BONUS)


HEADLINE_GUARD = 3.0
"""Log odds beyond the cut that a first line which looks like a headline must show: it has no context to judge it by."""
HEADLINE_WORDS = (3, 18)


def guard_headlines(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with headlines harder to remove: whole first lines with a capital and without bars or addresses."""
    opens_text = changes(units.document).nonzero()[0]
    headline = _headlines(tokens, units, opens_text, HEADLINE_WORDS[1])
    off_topic = scores.off_topic.copy()
    off_topic[headline] -= np.float32(9)
    return Scores(scores.moved(headline, -HEADLINE_GUARD).margin, off_topic)


def guard_lower_headlines(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The same for the last such line that has nothing but noise above it, and text below: under a menu, the article
    begins there."""
    document, stays = units.document, (scores.margin <= 0).nonzero()[0]
    text = stays[changes(document[stays])]  # where the text of each document begins
    opens = document.searchsorted(document[text])
    above, _ = places_within(opens + 1, np.maximum(text, opens + 1))
    lines = _headlines(tokens, units, above, HEADLINE_WORDS[1])
    return scores.moved(lines[changes(document[lines][::-1])[::-1]], -HEADLINE_GUARD)


def _headlines(tokens: Tokens, units: Units, at: Ints, longest: int) -> Ints:
    """Those of some units that are whole lines with a capital and without bars or addresses, not too long or short."""
    first, last = units.first[at], units.last[at]
    fits = (last - first >= HEADLINE_WORDS[0]) & (last - first <= longest)
    fits &= (tokens.lines[first] > 0) & (tokens.lines[last] > 0) & ((tokens.shape[first] & FIRST_UPPER) != 0)
    at = at[fits]
    if not len(at):
        return at
    places, begins = places_within(first[fits], last[fits])
    signs = ((tokens.gap.take(places) & BAR) != 0) | ((tokens.shape.take(places) & LINK) != 0)
    return at[~np.logical_or.reduceat(signs, begins)]


FOREIGN_GUARD = 3.0
"""Log odds beyond the cut that anything must show in a text of another language: the model has learnt English."""
FOREIGN_UNKNOWN, FOREIGN_FUNCTION = 0.3, 0.15
"""A text counts as one of another language from this share of unknown words, up to this share of English function
words; tables of names and bare lists of products do too."""


def guard_foreign(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores with everything in texts of another language harder to remove, but for addresses."""
    foreign = foreign_documents(tokens, units, lexicon)
    if not foreign.any():
        return scores
    without_address = units.words.sums((tokens.shape & LINK) != 0) == 0
    return scores.moved((foreign[units.document] & without_address).nonzero()[0], -FOREIGN_GUARD)


def foreign_documents(tokens: Tokens, units: Units, lexicon: Lexicon) -> Bools:
    """Which texts of the batch seem to be in another language; shape (n,)."""
    borders = tokens.borders  # which are unknown words, too
    first = np.concatenate(([0], borders[:-1] + 1))
    words = np.maximum(borders - first, 1)
    unknown = np.add.reduceat(units.rows == 0, first, dtype=np.int64) - 1
    functions = np.add.reduceat(lexicon.function.take(units.rows), first, dtype=np.int64)
    return np.asarray((unknown / words >= FOREIGN_UNKNOWN) & (functions / words <= FOREIGN_FUNCTION))


LAST_LINE_GUARD = 2.0
"""Log odds beyond the cut that a headline below the last sentence must show where it stands alone: in archives of news
the next story may begin there, or it is the caption of a picture."""
LONGEST_CAPTION = 30


def guard_last_line(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with a last line that looks like a headline harder to remove, where the line before it stays."""
    same_text = units.document[1:] == units.document[:-1]
    closes_text = np.append(~same_text, True)
    after_prose = np.append(False, same_text & (scores.margin[:-1] <= 0) & ((tokens.gap[units.last[:-1]] & STOP) != 0))
    ends_open = (tokens.gap[units.last] & STOP) == 0
    headline = _headlines(tokens, units, (closes_text & ends_open & after_prose).nonzero()[0], LONGEST_CAPTION)
    return scores.moved(headline, -LAST_LINE_GUARD)


NAME_GUARD = 3.0
"""Log odds beyond the cut that the first words of a name must show which a seam parts from the rest of it."""


def guard_names(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores with what opens a line harder to remove where a name seems to go on behind it: "Tobias Hallet from
    Quayside | Marine says".

    Most of its words with a capital are not known as words that are written without one, and what follows the seam has
    a capital and is no function word.
    """
    seam = (units.left[1:] == Boundary.SEAM) & (tokens.lines[units.first[:-1]] > 0) & ~(scores.margin[1:] > 0)
    at = (seam & ((units.last - units.first)[:-1] <= LONGEST_NAME)).nonzero()[0]
    if not len(at):
        return scores
    first, last = units.first[at], units.last[at]
    places, begins = places_within(first, last)
    upper = (tokens.shape.take(places) & FIRST_UPPER) != 0
    uppers = np.add.reduceat(upper, begins, dtype=np.int64)
    namelike = lexicon.namelike.take(units.rows.take(places)) >= NAMELIKE
    names = np.add.reduceat(upper & namelike, begins, dtype=np.int64)
    beside = tokens.shape.take(last - 1) & tokens.shape.take(last) & FIRST_UPPER
    goes_on = (beside != 0) & ~lexicon.function.take(units.rows.take(last))
    return scores.moved(at[goes_on & (names > uppers / 2)], -NAME_GUARD)


NAMELIKE, LONGEST_NAME = -1.0, 6
"""`Lexicon.namelike` from which a word with a capital may be part of a name; words of the longest beginning of one."""

ATTRIBUTION_WORDS = 4
_REPORTING = np.sort(
    word_keys(
        (
            "add added adds agree agreed agrees answered answers argued argues ask asked asks claimed claims concluded "
            "concludes declared explained explains insisted insists joked jokes noted notes recalled recalls remarked "
            "replied replies reports said say says suggested suggests told warned warns wondered wonders writes wrote"
        ).split()
    )
)


def guard_attributions(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with the speaker of a quotation kept: '"Who will pay for the pier?" asks | Ruth Calder, a pilot'.

    A few words in lower case behind a quotation mark that begin with a verb of saying, and what goes on behind them.
    """
    key = tokens.key.take(units.first)
    reports = _REPORTING[np.minimum(_REPORTING.searchsorted(key), len(_REPORTING) - 1)] == key
    behind_quote = (tokens.gap[units.first] & QUOTE) != 0
    reports &= behind_quote & (units.last - units.first <= ATTRIBUTION_WORDS)
    reports &= (tokens.shape[units.first] & FIRST_UPPER) == 0
    speaker = np.append(False, reports[:-1]) & (units.left == Boundary.SEAM)
    return Scores(np.where(reports | speaker, np.minimum(scores.margin, SURELY_TEXT), scores.margin), scores.off_topic)


_REPORTING_BY = word_keys(["reporting", "by"])


def guard_bylines(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with bylines kept, and the sign-off of an agency: "(Reporting by Ruth Calder)"."""
    first = units.first
    signs_off = (tokens.key.take(first) == _REPORTING_BY[0]) & (tokens.key.take(first + 1) == _REPORTING_BY[1])
    kept = np.concatenate((byline_units(tokens, units), signs_off.nonzero()[0]))
    if not len(kept):
        return scores
    margin = scores.margin.copy()
    margin[kept] = np.minimum(margin[kept], SURELY_TEXT)
    return Scores(margin, scores.off_topic)


QUOTATION_GUARD = 3.0
"""Log odds beyond the cut that words must show whose removal would leave half a quotation."""


def guard_quotations(tokens: Tokens, inserts: Inserts) -> Inserts:
    """The inserts harder to remove that open a quotation which goes on behind them: '"Keep the gate | shut," she
    said'."""
    if not len(inserts.first):
        return inserts
    inside = quoted(tokens)
    opens = inside.take(inserts.first) & ~inside.take(inserts.first - 1)
    goes_on = inside.take(inserts.last) & ((tokens.gap.take(inserts.last) & QUOTE) == 0)
    margin = inserts.margin - np.float32(QUOTATION_GUARD) * (opens & goes_on)
    return replace(inserts, margin=margin)


LONE_WORD_GUARD = 3.0
"""Log odds beyond the cut that a single word with a capital must show: a name, or a salutation, split off by a stop."""


def guard_lone_words(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with single words with a capital inside a line harder to remove, unless a neighbour is noise."""
    shape = tokens.shape[units.first]
    whole_line = (tokens.lines[units.first] > 0) & (tokens.lines[units.last] > 0)
    lone = (units.last - units.first == 1) & ((shape & FIRST_UPPER) != 0) & ((shape & LINK) == 0) & ~whole_line
    noise = scores.margin > 0
    same = units.document[1:] == units.document[:-1]
    lone &= ~np.append(False, noise[:-1] & same) & ~np.append(noise[1:] & same, False)
    return Scores(scores.margin - np.float32(LONE_WORD_GUARD) * lone, scores.off_topic)


_AGAINST = word_keys(("v", "vs", "versus"))
LONGEST_FIXTURE = 12


def guard_fixtures(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with the lines of a fixture list kept: "Hartlepool v Boston", each side with a capital.

    Such lists are article text, and nothing looks more like a list of headlines.
    """
    key = tokens.key
    at = np.logical_or.reduce([key == against for against in _AGAINST]).nonzero()[0]
    at = at[(at > 0) & (at < len(tokens) - 1)]
    at = at[(tokens.shape[at - 1] & tokens.shape[at + 1] & FIRST_UPPER) != 0]
    unit = units.first.searchsorted(at, "right") - 1
    inside = (unit >= 0) & (at < units.last[unit])  # the units may be those of some documents only
    at, unit = at[inside], unit[inside]
    first, last = units.first[unit], units.last[unit]
    fixture = (tokens.lines[first] > 0) & (tokens.lines[last] > 0) & (last - first <= LONGEST_FIXTURE)
    margin = scores.margin.copy()
    margin[unit[fixture]] = np.minimum(margin[unit[fixture]], SURELY_TEXT)
    return Scores(margin, scores.off_topic)


TABLE_ROWS = 3
"""So many rows in a row are a table."""


def guard_tables(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with tables kept: rows that begin and end with a bar and have one inside, some with figures."""
    layout = Layout.of(tokens, units)
    opens_line = changes(layout.line)
    at = opens_line.nonzero()[0]
    first, last = units.first[at], units.last[np.append(at[1:], len(units)) - 1]
    edges = ((tokens.gap[first] & BAR) != 0) & ((tokens.gap[last] & BAR) != 0)
    if not edges.any():
        return scores
    bars = np.concatenate(([0], has(tokens.gap, BAR).cumsum()))
    figures = np.concatenate(([0], has(tokens.shape, ANY_DIGIT).cumsum()))
    row = edges & (bars[last] > bars[first + 1])
    if not row.any():
        return scores
    run = stretch_numbers(units.document[at], row)
    table = row & (np.bincount(run)[run] >= TABLE_ROWS) & (np.bincount(run, figures[last] > figures[first])[run] > 1)
    inside = table[opens_line.cumsum() - 1]
    return Scores(np.where(inside, np.minimum(scores.margin, SURELY_TEXT), scores.margin), scores.off_topic)


GENRE_RUNS, GENRE_UNITS = 8, 6
"""So many runs of at most so many units, each with a sentence, that stand out one by one do not stand out: the text is
of another kind, a shopping guide, say."""
GENRE_GUARD = 3.0
"""Log odds beyond the cut that they must show then."""
GENRE_WORDS = 4


def guard_genre(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with all short runs harder to remove where many of them would go, each between others that stay."""
    noise = scores.margin > 0
    if not noise.any():
        return scores
    run = stretch_numbers(units.document, noise)
    sentence = has(tokens.gap.take(units.last), STOP) & (units.last - units.first >= GENRE_WORDS)
    short = noise & (np.bincount(run)[run] <= GENRE_UNITS)
    opens = short & changes(run) & (np.bincount(run, sentence)[run] > 0)
    many = np.bincount(units.document, opens)[units.document] >= GENRE_RUNS
    margin = np.asarray(scores.margin - np.float32(GENRE_GUARD) * (short & many), np.float32)
    return Scores(margin, scores.off_topic)
