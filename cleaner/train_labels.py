"""Trains which label a piece of noise has (`cleaner.labeller`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
from scipy import sparse

from cleaner.dataset import Document
from cleaner.labeller import BITS, Labeller, Pieces, label_evidence
from cleaner.lexicon import Lexicon
from cleaner.ngrams import Floats
from cleaner.policy import labels
from cleaner.sources import is_residue
from cleaner.train_text import ngram_matrix, train_table
from cleaner.train_units import NOISE, Dealt, by_hand, target_of

BATCH = 2000
BALANCE = 0.5
"""A label counts by the root of its pieces: pages at hand are full of site furniture, and the next one may be full of
paywalls."""
BY_HAND = 2.0
"""How much a piece counts that stood on a page and was labelled there, beside one that a template made: with more the
labels of pages hardly get better (four unseen sets: .88 at 2, .87 to .89 at 10), and those of templates worse (.72,
.67)."""
RESIDUE = 0.2
"""The same for one in the output of an extractor, where all noise is called site furniture. Of whole pages most is;
else their menus would be taken for comments or for lists of headlines, of which labelled pages have more."""
OFTEN = 4
"""So often a piece of one wording is learnt from, wherever it stands."""


def train_labels(dealt: Dealt, lexicon: Lexicon, seed: int) -> Labeller:
    """Learn from the noise of documents, line by line, as it is found."""
    found = list(_wordings(d for _, d in dealt))
    names = tuple(name for name in labels() if any(label == name for label, *_ in found))
    target = np.array([names.index(label) for label, *_ in found])
    parts = []
    for at in range(0, len(found), BATCH):
        _, texts, places, _ = zip(*found[at : at + BATCH], strict=True)
        grams, look = label_evidence(texts, np.stack(places), lexicon)
        parts.append(sparse.hstack((ngram_matrix(grams, len(look), BITS), sparse.csr_matrix(look))))
    weight = np.array([weight for *_, weight in found]) * np.bincount(target)[target] ** -BALANCE
    table = train_table(sparse.vstack(parts).tocsr(), target, (weight / weight.max()).astype(np.float32), seed)
    words, look = np.split(table, [1 << BITS])
    return Labeller.of(names, words, look)


def _wordings(documents: Iterable[Document]) -> Iterator[tuple[str, str, Floats, float]]:
    """Label, text, `PLACES` and weight of the pieces of noise in documents."""
    seen: Counter[tuple[str, float]] = Counter()
    for document in documents:
        weight = BY_HAND if by_hand(document) else RESIDUE if is_residue(document) else 1.0
        names, pieces = noise_pieces(document)
        for name, text, place in zip(names, pieces.texts, pieces.places(), strict=True):
            seen[text, weight] += 1
            if seen[text, weight] <= OFTEN:
                yield name, text, place, weight


def noise_pieces(document: Document) -> tuple[list[str], Pieces]:
    """The noise of a document, a piece for each line, and the label of each."""
    text = document.text
    found = [
        (*span, noise.label)
        for noise in sorted(document.spans, key=lambda noise: noise.start)
        if target_of(noise.label) == NOISE
        for span in _lines(text, noise.start, noise.end)
    ]
    line, opening, follows = np.zeros((3, len(found)), np.bool_)
    for n, (start, end, _) in enumerate(found):
        before, behind = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        opening[n] = not text[before:start].strip()
        line[n] = opening[n] and not text[end : behind if behind >= 0 else None].strip()
        follows[n] = n > 0 and line[n - 1] and line[n] and not text[found[n - 1][1] : start].strip()
    texts = [text[start:end] for start, end, _ in found]
    return [label for *_, label in found], Pieces(texts, line, opening, follows, [""] * len(found))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a part of a text that hold anything."""
    for line in text[start:end].split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1
