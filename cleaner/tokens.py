"""A batch of texts as arrays: one row a word, one row a gap between words.

Everything the noise stage knows about a text starts here. The texts of a batch stand in one UTF-8 buffer, which is
classified byte by byte with look-up tables; no Python code runs per character or per word.

A *word* is a run of letters, digits and characters outside ASCII that are no punctuation; a web or mail address is one
word. An apostrophe parts words, straight or curly. A *gap* is what stands between two words; gap `i` stands before word
`i`. Each text stands between line ends and is closed by a word of its own, the *border* (a NUL), so that no text sees
another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.stretches import changes

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# What a byte is. The values are bits, so that the content of a gap is the OR over its bytes.
WORD, SPACE, LINE, STOP, COMMA, COLON, OPEN, CLOSE, QUOTE, BAR, DASH, SIGN, ASK = (1 << n for n in range(13))

# The shape of a word, in bits too.
FIRST_UPPER, ANY_UPPER, ANY_LOWER, ANY_DIGIT, ANY_FOREIGN, LINK = (1 << n for n in range(6))

STEM = 5
"""Letters of a word that stand for its stem."""

NUL, SIGN_FOR_NUL = "\0", "\1"

_BASE = np.uint64(0x9E3779B97F4A7C15 | 1)  # odd, so that it has an inverse modulo 2**64
_INVERSE = np.uint64(pow(int(_BASE), -1, 1 << 64))

# With a scheme, "www." or a path any address counts; a bare name only with an ending that is no English word (as in
# "aim.is").
# It ends where punctuation or a blank beyond ASCII begins: a no-break space, a curly quote, a full-width comma.
_ADDRESS = rb"(?:[^\s<>\"'\xc2\xe2\xe3\xef]|\xc2(?![\xa0\xab\xbb])|\xe2(?!\x80)|\xe3(?!\x80)|\xef(?!\xbc))"
# A mail address is one word, but no link.
LINKS = re.compile(
    rb"(?:https?://|www\.)" + _ADDRESS + rb"+"
    rb"|(?P<mail>[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,62}\.){1,4}[A-Za-z]{2,12}\b)"
    rb"|(?<![\w@.-])(?:(?!www\.)[A-Za-z0-9][\w-]{0,62}\.){1,4}"
    rb"(?:(?:com|net|org|info|biz|co|io|ru|xyz|top|club|shop|site|online|store|tv|ly|gl|example|uk|de|fr|ie|ca|au|nl|es|pl|eu|cn"
    rb"|lk|ng|ke|za|nz|ch|se|dk|fi|cz|hu|ro|gr|tr|jp|kr|br|mx|ar|pk|bd|ae|sa|il|ua|by|kz|ai|app|dev|blog|news|link|click|live)\b"
    rb"(?:/" + _ADDRESS + rb"*)?|[a-z]{2,6}/[\w?=&#%./-]*)"
)


def _table() -> NDArray[np.uint16]:
    table = np.full(256, SIGN, np.uint16)
    table[[*range(48, 58), *range(65, 91), *range(97, 123), 95, *range(128, 256)]] = WORD
    for characters, kind in (
        (" \t\v\f\r", SPACE), ("\n", LINE), (".!", STOP), ("?", STOP | ASK), (",;", COMMA), (":", COLON), ("([{", OPEN),
        (")]}", CLOSE), ("\"'`", QUOTE), ("|~*>", BAR), ("-", DASH), ("\0", WORD),
    ):  # fmt: skip
        table[[ord(c) for c in characters]] = kind
    return table


_KIND = _table()
# General punctuation, U+2000 to U+203F, by its last byte.
_KIND_2000 = np.full(64, SPACE, np.uint16)
_KIND_2000[0x10:0x16] = DASH
_KIND_2000[0x16:0x18] = BAR
_KIND_2000[0x18:0x20] = QUOTE
_KIND_2000[0x20:0x28] = BAR
_KIND_2000[0x26] = STOP
_KIND_2000[0x28:0x2A] = LINE
_KIND_2000[0x30:0x39] = SIGN
_KIND_2000[0x39:0x3B] = QUOTE | BAR
_KIND_2000[0x3B:] = SIGN

BLANK = ord(" ")
"""The greatest of the bytes that are a blank or a line end in ASCII."""
SHORTEST_GLUED = 4
"""Letters at least of a word to which another one is glued."""
WIDE = 4
"""So many bytes of a gap are looked at one after the other; few gaps have more."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """Words and gaps of a batch of n texts, m words in all.

    Attributes:
        buffer: the texts in UTF-8, each between line ends and followed by a NUL; shape (bytes,).
        running: the running sum that every hash is a difference of; shape (bytes + 1,).
        start, end: where each word stands in the buffer; shape (m,).
        key: a 64-bit hash of each word in lower case; shape (m,).
        shape: bits FIRST_UPPER ... LINK of each word; shape (m,).
        gap: bits SPACE ... ASK of what stands before each word; shape (m,).
        lines: line ends in each gap; shape (m,).
        document: number of each word's text; shape (m,).
        text_start: where each text begins in the buffer (a line end of ours stands there); shape (n + 1,).
    """

    buffer: Bytes
    running: NDArray[np.uint64]
    start: Ints
    end: Ints
    key: NDArray[np.uint64]
    shape: NDArray[np.uint8]
    gap: NDArray[np.uint16]
    lines: Ints
    document: Ints
    text_start: Ints

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def border(self) -> Bools:
        """Which words are the border behind a text."""
        return np.asarray(self.buffer[self.start] == 0)

    @cached_property
    def borders(self) -> Ints:
        """The same as numbers of words, one for each text; shape (n,)."""
        return self.start.searchsorted(self.text_start[1:] - 1)

    def text(self, first: int, last: int) -> str:
        """The text from word `first` up to, but without, word `last`, with the signs between them."""
        return self.buffer[self.start[first] : self.end[last - 1]].tobytes().decode("utf-8", "replace")

    def code_points(self, at: Ints, origin: Ints) -> Ints:
        """Offsets in code points of the bytes `at`, counted from the bytes `origin`; shapes (..., n) and (n,)."""
        inner = ((self.buffer & 0xC0) == 0x80).nonzero()[0]
        return np.asarray(at - origin - inner.searchsorted(at) + inner.searchsorted(origin))


def tokenize(texts: Sequence[str]) -> Tokens:
    """The words and gaps of `texts`, as one batch. A NUL inside a text is read as a sign."""
    joined = "".join([f"\n{text.replace(NUL, SIGN_FOR_NUL)}\n\0" for text in texts]).encode("utf-8", "surrogatepass")
    buffer = np.frombuffer(joined, np.uint8)
    kind = _kinds(buffer)
    link = np.zeros(len(buffer), np.bool_)
    for stretch in _address_stretches(buffer):
        for match in LINKS.finditer(joined, *stretch):
            close = match.start() + len(match.group().rstrip(b".,;:!?)]"))
            kind[match.start() : close] = WORD
            link[match.start() : close] = match["mail"] is None
    is_word = (kind & WORD) != 0
    # The buffer begins with a line end and ends with a word, the border.
    edges = (is_word[1:] != is_word[:-1]).nonzero()[0] + 1
    start, end = edges[0::2], np.append(edges[1::2], np.full(min(len(texts), 1), len(buffer)))
    glued = _glued(buffer, link, start, end)
    if len(glued):
        start, end = (np.sort(np.concatenate((edge, glued))) for edge in (start, end))
    running = byte_sums(_lower(buffer))
    gap, lines = _gaps(kind, start, end)
    ends = (buffer == 0).nonzero()[0]
    behind = start.searchsorted(ends) + 1
    words = behind - np.concatenate(([0], behind[:-1]))
    return Tokens(
        buffer, running, start, end, stretch_keys(running, start, end), _shapes(buffer, is_word, link, start, end), gap,
        lines, np.repeat(np.arange(len(texts)), words), np.concatenate(([0], ends + 1)),
    )  # fmt: skip


def _address_stretches(buffer: Bytes) -> list[tuple[int, int]]:
    """The stretches between ASCII blanks in which an address may stand: they hold "://", or a full stop with a small
    letter right behind it or a "w" before it. Nothing else is worth a regular expression."""
    blank = (buffer == 32) | _between(buffer, 9, 13)
    inner = buffer[:-1] == 46
    follows = _between(buffer[1:], 97, 122)
    follows[1:] |= buffer[:-2] == 119
    inner &= follows & ~blank[1:]
    inner[:-1] |= (buffer[:-2] == 58) & (buffer[1:-1] == 47) & (buffer[2:] == 47)
    blanks = blank.nonzero()[0]
    after = blanks.searchsorted(inner.nonzero()[0])
    after = after[changes(after)]  # each stretch once
    return list(zip((blanks[after - 1] + 1).tolist(), blanks[after].tolist(), strict=True))


def _glued(buffer: Bytes, link: Bools, start: Ints, end: Ints) -> Ints:
    """Where a word in lower case seems to end and another one to begin without a gap: "rising costsRead more".

    Names such as iPhone and macOS have fewer small letters before the capital, JavaScript and YouTube begin with one,
    and names in programs rarely stand between blanks.
    """
    upper, lower = _between(buffer, 65, 90), _between(buffer, 97, 122)
    at = (lower[:-1] & upper[1:]).nonzero()[0] + 1
    if not len(at):
        return at
    word = start.searchsorted(at, "right") - 1
    begins, behind = start.take(word), buffer.take(end.take(word))
    alone = (buffer.take(begins - 1) <= BLANK) & ((behind <= BLANK) | (behind == ord(",")))
    letters = lower.take(begins) & (lower | upper).take(at + 1)
    return np.asarray(at[(at - begins >= SHORTEST_GLUED) & letters & alone & ~link.take(at)])


def _kinds(buffer: Bytes) -> NDArray[np.uint16]:
    kind = _KIND.take(buffer)
    lead = (buffer == 0xE2).nonzero()[0]
    lead = lead[lead + 2 < len(buffer)]
    middle = buffer[lead + 1]
    general = lead[middle == 0x80]
    values = _KIND_2000[buffer[general + 2] & 63]
    signs = lead[(middle > 0x81) & (middle < 0xB0)]  # arrows, boxes, bullets, dingbats
    for offset in range(3):
        kind[general + offset] = values
        kind[signs + offset] = BAR
    pair = (buffer == 0xC2).nonzero()[0]
    pair = pair[pair + 1 < len(buffer)]
    for value, meaning in (
        (0xA0, SPACE),
        (0xAB, QUOTE | BAR),
        (0xBB, QUOTE | BAR),
        (0xB7, BAR),
        (0xA9, SIGN | BAR),  # a copyright line begins there
        (0xAE, SIGN),
    ):
        here = pair[buffer[pair + 1] == value]
        kind[here] = meaning
        kind[here + 1] = meaning
    return kind


def _gaps(kind: NDArray[np.uint16], start: Ints, end: Ints) -> tuple[NDArray[np.uint16], Ints]:
    """Bits and line ends of each gap."""
    if not len(start):
        return np.zeros(0, np.uint16), np.zeros(0, np.int64)
    begins = np.concatenate(([0], end[:-1]))
    bits = kind.take(begins) & ~np.uint16(WORD)  # between glued words there is nothing
    width = start - begins
    wide = (width > 1).nonzero()[0]  # few: most gaps are one blank
    for place in range(1, WIDE):
        bits[wide] |= kind.take(begins.take(wide) + place)
        wide = wide[width.take(wide) > place + 1]
    if len(wide):
        bounds = np.column_stack((begins[wide], start[wide])).ravel()
        bits[wide] |= np.bitwise_or.reduceat(kind, bounds)[::2]
    lines = ((kind & LINE) != 0).nonzero()[0]  # of truth values it is ten times as fast
    return bits, np.bincount(start.searchsorted(lines), minlength=len(start))


def byte_sums(lower: Bytes) -> NDArray[np.uint64]:
    """The running sum of the bytes, each times a power of the base; shape (bytes + 1,)."""
    running = np.zeros(len(lower) + 1, np.uint64)
    np.cumsum(lower * _powers(len(lower))[0], out=running[1:])
    return running


def stretch_keys(running: NDArray[np.uint64], start: Ints, end: Ints) -> NDArray[np.uint64]:
    """Polynomial hashes: differences of the running sum, brought to a common power."""
    key = (running.take(end) - running.take(start)) * _powers(len(running))[1].take(start)
    return np.asarray(key ^ (key >> np.uint64(29)))


_POWERS: list[NDArray[np.uint64]] = []


def _powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The first `count` powers of the base and of its inverse, modulo 2**64; kept, as every batch needs them."""
    if not _POWERS or len(_POWERS[0]) < count:
        size = max(1 << 13, 1 << (count - 1).bit_length())
        _POWERS[:] = [
            np.cumprod(np.concatenate((np.ones(1, np.uint64), np.full(size - 1, base, np.uint64))), dtype=np.uint64)
            for base in (_BASE, _INVERSE)
        ]
    return _POWERS[0][:count], _POWERS[1][:count]


