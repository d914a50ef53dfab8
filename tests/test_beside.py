"""What is asked of a unit in a document that holds noise beyond doubt, and how that is chosen."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_train_cuts import NEWS, OTHER, units_of

from cleaner.beside import MOST, SURE, surely_noisy
from cleaner.model import NoiseModel
from cleaner.noise import load_cached
from cleaner.strata import STRATA
from cleaner.tokens import Tokens, tokenize
from cleaner.train_cuts import FEWEST_BESIDE, MOST_WRONG, WRONG_BESIDE, beside_cuts
from cleaner.train_units import CLEAN, NOISE, UnitTable
from cleaner.units import Units, segment

MODEL = load_cached("noise")


# Which documents hold noise beyond doubt ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("margin", "noisy"),
    [
        ([], False),
        ([-9.0, 0.5, -9.0], False),  # what clean articles lose: one unit just above its cut
        ([-9.0, SURE + 0.5, -9.0], True),
        ([-9.0, SURE / 2, -9.0, SURE / 2 + 0.5], True),
        ([-99.0, SURE + 0.5, -99.0], True),  # what is surely text does not weigh against it
        ([SURE + 9, -9.0, -9.0], False),  # a first line, which a guard may keep
        ([SURE + 9, 0.5, -9.0], False),
    ],
)
def test_a_document_is_surely_noisy_by_what_is_above_the_cuts(margin: list[float], noisy: bool) -> None:
    document = np.zeros(len(margin), np.int64)
    assert surely_noisy(document, np.array(margin, np.float32), 1).tolist() == [noisy]


@given(st.lists(st.lists(st.floats(-20, 20, width=32), max_size=6), min_size=1, max_size=5))
def test_documents_are_judged_by_themselves(margins: list[list[float]]) -> None:
    def noisy(several: list[list[float]]) -> list[bool]:
        document = np.repeat(np.arange(len(several)), [len(m) for m in several])
        margin = np.array([m for margins in several for m in margins], np.float32)
        return [bool(b) for b in surely_noisy(document, margin, len(several))]

    assert noisy(margins) == [noisy([one])[0] for one in margins]


def test_one_unit_alone_may_do() -> None:
    assert MOST > SURE


# The cuts of such documents -------------------------------------------------------------------------------------------


def together(parts: list[tuple[int, int, np.ndarray]], size: int) -> tuple[UnitTable, np.ndarray]:
    """`units_of` with the units dealt into documents of `size`, by turns."""
    units, odds = units_of(parts)
    order = np.random.default_rng(2).permutation(len(odds))
    mixed = UnitTable(*(getattr(units, field.name)[order] for field in fields(units)))
    return replace(mixed, document=np.arange(len(odds)) // size), odds[order]


def noisy_news(size: int = 10) -> tuple[UnitTable, np.ndarray]:
    rng = np.random.default_rng(1)
    news, noise = rng.normal(-6, 2.5, 12_000), rng.normal(2, 3, 6000)
    return together([(CLEAN, NEWS, news), (NOISE, NEWS, noise)], size)


CUTS = {budget: (4.0,) * len(STRATA) for budget in (0.5, 2.0, 20.0)}


def test_what_goes_in_addition_is_right_but_for_a_share() -> None:
    units, odds = noisy_news()
    cuts = beside_cuts(units, odds, CUTS)
    for budget, share in ((0.5, WRONG_BESIDE / 2), (2.0, WRONG_BESIDE), (20.0, MOST_WRONG)):
        cut = cuts[budget][OTHER]
        noisy = surely_noisy(units.document, odds - 4, int(units.document[-1]) + 1)[units.document]
        more = noisy & (odds > cut) & (odds <= 4)
        wrong = float((units.target[more] == CLEAN).mean())
        assert cut < 4.0
        assert share / 2 < wrong <= share
    assert cuts[0.5][OTHER] > cuts[2.0][OTHER] > cuts[20.0][OTHER]


def test_no_cut_is_higher_than_elsewhere_and_kinds_that_are_rare_keep_theirs() -> None:
    units, odds = noisy_news()
    for row in beside_cuts(units, odds, CUTS).values():
        assert all(cut == 4.0 for kind, cut in enumerate(row) if kind != OTHER)
    few = units.where(np.arange(len(odds)) < FEWEST_BESIDE)
    assert beside_cuts(few, odds[:FEWEST_BESIDE], CUTS)[2.0][OTHER] == 4.0


def test_a_larger_budget_never_has_a_higher_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    units, odds = noisy_news()
    drawn = iter([0.02] * len(STRATA) + [0.1] * len(STRATA) + [0.01] * len(STRATA))  # for 20, 2, .5: not in order
    monkeypatch.setattr("cleaner.train_cuts._beside_cut", lambda odds, wrong, words, cut, share: cut - 10 * next(drawn))
    cuts = beside_cuts(units, odds, CUTS)
    assert [cuts[budget][OTHER] for budget in (20.0, 2.0, 0.5)] == pytest.approx([3.8, 3.8, 3.9])


def test_documents_of_one_unit_and_articles_that_are_not_trusted_say_nothing() -> None:
    units, odds = noisy_news(1)
    assert beside_cuts(units, odds, CUTS)[2.0][OTHER] == 4.0
    units, odds = noisy_news()
    doubted = replace(units, trusted=np.zeros(len(odds), np.bool_))
    assert beside_cuts(doubted, odds, CUTS)[2.0][OTHER] == 4.0


# The model ------------------------------------------------------------------------------------------------------------

STORY = """The harbour board met on Tuesday to decide who pays for the new crane.
Members heard that the old one had failed its inspection in March and could not be mended.
The chair said the fee for a berth would rise by a tenth from the spring."""
NOISE_BELOW = """Sign up for our newsletter and get the best stories in your inbox
Read more: Ferry strike called off
Share on Facebook
Copyright 2026 The Quayside Journal. All rights reserved."""


def read(text: str) -> tuple[Tokens, Units]:
    tokens = tokenize([text])
    return tokens, segment(tokens, MODEL.lexicon)


def margins(model: NoiseModel, text: str) -> list[float]:
    return [round(float(m), 3) for m in model.score(*read(text), 2.0).margin]


def test_less_is_asked_only_beside_sure_noise() -> None:
    far = {budget: tuple(cut - 3 for cut in row) for budget, row in MODEL.cuts.items()}
    as_before, lower = (replace(MODEL, beside_cuts=cuts) for cuts in (MODEL.cuts, far))
    assert margins(as_before, STORY) == margins(lower, STORY)
    dirty = f"{STORY}\n{NOISE_BELOW}"
    apart = np.array(margins(lower, dirty)) - np.array(margins(as_before, dirty))
    assert apart == pytest.approx(np.full(len(apart), 3.0), abs=0.01)


def test_the_cuts_of_the_shipped_model_are_lower_beside_noise() -> None:
    assert MODEL.beside_cuts.keys() == MODEL.cuts.keys()
    for budget, row in MODEL.cuts.items():
        assert all(low <= cut for low, cut in zip(MODEL.beside_cuts[budget], row, strict=True))
    for smaller, larger in pairwise(sorted(MODEL.beside_cuts)):
        rows = zip(MODEL.beside_cuts[smaller], MODEL.beside_cuts[larger], strict=True)
        assert all(a >= b for a, b in rows), "a larger budget would remove less"
    assert sum(low < cut for low, cut in zip(MODEL.beside_cuts[2.0], MODEL.cuts[2.0], strict=True)) >= 3
