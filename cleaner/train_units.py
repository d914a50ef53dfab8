"""From labelled documents to the rows that networks learn from: targets, text scores, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse

from cleaner import sources
from cleaner.dataset import Document
from cleaner.features import STRANGE, evidence
from cleaner.hosts import TRUSTED
from cleaner.lexicon import Lexicon
from cleaner.ngrams import Floats, UnitNGrams
from cleaner.policy import KEEP, labels
from cleaner.strange import StrangeWords
from cleaner.tokens import Tokens, tokenize
from cleaner.train_network import rounded
from cleaner.train_text import ngram_matrix, train_table
from cleaner.transplant import MOVED
from cleaner.units import Units, segment
from cleaner.verdicts import Layout
from cleaner.vocabulary import FOLDS

CLEAN, NOISE, OFF_TOPIC, DOUBTFUL = range(4)
OWN = 0
"""The number of our own articles in `UnitTable.source`: most of them were written to look like noise."""
BATCH = 100
MANY = 100_000
"""Units from which text weights and networks are learnt side by side; each gives the same numbers as alone."""

Dealt = Sequence[tuple[int, Document]]
"""Documents with their folds."""


@dataclass(frozen=True)
class UnitTable:
    """The units of all documents, row by row; the units of a document stand together.

    `source` numbers the source of a clean article that tells what a cut would lose, `OWN` for our own ones, and
    is -1 elsewhere; `weight` is how much is learnt from a unit, 0 for documents that only measure; `trusted` says
    whether the document was made from an article of a source of `TRUSTED`, `labelled` whether its noise is what a
    person has labelled on a page, not drawn or found by a program.
    """

    rows: Floats
    target: NDArray[np.int8]
    weight: Floats
    words: Floats
    fold: NDArray[np.int8]
    document: NDArray[np.int64]
    source: NDArray[np.int8]
    trusted: NDArray[np.bool_]
    labelled: NDArray[np.bool_]
    line: NDArray[np.int64]
    listed: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_]) -> UnitTable:
        """The chosen rows."""
        return UnitTable(*(getattr(self, f.name)[chosen] for f in fields(self)))

    @property
    def layout(self) -> Layout:
        """How the units lie together."""
        return Layout(self.document, self.line, self.words, self.listed)


def batches(dealt: Dealt) -> Iterator[tuple[int, NDArray[np.int64], list[Document]]]:
    """Documents of one fold at a time, with their numbers."""
    for fold in range(FOLDS):
        numbers = np.array([n for n, (f, _) in enumerate(dealt) if f == fold], np.int64)
        for at in range(0, len(numbers), BATCH):
            some = numbers[at : at + BATCH]
            yield fold, some, [dealt[n][1] for n in some]


def unit_targets(documents: Sequence[Document], tokens: Tokens, units: Units) -> NDArray[np.int8]:
    """CLEAN, NOISE, OFF_TOPIC or DOUBTFUL for each unit: what most of its words are.

    A clean unit with some noise in it (words put into mid-sentence, a seam that was not found) is DOUBTFUL: it is no
    example of clean text.
    """
    kind = word_targets(documents, tokens)
    count = np.zeros((4, len(units)), np.int64)
    for value in range(4):
        total = np.concatenate(([0], np.cumsum(kind == value)))
        count[value] = total[units.last] - total[units.first]
    target = count.argmax(axis=0)
    mixed = (target == CLEAN) & (count[CLEAN] < units.last - units.first)
    return np.where(mixed, DOUBTFUL, target).astype(np.int8)


def word_targets(documents: Sequence[Document], tokens: Tokens) -> NDArray[np.int8]:
    """CLEAN, NOISE, OFF_TOPIC or DOUBTFUL for each word."""
    kind = np.zeros(len(tokens), np.int8)
    for number, document in enumerate(documents):
        origin = int(tokens.text_start[number]) + 1
        for span in document.spans:
            value = target_of(span.label)
            if value != CLEAN:
                start = origin + len(document.text[: span.start].encode("utf-8", "surrogatepass"))
                end = start + len(document.text[span.start : span.end].encode("utf-8", "surrogatepass"))
                kind[np.searchsorted(tokens.start, start) : np.searchsorted(tokens.start, end)] = value
    return kind


def target_of(label: str) -> int:
    if label == sources.IGNORE:
        return DOUBTFUL
    if label == "off_topic":
        return OFF_TOPIC
    return CLEAN if labels()[label].action == KEEP else NOISE


def learn_tables(dealt: Dealt, lexicon: Lexicon, seed: int) -> tuple[Floats, list[Floats]]:
    """Text weights from everything, and for each fold from everything else; shape (2, 2**TABLE_BITS) each."""
    rng = np.random.default_rng(seed)
    parts, targets, folds = [], [], []
    for fold, _, documents in batches(dealt):
        tokens = tokenize([d.text for d in documents])
        units = segment(tokens, lexicon)
        target = unit_targets(documents, tokens, units)
        # Most units are clean; a part of them is enough to learn words from.
        chosen = (target == NOISE) | ((target == CLEAN) & (rng.random(len(target)) < 0.5))
        some = units.where(chosen)
        found = UnitNGrams.of(tokens, some, lexicon)
        parts.append([ngram_matrix(kinds, len(some)) for kinds in (found.words, found.classes)])
        targets.append(target[chosen] == NOISE)
        folds.append(np.full(len(some), fold))
    matrices = [sparse.vstack(column).tocsr() for column in zip(*parts, strict=True)]
    target, fold_of_row = np.concatenate(targets).astype(np.int64), np.concatenate(folds)
    weight = np.where(target == 1, 1.0, (target == 1).sum() / max((target == 0).sum(), 1)).astype(np.float32)

    taught = (np.arange(len(target)), *(np.flatnonzero(fold_of_row != fold) for fold in range(FOLDS)))
    whole, *apart = Parallel(-1 if len(target) > MANY else 1, pre_dispatch="n_jobs")(
        delayed(_tables)(matrices, target, weight, rows, seed) for rows in taught
    )
    return whole, apart


def _tables(
    matrices: Sequence[sparse.csr_matrix], target: NDArray[np.int64], weight: Floats, rows: NDArray[np.int64], seed: int
) -> Floats:
    return rounded(np.stack([train_table(m[rows], target[rows], weight[rows], seed) for m in matrices]))


def unit_table(
    dealt: Dealt,
    lexicon: Lexicon,
    tables: Sequence[Floats],
    measured: Dealt = (),
    strange: Sequence[StrangeWords | None] = (None,) * FOLDS,
) -> UnitTable:
    """The evidence of all units, each scored with the text weights that have not seen its fold.

    Args:
        dealt: documents to learn from.
        lexicon: of the model.
        tables: text weights, one for each fold.
        measured: clean documents that only measure.
        strange: what judges words, for each fold; where there is none the columns `STRANGE` are zeros.
    """
    numbered = ["own", *sorted({document.source for _, document in measured} - {"own"})]
    parts = []
    lines = 0
    for fold, numbers, documents in batches([*dealt, *measured]):
        tokens = tokenize([d.text for d in documents])
        units = segment(tokens, lexicon)
        if not len(units):
            continue
        found = evidence(tokens, units, lexicon)
        rows = found.rows(tables[fold])
        if (judge := strange[fold]) is not None:
            rows[:, -len(STRANGE) :] = judge.columns(found, units.first, units.last)
        layout = Layout.of(tokens, units)
        learns = numbers < len(dealt)
        weight = np.where(learns, [document_weight(d) for d in documents], 0).astype(np.float32)[units.document]
        source = np.array([_source(d, learnt, numbered) for d, learnt in zip(documents, learns, strict=True)], np.int8)
        trusted = np.array([d.source in TRUSTED for d in documents])
        labelled = np.array([by_hand(d) for d in documents])
        target, folds = unit_targets(documents, tokens, units), np.full(len(units), fold, np.int8)
        line = layout.line + lines
        lines = int(line[-1]) + 1
        parts.append((
            rows, target, weight, layout.words, folds, numbers[units.document], source[units.document],
            trusted[units.document], labelled[units.document], line, layout.listed,
        ))  # fmt: skip
    columns = [list(column) for column in zip(*parts, strict=True)]
    parts.clear()
    return UnitTable(*map(_joined, columns))


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """The parts as one array. The memory of each is given back once it is copied, as there are gigabytes of them."""
    whole = np.empty((sum(map(len, parts)), *parts[0].shape[1:]), parts[0].dtype)
    parts.reverse()
    at = 0
    while parts:
        part = parts.pop()
        whole[at : at + len(part)] = part
        at += len(part)
    return whole


def _source(document: Document, learnt: bool, numbered: Sequence[str]) -> int:
    """Our own articles count once, as documents that only measure; of the others also what was made of them, known
    faults aside."""
    if document.source not in numbered or document.spans or (learnt and document.source == numbered[OWN]):
        return -1
    if sources.has_fault(document.text):
        return -1
    return numbered.index(document.source)


def by_hand(document: Document) -> bool:
    """Whether the noise of a document was labelled on a page, and not made from templates."""
    return bool(document.spans) and all(kind.startswith(f"{MOVED}:") for kind in document.detail)


MOVED_WEIGHT = 0.25
"""How much a document counts whose noise a person labelled on a page: hardly any but those into which it was moved.
There are many, with three quarters of all noise; as much as the others, they would teach that noise stands among other
noise. (By the first network alone, where it loses 10 words in 10,000 of news: of three sets made from templates it
finds .77, .71 and .73 at 1, .84, .78 and .81 at 0.2; of two sets of unseen pages .70 and .66, .73 and .63;
from a training of which no model ships.)"""


def document_weight(document: Document) -> float:
    """How much the units of a document count: our own documents are few and true."""
    return (2.0 if document.source == "own" else 1.0) * (MOVED_WEIGHT if by_hand(document) else 1.0)
