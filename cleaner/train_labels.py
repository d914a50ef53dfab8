"""Trains which label a piece of noise has (`cleaner.labeller`)."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from cleaner.labeller import BITS, Labeller, label_evidence
from cleaner.lexicon import Lexicon
from cleaner.policy import labels
from cleaner.train_text import ngram_matrix, train_table
from cleaner.train_units import NOISE, Dealt, target_of

BATCH = 2000
BALANCE = 0.5
"""A label counts by the root of its pieces: pages at hand are full of site furniture, and the next one may be full of
paywalls."""


def train_labels(dealt: Dealt, lexicon: Lexicon, seed: int) -> Labeller:
    """Learn from the noise of documents."""
    pieces = [(s.label, d.text[s.start : s.end]) for _, d in dealt for s in d.spans if target_of(s.label) == NOISE]
    names = tuple(name for name in labels() if any(label == name for label, _ in pieces))
    target = np.array([names.index(label) for label, _ in pieces])
    parts = []
    for at in range(0, len(pieces), BATCH):
        grams, look = label_evidence([text for _, text in pieces[at : at + BATCH]], lexicon)
        parts.append(sparse.hstack((ngram_matrix(grams, len(look), BITS), sparse.csr_matrix(look))))
    weight = np.bincount(target)[target] ** -BALANCE
    table = train_table(sparse.vstack(parts).tocsr(), target, (weight / weight.max()).astype(np.float32), seed)
    words, look = np.split(table, [1 << BITS])
    largest = max(float(np.abs(words).max()), 1e-6)
    return Labeller.of(names, words / largest, look / largest)
