"""Finds the few chunks of a text that could need repair; the rest costs a set difference and no more.

A *chunk* is text without white space. What can be wrong inside a chunk depends on its characters alone, so that each
chunk is looked at once, however often it comes; what depends on its place is looked at where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cleaner.late import late
from cleaner.protect import SIGNS, opaque
from cleaner.typos.chunks import Bools, Chunks, Ints, Keys, KeySet
from cleaner.typos.common import COMMON
from cleaner.typos.glue import may_be_glued, may_be_twice
from cleaner.typos.lexicon import Lexicon
from cleaner.typos.loose import split_initials
from cleaner.typos.plain import plain_by_form
from cleaner.typos.spelling import LOWER, OPENING, UPPER

WORD = late(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_PLAIN = late(
    r"[(\"'\u201c\u2018]*(?P<core>[^\W_]+(?:['\u2019\u2010-\u2014-]+[^\W_]+)*)(?:['\u2019](?!\w))?"
    r"(?:[.,;:!?]?[\"'\u201d\u2019)]*|[\"'\u201d\u2019)]+[.,;:!?]?|[!?]{2,3}[\"\u201d]?|\.{3}[\"\u201d]?)-?"
)
_INITIALS = late(
    r"[(\"'\u201c\u2018]*(?:[^\W\d_]{1,2}\.){2,}(?:[^\W\d_]\b)?(?:['\u2019]s)?[\"'\u201d\u2019),;:.?!]*", re.ASCII
)
_DOTTED = late(r"\.\w")
_DASHES = late(r"[-\u2010-\u2015\u2022\u00b7\u2026\u00bb\u00ab]+")
_OPENERS = "\"'\u201c\u2018(["
_ENDS = ".!?\u2026:"
_TAIL = '.,;:!?"\u201d)'
LONGEST_CHUNK = 200
"""A longer chunk is no text; it is left alone."""

_MARK = frozenset(".,;:!?)")
_DIGITS = frozenset("0123456789")
_OPENING, _CLOSING = "(\"'\u201c\u2018", ".,;:!?\"'\u201d\u2019)"
_MARKS, _CLOSED = ("", *".,;:!?"), ("", *"\"'\u201d\u2019)", "'\"", "\u2019\u201d", "\")", "\u201d)", ")\"", ")\u201d")
_TAILS = frozenset(tail for mark in _MARKS for closed in _CLOSED for tail in (mark + closed, closed + mark))

FEW = 20_000
"""So many chunks are looked at by their letters before a set of hashes is made, which tells plain ones apart."""

AS_BYTES = 300
"""So many unknown chunks at least, those of 15 KB of text, are told apart by their bytes, all at once; for fewer that
takes longer than to look at each by its letters."""

_FIRST_OF_TWO = np.uint64(0xD6E8FEB86659FD93)

_REMEMBERED = 400_000
"""So many chunks are remembered at most, about 40 MB."""


class Chunk(NamedTuple):
    """What can be wrong inside a chunk, wherever it stands.

    Attributes:
        loose: it begins with punctuation, which may belong to what comes before.
        glued: letters follow punctuation inside it.
        twice: it ends with punctuation typed twice.
        weak: it is a short, rare word in lower case, which may be a piece of another.
        words: (start, end, case) of the words that no list knows; case is OPENING for a capitalised word and UPPER for
            capitals, wherever they stand.
    """

    loose: bool
    glued: bool
    twice: bool
    weak: bool
    words: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """What is known by its key.

    Attributes:
        plain: plain words that are not watched.
        waiting: plain words that are watched for what comes next.
        pairs: these with what may come next.
        never: what is watched, and what is wrong although it may look like a name.
    """

    plain: KeySet
    waiting: KeySet
    pairs: KeySet
    never: KeySet

    def in_vain(self, keys: Keys, numbers: Ints) -> Bools:
        """Which of some chunks wait in vain: behind them stands a plain word, and none that they wait for.

        Args:
            keys: of all chunks.
            numbers: of the chunks in question; shape (n,).
        """
        first = keys.take(numbers)
        found = self.waiting.holds(first)
        here = found.nonzero()[0]
        following = keys.take(numbers.take(here) + 1, mode="clip")
        plain = self.plain.holds(following) | self.waiting.holds(following)
        found[here] = plain & ~self.pairs.holds(_pair_keys(first.take(here), following))
        return found


def _keys_of(words: Iterable[str]) -> Keys:
    return Chunks.of([" ".join(words)]).keys()


def _pair_keys(first: Keys, second: Keys) -> Keys:
    """A key for each two chunks in a row, from theirs; shape (n,)."""
    return first * _FIRST_OF_TWO + second


class Gate:
    """The first look at a text.

    Args:
        lexicon: what is known.
        allowed: words, in lower case, that are right as they stand.
        watched: chunks that `look` names, with the words, in lower case, one of which must come next for it to matter;
            none stand for any.
        spare_names: leave alone every word that is listed as a name.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        allowed: frozenset[str] = frozenset(),
        watched: Mapping[str, Collection[str]] | None = None,
        spare_names: bool = True,
    ) -> None:
        self._lexicon = lexicon
        self._allowed = allowed
        self._spare_names = spare_names
        self._plain: set[str] = set()
        self._watched = watched or {}
        self._left = FEW
        self._strange: dict[str, Chunk] = {}

    def known(self, word: str) -> bool:
        """Whether a word, as written, needs no spelling: known, allowed, a number, or a single letter."""
        if word in self._lexicon.words:
            return True
        form = word.lower().replace("\u2019", "'")
        return self._lexicon.known(form) or len(form) == 1 or form.isdigit() or form in self._allowed

    def look(self, chunks: Chunks) -> tuple[Ints, list[str], dict[str, Chunk]]:
        """What of many texts is to be looked at closely.

        Returns:
            The numbers of the chunks that are not known to be plain, or watched and before what may come next; these
            chunks; and those of them that something can be wrong with.
        """
        self._left -= len(chunks)
        if self._left >= 0:  # all of them, as few were asked for
            numbers = np.arange(len(chunks))
            written = chunks.written(numbers)
            return numbers, written, self.suspects(written)
        # A word with a capital and the usual signs around it is as plain as the word.
        bare, known = chunks.bare(), self._known_keys
        keys = bare.keys()
        numbers = (~known.plain.holds(keys)).nonzero()[0]
        numbers = numbers[~known.in_vain(keys, numbers)]
        if self._spare_names and len(numbers) >= AS_BYTES:
            names = self._lexicon.names
            numbers = numbers[~plain_by_form(chunks, bare, keys, numbers, known.plain, known.never, names)]
        written = chunks.written(numbers)
        return numbers, written, self.suspects(written)

    @cached_property
    def _known_keys(self) -> KnownKeys:
        words, watched = self._lexicon.plain_keys(), KeySet(_keys_of(self._watched))
        waiting = [word for word, nexts in self._watched.items() if nexts and self._look_at(word) is None]
        pairs = [(word, following) for word in waiting for following in self._watched[word]]
        firsts, seconds = _keys_of(word for word, _ in pairs), _keys_of(following for _, following in pairs)
        return KnownKeys(
            plain=KeySet(words[~watched.holds(words)]),
            waiting=KeySet(_keys_of(waiting)),
            pairs=KeySet(_pair_keys(firsts, seconds)),
            never=KeySet(_keys_of((*self._watched, *COMMON))),
        )

    def suspects(self, chunks: Sequence[str]) -> dict[str, Chunk]:
        """Those of some chunks that something can be wrong with."""
        found: dict[str, Chunk] = {}
        plain: list[str] = []
        strange = self._strange
        for written in set(chunks).difference(self._plain):
            chunk = strange.get(written) or self._look_at(written)
            if chunk is None:
                plain.append(written)
            else:
                found[written] = chunk
        if len(self._plain) + len(strange) < _REMEMBERED:
            self._plain.update(plain)
            strange |= found
        return found

    def unknown(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, case) of each word of `text` that no list knows and no capital protects."""
        chunks = text.split()
        suspects = self.suspects(chunks)
        for start, written in places(text, chunks, suspects):
            for first, last, form in suspects[written].words:
                case = case_at(text, start + first, start + last, form)
                if case is not None:
                    yield start + first, start + last, case

    def _look_at(self, written: str) -> Chunk | None:
        """What can be wrong with a chunk, None for nothing."""
        word = written[:-1] if written[-1] in _MARK else written.lower()
        if word in self._lexicon.words and word.isalpha() and not self._lexicon.weak(word):
            return None  # most are a word, with a capital or one mark or neither
        core = written.rstrip(_CLOSING)
        tail = written[len(core) :]
        core = core.lstrip(_OPENING)
        if tail in _TAILS and len(core) < LONGEST_CHUNK:
            word = core[:-2] if core[-2:] in ("'s", "\u2019s") else core
            if word.isalpha():
                return self._one_word(word, written, core)
            if "-" in core and self._known_parts(core.split("-")):
                return None
        if not SIGNS.isdisjoint(written) or (written[0] in _DIGITS and not written[1:2].isalpha()):
            return None
        return None if self._is_plain(written) else self._chunk(written)

    def _one_word(self, word: str, written: str, core: str) -> Chunk | None:
        """What can be wrong with a word with the usual marks around it; most chunks are such words.

        Args:
            word: letters only.
            written: the chunk.
            core: the chunk without the marks around it.
        """
        words, form = self._lexicon.words, word.lower()
        if form in words or word in words or len(form) == 1 or form in self._allowed:
            weak = self._lexicon.weak(word) and word not in self._allowed
            return Chunk(False, False, False, True, ()) if weak else None
        case = self._case(word) if word.isascii() and len(word) > 1 else None
        if case is None:
            return None
        at = written.index(core)
        return Chunk(False, False, False, False, ((at, at + len(word), case),))

    def _known_parts(self, parts: Sequence[str]) -> bool:
        """Whether all parts of a compound are known words, of letters only."""
        words = self._lexicon.words
        return all(part.isalpha() and (part in words or part.lower() in words) for part in parts)

    def _case(self, word: str) -> int | None:
        """The form of an unknown word, None where it protects the word wherever it stands."""
        case = form_of(word)
        return None if case == OPENING and self._is_name(word) else case

    def _chunk(self, written: str) -> Chunk | None:
        loose = written[0] in ".,;:!?)" or written == "("
        glued = not loose and may_be_glued(written)
        twice = not loose and may_be_twice(written)
        bare = written.rstrip(_TAIL)
        weak = self._lexicon.weak(bare) and bare not in self._allowed
        words = tuple(self._unknown(written))
        return Chunk(loose, glued, twice, weak, words) if loose or glued or twice or weak or words else None

    def _unknown(self, chunk: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, case) of each word in a chunk that no list knows; a possessive ending is no part of it."""
        for match in WORD.finditer(chunk):
            word = match.group()
            if chunk[match.start() - 1 : match.start()] == "." or _DOTTED.match(chunk, match.end()):
                continue  # a part of a dotted name
            if len(word) < 2 or self.known(word) or not word.replace("\u2019", "'").isascii():
                continue
            if word[-2:] in ("'s", "\u2019s"):
                word = word[:-2]
            case = self._case(word)
            if case is not None:
                yield match.start(), match.start() + len(word), case

    def _is_name(self, word: str) -> bool:
        return self._spare_names and self._lexicon.names[word] > 0 and word.lower() not in COMMON

    def _is_plain(self, chunk: str) -> bool:
        if split_initials(chunk):
            return False
        if len(chunk) > LONGEST_CHUNK:
            return True
        match = _PLAIN.fullmatch(chunk)
        if match is not None and all(self.known(word) for word in WORD.findall(match["core"])):
            return not self._lexicon.weak(match["core"])
        return opaque(chunk) or _INITIALS.fullmatch(chunk) is not None or _DASHES.fullmatch(chunk) is not None


