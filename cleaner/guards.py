"""What is done to the model's scores before they decide: what no training set teaches well enough.

Each guard speaks of a form whose shape says more than its words; `complete` rounds off what was found in part.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.lexicon import Lexicon
from cleaner.model import Scores
from cleaner.ngrams import Floats
from cleaner.stretches import Stretches
from cleaner.tokens import (
    ANY_DIGIT,
    ANY_LOWER,
    BAR,
    CLOSE,
    COMMA,
    FIRST_UPPER,
    LINE,
    LINK,
    OPEN,
    QUOTE,
    STOP,
    Bools,
    Ints,
    Tokens,
    word_keys,
)  # fmt: skip
from cleaner.units import Boundary, Units
from cleaner.verdicts import Layout

MENTION = -1.5
"""Log odds below the cut down to which a unit is worth mentioning."""


def guard(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores after what no training set teaches well enough: forms whose shape says more than their words."""
    scores = favour_stray_words(tokens, units, scores, lexicon)
    scores = guard_tables(tokens, units, guard_genre(tokens, units, scores))
    scores = guard_headlines(tokens, units, guard_fixtures(tokens, units, scores))
    scores = guard_foreign(tokens, units, guard_last_line(tokens, units, scores), lexicon)
    scores = guard_names(tokens, units, guard_attributions(tokens, units, scores), lexicon)
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
    function = lexicon.function.take(units.rows)
    functions = units.words.sums(function)
    signs = Stretches.of(units.first + 1, units.last + 1).sums((tokens.gap & (COMMA | QUOTE | STOP)) != 0)
    low = (tokens.shape[units.first] & (FIRST_UPPER | ANY_LOWER)) == ANY_LOWER
    ends = (tokens.lines[units.last] > 0) | ((tokens.shape[units.last] & FIRST_UPPER) != 0)
    stray = low & ends & (words >= STRAY_WORDS[0]) & (words <= STRAY_WORDS[1])
    stray &= (units.left == Boundary.SENTENCE) | (units.left == Boundary.GLUED)
    stray &= ~function[units.first] & ~function[units.last - 1] & (functions <= 1)
    stray &= (signs == 0) & ((tokens.gap[units.first] & QUOTE) == 0)
    return Scores(scores.margin + np.float32(STRAY_BONUS) * stray, scores.off_topic)


SURELY_TEXT = -5.0
"""Log odds, counted from the cut, below which a unit is surely article text."""
LEANS_ON_TEXT = -2.5
"""Log odds below which a sentence that leans on an address keeps it."""


