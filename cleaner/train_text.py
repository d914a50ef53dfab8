"""Trains the linear text model on hashed n-grams: the same slots that inference adds up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from cleaner.features import TABLE_BITS, Floats, ngrams
from cleaner.tokens import Tokens
from cleaner.units import Units


def ngram_matrix(tokens: Tokens, units: Units, bits: int = TABLE_BITS) -> sparse.csr_matrix:
    """For each unit and slot its n-grams there, over the root of all its n-grams of that kind; shape (k, 2**bits)."""
    matrix = sparse.csr_matrix((len(units), 1 << bits), dtype=np.float32)
    for grams in ngrams(tokens, units):
        count = np.maximum(grams.end - grams.start, 0)
        row_end = np.cumsum(count)
        places = np.arange(int(count.sum())) - np.repeat(row_end - count - grams.start, count)
        share = np.repeat(1 / np.sqrt(np.maximum(count, 1)), count).astype(np.float32)
        part = sparse.csr_matrix(
            (share, grams.slot[places] >> (TABLE_BITS - bits), np.concatenate(([0], row_end))), shape=matrix.shape
        )
        part.sum_duplicates()
        matrix = matrix + part
    return matrix


def train_table(matrix: sparse.csr_matrix, target: NDArray[np.integer[Any]], weight: Floats, seed: int = 0) -> Floats:
    """Weights by slot of a logistic regression; shape (2**bits,), or (2**bits, classes) for more than two classes."""
    model = SGDClassifier(loss="log_loss", alpha=3e-5, max_iter=8, tol=None, average=True, random_state=seed)
    model.fit(matrix, target, sample_weight=weight)
    table = model.coef_.astype(np.float32)
    return table[0] if len(table) == 1 else np.ascontiguousarray(table.T)
