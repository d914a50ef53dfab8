"""Trains what finds words put into a sentence (`cleaner.inserts`), and chooses its cuts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from cleaner.candidates import LONGEST, SCREEN, Candidates, Ground, Screen, candidates, screen_rows
from cleaner.features import evidence
from cleaner.inserts import (
    COLUMNS,
    KINDS,
    OF_MEANING,
    OF_SENSE,
    InsertModel,
    first_rows,
    kinds,
    screened,
    second_rows,
)
from cleaner.joins import Joins
from cleaner.lexicon import Lexicon
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.tokens import Ints, tokenize
from cleaner.train_cuts import spendable
from cleaner.train_joins import train_joins
from cleaner.train_network import train_network
from cleaner.train_units import NOISE, Dealt, UnitTable, batches, word_targets
from cleaner.units import segment
from cleaner.vocabulary import FOLDS

MANY = 1000
"""Articles from which networks are trained side by side."""
SHOWN = 0.25
"""Share of the other candidates from which the first network learns; there are very many."""
SCREENED_OUT = 0.05
"""Share of the words put in that the screen may miss."""
SPENT = 0.2
"""Share of the budget that words put into sentences may spend on the articles at hand, in long and in short texts; the
kinds of candidates share it."""
LOWEST_CUT = 0.75
"""Log odds below which nothing is removed, however little of its kind is lost."""
SURER = 0.75
"""How much surer one must be in a short text."""

VIEWS = tuple([COLUMNS.index(name) for name in names] for names in (OF_SENSE, OF_MEANING))
"""Columns that halves of the second network do not see."""

COPIES = 3
"""Networks of one sight that are averaged in the second network."""
SEEN_FROM = -2.0
"""Log odds of the first network from which the second one learns: it sees more than it will have to judge."""


@dataclass(frozen=True)
class Judgement:
    """What the article side says of the units of all documents, each fold by parts that have not seen it.

    Attributes:
        documents: (fold, document) pairs.
        units: their units in the order of `batches`, with evidence and verdicts as rows.
        odds: log odds of the units.
        tables: text weights, one for each fold.
        measured: how many of the documents, the last ones, are clean articles that tell what a cut would lose.
    """

    documents: Dealt
    units: UnitTable
    odds: Floats
    tables: Sequence[Floats]
    measured: int


def train_inserts(
    judgement: Judgement, texts: Sequence[tuple[int, str]], lexicon: Lexicon, budgets: Sequence[float], seed: int
) -> InsertModel:
    """Learn from documents, of which some have words put into sentences.

    Args:
        judgement: the documents and what is known of their units.
        texts: clean articles with their folds, -1 for those that belong to none.
        lexicon: of the model.
        budgets: clean words lost per 10,000, for which cuts are wanted.
        seed: of everything that is drawn.
    """
    kept = [[t for fold, t in texts if fold != unseen] for unseen in range(FOLDS)]
    *joins, whole = Parallel(-1 if len(texts) > MANY else 1)(
        delayed(train_joins)(some, lexicon, seed) for some in (*kept, [text for _, text in texts])
    )
    screen = _screen(judgement, lexicon, seed)
    first, unseen_first = _first_networks(judgement, lexicon, screen, seed)
    table = _second_table(judgement, lexicon, screen, unseen_first, joins)
    second = _learn(table.rows, table.target, seed)
    odds = np.zeros(len(table.rows), np.float32)
    for fold in range(FOLDS):
        inside = table.fold == fold
        odds[inside] = _learn(table.rows[~inside], table.target[~inside], seed).log_odds(table.rows[inside])
    one = table.best(odds)
    return InsertModel(screen, whole, first, second, _cuts(table.where(one), odds[one], judgement, budgets))


def _learn(rows: Floats, target: NDArray[np.bool_], seed: int) -> Network:
    return train_network(rows, target, np.ones(len(rows), np.float32), seed, COPIES, VIEWS)


@dataclass(frozen=True)
class _Batch:
    """Candidates of some documents of one fold."""

    fold: int
    numbers: NDArray[np.int64]
    ground: Ground
    these: Candidates
    words: NDArray[np.int8]

    def targets(self, these: Candidates) -> NDArray[np.bool_]:
        """Which candidates are words put in: noise from their first word to their last one, or to the end of their
        sentence, and clean words before them, if they do not begin it."""
        noise = self.words == NOISE
        noisy = np.concatenate(([0], np.cumsum(noise)))
        whole = noisy[these.last] - noisy[these.first] == these.last - these.first
        return np.asarray(whole & (~noise[these.before] | these.head) & (~noise[these.last] | these.tail))


_EVERYTHING = Screen(np.zeros(len(SCREEN), np.float32), 1.0)


def _batches(judgement: Judgement, lexicon: Lexicon, screen: Screen = _EVERYTHING) -> Iterator[_Batch]:
    at = 0
    for fold, numbers, documents in batches(judgement.documents):
        tokens = tokenize([d.text for d in documents])
        units = segment(tokens, lexicon)
        if not len(units):
            continue
        inside = slice(at, at := at + len(units))
        found = evidence(tokens, units, lexicon)
        ground = Ground(found, lexicon, judgement.tables[fold], judgement.units.rows[inside], judgement.odds[inside])
        these = screen.keep(ground, candidates(ground))
        yield _Batch(fold, numbers, ground, these, word_targets(documents, tokens))


def _screen(judgement: Judgement, lexicon: Lexicon, seed: int) -> Screen:
    """A linear screen that lets all but `SCREENED_OUT` of the words put in pass."""
    rng = np.random.default_rng(seed)
    rows, targets = [], []
    for batch in _batches(judgement, lexicon):
        target = batch.targets(batch.these)
        chosen = np.flatnonzero(target | (rng.random(len(target)) < SHOWN))
        rows.append(screen_rows(batch.ground, batch.these.where(chosen)))
        targets.append(target[chosen])
    row, target = np.concatenate(rows).astype(np.float64), np.concatenate(targets)
    scale = np.maximum(row.std(axis=0), 1e-3)
    with threadpool_limits(1):  # sums in one order, the same bytes each time
        weights = LogisticRegression(max_iter=1000).fit(row / scale, target).coef_[0] / scale
    bias = -float(np.quantile(row[target] @ weights, SCREENED_OUT))
    return Screen(weights.astype(np.float32), bias)


def _first_networks(
    judgement: Judgement, lexicon: Lexicon, screen: Screen, seed: int
) -> tuple[Network, list[Network]]:
    """The first network, and for each fold one that has not seen it."""
    rng = np.random.default_rng(seed)
    rows, targets, folds = [], [], []
    for batch in _batches(judgement, lexicon, screen):
        target = batch.targets(batch.these)
        chosen = np.flatnonzero(target | (rng.random(len(target)) < SHOWN))
        rows.append(first_rows(batch.ground, batch.these.where(chosen)))
        targets.append(target[chosen])
        folds.append(np.full(len(chosen), batch.fold))
    row, target, fold = np.concatenate(rows), np.concatenate(targets), np.concatenate(folds)

    def learn(chosen: NDArray[np.bool_]) -> Network:
        weight = np.ones(int(chosen.sum()), np.float32)
        return train_network(row[chosen], target[chosen], weight, seed, copies=1)

    return learn(fold >= 0), [learn(fold != n) for n in range(FOLDS)]


@dataclass(frozen=True)
class _Table:
    """The best candidates of all sentences, row by row; those of a sentence stand together."""

    rows: Floats
    target: NDArray[np.bool_]
    fold: NDArray[np.int8]
    words: Ints
    document: NDArray[np.int64]
    sentence: NDArray[np.int64]

    def where(self, chosen: Ints) -> _Table:
        """The chosen rows."""
        return _Table(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def best(self, odds: Floats) -> Ints:
        """The best candidate of each sentence, as it is chosen when a text is cleaned."""
        order = np.lexsort((-odds, self.sentence))
        return np.sort(order[np.diff(self.sentence[order], prepend=-1) > 0])


def _second_table(
    judgement: Judgement, lexicon: Lexicon, screen: Screen, first: Sequence[Network], joins: Sequence[Joins]
) -> _Table:
    parts, sentences = [], 0
    for batch in _batches(judgement, lexicon, screen):
        these, rows, odds = screened(batch.ground, batch.these, first[batch.fold], SEEN_FROM)
        if len(these):
            parts.append((
                second_rows(batch.ground, these, rows, odds, joins[batch.fold]), batch.targets(these),
                np.full(len(these), batch.fold, np.int8), these.last - these.first,
                batch.numbers[batch.ground.found.tokens.document[these.first]], these.sentence + sentences,
            ))  # fmt: skip
        sentences += len(these.begin)
    return _Table(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _cuts(
    table: _Table, odds: Floats, judgement: Judgement, budgets: Sequence[float]
) -> dict[float, tuple[float, ...]]:
    """For each budget and kind the lowest cut with which the measured articles lose at most the kind's share.

    As in `train_cuts`, one more loss than was seen is allowed for. Short texts alone hold too few candidates to choose
    a cut by; theirs is higher than that of all texts.
    """
    measured = len(judgement.documents) - judgement.measured
    half = len(KINDS) // 2
    kind, clean = kinds(table.rows) % half, table.document >= measured
    units = judgement.units
    total = float(units.words[units.document >= measured].sum())
    cuts: dict[float, tuple[float, ...]] = {}
    for budget in budgets:
        allowed = spendable(budget) * SPENT / half * total / 1e4 - LONGEST
        row = []
        for number in range(half):
            inside = clean & (kind == number)
            order = np.argsort(-odds[inside], kind="stable")
            spent = int(np.searchsorted(np.cumsum(table.words[inside][order]), allowed, "right"))
            highest = odds[inside][order]
            cut = float(highest[spent]) + 1e-3 if spent < len(highest) else LOWEST_CUT
            row.append(max(cut, LOWEST_CUT))
        cuts[budget] = (*row, *(cut + SURER for cut in row))
    return cuts
