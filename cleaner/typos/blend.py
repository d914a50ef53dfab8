"""Blends what was counted in running text with a language model into one table. Needed for training only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from cleaner.typos.context import BORDER
from cleaner.typos.counts import TextCounts
from cleaner.typos.trigrams import Trigrams

MODEL_WORDS = 3e7
"""The language model counts like a text of so many words."""

PAIR_FLOOR, TRIPLE_FLOOR = 0.7, 3.0
"""Pairs of the model, and three words in a row from either source, that would be counted less often are left out."""

MOST_DILUTED = 50.0
_MARKS = frozenset((",", "#", "-"))
"""Tokens that text has and the model has not."""


def contexts(counts: TextCounts, known: Collection[str], model: Trigrams | None) -> dict[str, float]:
    """How often one, two and three words stand in a row.

    The model knows no punctuation but the ends of sentences; so that "word ," keeps its share of all that follows
    `word`, counts with punctuation and figures grow as the count of the word does.

    Args:
        counts: what running text holds.
        known: the known words; pairs with others are kept when the text repeats them, three in a row are not.
        model: the language model; without it the text stands alone.

    Returns:
        Words, pairs "left right" and triples, with their counts.
    """
    words: dict[str, float] = dict(counts.words)
    pairs: dict[str, float] = {}
    triples: dict[str, float] = {}
    if model is not None:
        tokens = [BORDER if word in ("<s>", "</s>") else word for word in model.words]
        for token, chance in dict(zip(tokens, model.ones.tolist(), strict=True)).items():
            words[token] = words.get(token, 0.0) + MODEL_WORDS * chance
        usual = np.array([_usual(token, known) for token in tokens])
        pairs = _expected(tokens, model.pairs, model.pair_chances, usual, PAIR_FLOOR)
        triples = _expected(tokens, model.triples, model.triple_chances, usual, 0.2)
    total = sum(counts.words.values())
    growth = {word: min(words[word] / number, MOST_DILUTED) for word, number in counts.words.items()}
    growth |= dict.fromkeys(_MARKS, (total + (MODEL_WORDS if model else 0.0)) / total)
    for mark in _MARKS.intersection(words):
        words[mark] *= growth[mark]
    for pair, number in counts.pairs.items():
        parts = pair.split(" ")
        if number > 1 or all(_usual(part, known) for part in parts):
            pairs[pair] = pairs.get(pair, 0.0) + number * _grown(parts, growth)
    for triple, number in counts.triples.items():
        triples[triple] = triples.get(triple, 0.0) + number
    kept = ((triple, number, triple.split(" ")) for triple, number in triples.items() if number >= TRIPLE_FLOOR)
    table = {
        triple: number * _grown(parts, growth) for triple, number, parts in kept if all(_usual(p, known) for p in parts)
    }
    return table | pairs | words


def _usual(token: str, known: Collection[str]) -> bool:
    return token in known or token in _MARKS or token == BORDER or (token[-2:] == "'s" and token[:-2] in known)


def _grown(parts: Sequence[str], growth: Mapping[str, float]) -> float:
    """By how much a count of the text grows: as little as any of its words where it holds punctuation or a figure."""
    if _MARKS.isdisjoint(parts):
        return 1.0
    return min((growth[part] for part in parts if part not in _MARKS), default=growth[","])


def _expected(
    tokens: Sequence[str], runs: np.ndarray, chances: np.ndarray, usual: np.ndarray, floor: float
) -> dict[str, float]:
    """Expected counts of runs of usual words, those above `floor`; the two borders count as one token.

    The model has heard people stammer; it says nothing about words written twice.
    """
    expected = MODEL_WORDS * chances
    twice = (runs[1:] == runs[:-1]).any(axis=0)
    found: dict[str, float] = {}
    for at in np.flatnonzero((expected >= floor) & usual[runs].all(axis=0) & ~twice).tolist():
        run = " ".join(tokens[number] for number in runs[:, at].tolist())
        found[run] = found.get(run, 0.0) + float(expected[at])
    return found
