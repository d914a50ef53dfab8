"""Trains a side of the noise model: text scores, strange words, and the networks that judge units; for each fold, too,
one that has not seen it, since what comes later must learn how far verdicts on unseen words can be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from joblib import Parallel, delayed

from cleaner.features import COLUMNS, OF_MEANING, SENSE, STRANGE
from cleaner.lexicon import Lexicon
from cleaner.model import SEEN_FIRST, SENTENCE, Side
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.train_focus import focused
from cleaner.train_mean import mean_side
from cleaner.train_network import COPIES, train_network
from cleaner.train_strange import learn_strange
from cleaner.train_units import CLEAN, MANY, NOISE, OFF_TOPIC, Dealt, UnitTable, learn_tables, unit_table
from cleaner.verdicts import verdicts
from cleaner.vocabulary import FOLDS
from cleaner.voice import VOICE

_SENSE, _MEANING, _STRANGE = ([COLUMNS.index(name) for name in names] for names in (SENSE, OF_MEANING, STRANGE))
VIEWS = (_SENSE, _MEANING)
"""Columns that networks do not see which see the words of a unit with other eyes."""
HIDDEN_ON_PAGES = VOICE
"""Columns that the page side does not see: what speaks to its reader may be a shopping guide or a manual there."""
APART = 100
"""How far the seeds of two runs are apart; each run draws with a few that follow its own."""


def article_side(
    documents: Dealt, measured: Dealt, more: Iterable[Dealt], lexicon: Lexicon, seed: int, runs: int
) -> TrainedSide:
    """The side for articles: the mean of so many runs, which together have as many networks as one alone would have.

    What the mean says is what it says of the documents of the first run; cuts and all that is learnt later see these.

    Args:
        documents: of the first run.
        measured: as for `unit_table`.
        more: the documents of the other runs.
        lexicon: of the model.
        seed: of the first run.
        runs: how many there are.
    """
    copies = max(COPIES // runs, 1)
    trained = _side(documents, lexicon, seed, measured, focused, copies=copies)
    if runs == 1:
        return trained
    sides, apart = [trained.side], [trained.apart]
    del trained  # its evidence takes gigabytes
    for run, others in enumerate(more, 1):
        another = _side(others, lexicon, seed + APART * run, focus=focused, copies=copies)
        sides.append(another.side)
        apart.append(another.apart)
        del another
    unseen = [mean_side(of_fold) for of_fold in zip(*apart, strict=True)]
    tables, strangers = [side.tables for side in unseen], [side.strange for side in unseen]
    units = unit_table(documents, lexicon, tables, measured, strangers)
    odds = _mean(*(_unseen_odds([getattr(side, name) for side in unseen], units) for name in ("first", "sense")))
    units = replace(units, rows=np.column_stack((units.rows, verdicts(units.layout, odds))))
    odds = _mean(odds, _unseen_odds([side.second for side in unseen], units))
    return TrainedSide(mean_side(sides), units, odds, unseen)


def page_side(pages: Dealt, lexicon: Lexicon, seed: int) -> TrainedSide:
    """The side for whole pages."""
    return _side(pages, lexicon, seed, hidden=HIDDEN_ON_PAGES)


def topic_networks(units: UnitTable, seed: int) -> Learnt:
    """What tells sentences of another story."""
    return _learnt(_topical(units, seed), _topic_network, seed)


@dataclass(frozen=True)
class TrainedSide:
    """One side of the model; its units with evidence and verdicts; what sides say that have not seen their fold; these
    sides, one for each fold."""

    side: Side
    units: UnitTable
    odds: Floats
    apart: list[Side]


def _side(
    documents: Dealt,
    lexicon: Lexicon,
    seed: int,
    measured: Dealt = (),
    focus: Callable[[UnitTable, Floats], Floats] | None = None,
    hidden: Sequence[str] = (),
    copies: int = COPIES,
) -> TrainedSide:
    """Train one side.

    Args:
        documents: to learn from.
        lexicon: of the model.
        seed: of everything that is drawn.
        measured: as for `unit_table`.
        focus: gives the weights with which the networks learn, from what networks say that were trained before and have
            not seen the fold; without it nothing is trained before, and no word is strange to its document: what a
            whole page speaks of is not one thing.
        hidden: columns that the networks do not see.
        copies: networks of one sight that are averaged.
    """
    tables, unseen = learn_tables(documents, lexicon, seed)
    strange, *strangers = learn_strange(documents, lexicon, seed) if focus else [None] * (FOLDS + 1)
    units = unit_table(documents, lexicon, unseen, measured, strangers)
    units.rows[:, [COLUMNS.index(name) for name in hidden]] = 0
    weight = focus(units, _learnt(_half(units), _first_network, seed).odds(units)) if focus else units.weight
    seen = replace(units, weight=weight)
    first, sense = (_learnt(seen, learn, seed, copies) for learn in (_first_network, _sense_network))
    del seen
    odds = _mean(first.odds(units), sense.odds(units))
    units = replace(units, rows=np.column_stack((units.rows, verdicts(units.layout, odds))))
    second = _learnt(replace(units, weight=weight), _second_network, seed, copies)
    networks = (first.apart, sense.apart, second.apart)
    apart = [Side(*parts) for parts in zip(unseen, *networks, strangers, strict=True)]
    side = Side(tables, first.whole, sense.whole, second.whole, strange)
    return TrainedSide(side, units, _mean(odds, second.odds(units)), apart)


def _half(units: UnitTable) -> UnitTable:
    """The same, but nothing is learnt from every other document: enough to tell which units are hard."""
    return replace(units, weight=units.weight * (units.document % 2 == 0))


def _mean(one: Floats, other: Floats) -> Floats:
    return np.asarray((one + other) / 2, np.float32)


Learn = Callable[[UnitTable, int, int], Network]
"""Makes a network of units, from a random start, as the mean of some copies."""


@dataclass(frozen=True)
class Learnt:
    """A network that has learnt from all units, and one for each fold that has learnt from the others: as many copies,
    since fewer are surer of themselves."""

    whole: Network
    apart: list[Network]

    def odds(self, units: UnitTable) -> Floats:
        """Log odds of each unit by the network that has not seen its fold."""
        return _unseen_odds(self.apart, units)


def _unseen_odds(networks: Sequence[Network], units: UnitTable) -> Floats:
    """Log odds of each unit by the one of the networks, one for each fold, that has not seen its fold."""
    odds = np.zeros(len(units.rows), np.float32)
    for fold, network in zip(np.unique(units.fold), networks, strict=True):
        inside = units.fold == fold
        odds[inside] = network.log_odds(units.rows[inside][:, : len(network.mean)])
    return odds


def _learnt(units: UnitTable, learn: Learn, seed: int, copies: int = COPIES) -> Learnt:
    """Networks that have learnt from all units, and without each fold; large ones at the same time."""
    taught = units.where(units.weight > 0)
    jobs = -1 if len(taught.rows) > MANY else 1
    tables = chain((taught.where(taught.fold != fold) for fold in np.unique(units.fold)), [taught])
    # No more tables are made than are learnt from, as each may take a gigabyte.
    *apart, whole = Parallel(jobs, pre_dispatch="n_jobs")(delayed(learn)(table, seed, copies) for table in tables)
    return Learnt(whole, apart)


def _first_network(units: UnitTable, seed: int, copies: int = COPIES) -> Network:
    return _noise_network(replace(units, rows=units.rows[:, :SEEN_FIRST]), seed, copies)


def _sense_network(units: UnitTable, seed: int, copies: int = COPIES) -> Network:
    return _noise_network(units, seed, copies, (_MEANING,))


def _second_network(units: UnitTable, seed: int, copies: int = COPIES) -> Network:
    return _noise_network(units, seed, copies, VIEWS)


def _noise_network(units: UnitTable, seed: int, copies: int, hidden: Sequence[Sequence[int]] = ((),)) -> Network:
    chosen = np.flatnonzero(((units.target == NOISE) | (units.target == CLEAN)) & (units.weight > 0))
    return train_network(units.rows[chosen], units.target[chosen] == NOISE, units.weight[chosen], seed, copies, hidden)


TOPIC_SHOWN = 0.4
"""Share of the clean sentences that the networks see which tell those of another story."""


def _topical(units: UnitTable, seed: int) -> UnitTable:
    """The same, but all that is learnt from are sentences of another story, and some clean ones."""
    shown = (units.target == CLEAN) & (np.random.default_rng(seed).random(len(units.target)) < TOPIC_SHOWN)
    return replace(units, weight=units.weight * ((units.words >= SENTENCE) & ((units.target == OFF_TOPIC) | shown)))


def _topic_network(units: UnitTable, seed: int, copies: int = COPIES) -> Network:
    chosen = np.flatnonzero(units.weight > 0)
    # When a text is cleaned, most units that this network is asked about have no values in `STRANGE`.
    hidden = [[*view, *_STRANGE] for view in VIEWS]
    target, weight = units.target[chosen] == OFF_TOPIC, np.ones(len(chosen), np.float32)
    return train_network(units.rows[chosen], target, weight, seed, copies, hidden)
