"""What the words of a stretch of text mean, taken together: sums of word vectors, and how alike they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.lexicon import Lexicon
from cleaner.ngrams import Floats
from cleaner.stretches import Stretches, changes, places_within, row_sums
from cleaner.tokens import Ints
from cleaner.units import Units


def unit_vectors(units: Units, lexicon: Lexicon) -> Floats:
    """Sum of the vectors of each unit's words; shape (k, DIMENSIONS + SENSES)."""
    return _vectors(units.rows, units.first, units.last, lexicon)


def vectors_within(rows: Ints, first: Ints, last: Ints, lexicon: Lexicon) -> Floats:
    """The same for a few stretches of words, half-open, none of them empty; shape (n, DIMENSIONS + SENSES).

    Args:
        rows: the lexicon's rows of the words of the batch.
        first, last: the stretches; shape (n,).
        lexicon: of the model.
    """
    places, begins = places_within(first, last)
    return _vectors(rows.take(places), begins, begins + (last - first), lexicon)


def _vectors(rows: Ints, first: Ints, last: Ints, lexicon: Lexicon) -> Floats:
    known = rows != 0
    before = np.zeros(len(rows) + 1, np.int64)
    known.cumsum(out=before[1:])
    return row_sums(lexicon.vector, rows[known], before.take(first), before.take(last))


def document_vectors(units: Units, vectors: Floats, documents: int) -> Floats:
    """The sum of the vectors of each document's units."""
    d = units.document
    opens = changes(d).nonzero()[0]
    whole = np.zeros((documents, vectors.shape[1]), np.float32)
    whole[d[opens]] = Stretches.of(opens, np.append(opens[1:], len(d))).sums(vectors)
    return whole


def likeness(name: str, vectors: Floats, whole: Floats, document: Ints) -> dict[str, NDArray[np.generic]]:
    """Whether units speak of what stands around them: the columns `likeness_columns(name)`.

    Args:
        name: of what the vectors stand for.
        vectors: of the units; shape (k, d).
        whole: of the documents; shape (documents, d).
        document: number of each unit's document; shape (k,).
    """
    columns = cosine(vectors, whole[document] - vectors), *_beside(vectors, document)
    return dict(zip(likeness_columns(name), columns, strict=True))


def likeness_columns(name: str) -> tuple[str, ...]:
    """Cosines: with the rest of the document, with the unit before, with the one behind, of these two."""
    return name, f"{name}_before", f"{name}_after", f"{name}_across"


def _beside(vectors: Floats, group: Ints) -> tuple[Floats, Floats, Floats]:
    """The cosine of each row with the one before it, with the one behind it, and of these two; 0 where one of them is
    empty or of another group."""
    square = _dot(vectors, vectors)

    def apart(by: int) -> Floats:
        length = np.sqrt(square[:-by] * square[by:])
        alike = (length > 1e-6) & (group[:-by] == group[by:])
        return np.where(alike, _dot(vectors[:-by], vectors[by:]) / np.maximum(length, 1e-6), np.float32(0))

    beside, across, nothing = apart(1), apart(2), np.zeros(1, np.float32)
    columns = (nothing, beside), (beside, nothing), (nothing, across, nothing)
    before, behind, over = (np.concatenate(parts)[: len(group)] for parts in columns)
    return before, behind, over


def directions(vectors: Floats) -> Floats:
    """The rows at unit length; those without any length stay as they are."""
    length = np.sqrt(_dot(vectors, vectors))[:, None]
    return np.asarray(vectors / np.maximum(length, 1e-6), np.float32)


def cosine(a: Floats, b: Floats) -> Floats:
    """The cosine of each row of `a` with that of `b`; 0 where one of them is empty."""
    length = np.sqrt(_dot(a, a) * _dot(b, b))
    return np.asarray(np.where(length > 1e-6, _dot(a, b) / np.maximum(length, 1e-6), 0), np.float32)


def _dot(a: Floats, b: Floats) -> Floats:
    """The scalar product of each row of `a` with that of `b`."""
    return np.asarray(np.einsum("ij,ij->i", a, b), np.float32)
