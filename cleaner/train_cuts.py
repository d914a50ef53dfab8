"""Chooses the cuts: from which log odds on a unit is removed, so that clean articles lose no more than was promised."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleaner.beside import surely_noisy
from cleaner.features import MEANING, STATIC
from cleaner.guards import HEADLINE_GUARD, HEADLINE_WORDS
from cleaner.model import SENTENCE
from cleaner.ngrams import Floats
from cleaner.strata import KINDS, LONGEST_FRAGMENT, STRATA, strata
from cleaner.tokens import Ints
from cleaner.train_units import CLEAN, DOUBTFUL, NOISE, OFF_TOPIC, OWN, UnitTable

LOWEST_CUT, LOWEST_CUT_OF_SHORT_TEXTS = 0.5, 1.5
"""Log odds below which nothing is removed, however little of its kind is lost."""
LOWEST_CUTS = {
    **dict.fromkeys(STRATA[: len(KINDS)], LOWEST_CUT),
    **dict.fromkeys(STRATA[len(KINDS) :], LOWEST_CUT_OF_SHORT_TEXTS),
    "short_line_of_short_text": 5.0,
    "other_of_short_text": 4.9,
}
"""The same for each of `STRATA`. Short texts at hand have few lines without a full stop, but where a text is cut short,
one may be the headline of a story that is gone; and a sentence that is cut off from its story may read like a pitch."""
PAGE_LOSS = 0.02
"""Share of article words that may be lost on a page that is mostly noise."""
FLAG_PRECISION = 0.93
"""Share of the flagged words that are of another story, where nothing else is noise; made documents hold more of them
than others do (about .8 is left of it on those of `cleaner evaluate`)."""
SPENT = (0.45, 1.5)
"""Share of the budget that is spent on the sources at hand, by long and by short texts: a site that nobody has seen
loses more. In short texts it is a line that counts `LINE_PRICE` times by which most would be spent."""
LINE_PRICE = 8.0
"""Lines without a full stop count so many times: subheads, captions and lists are what sites differ in most."""
SURE_AT, CAUTION = 2.0, 0.4
"""The further a budget is above the first of these, the more a site that nobody has seen loses beside the sources at
hand, and the further it is below, the fewer words decide; the share is divided by so many times it, to this power.
(These, `SPENT` and `LINE_PRICE` were set on ABC rural news.)"""
TOUCHED = 0.05
"""Share of our own look-alikes from which something may be removed, for each word of the budget."""
WRONG_BESIDE, MOST_WRONG = 0.035, 0.07
"""Share of the words that may be true ones of what goes in addition in documents with sure noise: for a budget of 2,
and for any; it grows with the root of the budget."""
FEWEST_BESIDE = 50
"""Units that must be removed in addition for a lower cut."""
BALANCES = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0)
"""What touching the look-alikes may cost beside losing news, each in shares of its allowance; the best one is taken."""


def all_cuts(units: UnitTable, odds: Floats, budgets: Sequence[float]) -> dict[float, tuple[float, ...]]:
    """The cuts for each budget; a larger budget never has a higher cut."""
    cuts: dict[float, tuple[float, ...]] = {}
    lowest: tuple[float, ...] = (np.inf,) * len(STRATA)
    for budget in sorted(budgets):
        lowest = cuts[budget] = tuple(map(min, lowest, budget_cuts(units, odds, budget)))
    return cuts


def beside_cuts(
    units: UnitTable, odds: Floats, cuts: Mapping[float, tuple[float, ...]]
) -> dict[float, tuple[float, ...]]:
    """For each budget the cuts in documents that hold noise beyond doubt (`cleaner.beside`).

    Each is the lowest one, at most the cut for other documents, with which what is removed in addition is right but for
    a share of its words (`WRONG_BESIDE`), in documents made from trusted articles; and none is lower than that for a
    larger budget. A kind of which there is little keeps its cut.

    Args:
        units: with the evidence as rows.
        odds: from networks that have not seen the unit's fold.
        cuts: for other documents.
    """
    kind, odds = strata(units.rows), _guarded(units.rows, odds)
    known = units.trusted & ((units.target == CLEAN) | (units.target == NOISE))
    words = units.words * units.weight  # where noise is dense little of what goes is wrong
    found: dict[float, tuple[float, ...]] = {}
    highest: tuple[float, ...] = (-np.inf,) * len(STRATA)
    for budget, row in sorted(cuts.items(), reverse=True):
        cut = np.array(row)
        noisy = surely_noisy(units.document, odds - cut[kind], int(units.document[-1]) + 1)[units.document]
        share = min(WRONG_BESIDE * math.sqrt(budget / 2), MOST_WRONG)
        lowest = (
            _beside_cut(odds[at], words[at] * (units.target[at] == CLEAN), words[at], row[n], share)
            for n in range(len(STRATA))
            for at in [np.flatnonzero(known & noisy & (kind == n) & (odds <= row[n]))]
        )
        highest = found[budget] = tuple(map(max, highest, lowest))
    return dict(sorted(found.items()))


def _beside_cut(odds: Floats, wrong: Floats, words: Floats, cut: float, share: float) -> float:
    """The lowest cut below `cut` above which at most a share of the words is wrong."""
    order = np.argsort(-odds, kind="stable")
    good = np.flatnonzero(np.cumsum(wrong[order]) <= share * np.cumsum(words[order]))
    if not len(good) or good[-1] + 1 < FEWEST_BESIDE:
        return cut
    return float(odds[order][good[-1]]) - 1e-3


def spendable(budget: float) -> float:
    """What of a budget (clean words lost per 10,000) can be spent where the cuts are chosen, before `SPENT`."""
    return float(budget * min(budget / SURE_AT, SURE_AT / budget) ** CAUTION)


def budget_cuts(units: UnitTable, odds: Floats, budget: float) -> tuple[float, ...]:
    """For each of `STRATA` the cut for a harm budget.

    Among all cuts with which clean news loses at most `SPENT` of the budget and at most a share of our own articles is
    touched, those that find nearly the most noise: what may be spent is sorted by noise found for its price
    (`_values`). Short texts keep the budget by themselves. For news, as conformal risk control asks (Angelopoulos et
    al. 2022), one more loss than was seen is allowed for. A kind of which no clean unit was seen gets its lowest cut.

    Args:
        units: with the evidence as rows.
        odds: from networks that have not seen the unit's fold.
        budget: clean words lost per 10,000.
    """
    kind, odds = strata(units.rows), _guarded(units.rows, odds)
    value = _values(units, kind)
    cuts: list[float] = []
    for group, spent in zip(range(0, len(STRATA), len(KINDS)), SPENT, strict=True):
        inside = (kind >= group) & (kind < group + len(KINDS))
        loss = _loss(units, inside, spendable(budget) * spent)
        loss *= np.where(kind == group + KINDS.index("short_line"), LINE_PRICE, 1.0)
        prices = np.stack((loss, _touch(units, kind, odds, inside, budget * TOUCHED)))
        ways = []
        for balance in BALANCES:
            offers = [
                _offers(odds, prices * (kind == n), value * (kind == n), balance, LOWEST_CUTS[STRATA[n]])
                for n in range(group, group + len(KINDS))
            ]
            ways.append(_spend(offers))
        cuts += max(ways)[1]
    return tuple(cuts)


def _guarded(rows: Floats, odds: Floats) -> Floats:
    """The log odds as `guards.guard_headlines` leaves them: first lines that look like headlines go far less easily
    than the cut of their kind says, and must not raise it."""

    def column(name: str) -> Floats:
        return rows[:, STATIC.index(name)]

    words = np.rint(np.expm1(column("words")))
    headline = (column("from_start") == 0) & (column("whole_line") > 0) & (column("first_upper") > 0)
    headline &= (words >= HEADLINE_WORDS[0]) & (words <= HEADLINE_WORDS[1]) & (column("links") == 0)
    headline &= column("left_bar") + column("inner_bar") == 0
    return np.asarray(odds - np.float32(HEADLINE_GUARD) * headline, np.float32)


def _loss(units: UnitTable, inside: NDArray[np.bool_], allowed: float) -> NDArray[np.float64]:
    """The share of the allowance (clean words per 10,000) that losing each unit of clean news costs.

    A source counts by the root of its words, since the next site may resemble a small one. Each wording counts once,
    however many documents were made of its article: three sentences of 250,000 used up what may be lost. Without news
    all clean text must do.
    """
    source = units.source.astype(np.int64)
    news = inside & (source > OWN)
    if not news.any():
        news, source = inside & (units.target == CLEAN), np.ones(len(source), np.int64)
    once = np.zeros(len(source))
    once[news] = units.words[news] / _copies(units.rows[news])
    words = np.maximum(np.bincount(source[news], once[news], int(source.max()) + 1), 1e-9)
    weight = np.sqrt(words) / max(np.sqrt(words).sum(), 1.0)
    rest = max(allowed - LONGEST_FRAGMENT / max(words.sum(), 1.0) * 1e4, 1e-9)
    return np.where(news, once * (1e4 / words * weight)[source] / rest, 0.0)


def _copies(rows: Floats) -> NDArray[np.float64]:
    """How many of the units have the words of each: what they mean, and their number, tell them apart."""
    some = rows[:, [STATIC.index(name) for name in ("words", *MEANING)]].astype(np.float64)
    mixed = np.round(some @ np.random.default_rng(0).normal(size=some.shape[1]), 6)
    _, wording, count = np.unique(mixed, return_inverse=True, return_counts=True)
    return np.asarray(count[wording], np.float64)


def _touch(
    units: UnitTable, kind: Ints, odds: Floats, inside: NDArray[np.bool_], allowed: float
) -> NDArray[np.float64]:
    """The share of the allowance (a share of the look-alikes) that losing each unit of theirs costs: all of it for the
    highest unit of a document, of each kind, and nothing for those below."""
    price = np.zeros(len(odds))
    at = np.flatnonzero(inside & (units.source == OWN))
    if len(at):
        at = at[np.lexsort((-odds[at], kind[at], units.document[at]))]
        group = units.document[at] * len(STRATA) + kind[at]
        price[at[np.append(True, np.diff(group) > 0)]] = 1 / (len(np.unique(units.document[at])) * allowed)
    return price


def _values(units: UnitTable, kind: Ints) -> NDArray[np.float64]:
    """What finding each unit is worth: the units of one stretch of noise share one point, or the weight of their
    document. A kind counts by the root of its points, since the next site may have more of a rare one."""
    noise = units.target == NOISE
    changes = (units.document[1:] != units.document[:-1]) | (noise[1:] != noise[:-1])
    stretch = np.cumsum(np.append(False, changes))
    points = noise * units.weight / np.bincount(stretch)[stretch]
    return np.asarray(points / np.sqrt(np.bincount(kind, points) + 1)[kind], np.float64)


@dataclass(frozen=True)
class _Offers:
    """What lowering the cut of one kind of unit costs and brings, point by point, from nothing lost on.

    Attributes:
        costs: shares of the two allowances that are used up; shape (2, n).
        found: value of the noise found; shape (n,).
        cut: shape (n,).
        price: the costs as one number; shape (n,).
        hull: the points of the upper convex hull, ascending.
    """

    costs: NDArray[np.float64]
    found: NDArray[np.float64]
    cut: NDArray[np.float64]
    price: NDArray[np.float64]
    hull: tuple[int, ...]

    def slope(self, a: int, b: int) -> float:
        """Noise found for its price between two points."""
        return float((self.found[b] - self.found[a]) / max(self.price[b] - self.price[a], 1e-12))


def _offers(
    odds: Floats, prices: NDArray[np.float64], value: NDArray[np.float64], balance: float, lowest: float
) -> _Offers:
    """The offers of one kind down to a lowest cut; a clean unit has prices, a unit of noise a value, any other
    neither."""
    clean, noise = np.flatnonzero(prices.any(axis=0) & (odds > lowest)), np.flatnonzero(value)
    clean, noise = clean[np.argsort(-odds[clean], kind="stable")], noise[np.argsort(odds[noise], kind="stable")]
    costs = np.concatenate((np.zeros((2, 1)), np.cumsum(prices[:, clean], axis=1)), axis=1)
    cut = np.concatenate((odds[clean].astype(np.float64) + 1e-3, [lowest]))  # just above the next one to lose
    below = np.concatenate(([0.0], np.cumsum(value[noise])))
    found = below[-1] - below[np.searchsorted(odds[noise], cut)]
    whole = _Offers(costs, found, cut, costs[0] + balance * costs[1], ())
    hull = [0]
    for point in (np.flatnonzero(np.diff(found) > 0) + 1).tolist():
        while len(hull) > 1 and whole.slope(hull[-2], hull[-1]) <= whole.slope(hull[-1], point):
            hull.pop()
        hull.append(point)
    return replace(whole, hull=tuple(hull))


def _spend(offers: list[_Offers]) -> tuple[float, list[float]]:
    """Take the best steps of all kinds until an allowance is used up, the last ones in part; the value found, and the
    cut of each kind."""
    steps = sorted(
        (-offer.slope(a, b), kind, a, b) for kind, offer in enumerate(offers) for a, b in pairwise(offer.hull)
    )
    at = [0] * len(offers)
    for _, kind, a, b in steps:
        if at[kind] == a:
            costs = offers[kind].costs
            rest = 1 - sum((offer.costs[:, n] for offer, n in zip(offers, at, strict=True)), np.zeros(2))
            within = (costs[:, a : b + 1] <= (costs[:, a] + rest)[:, None] + 1e-12).all(axis=0)
            at[kind] = a + int(within.sum()) - 1
    found = sum(float(offer.found[n]) for offer, n in zip(offers, at, strict=True))
    return found, [float(offer.cut[n]) for offer, n in zip(offers, at, strict=True)]


def page_cut(units: UnitTable, odds: Floats) -> float:
    """The lowest cut at which pages lose at most `PAGE_LOSS` of their article text."""
    inside = units.target == CLEAN
    order = np.argsort(-odds[inside], kind="stable")
    share = np.cumsum(units.words[inside][order]) / max(float(units.words[inside].sum()), 1)
    return float(odds[inside][order][min(int(np.searchsorted(share, PAGE_LOSS)), len(order) - 1)])


def flag_cut(units: UnitTable, topic: Floats) -> float:
    """The lowest cut at which flagged words reach `FLAG_PRECISION` in documents with no other noise."""
    others = np.unique(units.document[(units.target == NOISE) | (units.target == DOUBTFUL) | (units.weight == 0)])
    inside = ~np.isin(units.document, others) & (units.words >= SENTENCE)
    order = np.argsort(-topic[inside], kind="stable")
    right = (units.target[inside] == OFF_TOPIC)[order]
    words = units.words[inside][order]
    precision = np.cumsum(words * right) / np.cumsum(words)
    good = np.flatnonzero((precision >= FLAG_PRECISION) & (np.arange(len(right)) >= min(50, len(right) - 1)))
    return float(topic[inside][order][good[-1]]) if len(good) else 20.0
