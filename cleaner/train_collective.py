"""Trains what judges again once it is known what goes (`cleaner.collective`), and chooses its cuts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from cleaner.beside import margins
from cleaner.candidates import Ground
from cleaner.collective import COLUMNS, Collective, Doubtful, Going
from cleaner.dataset import Document
from cleaner.features import evidence
from cleaner.guards import guarded
from cleaner.hosts import TRUSTED
from cleaner.inserts import InsertModel
from cleaner.lexicon import Lexicon
from cleaner.model import Scores, Side, interpolated
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.rules import rule_matches
from cleaner.strata import strata
from cleaner.tokens import tokenize
from cleaner.train_focus import DOUBTED
from cleaner.train_inserts import MANY, Judged
from cleaner.train_network import train_network
from cleaner.train_units import BATCH, CLEAN, NOISE, document_weight, word_targets
from cleaner.units import segment
from cleaner.vocabulary import FOLDS

BUDGET = 2.0
"""The budget for which it is decided what goes, before the rest is judged again."""
WRONG, MOST_WRONG = (0.14, 0.09), 0.3
"""Share of the words that may be true ones of what goes then, of units and inside of them, for a budget of 2; it grows
with the root of the budget, up to the last of these."""
FEWEST = 50
"""So many stretches at least must go then, or none does."""
COPIES = 4
"""Networks that are averaged."""

Cuts = Mapping[float, tuple[float, ...]]


@dataclass(frozen=True)
class _Table:
    """Stretches of words that are judged again, row by row; shape (k,) each but `rows`.

    Attributes:
        rows: what the network sees; shape (k, len(COLUMNS)).
        noise, clean: words of each that are noise, and that are text.
        weight: how much its document counts.
        fold: of its document.
        trusted: whether that was made from an article of a source of `TRUSTED`.
    """

    rows: Floats
    noise: Floats
    clean: Floats
    weight: Floats
    fold: NDArray[np.int8]
    trusted: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_]) -> _Table:
        """The chosen rows."""
        return _Table(*(getattr(self, part.name)[chosen] for part in fields(self)))


def train_collective(
    judged: Judged, inserts: Sequence[InsertModel], lexicon: Lexicon, cuts: Cuts, beside: Cuts, seed: int
) -> Collective:
    """Learn from what other networks say of documents that they have not seen.

    Args:
        judged: the documents and what judges their units.
        inserts: what judges words inside of them, for each fold.
        lexicon: of the model.
        cuts, beside: of units, and of those of documents that hold noise beyond doubt.
        seed: of everything that is drawn.
    """
    dealt = (*judged.taught, *judged.measured)
    of_fold = [[document for fold, document in dealt if fold == at] for at in range(FOLDS)]
    jobs = -1 if len(dealt) > MANY else 1
    units, inside = zip(
        *Parallel(jobs)(
            delayed(_tables)(fold, of_fold[fold], judged.sides[fold], inserts[fold], lexicon, (cuts, beside))
            for fold in range(FOLDS)
        ),
        strict=True,
    )
    (of_units, unit_cuts), (of_inserts, insert_cuts) = (
        _learnt(_joined(parts), tuple(cuts), wrong, seed) for parts, wrong in zip((units, inside), WRONG, strict=True)
    )
    return Collective(of_units, of_inserts, dict(zip(cuts, zip(unit_cuts, insert_cuts, strict=True), strict=True)))


def _tables(
    fold: int,
    documents: Sequence[Document],
    side: Side,
    inserts: InsertModel,
    lexicon: Lexicon,
    unit_cuts: tuple[Cuts, Cuts],
) -> tuple[_Table, _Table]:
    """What is judged again of the documents of one fold: units, and words inside of them."""
    first, beside, of_inserts = (interpolated(c, BUDGET) for c in (*unit_cuts, inserts.cuts))
    parts: tuple[list[_Table], list[_Table]] = [], []
    for at in range(0, len(documents), BATCH):
        some = documents[at : at + BATCH]
        texts = [document.text for document in some]
        tokens = tokenize(texts)
        units = segment(tokens, lexicon)
        if not len(units):
            continue
        found = evidence(tokens, units, lexicon)
        ground = Ground(found, side.tables, side.strange, *side.log_odds(found))
        certain = [unit for unit, _, _ in rule_matches(texts, tokens, units)]
        margin = margins(units.document, strata(ground.rows), ground.odds, first, beside, len(some))
        scores = Scores(margin, np.full(len(units), -np.inf, np.float32))
        scores, found_inside = guarded(tokens, units, scores, inserts.find(ground, of_inserts), lexicon, certain)
        going = Going.of(ground, scores.with_certain(certain), found_inside)
        if going is None:
            continue
        words = word_targets(some, tokens)
        trusted = np.array([d.source in TRUSTED for d in some])
        weight = np.array([document_weight(d) for d in some], np.float32)
        for part, (_, these) in zip(parts, (going.units(), going.inside()), strict=True):
            if len(these.first):
                document = tokens.document[these.first]
                part.append(_table(fold, going, these, words, weight[document], trusted[document]))
    units_of, inside = map(_joined, parts)
    return units_of, inside


def _table(
    fold: int, going: Going, these: Doubtful, words: NDArray[np.int8], weight: Floats, trusted: NDArray[np.bool_]
) -> _Table:
    noise, clean = (
        (running[these.last] - running[these.first]).astype(np.float32)
        for running in (np.concatenate(([0], np.cumsum(words == target))) for target in (NOISE, CLEAN))
    )
    return _Table(going.rows(these), noise, clean, weight, np.full(len(noise), fold, np.int8), trusted)


def _joined(tables: Sequence[_Table]) -> _Table:
    no_words = np.zeros(0, np.float32)
    nothing = _Table(
        np.zeros((0, len(COLUMNS)), np.float32), no_words, no_words, no_words, np.zeros(0, np.int8),
        np.zeros(0, np.bool_),
    )  # fmt: skip
    parts = (nothing, *tables)
    return _Table(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(_Table)))


def _learnt(table: _Table, budgets: Sequence[float], wrong: float, seed: int) -> tuple[Network, list[float]]:
    """A network that tells noise from text, and a cut for each budget, by what networks say that have not seen the
    fold.

    What networks take for noise and is said to be text teaches only where its article is of a trusted source: elsewhere
    it may be noise that nobody labelled, and it stands where other noise stands. (Where no text of other sources
    teaches, shopping guides and manuals lose twice as many lines; with all of it less is found.)
    """
    noisy = table.noise > table.clean
    doubted = ~noisy & ~table.trusted & (table.rows[:, COLUMNS.index("odds")] > DOUBTED)
    teaches = ~doubted & (table.noise + table.clean > 0)

    def network(chosen: NDArray[np.bool_]) -> Network:
        some = table.where(chosen & teaches)
        if len(np.unique(some.noise > some.clean)) < 2:
            return _NOTHING_LEARNT
        weight = some.weight * np.sqrt(some.noise + some.clean)
        return train_network(some.rows, some.noise > some.clean, weight / weight.mean(), seed, COPIES)

    odds = np.zeros(len(noisy), np.float32)
    for fold in range(FOLDS):
        unseen = table.fold == fold
        odds[unseen] = network(~unseen).log_odds(table.rows[unseen])
    shares = [min(wrong * math.sqrt(budget / BUDGET), MOST_WRONG) for budget in budgets]
    return network(np.ones(len(noisy), np.bool_)), [_cut(table, odds, share) for share in shares]


def _cut(table: _Table, odds: Floats, wrong: float) -> float:
    """The lowest cut above which at most a share of the words that are noise or text is text, in documents made from
    trusted articles."""
    at = table.trusted.nonzero()[0]
    at = at[np.argsort(-odds[at], kind="stable")]
    clean, noise = (np.cumsum(table.weight[at] * words[at]) for words in (table.clean, table.noise))
    good = np.flatnonzero(clean <= wrong * (noise + clean))
    return float(odds[at[good[-1]]]) - 1e-3 if len(good) and good[-1] + 1 >= FEWEST else NEVER


NEVER = 20.0
"""Log odds that no network says: nothing is judged again where nothing was learnt."""
_ZEROS, _ONE = np.zeros(len(COLUMNS), np.float32), np.zeros(1, np.float32)
_NOTHING_LEARNT = Network(_ZEROS, _ZEROS + 1, _ZEROS[:, None], _ONE, _ONE, -NEVER)
