"""Trains the network that tells whether a text reads on: clean articles are all it needs.

What follows in the text is right; what follows after one to eight words are taken out, or stands anywhere else, is
wrong.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from cleaner.candidates import LONGEST
from cleaner.joins import Joins, places_around, width
from cleaner.lexicon import Lexicon
from cleaner.tokens import Ints, tokenize

HIDDEN = 128
RATES = (2e-3, 2e-3, 4e-4)
"""Learning rate of each pass; each draws other wrong examples."""
BATCH = 4096
CHUNK = 400
ELSEWHERE = 0.5
"""Wrong examples from anywhere for each right one; those from a little further on are as many as the right ones."""


def train_joins(texts: Sequence[str], lexicon: Lexicon, seed: int) -> Joins:
    """Learn from clean texts how words follow each other.

    Args:
        texts: clean articles.
        lexicon: knows the classes of their words.
        seed: of the random start and of the wrong examples.
    """
    rng = np.random.default_rng(seed)
    model = MLPClassifier((HIDDEN,), alpha=1e-6, max_iter=1, random_state=seed, warm_start=True)
    with threadpool_limits(1), warnings.catch_warnings():  # one thread: sums in one order, the same bytes each time
        warnings.simplefilter("ignore", ConvergenceWarning)  # one pass at a time is meant
        for rate in RATES:
            places, follows = _examples(texts, lexicon, rng)
            model.set_params(learning_rate_init=rate, batch_size=min(BATCH, len(follows)))
            model.fit(_one_hot(places, width(len(lexicon.class_pair))), follows)
    inner = model.coefs_[0].astype(np.float32)
    scale = np.maximum(np.abs(inner).max(axis=0), 1e-6) / 127
    return Joins(
        np.clip(np.rint(inner / scale), -127, 127).astype(np.int8),
        scale.astype(np.float32),
        model.intercepts_[0].astype(np.float32),
        model.coefs_[1][:, 0].astype(np.float32),
        float(np.float32(model.intercepts_[1][0])),
    )


def _examples(
    texts: Sequence[str], lexicon: Lexicon, rng: np.random.Generator
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Places of right and wrong neighbours, and which are right."""
    parts, follows = [], []
    for at in range(0, len(texts), CHUNK):
        tokens = tokenize(texts[at : at + CHUNK])
        classes = lexicon.classes(tokens, lexicon.find(tokens.key))
        border, document = tokens.border, tokens.document
        right = np.flatnonzero(~border[:-1] & ~border[1:]) + 1
        further = np.minimum(right + rng.integers(1, LONGEST + 1, len(right)), len(tokens) - 1)
        within = (document[further] == document[right]) & ~border[further]
        elsewhere = rng.permutation(right)
        some = rng.random(len(right)) < ELSEWHERE
        for left, behind, is_right in (
            (right - 1, right, True),
            (right[within] - 1, further[within], False),
            (right[some] - 1, elsewhere[some], False),
        ):
            places = places_around(tokens, classes, left, behind, len(lexicon.class_pair))
            parts.append(places.astype(np.int32))
            follows.append(np.full(len(left), is_right))
    return np.concatenate(parts), np.concatenate(follows)


def _one_hot(places: Ints | NDArray[np.int32], columns: int) -> sparse.csr_matrix:
    count, each = places.shape
    ones, ends = np.ones(count * each, np.float32), np.arange(0, count * each + 1, each)
    return sparse.csr_matrix((ones, places.ravel(), ends), shape=(count, columns))
