"""Cuts: what finds most noise within what clean news and look-alikes may lose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT

from cleaner.dataset import read_documents
from cleaner.features import STATIC, evidence
from cleaner.guards import HEADLINE_GUARD, guard_headlines
from cleaner.model import Scores
from cleaner.ngrams import Floats
from cleaner.noise import load_cached
from cleaner.strata import KINDS, STRATA
from cleaner.tokens import tokenize
from cleaner.train_cuts import LINE_PRICE, SPENT, _guarded, all_cuts, beside_cuts, budget_cuts, spendable
from cleaner.train_units import CLEAN, NOISE, OWN, UnitTable
from cleaner.units import segment

NEWS = OWN + 1
OTHER = KINDS.index("other")


def units_of(parts: list[tuple[int, int, Floats]]) -> tuple[UnitTable, Floats]:
    """Sentences of ten words, each of its own meaning, a document each, in texts of 400 words; (target, source, log
    odds) of each part."""
    size = sum(len(odds) for _, _, odds in parts)
    rows = np.zeros((size, len(STATIC)), np.float32)
    rows[:, STATIC.index("words")], rows[:, STATIC.index("doc_words")] = np.log1p(10), np.log1p(400)
    rows[:, STATIC.index("right_stop")] = 1
    target, source = (np.concatenate([np.full(len(p[2]), p[n], np.int8) for p in parts]) for n in (0, 1))
    number, ones = np.arange(size), np.ones(size, np.float32)
    rows[:, STATIC.index("meaning_0")] = number / 1000
    table = UnitTable(
        rows, target, ones, 10 * ones, np.zeros(size, np.int8), number, source, source >= 0, source < 0, number,
        np.zeros(size, np.bool_),
    )  # fmt: skip
    return table, np.concatenate([p[2] for p in parts]).astype(np.float32)


def example(look_alikes: Floats) -> tuple[UnitTable, Floats]:
    rng = np.random.default_rng(1)
    news, noise = rng.normal(-6, 2, 40_000), rng.normal(1, 3, 4000)
    return units_of([(CLEAN, NEWS, news), (NOISE, -1, noise), (CLEAN, OWN, look_alikes)])


def lost(units: UnitTable, odds: Floats, cut: float) -> float:
    """Words of news lost per 10,000."""
    news = units.source == NEWS
    return float(1e4 * units.words[news & (odds > cut)].sum() / units.words[news].sum())


def test_news_loses_what_is_allowed_and_hardly_less() -> None:
    units, odds = example(np.full(100, -9.0))
    for budget in (2.0, 5.0, 20.0):
        cut = budget_cuts(units, odds, budget)[OTHER]
        assert 0.6 * spendable(budget) * SPENT[0] < lost(units, odds, cut) <= spendable(budget) * SPENT[0]


def test_a_sentence_that_stands_in_many_documents_is_lost_once() -> None:
    """As a whole article, cut short, in bulletins, with noise: three sentences used up what 250,000 may lose."""
    units, odds = example(np.full(100, -9.0))
    again = np.flatnonzero(units.source == NEWS)[:400]
    odds[again] = 6.0
    all_apart = budget_cuts(units, odds, 2.0)[OTHER]
    units.rows[again, STATIC.index("meaning_0")] = 99
    assert all_apart > 6.0 > budget_cuts(units, odds, 2.0)[OTHER]


def test_in_documents_that_count_less_what_goes_beside_noise_counts_less() -> None:
    """Where noise is dense hardly anything that goes along is true; such documents must not lower the cut of others."""
    rng = np.random.default_rng(3)
    dense, sparse = rng.normal(2, 2, 3000), rng.normal(-1, 2, 3000)
    units, odds = units_of([(NOISE, -1, dense), (CLEAN, -1, sparse), (NOISE, -1, np.full(2000, 9.0))])
    units = replace(units, trusted=np.ones(len(odds), np.bool_), document=np.arange(len(odds)) % 500)
    order = np.argsort(units.document, kind="stable")
    units, odds = units.where(order), odds[order]
    cuts = {2.0: (6.0,) * len(STRATA)}
    less = replace(units, weight=np.where(units.target == NOISE, 0.2, 1).astype(np.float32))
    assert beside_cuts(less, odds, cuts)[2.0][OTHER] > beside_cuts(units, odds, cuts)[2.0][OTHER] + 0.5


def test_look_alikes_raise_the_cut() -> None:
    harmless = example(np.full(100, -9.0))
    harmful = example(np.concatenate((np.full(20, 4.0), np.full(80, -9.0))))  # a fifth of them, more than is allowed
    low, high = (budget_cuts(units, odds, 2.0)[OTHER] for units, odds in (harmless, harmful))
    assert low < 4.0 < high


def test_of_a_look_alike_only_the_first_loss_counts() -> None:
    units, odds = example(np.concatenate((np.full(60, 4.0), np.full(40, -9.0))))
    one = np.where(units.source == OWN, np.maximum(units.document, len(odds) - 41), units.document)
    together = UnitTable(**{**{n: getattr(units, n) for n in UnitTable.__dataclass_fields__}, "document": one})
    assert budget_cuts(units, odds, 2.0)[OTHER] > 4.0 > budget_cuts(together, odds, 2.0)[OTHER]


def test_a_larger_budget_never_has_a_higher_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.train_cuts.budget_cuts", lambda units, odds, budget: (budget,) * len(STRATA))
    assert set(all_cuts(*example(np.full(9, -9.0)), (5.0, 1.0, 2.0)).values()) == {(1.0,) * len(STRATA)}


def test_without_news_all_clean_text_must_do() -> None:
    units, odds = example(np.full(100, -9.0))
    alone = replace(units, source=np.where(units.source == NEWS, -1, units.source).astype(np.int8))
    assert budget_cuts(alone, odds, 5.0)[OTHER] == pytest.approx(budget_cuts(units, odds, 5.0)[OTHER], abs=0.2)


def test_short_texts_keep_the_budget_by_themselves() -> None:
    units, odds = example(np.full(100, -9.0))
    units.rows[:, STATIC.index("doc_words")] = np.log1p(100)
    cut = budget_cuts(units, odds := odds + 6, 20.0)[OTHER + len(KINDS)]
    assert 0.6 * spendable(20) * SPENT[1] < lost(units, odds, cut) <= spendable(20) * SPENT[1]


def test_lines_without_a_full_stop_cost_more() -> None:
    units, odds = example(np.full(100, -9.0))
    lines = replace(units, rows=units.rows.copy())
    lines.rows[:, [STATIC.index("whole_line"), STATIC.index("right_stop")]] = (1, 0)
    cut = budget_cuts(lines, odds, 20.0)[KINDS.index("short_line")]
    assert 0.5 * spendable(20) * SPENT[0] < LINE_PRICE * lost(units, odds, cut) <= spendable(20) * SPENT[0]


# What the guard of headlines takes off while noise is looked for must be off while cuts are chosen -------------------

HEADLINES = [
    "Harbour wall to be rebuilt by spring\nThe board met on Tuesday.",
    "Review: The Weather Clerk | Stage\nIt rains on stage for two hours.",
    "Stage | Music\nIt rains on stage for two hours.",
    "Share this story | \nIt rains on stage for two hours.",
    "See www.harbour.example for the full list\nThe board met on Tuesday.",
    "harbour wall to be rebuilt by spring\nThe board met on Tuesday.",
    "Tickets now\nThe board met on Tuesday.",
    f"Harbour {'wall ' * 17}\nThe board met on Tuesday.",
    f"Harbour {'wall ' * 18}\nThe board met on Tuesday.",
    "Harbour wall to be rebuilt by spring. The board met on Tuesday.\nNobody came.",
    "Stage|Music|Film tonight\nIt rains on stage for two hours.",
    "| Review of the night\nIt rains on stage for two hours.",
]


def test_headlines_are_guarded_as_they_are_when_noise_is_looked_for() -> None:
    lexicon, side = (model := load_cached("noise")).lexicon, model.article
    names = ("genres", "look_alikes", "lists", "world")
    documents = [d.text for name in names for d in read_documents(ROOT / "training_data" / f"{name}.jsonl")]
    tokens = tokenize([*HEADLINES, *documents, *(text.partition("\n")[2] for text in documents)])
    units = segment(tokens, lexicon)
    odds = np.random.default_rng(1).normal(0, 3, len(units)).astype(np.float32)
    guarded = _guarded(evidence(tokens, units, lexicon).rows(side.tables), odds)
    assert np.array_equal(guarded, guard_headlines(tokens, units, Scores(odds, odds)).margin)
    opens = np.flatnonzero(np.append(True, np.diff(units.document) > 0))
    taken = odds - guarded
    assert (np.delete(taken, opens) == 0).all()
    headlines = taken[opens][: len(HEADLINES)] > HEADLINE_GUARD / 2
    assert headlines.tolist() == [True, False, False, True, False, False, False, True, *[False] * 4]
    assert 200 < (taken[opens] > 0).sum() < len(opens)


def test_a_headline_that_its_guard_keeps_raises_no_cut() -> None:
    units, odds = example(np.full(100, -9.0))
    high = np.flatnonzero(units.source == NEWS)[:40]
    odds[high] = 4.0  # a tenth of a per cent of the news, at odds to which the cut must rise
    headline = replace(units, rows=units.rows.copy())
    headline.rows[np.ix_(high, [STATIC.index("whole_line"), STATIC.index("first_upper")])] = 1
    later = replace(headline, rows=headline.rows.copy())
    later.rows[high, STATIC.index("from_start")] = 1
    as_headlines, further_down = (budget_cuts(table, odds, 2.0)[OTHER] for table in (headline, later))
    assert as_headlines < 4.0 < further_down


def test_far_from_the_default_budget_a_smaller_share_can_be_spent() -> None:
    budgets = [0.5, 1.0, 2.0, 5.0, 20.0]
    spent = [spendable(budget) for budget in budgets]
    assert spent == sorted(spent)
    shares = [a / b for a, b in zip(spent, budgets, strict=True)]
    assert shares[2] == 1
    assert shares[:3] == sorted(shares[:3])
    assert shares[2:] == sorted(shares[2:], reverse=True)
    assert max(shares[0], shares[-1]) < 0.6
