"""Trains what finds words put into a sentence (`cleaner.inserts`), and chooses its cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from cleaner.candidates import LONGEST, SCREEN, Candidates, Ground, Screen, candidates, screen_rows
from cleaner.dataset import Document
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
from cleaner.model import Side
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.tokens import Ints, Tokens, tokenize
from cleaner.train_cuts import TOUCHED, spendable
from cleaner.train_joins import train_joins
from cleaner.train_network import train_network
from cleaner.train_units import BATCH, NOISE, Dealt, word_targets
from cleaner.units import segment
from cleaner.vocabulary import FOLDS

MANY = 1000
"""Articles from which networks are trained side by side."""
SHOWN = 0.25
"""Share of the other candidates from which the first network learns; there are very many."""
SCREENED_OUT = 0.04
"""Share of the words put in that the screen may miss."""
SPENT = 0.8
"""Share of the budget that words put into sentences may spend on the articles at hand, in long and in short texts, and
of our own that may be touched (`cleaner.train_cuts.TOUCHED`); the kinds of candidates share it."""
LOWEST_CUT = 0.6
"""Log odds below which nothing is removed, however little of its kind is lost."""
SURER = 1.2
"""How much surer one must be in a short text: where a text is cut short, a name or the end of a headline may look like
words put in."""

VIEWS = tuple([COLUMNS.index(name) for name in names] for names in (OF_SENSE, OF_MEANING))
"""Columns that halves of the second network do not see."""

FIRST_COPIES, COPIES = 2, 3
"""Networks of one sight that are averaged in the first and in the second network."""
SEEN_FROM = -3.5
"""Log odds of the first network from which the second one learns: it sees more than it will have to judge."""


@dataclass(frozen=True)
class Judged:
    """Documents, and what judges them.

    Attributes:
        taught: (fold, document) pairs to learn from, of which some have words put into sentences.
        measured: such pairs of clean articles that tell what a cut would lose.
        sides: a side of the model for each fold, which has not seen it.
    """

    taught: Dealt
    measured: Dealt
    sides: Sequence[Side]


def train_inserts(
    judged: Judged, texts: Sequence[tuple[int, str]], lexicon: Lexicon, budgets: Sequence[float], seed: int
) -> tuple[InsertModel, list[InsertModel]]:
    """Learn from documents, of which some have words put into sentences; the model, and for each fold one that has not
    seen it.

    Args:
        judged: the documents and what judges their units.
        texts: clean articles with their folds, -1 for those that belong to none.
        lexicon: of the model.
        budgets: clean words lost per 10,000, for which cuts are wanted.
        seed: of everything that is drawn.
    """
    kept = [[t for fold, t in texts if fold != unseen] for unseen in range(FOLDS)]
    *joins, whole = _side_by_side(
        len(texts), (delayed(train_joins)(some, lexicon, seed) for some in (*kept, [text for _, text in texts]))
    )
    screen = _screen(_table(judged, lexicon, _EVERYTHING, [partial(_look_through_screen, seed=seed)] * FOLDS))
    table = _table(judged, lexicon, screen, [partial(_first_look, seed=seed)] * FOLDS)
    first, firsts = _networks(table, seed, FIRST_COPIES)
    looks = [partial(_second_look, first=f, joins=j) for f, j in zip(firsts, joins, strict=True)]
    table = _table(judged, lexicon, screen, looks)
    second, seconds = _networks(table, seed, COPIES, VIEWS)
    odds = np.zeros(len(table.rows), np.float32)
    for fold, network in enumerate(seconds):
        odds[table.fold == fold] = network.log_odds(table.rows[table.fold == fold])
    one = table.best(odds)
    cuts = _cuts(table.where(one), odds[one], _Articles.of(judged), budgets)
    apart = [InsertModel(screen, *parts, cuts) for parts in zip(joins, firsts, seconds, strict=True)]
    return InsertModel(screen, whole, first, second, cuts), apart


def _side_by_side(size: int, calls: Iterable[Any]) -> list[Any]:
    """What the calls return; they are made at the same time if there is much to learn from."""
    return list(Parallel(-1 if size > MANY else 1)(calls))


@dataclass(frozen=True)
class _Table:
    """Candidates with their evidence, row by row; those of a sentence stand together, and those of one wording, in
    sentences of one wording, have the same key."""

    rows: Floats
    target: NDArray[np.bool_]
    fold: NDArray[np.int8]
    words: Ints
    document: NDArray[np.int64]
    sentence: NDArray[np.int64]
    key: NDArray[np.uint64]

    def where(self, chosen: NDArray[Any]) -> _Table:
        """The chosen rows."""
        return _Table(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def best(self, odds: Floats) -> Ints:
        """The best candidate of each sentence, as it is chosen when a text is cleaned."""
        order = np.lexsort((-odds, self.sentence))
        return np.sort(order[np.diff(self.sentence[order], prepend=-1) > 0])


@dataclass(frozen=True)
class _Batch:
    """Candidates of some documents of one fold; `numbers` are those of the documents."""

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

    def shown(self, seed: int) -> Candidates:
        """The words put in, and some of the other candidates."""
        draw = np.random.default_rng((seed, int(self.numbers[0]))).random(len(self.these))
        return self.these.where((self.targets(self.these) | (draw < SHOWN)).nonzero()[0])


Look = Callable[[_Batch], tuple[Candidates, Floats]]
"""Chooses candidates of a batch and gives their evidence."""


def _table(judged: Judged, lexicon: Lexicon, screen: Screen, looks: Sequence[Look]) -> _Table:
    """The candidates of all documents that pass the screen and that `looks`, one for each fold, choose."""
    dealt = list(enumerate((*judged.taught, *judged.measured)))
    of_fold = [[(number, d) for number, (fold, d) in dealt if fold == at] for at in range(FOLDS)]
    tables = _side_by_side(
        len(dealt),
        (delayed(_fold_table)(n, of_fold[n], judged.sides[n], lexicon, screen, look) for n, look in enumerate(looks)),
    )
    return _joined([replace(table, sentence=table.sentence * FOLDS + n) for n, table in enumerate(tables)])


def _joined(tables: Sequence[_Table]) -> _Table:
    return _Table(*(np.concatenate([getattr(table, field.name) for table in tables]) for field in fields(_Table)))


def _fold_table(
    fold: int, numbered: Sequence[tuple[int, Document]], side: Side, lexicon: Lexicon, screen: Screen, look: Look
) -> _Table:
    """The same of the documents of one fold; its sentences are numbered."""
    parts, sentences = [], 0
    for batch in _batches(fold, numbered, side, lexicon, screen):
        these, rows = look(batch)
        document = batch.numbers[batch.ground.found.tokens.document[these.first]]
        folds = np.full(len(these), fold, np.int8)
        parts.append(
            _Table(
                rows, batch.targets(these), folds, these.last - these.first, document, these.sentence + sentences,
                _keys(batch.ground.found.tokens, these),
            )
        )
        sentences += len(these.begin)
    return _joined(parts)


def _batches(
    fold: int, numbered: Sequence[tuple[int, Document]], side: Side, lexicon: Lexicon, screen: Screen
) -> Iterator[_Batch]:
    for at in range(0, len(numbered), BATCH):
        numbers, documents = zip(*numbered[at : at + BATCH], strict=True)
        tokens = tokenize([d.text for d in documents])
        units = segment(tokens, lexicon)
        if len(units):
            found = evidence(tokens, units, lexicon)
            ground = Ground(found, side.tables, side.strange, *side.log_odds(found))
            these = screen.keep(ground, candidates(ground))
            yield _Batch(fold, np.array(numbers), ground, these, word_targets(documents, tokens))


def _keys(tokens: Tokens, these: Candidates) -> NDArray[np.uint64]:
    running = np.concatenate((np.zeros(1, np.uint64), tokens.key.cumsum()))
    own, whole = (
        running[last] - running[first]
        for first, last in ((these.first, these.last), (these.begin[these.sentence], these.end[these.sentence]))
    )
    return np.asarray(own ^ (whole * np.uint64(0x9E3779B97F4A7C15)), np.uint64)


_EVERYTHING = Screen(np.zeros(len(SCREEN), np.float32), 1.0)


def _look_through_screen(batch: _Batch, seed: int) -> tuple[Candidates, Floats]:
    these = batch.shown(seed)
    return these, screen_rows(batch.ground, these)


def _first_look(batch: _Batch, seed: int) -> tuple[Candidates, Floats]:
    these = batch.shown(seed)
    return these, first_rows(batch.ground, these)


def _second_look(batch: _Batch, first: Network, joins: Joins) -> tuple[Candidates, Floats]:
    these, rows, odds = screened(batch.ground, batch.these, first, SEEN_FROM)
    if not len(these):
        return these, np.zeros((0, len(COLUMNS)), np.float32)
    return these, second_rows(batch.ground, these, rows, odds, joins)


def _screen(table: _Table) -> Screen:
    """A linear screen that lets all but `SCREENED_OUT` of the words put in pass."""
    row = table.rows.astype(np.float64)
    scale = np.maximum(row.std(axis=0), 1e-3)
    with threadpool_limits(1):  # sums in one order, the same bytes each time
        weights = LogisticRegression(max_iter=1000).fit(row / scale, table.target).coef_[0] / scale
    bias = -float(np.quantile(row[table.target] @ weights, SCREENED_OUT))
    return Screen(weights.astype(np.float32), bias)


def _networks(
    table: _Table, seed: int, copies: int, hidden: Sequence[Sequence[int]] = ((),)
) -> tuple[Network, list[Network]]:
    """A network that has learnt from the whole table, and for each fold one that has not seen it."""
    tables = (table, *(table.where(table.fold != fold) for fold in range(FOLDS)))
    whole, *apart = _side_by_side(
        len(table.rows),
        (
            delayed(train_network)(t.rows, t.target, np.ones(len(t.rows), np.float32), seed, copies, hidden)
            for t in tables
        ),
    )
    return whole, apart


@dataclass(frozen=True)
class _Articles:
    """The articles that measure what a cut would lose.

    Attributes:
        first: their first number; those of other documents are lower.
        ours: which of them we wrote ourselves, to look like noise; shape (articles,).
        words: of the others, each line once.
    """

    first: int
    ours: NDArray[np.bool_]
    words: int

    @classmethod
    def of(cls, judged: Judged) -> _Articles:
        """Those of `judged`."""
        articles = [document for _, document in judged.measured]
        ours = np.array([article.source == "own" for article in articles], np.bool_)
        lines = list({line: None for a in articles if a.source != "own" for line in a.text.split("\n")})
        return cls(len(judged.taught), ours, len(tokenize(lines)) - len(lines))


def _cuts(
    table: _Table, odds: Floats, articles: _Articles, budgets: Sequence[float]
) -> dict[float, tuple[float, ...]]:
    """For each budget and kind the lowest cut with which the articles lose at most the kind's share.

    As in `train_cuts`, one more loss than was seen is allowed for, and of our own articles a share may be touched. What
    stands in several articles (in one, in its first paragraphs, in the bulletins that it is part of) counts once, where
    it is most like noise: else one sentence can set a cut alone. Short texts alone hold too few candidates to choose a
    cut by; theirs are those of all texts, or higher.

    Args:
        table: the best candidate of each sentence.
        odds: its log odds by a network that has not seen its fold.
        articles: what measures.
        budgets: clean words lost per 10,000.
    """
    half = len(KINDS) // 2
    kind, measures = kinds(table.rows) % half, table.document >= articles.first
    ours = measures.copy()
    ours[measures] = articles.ours[table.document[measures] - articles.first]
    cuts: dict[float, tuple[float, ...]] = {}
    for budget in budgets:
        share = spendable(budget) * SPENT / half
        row = []
        for number in range(half):
            news, own = ((chosen & (kind == number)).nonzero()[0] for chosen in (measures & ~ours, ours))
            losing = _cut(odds[news], table.key[news], table.words[news], share * articles.words / 1e4 - LONGEST)
            touching = _cut(odds[own], table.document[own], np.ones(len(own)), share * TOUCHED * articles.ours.sum())
            row.append(max(losing, touching, LOWEST_CUT))
        cuts[budget] = (*row, *(cut + SURER for cut in row))
    return cuts


def _cut(odds: Floats, key: NDArray[Any], price: NDArray[Any], allowed: float) -> float:
    """The lowest cut above which the prices come to no more than is allowed; rows of one key count once."""
    order = np.argsort(-odds, kind="stable")
    order = order[np.sort(np.unique(key[order], return_index=True)[1])]
    spent = int(np.searchsorted(np.cumsum(price[order]), allowed, "right"))
    return float(odds[order[spent]]) + 1e-3 if spent < len(order) else -np.inf
