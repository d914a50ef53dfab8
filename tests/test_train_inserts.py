"""Cuts for words put into sentences: what the measured articles lose by each kind of candidate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cleaner.candidates import LONGEST
from cleaner.dataset import Document
from cleaner.inserts import COLUMNS, KINDS
from cleaner.ngrams import Floats
from cleaner.strata import SHORT_TEXT
from cleaner.train_cuts import TOUCHED, spendable
from cleaner.train_inserts import LOWEST_CUT, SPENT, SURER, Judged, _Articles, _cuts, _Table

LEARNT, LONG, SHORT = 20, 400, 60_000
"""How many documents only teach, how many long ones measure, and how many short ones; these stand in this order."""
LONG_WORDS = 15_000
LOW, OTHER, TAIL, HEAD = range(4)
SHORT_KINDS = len(KINDS) // 2


WORDS = LONG * LONG_WORDS + SHORT * 100
"""Words of the articles that measure."""
ARTICLES = _Articles(LEARNT, np.zeros(LONG + SHORT, np.bool_), WORDS)


def allowance(budget: float, words: float = WORDS) -> float:
    """The words that one kind of candidate may lose."""
    return spendable(budget) * SPENT / SHORT_KINDS * words / 1e4


@dataclass(frozen=True)
class Part:
    """Candidates of one kind, in documents that stand there in turn."""

    kind: int
    odds: Floats
    documents: range = range(LEARNT, LEARNT + LONG)


def table_of(parts: list[Part], seed: int = 1) -> tuple[_Table, Floats]:
    """The parts one below the other, each candidate one to eight words long."""
    size = sum(len(part.odds) for part in parts)
    kind = np.concatenate([np.full(len(part.odds), part.kind) for part in parts])
    rows = np.zeros((size, len(COLUMNS)), np.float32)
    rows[:, COLUMNS.index("first_lower")] = kind % SHORT_KINDS == LOW
    rows[:, COLUMNS.index("tail")] = kind % SHORT_KINDS == TAIL
    rows[:, COLUMNS.index("head")] = kind % SHORT_KINDS == HEAD
    rows[:, COLUMNS.index("doc_words")] = np.log1p(np.where(kind >= SHORT_KINDS, SHORT_TEXT, SHORT_TEXT + 1))
    document = np.concatenate([np.resize(np.array(part.documents), len(part.odds)) for part in parts])
    words = np.random.default_rng(seed).integers(1, LONGEST + 1, size)
    numbers = np.arange(size)
    table = _Table(
        rows, np.zeros(size, np.bool_), np.zeros(size, np.int8), words, document, numbers, numbers.astype(np.uint64)
    )
    return table, np.concatenate([part.odds for part in parts]).astype(np.float32)


def drawn(seed: int, mean: float = 2.0, size: int = 4000) -> Floats:
    return np.random.default_rng(seed).normal(mean, 2.0, size).astype(np.float32)


def lost(table: _Table, odds: Floats, chosen: NDArray[np.bool_], cut: float) -> int:
    """Words of the chosen candidates above a cut."""
    return int(table.words[chosen & (odds > cut)].sum())


@pytest.mark.parametrize("kind", [LOW, OTHER, TAIL, HEAD])
@pytest.mark.parametrize("budget", [2.0, 5.0, 20.0])
def test_a_kind_loses_no_more_than_its_share_and_the_next_loss_would_be_too_much(kind: int, budget: float) -> None:
    table, odds = table_of([Part(kind, drawn(kind + 10)), Part((kind + 1) % SHORT_KINDS, drawn(9, mean=5.0))])
    cut = _cuts(table, odds, ARTICLES, [budget])[budget][kind]
    of_kind = np.arange(len(odds)) < 4000
    assert cut > LOWEST_CUT
    assert lost(table, odds, of_kind, cut) <= allowance(budget) - LONGEST
    # The cut is .001 above the one that would be too much.
    assert lost(table, odds, of_kind, cut - 1.1e-3) > allowance(budget) - LONGEST


def test_a_budget_too_small_for_one_more_loss_takes_nothing_that_was_measured() -> None:
    table, odds = table_of([Part(OTHER, drawn(1))])
    budget = 0.5 * LONGEST / allowance(1.0)
    assert _cuts(table, odds, ARTICLES, [budget])[budget][OTHER] > odds.max()


def test_a_kind_that_clean_articles_do_not_have_gets_the_lowest_cut() -> None:
    table, odds = table_of([Part(LOW, drawn(1))])
    cuts = _cuts(table, odds, ARTICLES, [2.0])[2.0]
    assert cuts[LOW] > LOWEST_CUT
    assert cuts[OTHER] == cuts[TAIL] == cuts[HEAD] == LOWEST_CUT


def test_no_cut_is_below_the_lowest_however_little_is_lost() -> None:
    table, odds = table_of([Part(kind, drawn(kind, mean=-9.0)) for kind in range(SHORT_KINDS)])
    assert _cuts(table, odds, ARTICLES, [20.0])[20.0][:SHORT_KINDS] == (LOWEST_CUT,) * SHORT_KINDS


def test_in_short_texts_one_must_be_surer() -> None:
    cuts = _cuts(*table_of([Part(kind, drawn(kind)) for kind in range(SHORT_KINDS)]), ARTICLES, [2.0])[2.0]
    assert cuts[SHORT_KINDS:] == pytest.approx([cut + SURER for cut in cuts[:SHORT_KINDS]])


def test_what_short_texts_lose_counts_for_all() -> None:
    short = range(LEARNT + LONG, LEARNT + LONG + SHORT)
    one, other = (_cuts(*table_of([part]), ARTICLES, [2.0]) for part in
                  (Part(LOW, drawn(1)), Part(SHORT_KINDS + LOW, drawn(1), short)))  # fmt: skip
    assert one[2.0][LOW] > LOWEST_CUT
    assert one == other


def test_only_articles_that_measure_count() -> None:
    part, high = Part(LOW, drawn(1)), np.full(500, 20.0, np.float32)
    alone = _cuts(*table_of([part]), ARTICLES, [2.0])
    with_others = _cuts(*table_of([part, Part(LOW, high, range(LEARNT))]), ARTICLES, [2.0])
    with_more = _cuts(*table_of([part, Part(LOW, high)]), ARTICLES, [2.0])
    assert with_others == alone
    assert with_more[2.0][LOW] > 20 > alone[2.0][LOW]


def test_one_wording_counts_once_where_it_is_most_like_noise() -> None:
    one, other = drawn(1), drawn(1) - 0.5
    alone = _cuts(*table_of([Part(LOW, one)]), ARTICLES, [2.0])
    table, odds = table_of([Part(LOW, other), Part(LOW, one)])
    size = len(one)
    twice = replace(table, key=table.key % size, words=np.resize(table_of([Part(LOW, one)])[0].words, 2 * size))
    assert _cuts(twice, odds, ARTICLES, [2.0]) == alone
    assert _cuts(table, odds, ARTICLES, [2.0])[2.0][LOW] > alone[2.0][LOW]


def test_of_our_own_articles_a_share_may_be_touched_whatever_is_lost() -> None:
    ours = np.zeros(LONG + SHORT, np.bool_)
    ours[:LONG] = True
    table, odds = table_of([Part(LOW, drawn(1))])
    cut = _cuts(table, odds, replace(ARTICLES, ours=ours), [2.0])[2.0][LOW]
    touched = len(set(table.document[odds > cut].tolist()))
    allowed = spendable(2.0) * SPENT / SHORT_KINDS * TOUCHED * LONG
    assert cut > LOWEST_CUT
    assert allowed - 1 < touched <= allowed


def test_the_articles_that_measure_are_counted_line_by_line_and_ours_apart() -> None:
    bulletin = "Two boats came in.\nOne went out again."
    articles = [("bbc", "Two boats came in."), ("bulletin", bulletin), ("own", "Ours says nothing.")]
    measured = [(0, Document(f"{n}", text, source=source)) for n, (source, text) in enumerate(articles)]
    found = _Articles.of(Judged(measured[:2], measured, []))
    assert (found.first, found.ours.tolist(), found.words) == (2, [False, False, True], 8)


@given(st.integers(0, 1000), st.floats(-3, 6), st.lists(st.floats(0.1, 50), min_size=2, max_size=5, unique=True))
def test_a_larger_budget_never_has_a_higher_cut(seed: int, mean: float, budgets: list[float]) -> None:
    parts = [Part(kind, drawn(seed + kind, mean, 300)) for kind in range(len(KINDS))]
    cuts = _cuts(*table_of(parts, seed), ARTICLES, budgets)
    for less, more in zip(sorted(budgets)[:-1], sorted(budgets)[1:], strict=True):
        assert all(one >= other for one, other in zip(cuts[less], cuts[more], strict=True))


def test_the_order_of_the_candidates_does_not_matter() -> None:
    table, odds = table_of([Part(kind, drawn(kind)) for kind in range(len(KINDS))])
    mixed = np.random.default_rng(3).permutation(len(odds))
    other = replace(table, **{name: getattr(table, name)[mixed] for name in _Table.__dataclass_fields__})
    assert _cuts(other, odds[mixed], ARTICLES, [2.0, 5.0]) == _cuts(table, odds, ARTICLES, [2.0, 5.0])
