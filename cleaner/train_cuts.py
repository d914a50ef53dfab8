"""Chooses the cuts: from which log odds on a unit is removed, so that clean articles lose no more than was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleaner.ngrams import Floats
from cleaner.strata import KINDS, LONGEST_FRAGMENT, STRATA, strata
from cleaner.train_units import CLEAN, DOUBTFUL, NOISE, OFF_TOPIC, TRUSTED, UnitTable

LOWEST_CUT = -1.0
"""Log odds below which nothing is removed, however little of its kind is lost."""
PAGE_LOSS = 0.02
"""Share of article words that may be lost on a page that is mostly noise."""
FLAG_PRECISION = 0.85
SPENT = (0.85, 0.7)
"""Share of the budget that is spent on the sources at hand, by long and by short texts: a site that nobody has seen
loses more (these two numbers were set on ABC rural news)."""


def all_cuts(units: UnitTable, odds: Floats, budgets: Sequence[float]) -> dict[float, tuple[float, ...]]:
    """The cuts for each budget; a larger budget never has a higher cut."""
    cuts: dict[float, tuple[float, ...]] = {}
    lowest: tuple[float, ...] = (np.inf,) * len(STRATA)
    for budget in sorted(budgets):
        lowest = cuts[budget] = tuple(map(min, lowest, budget_cuts(units, odds, budget)))
    return cuts


def budget_cuts(units: UnitTable, odds: Floats, budget: float) -> tuple[float, ...]:
    """For each of `STRATA` the cut for a harm budget.

    Among all cuts with which the clean articles lose at most the budget, those that find the most noise: what the
    budget may be spent on is sorted by noise found for each clean word lost; a stray word counts as much as a block. A
    source counts by the root of its words, since the next site may resemble a small one; short texts keep the budget by
    themselves. As conformal risk control asks (Angelopoulos et al. 2022), one more loss than was seen is allowed for.

    Args:
        units: with the evidence as rows.
        odds: from networks that have not seen the unit's fold.
        budget: clean words lost per 10,000.
    """
    certain = units.source >= 0 if (units.source >= 0).any() else units.target == CLEAN
    kind, value = strata(units.rows), _values(units)
    cuts: list[float] = []
    for group, spent in zip(range(0, len(STRATA), len(KINDS)), SPENT, strict=True):
        members = range(group, group + len(KINDS))
        inside = certain & (kind >= group) & (kind < group + len(KINDS))
        price = _prices(units, inside)
        allowed = budget * spent - LONGEST_FRAGMENT / max(float(units.words[inside].sum()), 1.0) * 1e4
        offers = [_offers(odds, price * (inside & (kind == n)), value * (kind == n)) for n in members]
        cuts += _spend(offers, allowed)
    return tuple(max(cut, LOWEST_CUT) for cut in cuts)


def _prices(units: UnitTable, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What losing each unit costs, in words per 10,000 of its source, times the weight of the source."""
    source = units.source.astype(np.int64) + 1
    words = np.maximum(np.bincount(source[inside], units.words[inside], len(TRUSTED) + 1), 1e-9)
    weight = np.sqrt(words) / np.sqrt(words).sum()
    return np.asarray(units.words * 1e4 / words[source] * weight[source], np.float64)


@dataclass(frozen=True)
class _Offers:
    """What lowering the cut of one kind of unit costs and brings, point by point, from nothing lost on.

    Attributes:
        lost: clean words lost per 10,000; shape (n,).
        found: value of the noise found; shape (n,).
        cut: shape (n,).
        hull: the points of the upper convex hull, ascending.
    """

    lost: NDArray[np.float64]
    found: NDArray[np.float64]
    cut: NDArray[np.float64]
    hull: tuple[int, ...]

    def slope(self, a: int, b: int) -> float:
        """Noise found for each word lost between two points."""
        return float((self.found[b] - self.found[a]) / max(self.lost[b] - self.lost[a], 1e-9))


def _values(units: UnitTable) -> NDArray[np.float64]:
    """What finding each unit is worth: the units of one stretch of noise share one point."""
    noise = units.target == NOISE
    changes = (units.document[1:] != units.document[:-1]) | (noise[1:] != noise[:-1])
    stretch = np.cumsum(np.append(False, changes))
    return np.asarray(noise / np.bincount(stretch)[stretch], np.float64)


def _offers(odds: Floats, price: NDArray[np.float64], value: NDArray[np.float64]) -> _Offers:
    """The offers of one kind; a clean unit has a price, a unit of noise a value, any other neither."""
    clean, noise = np.flatnonzero(price), np.flatnonzero(value)
    clean, noise = clean[np.argsort(-odds[clean], kind="stable")], noise[np.argsort(odds[noise], kind="stable")]
    lost = np.concatenate(([0.0], np.cumsum(price[clean])))
    cut = np.concatenate((odds[clean].astype(np.float64) + 1e-3, [LOWEST_CUT]))  # just above the next one to lose
    below = np.concatenate(([0.0], np.cumsum(value[noise])))
    found = below[-1] - below[np.searchsorted(odds[noise], cut)]
    whole = _Offers(lost, found, cut, ())
    hull = [0]
    for point in (np.flatnonzero(np.diff(found) > 0) + 1).tolist():
        while len(hull) > 1 and whole.slope(hull[-2], hull[-1]) <= whole.slope(hull[-1], point):
            hull.pop()
        hull.append(point)
    return _Offers(lost, found, cut, tuple(hull))


def _spend(offers: list[_Offers], allowed: float) -> list[float]:
    """Take the best steps of all kinds until the allowance is spent, the last ones in part; the cut of each kind."""
    steps = sorted(
        (-offer.slope(a, b), kind, a, b) for kind, offer in enumerate(offers) for a, b in pairwise(offer.hull)
    )
    at = [0] * len(offers)
    for _, kind, a, b in steps:
        rest = allowed - sum(float(offer.lost[n]) for offer, n in zip(offers, at, strict=True))
        if at[kind] == a and rest > 0:
            lost = offers[kind].lost
            at[kind] = min(b, int(np.searchsorted(lost, lost[a] + rest, "right")) - 1)
    return [float(offer.cut[n]) for offer, n in zip(offers, at, strict=True)]


def page_cut(units: UnitTable, odds: Floats) -> float:
    """The lowest cut at which pages lose at most `PAGE_LOSS` of their article text."""
    inside = units.target == CLEAN
    order = np.argsort(-odds[inside], kind="stable")
    share = np.cumsum(units.words[inside][order]) / max(float(units.words[inside].sum()), 1)
    return float(odds[inside][order][min(int(np.searchsorted(share, PAGE_LOSS)), len(order) - 1)])


def flag_cut(units: UnitTable, topic: Floats) -> float:
    """The lowest cut at which flagged words reach `FLAG_PRECISION` in documents with no other noise."""
    others = np.unique(units.document[(units.target == NOISE) | (units.target == DOUBTFUL)])
    inside = ~np.isin(units.document, others) & (units.words >= 6)
    order = np.argsort(-topic[inside], kind="stable")
    right = (units.target[inside] == OFF_TOPIC)[order]
    words = units.words[inside][order]
    precision = np.cumsum(words * right) / np.cumsum(words)
    good = np.flatnonzero((precision >= FLAG_PRECISION) & (np.arange(len(right)) >= min(50, len(right) - 1)))
    return float(topic[inside][order][good[-1]]) if len(good) else 20.0
