"""Learns the `Lexicon` from clean articles: counts, word pairs, and word vectors by truncated SVD."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from threadpoolctl import threadpool_limits

from cleaner.lexicon import PAIR_SLOTS, UNKNOWN_CLASSES, Lexicon, pair_slots
from cleaner.tokens import FIRST_UPPER, SPACE, STOP, Tokens, tokenize, word_keys

WINDOW = 5
"""Words on each side that count as context (the usual choice for PPMI vectors; Levy, Goldberg & Dagan 2015)."""
SHIFT = 0.75
"""Context distribution smoothing of the same paper."""
CHUNK = 400
CLASSED_ALONE = 600
"""The most frequent words have a class each."""
SHARED_CLASSES = 200
NEIGHBOURS = 2000
"""Frequent words whose place before and behind a word tells its class (distributional classes; Schuetze 1995)."""


def learn_lexicon(texts: Sequence[str], size: int = 30_000, dimensions: int = 32, seed: int = 0) -> Lexicon:
    """Learn a lexicon.

    Args:
        texts: clean articles.
        size: how many words to keep, the most frequent ones.
        dimensions: length of the word vectors.
        seed: for the randomised SVD.
    """
    counts = Counter[str]()
    for text in texts:
        counts.update(re.findall(r"[^\W_]+", text.lower()))
    frequent = sorted(((w, n) for w, n in counts.items() if n > 1), key=lambda wn: (-wn[1], wn[0]))[:size]
    words = [word for word, _ in frequent]
    keys = word_keys(words)
    order = np.argsort(keys)
    key = keys[order]
    total = max(1, sum(counts.values()))
    frequency = np.log2(1 + np.array([frequent[i][1] for i in order]) * 1e6 / total)
    function = np.array([words[i] in _FUNCTION for i in order])
    blank = _empty(key)
    use = np.zeros((4, len(key) + 1))
    near = sparse.csr_matrix((len(key) + 1, len(key) + 1), dtype=np.float32)
    follows = sparse.csr_matrix((len(key) + 1, len(key) + 1), dtype=np.float32)
    pair_counts: list[tuple[NDArray[np.uint64], NDArray[np.uint64]]] = []
    for at in range(0, len(texts), CHUNK):
        tokens = tokenize(texts[at : at + CHUNK])
        rows = blank.find(tokens.key)
        use += _uses(tokens, rows, len(key) + 1)
        near = near + _contexts(tokens, rows, len(key) + 1)
        follows = follows + _followers(tokens, rows, len(key) + 1)
        pair_counts.append(_pairs(tokens))
    starts, inside, lower, _ = use + 0.5
    starter = np.clip(np.log(starts / inside), -6, 6)
    namelike = np.clip(np.log(inside / lower), -6, 6)
    starter[0] = namelike[0] = 0.0
    prints, strength = _pair_table(pair_counts)
    known = Lexicon(
        key, np.concatenate(([0.0], frequency)).astype(np.float32), starter.astype(np.float32),
        namelike.astype(np.float32),
        np.concatenate(([False], function)), _vectors(_positive(near), dimensions, seed),
        _word_classes(follows, frequency, seed), _no_pairs(), prints, strength,
    )  # fmt: skip
    return replace(known, class_pair=_class_pairs(texts, known))


def _empty(key: NDArray[np.uint64]) -> Lexicon:
    """A lexicon that knows the words, but nothing of them."""
    column, size = np.zeros(len(key) + 1, np.float32), PAIR_SLOTS
    flags, vectors = np.zeros(len(key) + 1, np.bool_), np.zeros((len(key) + 1, 1), np.float32)
    classes = np.zeros(len(key) + 1, np.uint16)
    return Lexicon(
        key, column, column, column, flags, vectors, classes, _no_pairs(), np.zeros(size, np.uint16),
        np.zeros(size, np.int8),
    )  # fmt: skip


def _no_pairs() -> NDArray[np.int8]:
    return np.zeros((UNKNOWN_CLASSES, UNKNOWN_CLASSES), np.int8)


_FUNCTION = ENGLISH_STOP_WORDS - {
    "bill", "computer", "cry", "fire", "mill", "mine", "system", "sincere", "thick", "thin", "detail", "describe",
    "find", "full",
    "interest", "amount", "bottom", "top", "front", "side", "show", "serious", "name", "move", "part", "fill",
    "found", "call",
} | {"said", "says", "s", "t", "don", "didn", "isn", "wasn", "ll", "ve", "re", "just", "like"}  # fmt: skip


def _uses(tokens: Tokens, rows: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """Counts by row: capital at the start of a sentence, capital inside one, lower case inside one, all."""
    gap = tokens.gap
    opens = ((gap & STOP) != 0) | (tokens.lines > 0)
    upper = (tokens.shape & FIRST_UPPER) != 0
    parts = (opens & upper, ~opens & upper, ~opens & ~upper, np.ones(len(rows), np.bool_))
    return np.array([np.bincount(rows[part], minlength=size) for part in parts], np.float64)


def _contexts(tokens: Tokens, rows: NDArray[np.int64], size: int) -> sparse.csr_matrix:
    """How often two known words stand within `WINDOW` words of each other, nearer ones counting more."""
    near = sparse.csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        left, right = rows[:-distance], rows[distance:]
        both = (left > 0) & (right > 0) & (tokens.document[:-distance] == tokens.document[distance:])
        weight = np.full(int(both.sum()), 1 / distance, np.float32)
        near = near + sparse.csr_matrix((weight, (left[both], right[both])), shape=(size, size))
    return near + near.T


def _followers(tokens: Tokens, rows: NDArray[np.int64], size: int) -> sparse.csr_matrix:
    """How often each word follows each other one in running text."""
    both = _running(tokens) & (rows[:-1] > 0) & (rows[1:] > 0)
    return sparse.csr_matrix((np.ones(int(both.sum()), np.float32), (rows[:-1][both], rows[1:][both])), (size, size))


def _running(tokens: Tokens) -> NDArray[np.bool_]:
    """Which words are followed by another one with nothing but blanks between them."""
    plain = ((tokens.gap[1:] & ~np.uint16(SPACE)) == 0) & (tokens.lines[1:] == 0)
    return np.asarray(plain & ~(tokens.border[:-1] | tokens.border[1:]))


def _positive(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information of rows and columns."""
    counts = counts.tocoo()
    row_sum, column_sum = (np.asarray(counts.sum(axis=axis)).ravel() for axis in (1, 0))
    column = column_sum**SHIFT
    value = np.log(counts.data * column.sum() / (row_sum[counts.row] * column[counts.col] + 1e-9) + 1e-9)
    positive = value > 0
    return sparse.csr_matrix((value[positive], (counts.row[positive], counts.col[positive])), shape=counts.shape)