def places(text: str, chunks: Sequence[str], wanted: Collection[str]) -> Iterator[tuple[int, str]]:
    """(start, chunk) wherever one of the wanted chunks stands in `text`, in order. `chunks` is `text.split()`."""
    end = 0
    for written in filter(wanted.__contains__, chunks) if wanted else ():
        start = text.find(written, end)
        while not _stands_alone(text, start, start + len(written)):
            start = text.find(written, start + 1)
        end = start + len(written)
        yield start, written


def _stands_alone(text: str, start: int, end: int) -> bool:
    return (start == 0 or text[start - 1].isspace()) and (end == len(text) or text[end].isspace())


def form_of(word: str) -> int | None:
    """LOWER, OPENING for a capitalised word, UPPER for capitals; None for MixedCase and short capitals."""
    if word.islower():
        return LOWER
    if word.isupper():
        return UPPER if len(word) > 3 else None
    return OPENING if word[0].isupper() and word[1:].islower() else None


def case_at(text: str, start: int, end: int, form: int | None) -> int | None:
    """The case of a word in its place; None where a capital protects it: inside a sentence, and in an acronym."""
    if form == OPENING:
        return OPENING if opens_sentence(text, start) else None
    if form == UPPER:
        return UPPER if _in_capitals(text, start, end) else None
    return form


def case_of(text: str, start: int, end: int) -> int | None:
    """LOWER, OPENING or UPPER; None for a capital inside a sentence, which makes a name, and for MixedCase."""
    return case_at(text, start, end, form_of(text[start:end]))


def opens_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins at `start`: at a line or after a stop, quotation marks aside."""
    at = start - 1
    if at > 0 and text[at] == " " and text[at - 1].isalnum():
        return False  # nearly all capitals inside a sentence
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
    if (start > 1 and text[start - 2].islower()) or text[end + 1 : end + 2].islower():
        return False
    left = WORD.findall(text, max(0, start - 30), start)[-1:]
    right = WORD.findall(text, end, end + 30)[:1]
    sides = [*left, *right]
    return bool(sides) and all(word.isupper() and len(word) > 1 for word in sides)
