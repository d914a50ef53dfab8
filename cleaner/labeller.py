"""Which label a piece of noise has: from its words, by weights of hashed n-grams, from what it looks like, from where
it stands, and from what stands beside it.

What looks like a search phrase mostly is one, whatever its words; for these no list is long enough. On a line of its
own among others that go, it is rather an entry of a menu or another headline. And a line among comments that says
nothing of itself is a comment.
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
    Bools,
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
PLACES = ("line", "beside", "between", "alone", "opening")
"""Where a piece stands, each 0 or 1: it fills its line; and a line beside it goes, too; and both do; or none; or it
only begins its line. Each counts a second time for pieces without a function word, as search phrases are."""
BESIDE = 0.5
"""How much the labels of the lines beside a piece count."""
DOUBT = 0.05
"""What they leave to any other label."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of noise, in the order of the text.

    Attributes:
        texts: their texts.
        line: whether each fills its line; shape (pieces,), as the others.
        opening: whether each begins its line.
        follows: whether each stands on the line below the one before it here, and both fill their lines.
        known: the label of each that is known already, empty for the others.
    """

    texts: Sequence[str]
    line: Bools
    opening: Bools
    follows: Bools
    known: Sequence[str]

    def places(self) -> Floats:
        """`PLACES` of each piece; shape (pieces, len(PLACES))."""
        before, behind = self.follows, np.append(self.follows[1:], False)
        beside = before | behind
        columns = (self.line, beside, before & behind, self.line & ~beside, self.opening & ~self.line)
        return np.column_stack(columns).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Labeller:
    """A linear model of labels.

    Attributes:
        names: of the labels, in the order of the columns of both tables.
        roots: weights by n-gram slot. Most are small, so their roots are kept; shape (2**BITS, labels).
        scale: the weight whose root is 127, the highest one.
        look: weights of `LOOK` and `PLACES`; shape (len(LOOK) + 2 * len(PLACES), labels).
    """

    names: tuple[str, ...]
    roots: NDArray[np.int8]
    scale: float
    look: Floats

    @classmethod
    def of(cls, names: Sequence[str], table: Floats, look: Floats) -> Labeller:
        """The labeller with weights by n-gram slot as they were learnt."""
        scale = max(float(np.abs(table).max()), 1e-6)
        roots = np.rint(np.sign(table) * np.sqrt(np.abs(table) / scale) * 127)
        return cls(tuple(names), np.asarray(roots, np.int8), scale, look)

    def label(self, pieces: Pieces, lexicon: Lexicon) -> list[str]:
        """The label of each piece: the one that is known, or the most likely one."""
        names = list(pieces.known)
        unnamed = [n for n, name in enumerate(names) if not name]
        if not unnamed:
            return names
        score = self._scores(pieces, lexicon)
        likely = _shares(score)
        for n, name in enumerate(names):
            if name in self.names:
                likely[n] = np.arange(len(self.names)) == self.names.index(name)
        message = BESIDE * np.log(likely + DOUBT)
        below = pieces.follows.nonzero()[0]
        score[below] += message[below - 1]
        score[below - 1] += message[below]
        best = score.argmax(axis=1)
        for n in unnamed:
            names[n] = self.names[best[n]]
        return names

    def _scores(self, pieces: Pieces, lexicon: Lexicon) -> Floats:
        """Log odds of each label, but for a constant of the piece; shape (pieces, labels)."""
        scores, places = [], pieces.places()
        for at in range(0, len(places), BATCH):
            grams, rows = label_evidence(pieces.texts[at : at + BATCH], places[at : at + BATCH], lexicon)
            score = rows @ self.look
            for kind in grams:
                roots = self.roots.take(slots(kind), axis=0).astype(np.float32)
                weights = roots * np.abs(roots) * np.float32(self.scale / 127**2)
                score += kind.places.sums(weights) / kind.root[:, None]
            scores.append(score)
        return np.concatenate(scores)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Arrays to be stored."""
        scale = np.array([self.scale], np.float32)
        return {"label_table": self.roots, "label_scale": scale, "label_look": self.look}

    @classmethod
    def from_arrays(cls, names: Sequence[str], arrays: Mapping[str, Any]) -> Labeller:
        """The labeller that `arrays()` gave."""
        roots, look = np.asarray(arrays["label_table"], np.int8), np.asarray(arrays["label_look"], np.float32)
        return cls(tuple(names), roots, float(arrays["label_scale"][0]), look)


def _shares(score: Floats) -> Floats:
    """How likely each label is by the scores, in each row."""
    shares = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


def slots(grams: NGrams) -> NDArray[np.integer[Any]]:
    """The rows of `Labeller.roots` that n-grams belong to."""
    return np.asarray(grams.slot >> (TABLE_BITS - BITS))


def label_evidence(texts: Sequence[str], places: Floats, lexicon: Lexicon) -> tuple[list[NGrams], Floats]:
    """The n-grams of each text as a whole, and `LOOK` and `PLACES`; shape (texts, len(LOOK) + 2 * len(PLACES)).

    Args:
        texts: of the pieces.
        places: `Pieces.places` of them.
        lexicon: of the model.
    """
    tokens = tokenize([text.replace("\n", " ") for text in texts])
    last = tokens.borders
    first = np.concatenate(([0], last[:-1] + 1))
    number = np.arange(len(last))
    units = Units(first, last, np.ones(len(last), np.int8), number, lexicon.find(tokens.key))
    look = _look(tokens, units, lexicon)
    phrases = look[:, [LOOK.index("no_function")]]
    return list(ngrams(tokens, units)), np.hstack((look, places, places * phrases))


def _look(tokens: Tokens, units: Units, lexicon: Lexicon) -> Floats:
    first, last = units.first, units.last
    words = np.maximum(last - first, 1)

    def count(marks: Bools, behind: int = 0) -> NDArray[np.int64]:
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