def has(bits: NDArray[np.integer[Any]], mask: int | NDArray[np.integer[Any]]) -> Bools:
    """Which of the values have one of the bits of `mask`."""
    return np.asarray((bits & mask) != 0)


def _between(values: Bytes, lowest: int, highest: int) -> Bools:
    """Which bytes lie between two bytes, both included."""
    return np.asarray(values - np.uint8(lowest) <= np.uint8(highest - lowest))  # smaller ones wrap around


def _lower(buffer: Bytes) -> Bytes:
    """The bytes with ASCII letters in lower case."""
    return np.asarray(buffer | _between(buffer, 65, 90).view(np.uint8) << np.uint8(5))


def _shapes(buffer: Bytes, is_word: Bools, link: Bools, start: Ints, end: Ints) -> NDArray[np.uint8]:
    """The shape of each word. Most words are letters in lower case; what is seldom is looked for in the text."""
    if not len(start):
        return np.zeros(0, np.uint8)
    lower, upper, digit = _between(buffer, 97, 122), _between(buffer, 65, 90), _between(buffer, 48, 57)
    any_lower = lower.take(start) | lower.take(end - 1)
    doubtful = (~any_lower & (end - start > 2)).nonzero()[0]
    any_lower[doubtful] = _any(lower, start[doubtful] + 1, end[doubtful] - 1)
    bits = any_lower.view(np.uint8) * np.uint8(ANY_LOWER)
    bits[upper.take(start)] |= FIRST_UPPER | ANY_UPPER
    upper[1:] &= is_word[:-1]  # behind the first byte
    digit[1:] &= ~digit[:-1]  # the first of several
    for kind, bit in ((upper, ANY_UPPER), (digit, ANY_DIGIT), ((buffer >= 128) & is_word, ANY_FOREIGN)):
        bits[start.searchsorted(kind.nonzero()[0], "right") - 1] |= bit
    bits[link.take(start)] |= LINK
    return bits


