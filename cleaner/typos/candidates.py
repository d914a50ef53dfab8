"""Which known words a misspelling can stand for: those one slip away, and common scanning errors."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from cleaner.edits import Edit

LETTERS = "abcdefghijklmnopqrstuvwxyz'"

SCANNING = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("li", "h"), ("h", "li"), ("vv", "w"), ("w", "vv"), ("ri", "n"),
    ("n", "ri"), ("ii", "n"), ("in", "m"), ("nn", "m"), ("tl", "d"), ("1", "l"), ("1", "i"), ("0", "o"), ("5", "s"),
    ("f1", "fi"), ("fl", "fi"), ("6", "b"), ("8", "b"), ("9", "g"), ("c", "e"), ("b", "h"), ("l", "i"), ("i", "l"),
)  # fmt: skip
"""(what was read, what was printed)."""

LONGEST = 24
"""Longer words are not looked up: their candidates cost time, and they are mostly no words."""


def near(word: str, known: Container[str]) -> list[str]:
    """The known words that one inserted, left out, changed or exchanged letter leads to; sorted, without `word`.

    Args:
        word: in lower case.
        known: the words to choose from.
    """
    found = set()
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        rest = tail[1:]
        for letter in LETTERS:
            grown = head + letter + tail
            if grown in known:
                found.add(grown)
            changed = head + letter + rest
            if changed in known and tail:
                found.add(changed)
        if tail and head + rest in known:
            found.add(head + rest)
        if rest:
            swapped = head + rest[0] + tail[0] + rest[1:]
            if swapped in known:
                found.add(swapped)
    found.discard(word)
    return sorted(found)


def scanned(word: str, known: Container[str]) -> list[str]:
    """The known words that a scanner can have read as `word`: one confusion, or the same one throughout."""
    return sorted({printed for printed in _unscanned(word) if printed in known and printed != word})


def _unscanned(word: str) -> Iterator[str]:
    for read, printed in SCANNING:
        at = word.find(read)
        if at < 0:
            continue
        yield word.replace(read, printed)
        while at >= 0:
            yield word[:at] + printed + word[at + len(read) :]
            at = word.find(read, at + 1)


def syllables(word: str, known: Container[str]) -> list[str]:
    """The known words of which two or three letters in a row were written once too seldom or too often: competion."""
    found = set()
    for width in (2, 3):
        for i in range(len(word) - width + 1):
            part = word[i : i + width]
            grown = word[:i] + part + word[i:]
            if grown in known:
                found.add(grown)
            if word.startswith(part, i + width) and word[:i] + word[i + width :] in known:
                found.add(word[:i] + word[i + width :])
    return sorted(found)


_SPELLINGS = (
    ("ph", "f"), ("ck", "k"), ("qu", "kw"), ("x", "ks"), ("dg", "j"), ("ce", "se"), ("ci", "si"), ("cy", "sy"),
    ("c", "k"), ("z", "s"), ("wh", "w"), ("gh", ""), ("kn", "n"), ("wr", "r"), ("ps", "s"), ("sk", "s"),
)  # fmt: skip
_SILENT = str.maketrans("", "", "aeiouyh'")


@lru_cache(maxsize=20_000)
def sounds(word: str) -> str:
    """The consonants of a word, those that sound alike written alike: definitely, definatly -> tfntl."""
    for written, heard in _SPELLINGS:
        if written in word:
            word = word.replace(written, heard)
    return "".join(letter for letter, _ in groupby(word[:1] + word[1:].translate(_SILENT)))


_DIFFERING = np.array([2, 3, 4, 3, 2], np.uint8)
"""In how many letters two words can differ that are two slips apart, by how much longer the other one is: -2 to 2."""


class TwoSlips:
    """Finds words two slips away that begin with the same letter.

    Each word has a signature of 64 bits: which letters it has, and which of them more than once. Two slips change few
    of these bits, so that few words are left to compare in full.

    Args:
        words: gives the words to find that begin with a letter; letters a to z and apostrophes. It is asked when that
            letter is first needed: few words need few letters.
    """

    def __init__(self, words: Callable[[str], Iterable[str]]) -> None:
        self._words = words
        self._groups: dict[str, tuple[list[str], list[int], NDArray[np.uint64]]] = {}

    def _group(self, letter: str) -> tuple[list[str], list[int], NDArray[np.uint64]]:
        """The words that begin with a letter, the shortest first; where those of each length begin; signatures."""
        if letter not in self._groups:
            words = sorted(self._words(letter), key=len)
            first = np.searchsorted(list(map(len, words)), np.arange(LONGEST + 4)).tolist()
            self._groups[letter] = words, first, _signatures(words)
        return self._groups[letter]

    def find(self, word: str) -> list[str]:
        """The words two slips away from `word` or nearer, if it has at least five letters; sorted."""
        if not 5 <= len(word) <= LONGEST or not word.isascii():
            return []
        group, first, signatures = self._group(word[0])
        borders = first[len(word) - 2 : len(word) + 4]
        here = slice(borders[0], borders[-1])
        changed = _bits(signatures[here] ^ _signature(word))
        close = (changed <= _DIFFERING.repeat(np.diff(borders))).nonzero()[0] + borders[0]
        return sorted(group[at] for at in close.tolist() if within_two(word, group[at]))


def _signatures(words: Sequence[str]) -> NDArray[np.uint64]:
    """Which letters occur in each word (low bits), and which of them twice or more (high bits); shape (n,)."""
    lengths = np.array([len(word) for word in words], np.intp)
    codes = np.frombuffer("".join(words).encode("ascii"), np.uint8) & 31
    cells = codes + 32 * np.repeat(np.arange(len(words)), lengths)
    counts = np.bincount(cells, minlength=32 * len(words)).reshape(-1, 32)
    once_and_twice = np.concatenate((counts > 0, counts > 1), axis=1)
    return np.packbits(once_and_twice, axis=1, bitorder="little").view(np.uint64).ravel()


def _signature(word: str) -> np.uint64:
    """The same of one word."""
    once = twice = 0
    for code in word.encode("ascii"):
        bit = 1 << (code & 31)
        twice |= once & bit
        once |= bit
    return np.uint64(once | twice << 32)


_COUNTED: Callable[[NDArray[np.uint64]], NDArray[np.uint8]] | None = getattr(np, "bitwise_count", None)
"""NumPy has it from version 2 on."""


def _bits(numbers: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """How many bits are set; shape (n,)."""
    if _COUNTED is not None:
        return np.asarray(_COUNTED(numbers), np.uint8)
    counted = _bits_of_each().take(numbers.view(np.uint16))
    return np.asarray(counted[0::4] + counted[1::4] + counted[2::4] + counted[3::4])


@cache
def _bits_of_each() -> NDArray[np.uint8]:
    """How many bits are set in each number of 16 bits; shape (2**16,)."""
    bits = np.unpackbits(np.arange(1 << 16, dtype=np.uint16).view(np.uint8)).reshape(-1, 16)
    return np.asarray(bits.sum(axis=1, dtype=np.uint8))


def within_two(first: str, second: str) -> bool:
    """Whether two slips (insert, leave out, change, exchange) or fewer lead from one word to the other."""
    if len(first) < len(second):
        first, second = second, first
    longer = len(first) - len(second)
    at, end = 0, len(second)
    while at < end and first[at] == second[at]:
        at += 1
    while at < end and first[end + longer - 1] == second[end - 1]:
        end -= 1
    first, second = first[at : end + longer], second[at:end]
    if len(first) < 3 or longer > 2:
        return longer < 3
    # What is left differs at either end: one slip must be at its beginning, one at its end.
    if longer == 2:
        return first[1:-1] == second
    exchanged_first, exchanged_last = first[:2] == second[1::-1], first[-2:] == second[:-3:-1]
    if longer == 1:
        return (
            first[1:-1] in (second[:-1], second[1:])
            or (exchanged_last and first[1:-2] == second[:-2])
            or (exchanged_first and first[2:-1] == second[2:])
        )
    return (
        first[1:-1] == second[1:-1]
        or first[1:] == second[:-1]
        or first[:-1] == second[1:]
        or (exchanged_last and first[1:-2] == second[1:-2])
        or (exchanged_first and first[2:-1] == second[2:-1])
        or (exchanged_first and exchanged_last and first[2:-2] == second[2:-2])
    )


def common(first: str, second: str) -> int:
    """How many letters two words begin with alike."""
    at = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        at += 1
    return at


def tight(text: str, start: int, end: int, right: str, rule: str, score: float) -> Edit:
    """The edit without the characters at either end that it does not change."""
    wrong = text[start:end]
    head = common(wrong, right)
    tail = common(wrong[head:][::-1], right[head:][::-1])
    return Edit(start + head, end - tail, right[head : len(right) - tail], "typos", rule, round(score, 4))


def slip(wrong: str, right: str) -> tuple[str, int, str]:
    """How `wrong` came from `right`: (kind, place, the letters concerned).

    Kinds: "insert" (a letter too many in `wrong`), "delete" (one is missing), "change", "swap", "other".
    The letters are those of the error model: what should stand there and what does, with the letter before.
    """
    i = common(wrong, right)
    left = right[i - 1] if i else "^"
    if len(wrong) == len(right) + 1 and wrong[i + 1 :] == right[i:]:
        return "insert", i, f"{left}{wrong[i]}"
    if len(wrong) + 1 == len(right) and wrong[i:] == right[i + 1 :]:
        return "delete", i, f"{left}{right[i]}"
    if len(wrong) == len(right):
        if wrong[i + 1 :] == right[i + 1 :]:
            return "change", i, f"{right[i]}{wrong[i]}"
        if wrong[i + 2 :] == right[i + 2 :] and wrong[i : i + 2] == right[i : i + 2][::-1]:
            return "swap", i, right[i : i + 2]
    return "other", i, ""