def bind_addresses(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores with each address that a sentence leans on bound to that sentence: they stay, or go, together.

    A sentence leans on an address behind a function word. Where it surely belongs to the article the address stays ("it
    can be found at ..."); else the words before and behind ("apply now at ... and get ...") are as much noise as it is.
    An address in brackets stays where what stands before and behind it does.
    """
    margin = scores.margin.copy()
    joined = (tokens.gap[units.first] & (STOP | LINE)) == 0
    bracketed = ((tokens.gap[units.first] & OPEN) != 0) & ((tokens.gap[units.last] & CLOSE) != 0)
    leans = joined & lexicon.function[units.rows[np.maximum(units.first - 1, 0)]]
    goes_on = joined & ((tokens.shape[units.first] & FIRST_UPPER) == 0)
    address = (tokens.shape[units.first] & LINK) != 0
    for unit in np.flatnonzero(address & leans & (scores.margin > MENTION)):
        beside = [unit - 1, unit + 1] if unit + 1 < len(units) and goes_on[unit + 1] else [unit - 1]
        if any(scores.margin[n] < LEANS_ON_TEXT for n in beside):
            margin[unit] = SURELY_TEXT
        else:
            margin[beside] = np.maximum(margin[beside], scores.margin[unit])
    stays = np.concatenate(([True], margin <= 0, [True]))
    kept = address & bracketed & stays[:-2] & stays[2:]
    return Scores(np.where(kept, np.minimum(margin, SURELY_TEXT), margin), scores.off_topic)


HEADLINE_GUARD = 3.0
"""Log odds beyond the cut that a first line which looks like a headline must show: it has no context to judge it by."""
HEADLINE_WORDS = (3, 18)


def guard_headlines(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with headlines harder to remove: whole first lines with a capital and without bars or addresses."""
    opens_text = np.append(True, units.document[1:] != units.document[:-1])
    whole_line = (tokens.lines[units.first] > 0) & (tokens.lines[units.last] > 0)
    words = units.last - units.first
    plain = units.words.sums(((tokens.gap & BAR) != 0) | ((tokens.shape & LINK) != 0)) == 0
    capital = (tokens.shape[units.first] & FIRST_UPPER) != 0
    headline = opens_text & whole_line & plain & capital & (words >= HEADLINE_WORDS[0]) & (words <= HEADLINE_WORDS[1])
    return Scores(scores.margin - np.float32(HEADLINE_GUARD) * headline, scores.off_topic - np.float32(9) * headline)


FOREIGN_GUARD = 3.0
"""Log odds beyond the cut that anything must show in a text of another language: the model has learnt English."""
FOREIGN_UNKNOWN, FOREIGN_FUNCTION = 0.3, 0.15
"""A text counts as one of another language from this share of unknown words, up to this share of English function
words; tables of names and bare lists of products do too."""


def guard_foreign(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores with everything in texts of another language harder to remove, but for addresses."""
    foreign = foreign_documents(tokens, units, lexicon)[units.document]
    foreign = foreign & (units.words.sums((tokens.shape & LINK) != 0) == 0)
    return Scores(np.where(foreign, scores.margin - np.float32(FOREIGN_GUARD), scores.margin), scores.off_topic)


def foreign_documents(tokens: Tokens, units: Units, lexicon: Lexicon) -> Bools:
    """Which texts of the batch seem to be in another language; shape (n,)."""
    count = len(tokens.text_start) - 1
    words = np.maximum(np.bincount(units.document, units.last - units.first, count), 1)
    unknown = np.bincount(units.document, units.words.sums(units.rows == 0), count) / words
    functions = np.bincount(units.document, units.words.sums(lexicon.function.take(units.rows)), count) / words
    return np.asarray((unknown >= FOREIGN_UNKNOWN) & (functions <= FOREIGN_FUNCTION))


LAST_LINE_GUARD = 2.0
"""Log odds beyond the cut that a headline below the last sentence must show where it stands alone: in archives of news
the next story may begin there, or it is the caption of a picture."""
LONGEST_CAPTION = 30


def guard_last_line(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with a last line that looks like a headline harder to remove, where the line before it stays."""
    same_text = units.document[1:] == units.document[:-1]
    closes_text = np.append(~same_text, True)
    whole_line = (tokens.lines[units.first] > 0) & (tokens.lines[units.last] > 0)
    words = units.last - units.first
    plain = units.words.sums(((tokens.gap & BAR) != 0) | ((tokens.shape & LINK) != 0)) == 0
    capital = (tokens.shape[units.first] & FIRST_UPPER) != 0
    after_prose = np.append(False, same_text & (scores.margin[:-1] <= 0) & ((tokens.gap[units.last[:-1]] & STOP) != 0))
    ends_open = (tokens.gap[units.last] & STOP) == 0
    headline = closes_text & whole_line & plain & capital & ends_open & after_prose
    headline &= (words >= HEADLINE_WORDS[0]) & (words <= LONGEST_CAPTION)
    return Scores(scores.margin - np.float32(LAST_LINE_GUARD) * headline, scores.off_topic)


NAME_GUARD = 3.0
"""Log odds beyond the cut that the first words of a name must show which a seam parts from the rest of it."""


def guard_names(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores with what opens a line harder to remove where a name seems to go on behind it: "Karl Gygar from Pinata
    | Marketings says".

    Most of its words with a capital are not known as words that are written without one, and what follows the seam has
    a capital and is no function word.
    """
    upper = (tokens.shape & FIRST_UPPER) != 0
    uppers = units.words.sums(upper)
    names = units.words.sums(upper & (lexicon.namelike.take(units.rows) >= NAMELIKE))
    following = np.append(units.left[1:], np.int8(Boundary.LINE))
    seam = (following == Boundary.SEAM) & (tokens.lines[units.first] > 0)
    goes_on = upper[units.last - 1] & upper[units.last] & ~lexicon.function.take(units.rows.take(units.last))
    name = seam & goes_on & (names > uppers / 2) & (units.last - units.first <= LONGEST_NAME)
    name &= ~np.append(scores.margin[1:] > 0, False)
    return Scores(scores.margin - np.float32(NAME_GUARD) * name, scores.off_topic)


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
    """The scores with the speaker of a quotation kept: '"Where has Dolly taken us?" asks | Sue Mayer, a doctor'.

    A few words in lower case behind a quotation mark that begin with a verb of saying, and what goes on behind them.
    """
    key = tokens.key.take(units.first)
    reports = _REPORTING[np.minimum(np.searchsorted(_REPORTING, key), len(_REPORTING) - 1)] == key
    behind_quote = (tokens.gap[units.first] & QUOTE) != 0
    reports &= behind_quote & (units.last - units.first <= ATTRIBUTION_WORDS)
    reports &= (tokens.shape[units.first] & FIRST_UPPER) == 0
    speaker = np.append(False, reports[:-1]) & (units.left == Boundary.SEAM)
    return Scores(np.where(reports | speaker, np.minimum(scores.margin, SURELY_TEXT), scores.margin), scores.off_topic)


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


_AGAINST = np.sort(word_keys(("v", "vs", "versus")))
LONGEST_FIXTURE = 12


def guard_fixtures(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with the lines of a fixture list kept: "Hartlepool v Boston", each side with a capital.

    Such lists are article text, and nothing looks more like a list of headlines.
    """
    key, upper = tokens.key, (tokens.shape & FIRST_UPPER) != 0
    against = _AGAINST[np.minimum(np.searchsorted(_AGAINST, key), len(_AGAINST) - 1)] == key
    against[1:-1] &= upper[:-2] & upper[2:]
    words = units.last - units.first
    whole_line = (tokens.lines[units.first] > 0) & (tokens.lines[units.last] > 0)
    fixture = whole_line & (words <= LONGEST_FIXTURE) & (units.words.sums(against) > 0)
    return Scores(np.where(fixture, np.minimum(scores.margin, SURELY_TEXT), scores.margin), scores.off_topic)


TABLE_ROWS = 3
"""So many rows in a row are a table."""


def guard_tables(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with tables kept: rows that begin and end with a bar and have one inside, some with figures."""
    layout = Layout.of(tokens, units)
    at = np.flatnonzero(np.diff(layout.line, prepend=-1))
    first, last = units.first[at], units.last[np.append(at[1:], len(units)) - 1]
    bars = np.concatenate(([0], np.cumsum((tokens.gap & BAR) != 0)))
    figures = np.concatenate(([0], np.cumsum((tokens.shape & ANY_DIGIT) != 0)))
    edges = ((tokens.gap[first] & BAR) != 0) & ((tokens.gap[last] & BAR) != 0)
    row = edges & (bars[last] > bars[first + 1])
    if not row.any():
        return scores
    run = _stretches(units.document[at], row)
    table = row & (np.bincount(run)[run] >= TABLE_ROWS) & (np.bincount(run, figures[last] > figures[first])[run] > 1)
    inside = table[np.cumsum(np.diff(layout.line, prepend=-1) != 0) - 1]
    return Scores(np.where(inside, np.minimum(scores.margin, SURELY_TEXT), scores.margin), scores.off_topic)


GENRE_SENTENCES = 8
"""So many sentences that stand out one by one do not stand out: the text is of another kind, a shopping guide, say."""
GENRE_GUARD = 3.0
"""Log odds beyond the cut that they must show then."""
GENRE_WORDS = 4


def guard_genre(tokens: Tokens, units: Units, scores: Scores) -> Scores:
    """The scores with sentences harder to remove where many would go, each between two that stay."""
    noise = scores.margin > 0
    same = units.document[1:] == units.document[:-1]
    alone = noise & ~np.append(False, noise[:-1] & same) & ~np.append(noise[1:] & same, False)
    alone &= ((tokens.gap[units.last] & STOP) != 0) & (units.last - units.first >= GENRE_WORDS)
    many = np.bincount(units.document, alone)[units.document] >= GENRE_SENTENCES
    return Scores(scores.margin - np.float32(GENRE_GUARD) * (alone & many), scores.off_topic)


REST = -1.5
"""Log odds below the cut down to which the rest of something that is noise for the most part goes too."""
JUST_OVER = np.float32(0.05)
LINE_SHARE = 0.5
"""Share of a line's words that must be noise for the rest of the line to go."""
GAP_WORDS = 8
"""A part of a line of at most this many words between two that are noise goes too."""
LIST_LINES, LIST_SHARE = 3, 0.5
"""Lines of a list (short, without a full stop), and the share of its words that must be noise for the rest to go."""


def complete(tokens: Tokens, units: Units, scores: Scores, certain: Sequence[int]) -> Scores:
    """The scores with doubtful units raised that are the rest of a line, a run or a list which is noise otherwise.

    Args:
        certain: units that are noise whatever their score.
    """
    margin = scores.margin.copy()
    layout = Layout.of(tokens, units)
    lists = _stretches(units.document, layout.listed)
    lines = np.bincount(lists, np.diff(layout.line, prepend=-1) > 0)[lists]
    noise = np.zeros(len(units), np.bool_)
    noise[list(certain)] = True
    opens_text = np.append(True, units.document[1:] != units.document[:-1])

    def raise_where(chosen: Bools) -> None:
        margin[chosen & ~noise & ~opens_text & (margin > REST) & (margin <= 0)] = JUST_OVER

    raise_where(_share(layout.line, noise | (margin > 0), layout.words) >= LINE_SHARE)
    found = noise | (margin > 0)
    same = units.document[1:] == units.document[:-1]
    before, after = np.append(False, found[:-1] & same), np.append(found[1:] & same, False)
    whole_line = (tokens.lines[units.first] > 0) & (tokens.lines[units.last] > 0)  # a headline below a menu, say
    raise_where(before & after & ~whole_line & (layout.words <= GAP_WORDS))
    share = _share(lists, noise | (margin > 0), layout.words)
    last = np.append(np.flatnonzero(np.diff(lists)), len(lists) - 1)
    goes_on = np.append(units.document[last[:-1] + 1] == units.document[last[:-1]], False)
    heading = (layout.line == layout.line[last][lists]) & goes_on[lists]  # the line before prose may be its heading
    heading |= np.isin(lists, lists[opens_text])  # and above all prose stands the headline
    raise_where(layout.listed & ~heading & (lines >= LIST_LINES) & (share >= LIST_SHARE))
    return Scores(margin, scores.off_topic)


def _stretches(document: Ints, kind: Bools) -> Ints:
    """Numbers of the stretches of one document in which `kind` does not change."""
    changes = (document[1:] != document[:-1]) | (kind[1:] != kind[:-1])
    return np.cumsum(np.append(False, changes))


def _share(group: Ints, chosen: Bools, words: Floats) -> Floats:
    """Share of the words of each unit's group that belong to the chosen units."""
    return np.asarray((np.bincount(group, words * chosen) / np.bincount(group, words))[group], np.float32)