def _any(marks: Bools, first: Ints, last: Ints) -> Bools:
    """Whether there is a mark in each of some stretches, none of them empty; shape (k,)."""
    size = last - first
    begins = size.cumsum() - size
    places = np.arange(size.sum()) + np.repeat(first - begins, size)
    return np.logical_or.reduceat(marks.take(places), begins) if len(size) else np.zeros(0, np.bool_)


def word_keys(words: Sequence[str]) -> NDArray[np.uint64]:
    """The keys of single words, equal to `Tokens.key` for the same words in a text."""
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    lengths = np.array([len(word) for word in encoded], np.int64)
    end = np.cumsum(lengths)
    return stretch_keys(byte_sums(_lower(np.frombuffer(b"".join(encoded), np.uint8))), end - lengths, end)


NEVER = 1 << 40


_MIX = np.uint64(0xD6E8FEB86659FD93)


def recurrences(tokens: Tokens, function: Bools) -> tuple[Ints, Ints]:
    """For each word where in its document its stem stands last before it (else a negative number) and next behind it
    (else `NEVER`).

    Args:
        tokens: the batch.
        function: which words are function words; of those shorter than a stem, which no other word shares, nothing is
            said; shape (m,).
    """
    count, among = len(tokens), (~function | (tokens.end - tokens.start >= STEM)).nonzero()[0]
    start, end = tokens.start.take(among), tokens.end.take(among)
    stem = stretch_keys(tokens.running, start, np.minimum(end, start + STEM))
    entry = (stem ^ (tokens.document.take(among).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15))) * _MIX
    place = np.arange(len(among))
    for shift in (16, 32, 48):  # 16 bits at a time NumPy sorts by counting, twice as fast as 64 bits at once
        place = place.take((entry >> np.uint64(shift)).astype(np.uint16).take(place).argsort(kind="stable"))
    entry = entry.take(place) >> np.uint64(16)
    same = entry[1:] == entry[:-1]
    place = among.take(place)
    earlier, later = place[:-1][same], place[1:][same]
    previous, following = np.full(count, -NEVER), np.full(count, NEVER)
    previous[later] = earlier
    following[earlier] = later
    return previous, following
