"""Trains the linear text model on hashed n-grams: the same slots that inference adds up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from cleaner.ngrams import TABLE_BITS, Floats, NGrams


def ngram_matrix(kinds: Iterable[NGrams], count: int, bits: int = TABLE_BITS) -> sparse.csr_matrix:
    """For each of `count` units and each slot its n-grams there, over the root of all its n-grams of that kind; shape
    (count, 2**bits)."""
    matrix = sparse.csr_matrix((count, 1 << bits), dtype=np.float32)
    for grams in kinds:
        size = np.maximum(grams.end - grams.start, 0)
        row_end = np.cumsum(size)
        places = np.arange(int(size.sum())) - np.repeat(row_end - size - grams.start, size)
        share = np.repeat(1 / np.sqrt(np.maximum(size, 1)), size).astype(np.float32)
        part = sparse.csr_matrix(
            (share, grams.slot[places] >> (TABLE_BITS - bits), np.concatenate(([0], row_end))), shape=matrix.shape
        )
        part.sum_duplicates()
        matrix = matrix + part
    return matrix


def train_table(matrix: sparse.csr_matrix, target: NDArray[np.integer[Any]], weight: Floats, seed: int = 0) -> Floats:
    """Weights by slot of a logistic regression; shape (2**bits,), or (2**bits, classes) for more than two classes."""
    model = SGDClassifier(loss="log_loss", alpha=3e-6, max_iter=8, tol=None, average=True, random_state=seed)
    model.fit(matrix, target, sample_weight=weight)
    table = model.coef_.astype(np.float32)
    return table[0] if len(table) == 1 else np.ascontiguousarray(table.T)
