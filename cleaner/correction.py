"""A small layer on a noise model that was learnt from a user's own labelled documents; `cleaner.train_add` makes it.

It shifts the log odds of a unit by the phrases in it: pairs of words that stood in the user's noise or text and that
the lexicon does not know. So it knows the user's noise when it comes again, and has nothing to say of
ordinary text. It never shifts by more than `LIMIT`; the model below and its cuts stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.lexicon import Lexicon
from cleaner.ngrams import TABLE_BITS, Floats, NGrams
from cleaner.tokens import Tokens
from cleaner.units import Units

LIMIT = 18.0
"""The furthest that log odds are shifted; what the model is surer of stays as the model has it."""
FILE = "correction.npz"

KNOWN = 0
"""The slot of all pairs that say nothing; it has no weight."""


def phrases(tokens: Tokens, units: Units, lexicon: Lexicon) -> NGrams:
    """The pairs of words of each unit; those that clean news holds, or of two function words, are `KNOWN`."""
    left = tokens.key
    right = np.concatenate((left[1:], left[:1]))
    function = lexicon.function[units.rows]
    known, _ = lexicon.neighbours(left, units.rows)
    ordinary = known | (function & np.concatenate((function[1:], function[:1])))
    mixed = (left * np.uint64(0xD6E8FEB86659FD93) ^ right) * np.uint64(0x9FB21C651E98DF25)
    slot = (mixed >> np.uint64(64 - TABLE_BITS)).astype(np.int64)
    return NGrams(np.where(ordinary, KNOWN, np.maximum(slot, KNOWN + 1)), units.first, units.last - 1, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """What is added to the log odds.

    Attributes:
        table: weights by slot of a phrase; shape (2**TABLE_BITS,).
        strength: share of the shift that is applied, from 0 to 1.
    """

    table: Floats
    strength: float = 1.0

    def shift(self, tokens: Tokens, units: Units, lexicon: Lexicon) -> Floats:
        """The shift of each unit; shape (k,)."""
        shift = phrases(tokens, units, lexicon).scores((self.table,))[0]
        return np.asarray(self.strength * np.clip(shift, -LIMIT, LIMIT), np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Arrays to be stored: the slots in use, their weights, the strength."""
        used = np.flatnonzero(self.table)
        return {
            "slot": used.astype(np.uint32),
            "weight": self.table[used].astype(np.float32),
            "strength": np.array([self.strength], np.float32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Correction:
        """The correction that `arrays()` gave."""
        table = np.zeros(1 << TABLE_BITS, np.float32)
        table[arrays["slot"]] = arrays["weight"]
        return cls(table, float(arrays["strength"][0]))
