"""A quick test that lets clean text pass: it names the repairs that a text may need, and misses none.

Clean text is most text, so this test is what the stage costs. ASCII takes a few searches for single characters. In text
that is mostly ASCII, only places are looked at where two other characters meet: encoded as ASCII with `?` for the rest,
those are the places of `??`. In other scripts all neighbours are looked at, at once: damage shows where two characters
meet that clean text does not put together, and which those are stands in two tables with one bit for each pair of sets
in `cleaner.repair.badness.meetings`. What is found so is settled by the exact expression, around those places alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.repair.badness import JUNK, SUSPICIOUS, meetings

# What a text may need: bits, as plain integers because the test must cost next to nothing.
ESCAPES, ENTITIES, CHARACTERS, MOJIBAKE = 1, 2, 4, 8

_ORDINARY = bytes((9, 10, 12, 13, *range(0x20, 0x7F)))
# Last bytes of dashes, quotation marks and the ellipsis, of which E2 80 are the first: clean beside anything in ASCII
# and beside each other.
_PUNCTUATION = b"\x93\x94\x98\x99\x9c\x9d\xa6"
# `JUNK` in the UTF-8 of text that is mostly ASCII and has been rid of that.
_CHARACTER_BYTES = re.compile(
    rb"[\x00-\x1f\x7f\xc2\xd8\xe2\xef](?:(?<=[\x00-\x1f\x7f])|(?<=\xc2)[\x80-\x9f\xad]|(?<=\xd8)\x9c"
    rb"|(?<=\xe2)(?:\x80[\x8b-\x8f\xa8-\xae]|\x81[\xa0\xa6-\xaf])|(?<=\xef)(?:\xbb\xbf|\xbf[\xb9-\xbc]))"
)
_STEP = 16  # one character of so many is looked at to tell how dense the others are
_DENSE = 10  # characters of text for each byte beyond ASCII; with fewer, many of these meet
_SIGNS = tuple(
    (sign, need, re.compile(pattern))
    for sign, need, pattern in (
        ("&", ENTITIES, r"&#?[0-9A-Za-z]{1,24};"),
        ("\\", ESCAPES, r"\\[uUx][0-9a-fA-F{]"),
        ("%", ESCAPES, r"%(?:[89a-fA-F][0-9a-fA-F]%|20)"),
        ("=", ESCAPES, r"=[C-F][0-9A-F]="),
        ("<", ESCAPES, r"<U\+"),
    )
)

_CHUNK = 1 << 15  # code units that are looked at together; the arrays stay in the processor's cache
_PLACES = 40  # up to so many places of a chunk are looked at one by one, more by one search over the text
_BEFORE, _AFTER = 3, 8  # how far a match of SUSPICIOUS may begin before such a place, and end after it

Places = NDArray[np.intp]


def needs(text: str) -> int:
    """The repairs that `text` may need; 0 for nearly all clean text."""
    need = 0
    if "&" in text or "%" in text or "=" in text or "<" in text or "\\" in text:
        for sign, repair, pattern in _SIGNS:
            if sign in text and pattern.search(text):
                need |= repair
    if text.isascii():
        return need | CHARACTERS if _has_control(text) else need
    try:
        sample = text[::_STEP]
        is_dense = len(sample.encode().translate(None, _ORDINARY)) * _DENSE > len(sample)
        return need | (_in_dense(text) if is_dense else _in_sparse(text))
    except UnicodeEncodeError:  # surrogates
        return need | CHARACTERS | MOJIBAKE


def _has_control(text: str) -> bool:
    """Whether there is an ASCII control other than a tab, a line feed, a form feed or a carriage return.

    Written out, because a loop over these characters takes twice the time of looking for them.
    """
    # fmt: off
    return (
        "\x00" in text or "\x01" in text or "\x02" in text or "\x03" in text or "\x04" in text
        or "\x05" in text or "\x06" in text or "\x07" in text or "\x08" in text or "\x0b" in text
        or "\x0e" in text or "\x0f" in text or "\x10" in text or "\x11" in text or "\x12" in text
        or "\x13" in text or "\x14" in text or "\x15" in text or "\x16" in text or "\x17" in text
        or "\x18" in text or "\x19" in text or "\x1a" in text or "\x1b" in text or "\x1c" in text
        or "\x1d" in text or "\x1e" in text or "\x1f" in text or "\x7f" in text
    )
    # fmt: on


def _in_sparse(text: str) -> int:
    """What text that is mostly ASCII may need beside the decoding of signs."""
    beyond = text.encode().translate(None, _ORDINARY)
    if not beyond.replace(b"\xe2\x80", b"").translate(None, _PUNCTUATION):
        return 0
    if _CHARACTER_BYTES.search(beyond):
        return CHARACTERS | (MOJIBAKE if SUSPICIOUS.search(text) else 0)
    if "Â" in text or "Ã" in text or "œ" in text or "Œ" in text:  # bad with no other beside them
        return MOJIBAKE if SUSPICIOUS.search(text) else 0
    marked = text.encode("ascii", "replace")
    place = marked.find(b"??")
    for _ in range(_PLACES):
        if place < 0:
            return 0
        if SUSPICIOUS.search(text, max(place - _BEFORE, 0), place + _AFTER):
            return MOJIBAKE
        place = marked.find(b"??", place + 1)
    return MOJIBAKE if place >= 0 and SUSPICIOUS.search(text, max(place - _BEFORE, 0)) else 0


def _in_dense(text: str) -> int:
    """The same for text in which most characters may be beyond ASCII."""
    units = np.frombuffer(f"\n{text}\n".encode("utf-16-le"), "<u2")
    exact = len(units) == len(text) + 2  # else some characters are two code units
    need, settled = 0, False
    for places, junk in _meetings(units):
        need |= CHARACTERS * junk
        if len(places) and not settled:
            found = _is_suspicious(text, places) if exact else SUSPICIOUS.search(text) is not None
            need |= MOJIBAKE * found
            settled = found or not exact
    return need


@cache
def _tables() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """For each UTF-16 code unit the pairs of sets that it can begin, and those that it can end; one bit for each.

    The last bit stands for characters that are junk wherever they are.
    """
    left, right = np.zeros(1 << 16, np.uint64), np.zeros(1 << 16, np.uint64)
    characters = "".join(map(chr, (*range(_LETTERS.start + 1), *range(_LETTERS.stop, 1 << 16))))
    for index, (before, after) in enumerate(meetings()):
        bit = np.uint64(1 << index)
        left[_matching(before, characters)] |= bit
        right[_matching(after, characters)] |= bit
    left[_matching(JUNK, characters)] |= _JUNK_BIT
    right |= _JUNK_BIT
    for table in (left, right):
        table[_LETTERS.start : _LETTERS.stop] = table[_LETTERS.start]
    return left, right


_JUNK_BIT = np.uint64(1 << 63)
_LETTERS = range(0x2700, 0xE000)  # no set tells these apart; the halves of larger characters are among them


def _matching(character_class: str, characters: str) -> list[int]:
    return [ord(char) for char in re.findall(f"[{character_class}]", characters)]


def _meetings(units: NDArray[np.uint16]) -> Iterator[tuple[Places, bool]]:
    """Where two characters meet that clean text keeps apart, chunk by chunk, and whether there is junk.

    Args:
        units: UTF-16 code units of the text, between two line feeds.

    Yields:
        The places of the first of the two in the text, ascending, with `bool(junk)`; only for chunks that have any.
    """
    left, right = _tables()
    for at in range(0, len(units) - 1, _CHUNK):
        chunk = units[at : at + _CHUNK + 1].astype(np.intp)
        met = left.take(chunk[:-1]) & right.take(chunk[1:])
        if met.any():
            yield np.flatnonzero(met & ~_JUNK_BIT) + (at - 1), bool((met & _JUNK_BIT).any())


def _is_suspicious(text: str, places: Places) -> bool:
    """Whether mojibake may stand at one of `places`, ascending."""
    if len(places) > _PLACES:
        return SUSPICIOUS.search(text, max(int(places[0]) - _BEFORE, 0), int(places[-1]) + _AFTER) is not None
    return any(SUSPICIOUS.search(text, max(place - _BEFORE, 0), place + _AFTER) for place in places.tolist())
