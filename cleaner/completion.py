"""Rounds off what was found in part: the rest of a line, of a run or of a list that is noise for the most part, and the
list below a heading of other stories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.model import Scores
from cleaner.ngrams import Floats
from cleaner.stretches import changes, stretch_numbers
from cleaner.tokens import ASK, STOP, Bools, Ints, Tokens, has
from cleaner.units import Units
from cleaner.verdicts import LIST_WORDS, Layout

REST = -2.5
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
    if not certain and not (scores.margin > 0).any():
        return scores
    margin = scores.margin.copy()
    layout = Layout.of(tokens, units)
    lists = stretch_numbers(units.document, layout.listed)
    lines = np.bincount(lists, changes(layout.line))[lists]
    noise = np.zeros(len(units), np.bool_)
    noise[list(certain)] = True
    opens_text = changes(units.document)

    def raise_where(chosen: Bools) -> None:
        margin[chosen & ~noise & ~opens_text & (margin > REST) & (margin <= 0)] = JUST_OVER

    raise_where(_share(layout.line, noise | (margin > 0), layout.words) >= LINE_SHARE)
    found = noise | (margin > 0)
    same = ~opens_text[1:]
    before, after = np.append(False, found[:-1] & same), np.append(found[1:] & same, False)
    whole_line = (tokens.lines[units.first] > 0) & (tokens.lines[units.last] > 0)  # a headline below a menu, say
    raise_where(before & after & ~whole_line & (layout.words <= GAP_WORDS))
    share = _share(lists, noise | (margin > 0), layout.words)
    last = changes(lists[::-1])[::-1].nonzero()[0]
    goes_on = np.append(units.document[last[:-1] + 1] == units.document[last[:-1]], False)
    heading = (layout.line == layout.line[last][lists]) & goes_on[lists]  # the line before prose may be its heading
    heading |= np.isin(lists, lists[opens_text])  # and above all prose stands the headline
    raise_where(layout.listed & ~heading & (lines >= LIST_LINES) & (share >= LIST_SHARE))
    return Scores(margin, scores.off_topic)


def _share(group: Ints, chosen: Bools, words: Floats) -> Floats:
    """Share of the words of each unit's group that belong to the chosen units."""
    return np.asarray((np.bincount(group, words * chosen) / np.bincount(group, words))[group], np.float32)


HEADING_WORDS = 6
"""Words of a heading at most: "Related stories", but not "Related: Ten things you did not know about the tunnel"."""
BELOW_HEADING = -4.5
"""Log odds below the cut down to which a line goes that stands in a list below a heading of other stories; what a guard
holds to be text (`SURELY_TEXT`) is below that."""
MOST_STORIES = 12
"""Lines of such a list at most; longer ones are mostly what a guide lists itself."""


def complete_lists(tokens: Tokens, units: Units, scores: Scores, pointers: Sequence[int]) -> Scores:
    """The scores with the lists below headings of other stories raised: "Related stories", then headline by headline.

    A list ends with the first line that is long or ends in a full stop, or that stands further apart. The last line
    before such a one stays, unless a gap parts them: it may be the heading of what follows.

    Args:
        pointers: units that a rule has found to be a pointer to other stories, ascending.
    """
    opens = (tokens.lines.take(units.first) > 0).nonzero()[0]
    closes = np.append(opens[1:], len(units))
    line = opens.searchsorted(pointers, "right") - 1
    first, last = units.first.take(opens), units.last.take(closes - 1)
    alone = (closes[line] - 1 == pointers) & (last[line] - first[line] <= HEADING_WORDS)
    document, gap = units.document.take(opens), tokens.lines.take(first)
    ends = (last - first > LIST_WORDS) | has(tokens.gap.take(last), STOP) & ~has(tokens.gap.take(last), ASK)
    margin = scores.margin.copy()
    for heading in line[alone].tolist():
        end = _list_end(document, gap, ends, heading)
        for item in range(heading + 1, end if end - heading <= MOST_STORIES + 1 else heading + 1):
            some = slice(opens[item], closes[item])
            if margin[some].max() > BELOW_HEADING:
                margin[some] = np.maximum(margin[some], JUST_OVER)
    return Scores(margin, scores.off_topic)


def _list_end(document: Ints, gap: Ints, ends: Bools, heading: int) -> int:
    """The first line that is no part of the list below a heading; arguments line by line."""
    at = heading + 1
    apart = 0
    while at < len(document) and document[at] == document[heading] and not ends[at]:
        if at == heading + 1 or (at == heading + 2 and gap[at] < apart):
            apart = int(gap[at])
        if gap[at] > apart:
            return at
        at += 1
    if at == len(document) or document[at] != document[heading] or gap[at] > apart:
        return at
    return max(at - 1, heading + 1)
