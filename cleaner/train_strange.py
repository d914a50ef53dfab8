"""Learns which words are strange to their documents (`cleaner.strange`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from cleaner.features import evidence
from cleaner.lexicon import Lexicon
from cleaner.ngrams import Floats
from cleaner.strange import StrangeWords, Words
from cleaner.tokens import Ints, tokenize
from cleaner.train_network import rounded, train_network
from cleaner.train_units import CLEAN, MANY, NOISE, Dealt, batches, unit_targets
from cleaner.units import segment
from cleaner.vocabulary import FOLDS

PRIOR = 1.5
"""Times that each word is taken to stand in noise and in as many words of articles, beyond those that were counted."""
RATIOS = (-4.0, 6.0)
"""Bounds of the ratio of a word."""
SHOWN = 300_000
"""Words of noise, and as many of articles, from which the network learns."""


@dataclass(frozen=True)
class _Table:
    """The words of clean units and of noise, of all documents.

    `unit` says to which unit each word belongs; `noise`, `fold` and `key` are of the units. Units of the same words
    have the same key.
    """

    words: Words
    unit: Ints
    noise: NDArray[np.bool_]
    fold: NDArray[np.int8]
    key: NDArray[np.uint64]


def learn_strange(dealt: Dealt, lexicon: Lexicon, seed: int) -> list[StrangeWords]:
    """What judges words: learnt from all documents first, then for each fold from all others."""
    table = _table(dealt, lexicon)
    of_fold = (np.ones(len(table.fold), np.bool_), *(table.fold != fold for fold in range(FOLDS)))
    jobs = -1 if len(table.fold) > MANY else 1
    samples = (_sample(table, lexicon, taught, seed) for taught in of_fold)
    return list(Parallel(jobs, pre_dispatch="n_jobs")(delayed(_learn)(lexicon, *sample, seed) for sample in samples))


def _table(dealt: Dealt, lexicon: Lexicon) -> _Table:
    parts = list(_parts(dealt, lexicon))
    count = np.cumsum([0, *(len(part.key) for part in parts)])
    words = Words(*(np.concatenate([getattr(part.words, f.name) for part in parts]) for f in fields(Words)))
    unit = np.concatenate([part.unit + before for part, before in zip(parts, count[:-1], strict=True)])
    return _Table(words, unit, *(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(_Table)[2:]))


def _parts(dealt: Dealt, lexicon: Lexicon) -> Iterator[_Table]:
    for fold, _, documents in batches(dealt):
        tokens = tokenize([document.text for document in documents])
        units = segment(tokens, lexicon)
        target = unit_targets(documents, tokens, units)
        chosen = ((target == NOISE) | (target == CLEAN)).nonzero()[0]
        if not len(chosen):
            continue
        first, last = units.first[chosen], units.last[chosen]
        words = Words.of(evidence(tokens, units, lexicon), first, last)
        running = np.concatenate((np.zeros(1, np.uint64), tokens.key.cumsum()))
        yield _Table(
            _packed(words),
            np.repeat(np.arange(len(chosen), dtype=np.int32), last - first),
            target[chosen] == NOISE,
            np.full(len(chosen), fold, np.int8),
            running[last] - running[first],
        )


def _packed(words: Words) -> Words:
    """In few bytes, as there are millions of them."""
    return Words(
        words.row.astype(np.uint16), words.topic.astype(np.float16), words.sense.astype(np.float16), words.fresh
    )


def _sample(
    table: _Table, lexicon: Lexicon, taught: NDArray[np.bool_], seed: int
) -> tuple[Words, NDArray[np.bool_], Floats]:
    """Some words of the units that are learnt from, which of them are of noise, and the ratios of all words."""
    noise = _ratios(table, len(lexicon.frequency), taught)
    rng = np.random.default_rng(seed)
    chosen = []
    for is_noise in (True, False):
        places = (taught & (table.noise == is_noise))[table.unit].nonzero()[0]
        chosen.append(rng.choice(places, min(SHOWN, len(places)), replace=False))
    at = np.concatenate(chosen)
    return Words(*(getattr(table.words, f.name)[at] for f in fields(Words))), table.noise[table.unit[at]], noise


def _ratios(table: _Table, size: int, taught: NDArray[np.bool_]) -> Floats:
    """Of each row of the lexicon the logarithm of how much more often it stands in noise than in articles (naive Bayes,
    with a prior), where no other unit of the document has it. What stands in many documents counts once."""
    counts = []
    for is_noise in (True, False):
        units = (taught & (table.noise == is_noise)).nonzero()[0]
        once = np.zeros(len(table.key), np.bool_)
        once[units[np.unique(table.key[units], return_index=True)[1]]] = True
        counts.append(np.bincount(table.words.row[once[table.unit] & table.words.fresh], minlength=size))
    of_noise, clean = counts
    clean = clean * (of_noise.sum() / max(clean.sum(), 1))
    return rounded(np.clip(np.log((of_noise + PRIOR) / (clean + PRIOR)), *RATIOS).astype(np.float32))


def _learn(lexicon: Lexicon, words: Words, target: NDArray[np.bool_], noise: Floats, seed: int) -> StrangeWords:
    rows = words.evidence(lexicon, noise)
    return StrangeWords(noise, train_network(rows, target, np.ones(len(rows), np.float32), seed, copies=1))
