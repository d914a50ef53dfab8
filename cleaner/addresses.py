"""What is done to the model's scores of web addresses before they decide (as in `cleaner.guards`): an address belongs
to the sentence that leans on it, and is a stray one where the sentence reads on without it."""

from __future__ import annotations

import re

import numpy as np

from cleaner.lexicon import Lexicon
from cleaner.model import MENTION, SURELY_TEXT, Scores
from cleaner.tokens import CLOSE, FIRST_UPPER, LINE, LINK, OPEN, SPACE, STOP, Bools, Tokens
from cleaner.units import Units

STRAY_ADDRESS_BONUS = 3.0
"""Log odds in favour of stray addresses: none of the 506 inside lines of 15,700 clean articles is one."""
READS_ON = 1.0
"""Bits: how much more often than by chance two words follow each other that need nothing between them."""
LEANS_ON_TEXT = -2.5
"""Log odds, counted from the cut, below which a sentence that leans on an address keeps it."""
_WITH_PATH = re.compile(r"www\.|\S*/")


def favour_stray_addresses(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores with addresses easier to remove that stand between words which read on without them: "They have been
    www.rugs.example/shop used before"."""
    return scores.moved(_stray(tokens, units, lexicon).nonzero()[0], STRAY_ADDRESS_BONUS)


def bind_addresses(tokens: Tokens, units: Units, scores: Scores, lexicon: Lexicon) -> Scores:
    """The scores with each address that a sentence leans on bound to that sentence: they stay, or go, together.

    A sentence leans on an address behind a function word, but for stray ones. Where it surely belongs to the article
    the address stays ("it can be found at ..."); else the words before and behind ("apply now at ... and get ...") are
    as much noise as it is. An address in brackets stays where what stands before and behind it does.
    """
    address = _addresses(tokens, units)
    if not address.any():
        return scores
    margin = scores.margin.copy()
    joined = _joined(tokens, units)
    bracketed = ((tokens.gap[units.first] & OPEN) != 0) & ((tokens.gap[units.last] & CLOSE) != 0)
    leans = joined & lexicon.function[units.rows[np.maximum(units.first - 1, 0)]] & ~_stray(tokens, units, lexicon)
    goes_on = joined & ((tokens.shape[units.first] & FIRST_UPPER) == 0)
    for unit in (address & leans & (scores.margin > MENTION)).nonzero()[0]:
        beside = [unit - 1, unit + 1] if unit + 1 < len(units) and goes_on[unit + 1] else [unit - 1]
        if any(scores.margin[n] < LEANS_ON_TEXT for n in beside):
            margin[unit] = SURELY_TEXT
        else:
            margin[beside] = np.maximum(margin[beside], scores.margin[unit])
    stays = np.concatenate(([True], margin <= 0, [True]))
    kept = address & bracketed & stays[:-2] & stays[2:]
    return Scores(np.where(kept, np.minimum(margin, SURELY_TEXT), margin), scores.off_topic)


def _addresses(tokens: Tokens, units: Units) -> Bools:
    """Which units are addresses; each is a unit of its own."""
    return np.asarray((tokens.shape[units.first] & LINK) != 0)


def _joined(tokens: Tokens, units: Units) -> Bools:
    """Which units stand neither behind a stop nor at the begin of a line."""
    return np.asarray((tokens.gap[units.first] & (STOP | LINE)) == 0)


def _stray(tokens: Tokens, units: Units, lexicon: Lexicon) -> Bools:
    """Which addresses stand between words of a sentence that are known to follow each other; not the names of sites
    ("the Change.org petition"), which have no path."""
    stray = np.zeros(len(units), np.bool_)
    at = _addresses(tokens, units).nonzero()[0]
    at = at[_joined(tokens, units)[at] & ((tokens.gap[units.last[at]] & ~np.uint16(SPACE)) == 0)]
    at = at[[_WITH_PATH.match(tokens.text(a, a + 1)) is not None for a in units.first[at].tolist()]]
    known, strength = lexicon.pairs(tokens.key, units.rows, units.first[at] - 1, units.last[at])
    stray[at] = known & (strength > READS_ON)
    return stray
