"""Which label a piece of noise has: from its words, by weights of hashed n-grams, and from what it looks like.

What looks like a search phrase mostly is one, whatever its words; for these no list is long enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.lexicon import Lexicon
from cleaner.ngrams import TABLE_BITS, Floats, NGrams, ngrams
from cleaner.tokens import (
    ANY_DIGIT,
    ASK,
    BAR,
    COMMA,
    DASH,
    FIRST_UPPER,
    LINK,
    STOP,
    Tokens,
    has,
    tokenize,
)
from cleaner.units import Units

BITS = 15
"""Of the slots of `Labeller.roots`."""
BATCH = 200
"""Texts whose labels are found together; bounds the memory that their n-grams need."""
FEW, FUNCTIONS = 6, 2
"""So many words, and function words, are counted at most."""
LOOK = (
    "constant", "words", "few_words", "function", "no_function", "functions", "stop", "ask", "first_upper", "upper",
    "digits", "link", "commas", "signs", "stops", "unknown",
)  # fmt: skip
"""What a text looks like, each from 0 to about 1."""


@dataclass(frozen=True, eq=False)
class Labeller:
    """A linear model of labels.

    Attributes:
        names: of the labels, in the order of the columns of both tables.
        roots: weights by n-gram slot, none beyond 1 in size, as only the highest sum counts. Most are small, so their
            roots are kept, in 1/127; shape (2**BITS, labels).
        look: weights of `LOOK`; shape (len(LOOK), labels).
    """

    names: tuple[str, ...]
    roots: NDArray[np.int8]
    look: Floats

    @classmethod
    def of(cls, names: Sequence[str], table: Floats, look: Floats) -> Labeller:
        """The labeller with weights by n-gram slot as they were learnt."""
        roots = np.rint(np.sign(table) * np.sqrt(np.abs(table)) * 127)
        return cls(tuple(names), np.asarray(roots, np.int8), look)

    def label(self, texts: Sequence[str], lexicon: Lexicon) -> list[str]:
        """The most likely label of each text."""
        return [
            self.names[n] for at in range(0, len(texts), BATCH) for n in self._best(texts[at : at + BATCH], lexicon)
        ]

    def _best(self, texts: Sequence[str], lexicon: Lexicon) -> list[int]:
        grams, look = label_evidence(texts, lexicon)
        score = look @ self.look
        for kind in grams:
            roots = self.roots.take(slots(kind), axis=0).astype(np.float32)
            score += kind.places.sums(roots * np.abs(roots) / np.float32(127**2)) / kind.root[:, None]
        return [int(n) for n in score.argmax(axis=1)]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Arrays to be stored."""
        return {"label_table": self.roots, "label_look": self.look}

    @classmethod
    def from_arrays(cls, names: Sequence[str], arrays: Mapping[str, Any]) -> Labeller:
        """The labeller that `arrays()` gave."""
        roots, look = np.asarray(arrays["label_table"], np.int8), np.asarray(arrays["label_look"], np.float32)
        return cls(tuple(names), roots, look)


def slots(grams: NGrams) -> NDArray[np.integer[Any]]:
    """The rows of `Labeller.roots` that n-grams belong to."""
    return np.asarray(grams.slot >> (TABLE_BITS - BITS))


def label_evidence(texts: Sequence[str], lexicon: Lexicon) -> tuple[list[NGrams], Floats]:
    """The n-grams of each text as a whole, and `LOOK`; shape (texts, len(LOOK))."""
    tokens = tokenize([text.replace("\n", " ") for text in texts])
    last = tokens.borders
    first = np.concatenate(([0], last[:-1] + 1))
    number = np.arange(len(last))
    units = Units(first, last, np.ones(len(last), np.int8), number, lexicon.find(tokens.key))
    return list(ngrams(tokens, units)), _look(tokens, units, lexicon)


def _look(tokens: Tokens, units: Units, lexicon: Lexicon) -> Floats:
    first, last = units.first, units.last
    words = np.maximum(last - first, 1)

    def count(marks: NDArray[np.bool_], behind: int = 0) -> NDArray[np.int64]:
        """How many words of each text are marked, without the first `behind` ones."""
        running = np.concatenate(([0], marks.cumsum()))
        return np.asarray(running.take(np.maximum(last, first + behind)) - running.take(first + behind))

    gap, shape = tokens.gap, tokens.shape
    function = lexicon.function.take(units.rows)
    functions = count(function)
    columns = {
        "constant": np.ones(len(words)), "words": np.log1p(words) / 3, "few_words": np.minimum(words, FEW) / FEW,
        "function": functions / words, "no_function": functions == 0,
        "functions": np.minimum(functions, FUNCTIONS) / FUNCTIONS,
        "stop": has(gap.take(last), STOP), "ask": has(gap.take(last), ASK),
        "first_upper": has(shape.take(first), FIRST_UPPER), "upper": count(has(shape, FIRST_UPPER)) / words,
        "digits": count(has(shape, ANY_DIGIT)) / words, "link": count(has(shape, LINK)) > 0,
        "commas": count(has(gap, COMMA), 1) / words, "signs": count(has(gap, BAR | DASH), 1) / words,
        "stops": count(has(gap, STOP), 1) / words, "unknown": count(units.rows == 0) / words,
    }  # fmt: skip
    return np.column_stack([columns[name] for name in LOOK]).astype(np.float32)
