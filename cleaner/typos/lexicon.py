"""The shipped word list, counts and trees. Loaded from a model directory, checked against its manifest, never
unpickled."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import ModelError
from cleaner.manifest import read_manifest as model_manifest
from cleaner.typos.candidates import TwoSlips
from cleaner.typos.chunks import Chunks, Keys, KeySet
from cleaner.typos.context import BORDER
from cleaner.typos.hashed import COUNTS, HashedCounts
from cleaner.typos.nearest import NearWords
from cleaner.typos.trees import Trees
from cleaner.typos.words import Words

FORMAT = "cleaner-typos/2"
FILES = ("words.txt", "levels.bin", "pairs.bin", "rare.bin", "names.bin", "letters.npz", "trees.npz")

PRIOR = 40.0
"""Weight of a word's own frequency against counted pairs, in occurrences (Dirichlet prior)."""

WEAK_LEVEL = 76
"""Known words of up to five letters below this level, about 700 in 10**9, may be pieces of others."""

ENDINGS = frozenset(
    "ing ed er es ers ly al ion tion ment ness ity ty ic est en et ex un op ag th sh wh ss ms rs ns ts ls st nd ere "
    "ted ting ring ding ling ning ter ver ble ful les ved red".split()
)
"""Beginnings and endings that lists hold as words."""

TWO_SLIPS_FLOOR = 72
"""Level of frequency that a word two slips away must have, about 500 in 10**9."""

LETTERS = "^abcdefghijklmnopqrstuvwxyz'$"
_PLACE = {letter: number for number, letter in enumerate(LETTERS)}
_OTHER = len(LETTERS)
SIDE = len(LETTERS) + 1
SPREAD = 16.0
"""Log probabilities are stored in one byte, in steps of 1/16."""


_LOG_FREQUENCIES = tuple(math.log(count + 1.0) - 20.72 for count in COUNTS)

Floats = NDArray[np.float64]


