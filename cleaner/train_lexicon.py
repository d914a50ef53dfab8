"""Learns the `Lexicon` from clean articles: counts, word pairs, and, where none are given, word vectors by truncated
SVD."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from threadpoolctl import threadpool_limits

from cleaner.lexicon import DIMENSIONS, PAIR_SLOTS, SENSES, UNKNOWN_CLASSES, Lexicon, pair_slots
from cleaner.tokens import FIRST_UPPER, SPACE, STOP, Tokens, tokenize, word_keys
from cleaner.typos.trigrams import Trigrams
from cleaner.word_vectors import WordVectors

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
MODEL_WORDS = 3e7
"""The language model counts like a text of so many words."""
PAIR_FLOOR = 1.0
"""Pairs of the language model that would be counted less often are left out."""


def learn_lexicon(
    texts: Sequence[str],
    apart: Sequence[str] = (),
    model: Trigrams | None = None,
    vectors: WordVectors | None = None,
    size: int = 30_000,
    seed: int = 0,
) -> Lexicon:
    """Learn a lexicon.

    Args:
        texts: clean articles; words, their use and their vectors are learnt from all of them.
        apart: those into which no noise is put. Which words follow each other is learnt from them and the language
            model alone, as what a network is trained on must be no better known than what it will meet; without them,
            from `texts`.
        model: a language model, if there is one.
        vectors: what words mean, learnt elsewhere; without them it is learnt from `texts`.
        size: how many words to keep, the most frequent ones.
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
    for at in range(0, len(texts), CHUNK):
        tokens = tokenize(texts[at : at + CHUNK])
        rows = blank.find(tokens.key)
        use += _uses(tokens, rows, len(key) + 1)
        if vectors is None:
            near = near + _contexts(tokens, rows, len(key) + 1)
        follows = follows + _followers(tokens, rows, len(key) + 1)
    starts, inside, lower, _ = use + 0.5
    starter = np.clip(np.log(starts / inside), -6, 6)
    namelike = np.clip(np.log(inside / lower), -6, 6)
    starter[0] = namelike[0] = 0.0
    apart = apart or texts
    meaning = np.zeros((len(key) + 1, DIMENSIONS + SENSES), np.float32)
    if vectors is None:
        learnt = _vectors(_positive(near), DIMENSIONS, seed)
        meaning[:, : learnt.shape[1]] = learnt
    else:
        meaning[1:, :DIMENSIONS] = vectors.of(key, DIMENSIONS)
    meaning[1:][function] = 0
    prints, strength = _pair_table(_pair_counts(apart, model))
    known = Lexicon(
        key, np.concatenate(([0.0], frequency)).astype(np.float32), starter.astype(np.float32),
        namelike.astype(np.float32),
        np.concatenate(([False], function)), meaning,
        _word_classes(follows, frequency, seed), _no_pairs(), prints, strength,
    )  # fmt: skip
    return replace(known, class_pair=_class_pairs(apart, model, known))


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


def _class_pairs(texts: Sequence[str], model: Trigrams | None, lexicon: Lexicon) -> NDArray[np.int8]:
    """How much more often than by chance a word of one class follows one of another: log2 of (seen + 1) / (expected +
    1), times 8."""
    count = int(lexicon.word_class.max()) + 1
    seen = np.zeros(count * count)
    for at in range(0, len(texts), CHUNK):
        tokens = tokenize(texts[at : at + CHUNK])
        classes = lexicon.classes(tokens, lexicon.find(tokens.key))
        both = _running(tokens)
        seen += np.bincount(classes[:-1][both] * count + classes[1:][both], minlength=count * count)
    if model is not None:
        rows = lexicon.find(word_keys(model.words))
        known = (rows[model.pairs] > 0).all(axis=0)
        left, right = lexicon.word_class[rows[model.pairs[:, known]]].astype(np.int64)
        seen += np.bincount(left * count + right, MODEL_WORDS * model.pair_chances[known], count * count)
    table = seen.reshape(count, count)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / max(table.sum(), 1)
    bits = np.log2((table + 1) / (expected + 1))
    return np.asarray(np.clip(np.rint(bits * 8), -127, 127), np.int8)


@dataclass(frozen=True)
class _PairCounts:
    """Counts of words and of pairs of words, which are numbers of words; shapes (v,), (v,), (2, m) and (m,)."""

    words: NDArray[np.uint64]
    times: NDArray[np.float64]
    pairs: NDArray[np.int64]
    pair_times: NDArray[np.float64]


def _pair_counts(texts: Sequence[str], model: Trigrams | None) -> _PairCounts:
    """What the texts hold at least twice, and what the language model expects."""
    found = [_pairs(tokenize(texts[at : at + CHUNK])) for at in range(0, len(texts), CHUNK)]
    left, right = (np.concatenate([pair[side] for pair in found]) for side in (0, 1))
    own = word_keys(model.words) if model else np.zeros(0, np.uint64)
    words, number = np.unique(np.concatenate((left, right, own)), return_inverse=True)
    first, second, of_model = np.split(number.astype(np.int64), (len(left), 2 * len(left)))
    times = (np.bincount(first, minlength=len(words)) + np.bincount(second, minlength=len(words))) / 2
    joint, pair_times = np.unique(first * len(words) + second, return_counts=True)
    joint, pair_times = joint[pair_times > 1], pair_times[pair_times > 1].astype(np.float64)
    if model is not None:
        times += np.bincount(of_model, MODEL_WORDS * model.ones, len(words))
        expected = MODEL_WORDS * model.pair_chances
        likely = (expected > PAIR_FLOOR) & np.array([w.isalpha() for w in model.words])[model.pairs].all(axis=0)
        a, b = of_model[model.pairs[:, likely]]
        joint, place = np.unique(np.concatenate((joint, a * len(words) + b)), return_inverse=True)
        pair_times = np.bincount(place, np.concatenate((pair_times, expected[likely])))
    return _PairCounts(words, times, np.array(np.divmod(joint, len(words))), pair_times)


def _pairs(tokens: Tokens) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    inner = ~(tokens.border[:-1] | tokens.border[1:])
    return tokens.key[:-1][inner], tokens.key[1:][inner]


def _pair_table(counts: _PairCounts) -> tuple[NDArray[np.uint16], NDArray[np.int8]]:
    """The table of pairs; of two pairs in one slot the more frequent one stays."""
    left, right = counts.pairs
    by_chance = counts.times[left] * counts.times[right] / max(counts.times.sum(), 1)
    information = np.log2(counts.pair_times / by_chance)
    prints, strength = np.zeros(PAIR_SLOTS, np.uint16), np.zeros(PAIR_SLOTS, np.int8)
    order = np.argsort(counts.pair_times, kind="stable")  # later, more frequent pairs overwrite earlier ones
    slot, mark = pair_slots(counts.words[left[order]], counts.words[right[order]])
    prints[slot] = mark
    strength[slot] = np.clip(np.rint(information[order] * 8), -127, 127).astype(np.int8)
    return prints, strength
