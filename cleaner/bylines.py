"""Bylines: the lines near the top of a text that say who wrote it."""

from __future__ import annotations

import numpy as np

from cleaner.stretches import places_within
from cleaner.tokens import FIRST_UPPER, STOP, Ints, Tokens, has, word_keys
from cleaner.units import Units

BYLINE_WORDS, BYLINE_LINES = 10, 8
"""Words of a byline at most, and the number of a text's first lines among which it stands."""
_BY = word_keys(["by"])[0]
_BETWEEN = np.sort(word_keys("and for in at of de du van von la the".split()))


def byline_units(tokens: Tokens, units: Units) -> Ints:
    """The units that are bylines, ascending: "By Ruth Calder and Amos Field in Port Hill", a line near the top that
    begins with "by" and two words with a capital, and goes on in such words."""
    opens = tokens.lines.take(units.first) > 0
    size = units.last - units.first
    at = (opens & (tokens.key.take(units.first) == _BY) & (size > 2) & (size <= BYLINE_WORDS)).nonzero()[0]
    if not len(at):
        return np.asarray(at)
    line = opens.cumsum()
    at = at[line[at] - line[units.document.searchsorted(units.document[at])] < BYLINE_LINES]
    first, last = units.first[at], units.last[at]
    closed = (tokens.lines.take(last) > 0) & ~has(tokens.gap.take(last), STOP)
    upper = (tokens.shape & FIRST_UPPER) != 0
    at = at[closed & upper[first + 1] & upper[first + 2]]
    if not len(at):
        return np.asarray(at)
    places, begins = places_within(units.first[at] + 1, units.last[at])
    key = tokens.key[places]
    between = _BETWEEN[np.minimum(_BETWEEN.searchsorted(key), len(_BETWEEN) - 1)] == key
    return np.asarray(at[np.logical_and.reduceat(upper[places] | between, begins)])
