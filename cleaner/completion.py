"""Rounds off what was found in part: the rest of a line, of a run or of a list that is noise for the most part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.model import Scores
from cleaner.ngrams import Floats
from cleaner.stretches import changes, stretch_numbers
from cleaner.tokens import Bools, Ints, Tokens
from cleaner.units import Units
from cleaner.verdicts import Layout

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
