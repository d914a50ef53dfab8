"""How well each word of a batch and the one behind it read on: evidence for units and for words put into a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cleaner.lexicon import Lexicon
from cleaner.tokens import Bools, Ints, Tokens

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Seams:
    """Seam i lies behind word i; shape (m,) each, m words in the batch.

    Attributes:
        known: whether the two words were ever seen side by side.
        strength: how much more often than by chance, in bits.
        fit: how well their classes follow each other, in bits.
        classes: the class of each word.
        lexicon, keys, rows: what other pairs are looked up with.
    """

    known: Bools
    strength: Floats
    fit: Floats
    classes: Ints
    lexicon: Lexicon
    keys: NDArray[np.uint64]
    rows: Ints

    @cached_property
    def bits(self) -> Floats:
        """`strength` and `fit` together."""
        return self.strength + self.fit

    @classmethod
    def of(cls, tokens: Tokens, rows: Ints, lexicon: Lexicon) -> Seams:
        """The seams of a batch; `rows` as `Lexicon.find` gives them."""
        known, strength = lexicon.neighbours(tokens.key, rows)
        classes = lexicon.classes(tokens, rows)
        fit = lexicon.fits(classes, np.concatenate((classes[1:], classes[:1])))
        return cls(known, strength, fit, classes, lexicon, tokens.key, rows)

    def across(self, left: Ints, right: Ints) -> tuple[Bools, Floats, Floats]:
        """`known`, `strength` and `fit` of words that do not stand side by side; shape (n,) each."""
        known, strength = self.lexicon.pairs(self.keys, self.rows, left, right)
        return known, strength, self.lexicon.fits(self.classes.take(left), self.classes.take(right))
