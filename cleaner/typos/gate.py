"""Finds the few chunks of a text that could need repair; the rest costs a set difference and no more.

A *chunk* is text without white space. Whether a chunk is plain depends on its characters alone, so what is plain once
is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.protect import opaque
from cleaner.typos.lexicon import Lexicon
from cleaner.typos.spelling import LOWER, OPENING, UPPER

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_PLAIN = re.compile(
    r"[(\"'\u201c\u2018]*(?P<core>[^\W_]+(?:['\u2019\u2010-\u2014-]+[^\W_]+)*)(?:['\u2019](?!\w))?"
    r"(?:[.,;:!?]?[\"'\u201d\u2019)]*|[\"'\u201d\u2019)]+[.,;:!?]?|[!?]{2,3}[\"\u201d]?|\.{3}[\"\u201d]?)-?"
)
_INITIALS = re.compile(
    r"[(\"'\u201c\u2018]*(?:[^\W\d_]{1,2}\.){2,}(?:[^\W\d_]\b)?(?:['\u2019]s)?[\"'\u201d\u2019),;:.?!]*", re.ASCII
)
_DASHES = re.compile(r"[-\u2010-\u2015\u2022\u00b7\u2026\u00bb\u00ab]+")
_OPENERS = "\"'\u201c\u2018(["
_ENDS = ".!?\u2026:"
LONGEST_CHUNK = 200
"""A longer chunk is no text; it is left alone."""

_REMEMBERED = 400_000
"""So many plain chunks are remembered at most, about 40 MB."""


class Gate:
    """The first look at a text.

    Args:
        lexicon: what is known.
        allowed: words, in lower case, that are right as they stand.
    """

    def __init__(self, lexicon: Lexicon, allowed: frozenset[str] = frozenset()) -> None:
        self._lexicon = lexicon
        self._allowed = allowed
        self._plain = set(lexicon.words) - lexicon.weak_words

    def known(self, word: str) -> bool:
        """Whether a word, as written, needs no spelling: known, allowed, a number, or a single letter."""
        form = word.lower().replace("\u2019", "'")
        return len(form) == 1 or form.isdigit() or self._lexicon.known(form) or form in self._allowed

    def chunks(self, text: str) -> set[str]:
        """The chunks of `text` that are not plain."""
        strange = set(text.split()).difference(self._plain)
        plain = {chunk for chunk in strange if self._is_plain(chunk)}
        if len(self._plain) < _REMEMBERED:
            self._plain |= plain
        return strange - plain

    def unknown(self, text: str, start: int, chunk: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, case) of each word in a chunk at `start` that no list knows and no capital protects.

        A possessive ending is no part of the word.
        """
        if opaque(chunk):
            return
        for match in WORD.finditer(chunk):
            word = match.group()
            if len(word) < 2 or self.known(word) or not word.replace("\u2019", "'").isascii():
                continue
            if word[-2:] in ("'s", "\u2019s"):
                word = word[:-2]
            at = start + match.start()
            case = case_of(text, at, at + len(word))
            if case is not None and any(letter.isalpha() for letter in word):
                yield at, at + len(word), case

    def weak(self, chunk: str) -> bool:
        """Whether a chunk is a short, rare word in lower case, which may be a piece of another."""
        return (
            self._lexicon.weak(chunk.rstrip('.,;:!?"\u201d)')) and chunk.rstrip('.,;:!?"\u201d)') not in self._allowed
        )

    def _is_plain(self, chunk: str) -> bool:
        if len(chunk) > LONGEST_CHUNK or _DASHES.fullmatch(chunk) or opaque(chunk) or _INITIALS.fullmatch(chunk):
            return True
        match = _PLAIN.fullmatch(chunk)
        if match is None or self._lexicon.weak(match["core"]):
            return False
        return all(self.known(word) for word in WORD.findall(match["core"]))


def places(text: str, chunks: set[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, chunk) wherever one of `chunks` stands in `text`, in order."""
    end = 0
    for chunk in filter(chunks.__contains__, text.split()) if chunks else ():
        start = text.find(chunk, end)
        while not _stands_alone(text, start, start + len(chunk)):
            start = text.find(chunk, start + 1)
        end = start + len(chunk)
        yield start, end, chunk


def _stands_alone(text: str, start: int, end: int) -> bool:
    return (start == 0 or text[start - 1].isspace()) and (end == len(text) or text[end].isspace())


def case_of(text: str, start: int, end: int) -> int | None:
    """LOWER, OPENING or UPPER; None for a capital inside a sentence, which makes a name, and for MixedCase."""
    word = text[start:end]
    if word.islower():
        return LOWER
    if word.isupper():
        return UPPER if end - start > 3 and _in_capitals(text, start, end) else None
    if not word[0].isupper() or not word[1:].islower():
        return None
    return OPENING if opens_sentence(text, start) else None


def opens_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins at `start`: at a line or after a stop, quotation marks aside."""
    at = start - 1
    while at >= 0 and start - at < 6 and text[at] in _OPENERS:
        at -= 1
    if at < 0 or text[at] == "\n":
        return True
    if not text[at].isspace():
        return False
    while at >= 0 and start - at < 12 and (text[at].isspace() or text[at] in "\"'\u201d\u2019)"):
        if text[at] == "\n":
            return True
        at -= 1
    return at < 0 or text[at] in _ENDS


def _in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the words next to a word in capitals are in capitals too: a heading, no acronym."""
    left = WORD.findall(text, max(0, start - 30), start)[-1:]
    right = WORD.findall(text, end, end + 30)[:1]
    sides = [*left, *right]
    return bool(sides) and all(word.isupper() and len(word) > 1 for word in sides)