class Lexicon:
    """What the stage knows about words.

    Args:
        folder: a model directory.

    Raises:
        ModelError: a file is missing, altered, or of another format; the message says which.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        contents = {name: self._content(name) for name in self.manifest["sha256"]}
        try:
            self._words = Words(contents["words.txt"][:], contents["levels.bin"][:])
            self.pairs, self.rare, self.names = (
                HashedCounts(contents[name]) for name in ("pairs.bin", "rare.bin", "names.bin")
            )
        except (KeyError, ValueError) as error:
            raise ModelError(f"{folder} cannot be read ({error}); install the model again") from error

    def _content(self, name: str) -> mmap:
        """A file, checked; it stays where it is, so that only what is asked for takes memory."""
        try:
            with (self.folder / name).open("rb") as stream:
                content = mmap(stream.fileno(), 0, access=ACCESS_READ)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is empty"
            raise ModelError(f"{self.folder / name}: {reason}; install the model again") from error
        if sha256(content).hexdigest() != self.manifest["sha256"].get(name):
            raise ModelError(
                f"{self.folder / name} is not the file that the manifest describes; install the model again"
            )
        return content

    def _arrays(self, name: str) -> dict[str, Any]:
        with np.load(self.folder / name, allow_pickle=False) as arrays:
            return dict(arrays)

    @property
    def words(self) -> Mapping[str, int]:
        """The level of frequency of each known word."""
        return self._words.table or self._words

    @cached_property
    def two_slips(self) -> TwoSlips:
        """The more frequent words, to be found two slips away."""
        words = self._words.beginning_with
        return TwoSlips(lambda letter: [word for word in words(letter, TWO_SLIPS_FLOOR) if len(word) > 3])

    @cached_property
    def near(self) -> NearWords:
        """All known words, to be found one slip away."""
        return NearWords(self.words)

    @cached_property
    def _letters(self) -> dict[str, Any]:
        return {name: array.tolist() for name, array in self._arrays("letters.npz").items()}

    @cached_property
    def trees(self) -> dict[str, Trees]:
        """The trees that decide about "spelling" and about "joined" words."""
        arrays = self._arrays("trees.npz")
        return {
            name: Trees(**{field: arrays[f"{name}_{field}"] for field in Trees.__slots__})
            for name in ("spelling", "joined")
        }

    def weak(self, word: str) -> bool:
        """Whether a known word is so short and rare that it is more often a piece of another: ows, ment, se."""
        if not 1 < len(word) < 6:
            return False
        number = self.words.get(word)
        return number is not None and (number < WEAK_LEVEL or word in ENDINGS)

    def plain_keys(self) -> Keys:
        """The keys of all known words but the weak ones; words with an apostrophe also with a curly one."""
        text = self._words.text
        chunks = Chunks.of([text])
        size, level = chunks.end - chunks.start, np.frombuffer(self._words.levels, np.uint8)
        keys = chunks.keys()[(size < 2) | (size > 5) | (level >= WEAK_LEVEL)]
        keys = keys[~KeySet(Chunks.of([" ".join(ENDINGS)]).keys()).holds(keys)]
        return np.concatenate((keys, Chunks.of([" ".join(_curly(text))]).keys()))

    def known(self, word: str) -> bool:
        """Whether a lower-case word (straight apostrophes) is English; a possessive is when its owner is."""
        words = self.words
        return (
            word in words
            or (word[-2:] == "'s" and word[:-2] in words)
            or (word[-2:] == "s'" and word[:-1] in words)
        )

    def log_frequency(self, form: str) -> float:
        """Natural log of the share of `form` among words; unknown forms count as once in 10**9."""
        return _LOG_FREQUENCIES[self.words.get(form, 0)] if form[0].isalpha() else -3.0

    def fits(
        self, lefts: Sequence[str], forms: Sequence[str], rights: Sequence[str]
    ) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """How n forms fit between their neighbours; the arguments have length n.

        Returns:
            `log_frequency`, `left_gain` and `right_gain` of each form, and how often it was counted behind its left
            neighbour and before its right one; each of shape (n,).
        """
        before = [f"{left} {form}" for left, form in zip(lefts, forms, strict=True)]
        behind = [f"{form} {right}" for form, right in zip(forms, rights, strict=True)]
        seen, followed, of_left, of_form = np.split(self.pairs.many([*before, *behind, *lefts, *forms]), 4)
        frequency = np.array(list(map(self.log_frequency, forms)))
        share = np.exp(frequency)
        right_share = np.exp(np.array(list(map(self.log_frequency, rights))))
        left_gain = np.log((seen + PRIOR * share) / ((of_left + PRIOR) * share))
        right_gain = np.log((followed + PRIOR * right_share) / ((of_form + PRIOR) * right_share))
        return frequency, left_gain, right_gain, seen, followed

    def left_gain(self, left: str, form: str) -> float:
        """How much likelier `form` is behind `left` than anywhere: log P(form | left) / P(form)."""
        share = math.exp(self.log_frequency(form))
        return math.log((self.pairs[f"{left} {form}"] + PRIOR * share) / ((self.pairs[left] + PRIOR) * share))

    def right_gain(self, form: str, right: str) -> float:
        """How much likelier `right` is behind `form` than anywhere."""
        share = math.exp(self.log_frequency(right))
        return math.log((self.pairs[f"{form} {right}"] + PRIOR * share) / ((self.pairs[form] + PRIOR) * share))

    def fit(self, left: str, form: str, right: str) -> float:
        """Log probability of `form` between two neighbours, up to a constant."""
        return self.log_frequency(form) + self.left_gain(left, form) + self.right_gain(form, right)

    def spelt_like_english(self, word: str) -> tuple[float, float]:
        """(mean, smallest) log probability of the letters of `word`, each after the two before it."""
        table = self._letters["trigrams"]
        codes = [0, 0, *[_PLACE.get(letter, _OTHER) for letter in word], len(LETTERS) - 1]
        costs = [table[(a * SIDE + b) * SIDE + c] for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)]
        return -sum(costs) / SPREAD / len(costs), -max(costs) / SPREAD

    def slip_cost(self, kind: str, letters: str) -> float:
        """Log probability of a slip, from the error model; see `cleaner.typos.candidates.slip`."""
        codes = [_PLACE.get(letter, _OTHER) for letter in letters]
        if len(codes) != 2:
            return -9.0
        return -float(self._letters[kind][codes[0] * SIDE + codes[1]]) / SPREAD


def _curly(words: str) -> Iterator[str]:
    """The words, one on each line, that have an apostrophe inside, with a curly one."""
    at = words.find("'")
    while at >= 0:
        start, end = words.rfind("\n", 0, at) + 1, words.find("\n", at)
        word = words[start:end]
        if word[0] != "'" and word[-1] != "'":
            yield word.replace("'", "\u2019")
        at = words.find("'", end)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a model directory.

    Raises:
        ModelError: it is missing, unreadable, or of another format.
    """
    manifest = model_manifest(folder)
    if manifest.get("format") != FORMAT or not isinstance(manifest.get("sha256"), dict):
        raise ModelError(
            f"{folder / 'manifest.json'}: format {manifest.get('format')!r}, this version of cleaner reads {FORMAT!r}"
        )
    return manifest


__all__ = ["BORDER", "FILES", "FORMAT", "Lexicon", "read_manifest"]
