"""Learns vectors of sense: what each word adds to what a sentence encoder says of a sentence.

An encoder tells better than any sum of word vectors what a sentence says, but it is a hundred times too slow and large
to be shipped. So each word gets the vector with which the mean over the words of a sentence comes nearest to what the
encoder says of it (ridge regression; much as Model2Vec and tokenlearn do, Tulkens & van Dongen 2024). A word that few
sentences hold stays near what the encoder says of the word alone. Nothing is learnt here about what noise is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import Ridge
from threadpoolctl import threadpool_limits

from cleaner.lexicon import SENSES, Lexicon
from cleaner.ngrams import Floats
from cleaner.sentence_encoder import SentenceEncoder
from cleaner.tokens import tokenize, word_keys
from cleaner.units import segment

SENTENCES = 160_000
"""Units that are encoded at most, spread evenly over the documents."""
LEAST = 2
"""Words known to the lexicon that a unit must have."""
LONG = 20
"""Words from which a unit counts no more: it counts by the root of its words."""
STAY = 1.0
"""Weight of the ridge: how strongly a word stays near what the encoder says of it alone."""
ROUNDS = 40
"""Rounds of conjugate gradients."""
OUTLIERS = 99.9
"""Percentile of the numbers that is stored as the largest one; those beyond are cut off."""
CHUNK = 200


def learn_sense(texts: Sequence[str], lexicon: Lexicon, encoder: SentenceEncoder) -> Floats:
    """The vectors of sense for the words of a lexicon; shape (len(lexicon.key) + 1, SENSES), none beyond 1 in size.

    Args:
        texts: what words are learnt from, articles and noise.
        lexicon: whose words, and who cuts the texts into units.
        encoder: says what units and words say.
    """
    sentences, bags, size = _sentences(texts, lexicon)
    said = encoder.encode(sentences)
    mean = said.mean(axis=0)
    with threadpool_limits(1):  # sums in one order, the same bytes each time
        main = np.linalg.svd(said[:: max(1, len(said) // 50_000)] - mean, full_matrices=False)[2][:SENSES]
        wanted = (said - mean) @ main.T
        alone = _alone(texts, lexicon, encoder) @ main.T
        near = np.asarray(bags @ alone)
        alone *= (near * wanted).sum() / max((near * near).sum(), 1e-9)
        learnt = Ridge(STAY, fit_intercept=False, solver="sparse_cg", max_iter=ROUNDS).fit(
            bags, wanted - bags @ alone, np.minimum(size, LONG)
        )
    vectors = np.zeros((len(alone), SENSES), np.float32)
    vectors[:, : len(main)] = alone + learnt.coef_.T
    vectors[0] = 0  # words that the lexicon does not know
    return np.asarray(np.clip(vectors / np.percentile(np.abs(vectors), OUTLIERS), -1, 1), np.float32)


def _sentences(
    texts: Sequence[str], lexicon: Lexicon
) -> tuple[list[str], sparse.csr_matrix, NDArray[np.int64]]:
    """Units, the share that each word of the lexicon has in each of them, of shape (units, words), and how many words
    each has."""
    found = list(_units(texts, lexicon))
    step = -(-len(found) // SENTENCES)
    found = found[:: max(1, step)]
    size = np.array([len(rows) for _, rows in found])
    places = np.concatenate([rows for _, rows in found])
    cells = np.repeat(np.arange(len(found)), size), places
    shares = np.repeat(1 / size, size).astype(np.float32)
    bags = sparse.csr_matrix((shares, cells), (len(found), len(lexicon.key) + 1))
    return [text for text, _ in found], bags, size


def _units(texts: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """The text of each unit and the rows of its known words."""
    for at in range(0, len(texts), CHUNK):
        tokens = tokenize(texts[at : at + CHUNK])
        units = segment(tokens, lexicon)
        whole = tokens.buffer.tobytes()
        for first, last in zip(units.first.tolist(), units.last.tolist(), strict=True):
            rows = units.rows[first:last]
            if (rows > 0).sum() >= LEAST:
                yield whole[tokens.start[first] : tokens.end[last - 1]].decode(errors="replace"), rows[rows > 0]


def _alone(texts: Sequence[str], lexicon: Lexicon, encoder: SentenceEncoder) -> Floats:
    """What the encoder says of each word of the lexicon alone, from their mean; zeros for words that are not in the
    texts; shape (words, d)."""
    words = sorted({word for text in texts for word in re.findall(r"[^\W_]+", text.lower())})
    rows = lexicon.find(word_keys(words))
    known = np.flatnonzero(rows)
    said = encoder.encode([words[n] for n in known])
    alone = np.zeros((len(lexicon.key) + 1, said.shape[1]), np.float32)
    alone[rows[known]] = said - said.mean(axis=0)
    return alone