def _vectors(table: sparse.csr_matrix, dimensions: int, seed: int) -> NDArray[np.float32]:
    """Unit vectors by truncated SVD."""
    dimensions = min(dimensions, min(table.shape) - 1)
    vectors = TruncatedSVD(dimensions, algorithm="randomized", n_iter=4, random_state=seed).fit_transform(table)
    vectors /= np.sqrt(np.maximum(vectors.std(axis=0), 1e-9))  # half of the singular values' weight
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 1e-6).astype(
        np.float32
    )
    return unit


def _word_classes(follows: sparse.csr_matrix, frequency: NDArray[np.float64], seed: int) -> NDArray[np.uint16]:
    """A class for each word of the lexicon, from the frequent words that stand before and behind it."""
    order = np.argsort(-frequency, kind="stable") + 1
    frequent = order[:NEIGHBOURS]
    beside = sparse.hstack([_positive(follows[:, frequent]), _positive(follows.T.tocsr()[:, frequent])]).tocsr()
    vectors = _vectors(beside, 40, seed)
    shared = min(SHARED_CLASSES, len(order))
    with threadpool_limits(1):
        groups = MiniBatchKMeans(shared, random_state=seed, n_init=3, batch_size=4096).fit(vectors[1:]).labels_
    classes = np.concatenate(([0], UNKNOWN_CLASSES + groups)).astype(np.uint16)
    alone = order[:CLASSED_ALONE]
    classes[alone] = UNKNOWN_CLASSES + shared + np.arange(len(alone))
    return classes


def _class_pairs(texts: Sequence[str], lexicon: Lexicon) -> NDArray[np.int8]:
    """How much more often than by chance a word of one class follows one of another: log2 of (seen + 1) / (expected +
    1), times 8."""
    count = int(lexicon.word_class.max()) + 1
    seen = np.zeros((count, count))
    for at in range(0, len(texts), CHUNK):
        tokens = tokenize(texts[at : at + CHUNK])
        classes = lexicon.classes(tokens, lexicon.find(tokens.key))
        both = _running(tokens)
        seen += np.bincount(classes[:-1][both] * count + classes[1:][both], minlength=count * count).reshape(seen.shape)
    expected = seen.sum(axis=1, keepdims=True) * seen.sum(axis=0, keepdims=True) / max(seen.sum(), 1)
    bits = np.log2((seen + 1) / (expected + 1))
    return np.asarray(np.clip(np.rint(bits * 8), -127, 127), np.int8)


def _pairs(tokens: Tokens) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    inner = ~(tokens.border[:-1] | tokens.border[1:])
    return tokens.key[:-1][inner], tokens.key[1:][inner]


def _pair_table(
    found: Sequence[tuple[NDArray[np.uint64], NDArray[np.uint64]]],
) -> tuple[NDArray[np.uint16], NDArray[np.int8]]:
    """The table of pairs seen at least twice; of two pairs in one slot the more frequent one stays."""
    left, right = (np.concatenate([pair[side] for pair in found]) for side in (0, 1))
    words, number = np.unique(np.concatenate((left, right)), return_inverse=True)
    left_number, right_number = number[: len(left)], number[len(left) :]
    joint, times = np.unique(left_number.astype(np.int64) * len(words) + right_number, return_counts=True)
    keep = times > 1
    joint, times = joint[keep], times[keep]
    a, b = joint // len(words), joint % len(words)
    total = len(left)
    counts_a, counts_b = np.bincount(left_number, minlength=len(words)), np.bincount(right_number, minlength=len(words))
    information = np.log2(times * total / (counts_a[a] * counts_b[b]))
    prints, strength = np.zeros(PAIR_SLOTS, np.uint16), np.zeros(PAIR_SLOTS, np.int8)
    order = np.argsort(times, kind="stable")  # later, more frequent pairs overwrite earlier ones
    slot, mark = pair_slots(words[a[order]], words[b[order]])
    prints[slot] = mark
    strength[slot] = np.clip(np.rint(information[order] * 8), -127, 127).astype(np.int8)
    return prints, strength
