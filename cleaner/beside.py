"""Where noise is sure, more of it is near: in such a document less is asked of the rest.

The cuts for a harm budget (`cleaner.strata`) are chosen by what clean articles lose, nearly all of which hold no noise.
Where some was found beyond doubt, what else looks like noise mostly is: a second, lower threshold beside what passes
the first one (hysteresis; Canny 1986). It leaves documents without noise as they are, and what it may take wrongly in
the others is limited by itself (`cleaner.train_cuts.beside_cuts`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.ngrams import Floats
from cleaner.stretches import changes
from cleaner.tokens import Bools, Ints

SURE = 4.0
"""Log odds above the cuts, added up over the units of a document, from which it holds noise beyond doubt. One unit just
above its cut, which is what clean articles lose, does not do."""
MOST = 5.0
"""What one unit adds at most."""


def surely_noisy(document: Ints, margin: Floats, count: int) -> Bools:
    """Which documents hold noise beyond doubt; arguments as for `certainty`."""
    return certainty(document, margin, count) > SURE


def certainty(document: Ints, margin: Floats, count: int) -> NDArray[np.float64]:
    """Log odds above the cuts, added up over the units of each document; shape (count,).

    A first line adds nothing, since it may be a headline that a guard will keep.

    Args:
        document: of each unit, ascending; shape (k,).
        margin: log odds of each unit above its cut; shape (k,).
        count: how many documents there are.
    """
    above = np.clip(margin, 0, MOST) * ~changes(document)
    return np.asarray(np.bincount(document, above, count), np.float64)


def margins(document: Ints, kind: Ints, odds: Floats, cuts: Floats, beside: Floats, count: int) -> Floats:
    """How far units are above the cuts, the lower ones where a document holds noise beyond doubt; shape (k,).

    Args:
        document: of each unit, ascending; shape (k,).
        kind: which cut is its own; shape (k,).
        odds: log odds of each unit; shape (k,).
        cuts: one for each kind.
        beside: the lower ones.
        count: how many documents there are.
    """
    margin = odds - cuts[kind]
    noisy = surely_noisy(document, margin, count)
    return np.where(noisy[document], odds - beside[kind], margin) if noisy.any() else margin
