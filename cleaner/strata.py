"""Kinds of units that have a cut of their own.

They differ in how many true ones look like noise (Mondrian conformal prediction; Vovk et al. 2005): stray words are
found although headlines and the lines of lists must be handled with care. A short text gives little context to judge
by, so its units are kinds of their own.
"""

from __future__ import annotations

import numpy as np

from cleaner.features import STATIC
from cleaner.ngrams import Floats
from cleaner.tokens import Ints

KINDS = (
    "low_fragment",  # up to six words inside a line that begin in lower case: "... on Friday. celebrity news"
    "fragment",  # up to six words inside a line that begin with a capital, none of them a function word
    "short_line",  # a line of up to 18 words without a full stop
    "other",
)
STRATA = (*KINDS, *(f"{kind}_of_short_text" for kind in KINDS))
LONGEST_FRAGMENT = 6
LONGEST_LINE = 18
SHORT_TEXT = 150
"""A text of at most this many words is short."""


def strata(rows: Floats) -> Ints:
    """The kind of each unit, as an index into `STRATA`; rows of evidence that begin with the columns `STATIC`."""

    def column(name: str) -> Floats:
        return rows[:, STATIC.index(name)]

    words = np.rint(np.expm1(column("words")))
    whole, open_end = column("whole_line") > 0, column("right_stop") == 0
    fragment = open_end & ~whole & (words <= LONGEST_FRAGMENT)
    low = column("first_lower") > 0
    low_fragment = fragment & low & (column("functions") <= 1)
    fragment &= ~low & (column("functions") == 0)
    short_line = whole & open_end & (words <= LONGEST_LINE)
    kind = np.where(low_fragment, 0, np.where(fragment, 1, np.where(short_line, 2, 3)))
    short = np.rint(np.expm1(column("doc_words"))) <= SHORT_TEXT
    return np.asarray(kind + len(KINDS) * short, np.int64)
