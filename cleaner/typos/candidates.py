"""Which known words a misspelling can stand for: those one slip away, and common scanning errors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

LETTERS = "abcdefghijklmnopqrstuvwxyz'"

SCANNING = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("li", "h"), ("h", "li"), ("vv", "w"), ("w", "vv"), ("ri", "n"),
    ("n", "ri"), ("ii", "n"), ("in", "m"), ("nn", "m"), ("tl", "d"), ("1", "l"), ("1", "i"), ("0", "o"), ("5", "s"),
    ("f1", "fi"), ("fl", "fi"), ("6", "b"), ("8", "b"), ("9", "g"),
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
_SILENT = re.compile(r"(?<=.)[aeiouyh']+")
_RUN = re.compile(r"(.)\1+")


def sounds(word: str) -> str:
    """The consonants of a word, those that sound alike written alike: definitely, definatly -> tfntl."""
    for written, heard in _SPELLINGS:
        if written in word:
            word = word.replace(written, heard)
    return _RUN.sub(r"\1", _SILENT.sub("", word))


class TwoSlips:
    """Finds words two slips away that begin with the same letter.

    Words are kept by first letter and length, with how often each letter occurs in them; two slips change these counts
    by four at most, so that few words are left to compare in full.

    Args:
        words: the words to find; letters a to z and apostrophes.
    """

    def __init__(self, words: Iterable[str]) -> None:
        groups: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for word in words:
            groups[word[0], len(word)].append(word)
        self._groups = {key: (group, _letter_counts(group)) for key, group in groups.items()}

    def find(self, word: str) -> list[str]:
        """The words exactly two slips away from `word` (at least five letters); sorted."""
        if not 5 <= len(word) <= LONGEST or not word.isascii():
            return []
        wanted = _letter_counts([word])
        found = []
        for length in range(len(word) - 2, len(word) + 3):
            group, counts = self._groups.get((word[0], length), ([], wanted))
            if group:
                close = np.abs(counts - wanted).sum(axis=1, dtype=np.int16) <= 4
                found += [group[at] for at in np.flatnonzero(close).tolist() if distance(word, group[at]) == 2]
        return sorted(found)


def _letter_counts(words: Sequence[str]) -> NDArray[np.int8]:
    """How often each letter occurs in words of one length; shape (words, 32)."""
    codes = np.frombuffer("".join(words).encode("ascii"), np.uint8).reshape(len(words), -1) & 31
    counts = np.zeros((len(words), 32), np.int8)
    rows = np.arange(len(words))
    for column in codes.T:
        counts[rows, column] += 1
    return counts


def distance(first: str, second: str) -> int:
    """Slips between two words (insert, leave out, change, exchange), counted up to 3."""
    return next((slips for slips in range(3) if _within(first, second, slips)), 3)


def _within(first: str, second: str, slips: int) -> bool:
    """Whether `slips` slips or fewer lead from one word to the other; where they differ first, all slips are tried."""
    if slips == 0 or first == second:
        return first == second
    at, length = 0, min(len(first), len(second))
    while at < length and first[at] == second[at]:
        at += 1
    first, second = first[at:], second[at:]
    if not first or not second:
        return len(first) + len(second) <= slips
    if abs(len(first) - len(second)) > slips:
        return False
    return (
        _within(first[1:], second[1:], slips - 1)
        or _within(first[1:], second, slips - 1)
        or _within(first, second[1:], slips - 1)
        or (first[:2] == second[1::-1] and _within(first[2:], second[2:], slips - 1))
    )


def slip(wrong: str, right: str) -> tuple[str, int, str]:
    """How `wrong` came from `right`: (kind, place, the letters concerned).

    Kinds: "insert" (a letter too many in `wrong`), "delete" (one is missing), "change", "swap", "other".
    The letters are those of the error model: what should stand there and what does, with the letter before.
    """
    i = 0
    while i < min(len(wrong), len(right)) and wrong[i] == right[i]:
        i += 1
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
