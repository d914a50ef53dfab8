"""Chunks that are plain by their form or their place, told from their bytes: figures, possessives and compounds of
known words, and what its capitals protect. `cleaner.typos.gate.Gate` and `cleaner.typos.gate.case_at` find the same of
each of them, one by one, in more time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.protect import SIGNS
from cleaner.stretches import places_within
from cleaner.tokens import stretch_keys
from cleaner.typos.chunks import Bare, Bools, Bytes, Chunks, Ints, Keys, KeySet
from cleaner.typos.hashed import HashedCounts

LONGEST_NAME = 16
"""Bytes of the longest name that is looked for; longer ones are few."""
SHORT = 3
"""Words in capitals of at most so many letters are abbreviations, whatever they read."""
_ENDS_NOTHING = "\"').!?:"
"""ASCII signs before a blank that may end a sentence, or stand behind its end."""

_DIGIT, _LOWER, _UPPER, _SIGN = (
    np.array([byte < 128 and chr(byte) in kind for byte in range(256)])
    for kind in ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", SIGNS)
)
_LETTER = _LOWER | _UPPER
_MAY_BE_LETTER = _LETTER | (np.arange(256) >= 128)
_GOES_ON = np.array([byte < 128 and not chr(byte).isspace() and chr(byte) not in _ENDS_NOTHING for byte in range(256)])
_HYPHEN, _S, _APOSTROPHE = b"-s'"
_CURLY = (0xE2, 0x80, 0x99)
_BLANK, _LINE_END = b" \n"
_PLACES = np.arange(LONGEST_NAME)
_BITS = ((1 << np.arange(LONGEST_NAME + 1)) - 1).astype("<u2")
"""A bit for each letter of a word, the first one lowest, by the number of letters."""


def _crc_steps() -> NDArray[np.uint32]:
    """What one byte does to the last byte of a CRC-32; shape (256,)."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> np.uint32(1)) ^ np.where(table & np.uint32(1), np.uint32(0xEDB88320), np.uint32(0))
    return table


_CRC_STEPS = _crc_steps()


def plain_by_form(
    chunks: Chunks, bare: Bare, keys: Keys, numbers: Ints, known: KeySet, but: KeySet, names: HashedCounts
) -> Bools:  # fmt: skip
    """Which of some chunks are plain by their form and place; the others may be, too.

    Args:
        chunks: of some texts.
        bare: the same without signs around them.
        keys: of all of them.
        numbers: of the chunks in question; shape (n,).
        known: the keys of known words, those aside that may be pieces of others.
        but: the keys of words that are never plain.
        names: how often a word with a capital was seen as a name.
    """
    buffer = np.frombuffer(chunks.joined, np.uint8)
    at = chunks.start.take(numbers)
    first = buffer.take(at)
    plain: Bools = _SIGN.take(first) | (_DIGIT.take(first) & ~_MAY_BE_LETTER.take(buffer.take(at + 1)))
    rest = (~plain & ~but.holds(keys.take(numbers))).nonzero()[0]
    start, end = bare.start.take(numbers[rest]), bare.end.take(numbers[rest])
    owner_end = end - _possessive(buffer, start, end)
    owner = stretch_keys(bare.running, start, owner_end)
    found = (owner_end < end) & known.holds(owner)
    found |= _protected(buffer, at[rest], start, owner_end, names) & ~but.holds(owner)
    found |= _compounds(buffer, bare.running, start, end, known)
    plain[rest[found]] = True
    return plain


def _possessive(buffer: Bytes, start: Ints, end: Ints) -> Ints:
    """The bytes of a possessive ending of each chunk, 0 where it has none."""
    size = np.zeros(len(start), np.intp)
    owned = ((buffer.take(end - 1) == _S) & (end - start > 4)).nonzero()[0]
    before = end.take(owned) - 2
    byte = buffer.take(before)
    size[owned[byte == _APOSTROPHE]] = 2
    curly = (byte == _CURLY[2]) & (buffer.take(before - 1) == _CURLY[1]) & (buffer.take(before - 2) == _CURLY[0])
    size[owned[curly]] = 4
    return size


def _protected(buffer: Bytes, at: Ints, start: Ints, end: Ints, names: HashedCounts) -> Bools:
    """Which stretches are words that capitals protect: names, abbreviations, MixedCase, a capital inside a sentence, a
    word in capitals beside small letters.

    Args:
        buffer: the texts.
        at: where the chunks begin that they stand in; shape (n,).
        start, end: the stretches; shape (n,).
        names: see `plain_by_form`.
    """
    found = np.zeros(len(start), np.bool_)
    size = end - start
    likely = (_UPPER.take(buffer.take(start)) & (size > 1) & (size <= LONGEST_NAME)).nonzero()[0]
    at, start, end, size = at.take(likely), start.take(likely), end.take(likely), size.take(likely)
    letters = buffer.take(start[:, None] + _PLACES, mode="clip")
    whole = _BITS.take(size)
    capitals = _bits(_UPPER, letters) & whole
    titled, upper = capitals == 1, capitals == whole
    plain = ~titled & ~upper
    plain |= titled & (buffer.take(at - 1) == _BLANK) & _GOES_ON.take(buffer.take(at - 2))
    plain |= upper & ((size <= SHORT) | _beside_small_letters(buffer, start, end))
    of_letters = _bits(_LETTER, letters) & whole == whole
    found[likely[plain & of_letters]] = True
    titled = (titled & ~plain & of_letters).nonzero()[0]
    found[likely[titled]] = names.counts(_crc(letters[titled], size[titled])) > 0
    return found


def _bits(kind: Bools, letters: Bytes) -> NDArray[np.uint16]:
    """Which letters of each row are of a kind, the first one in the lowest bit; shape (n, LONGEST_NAME) -> (n,)."""
    return np.packbits(kind.take(letters), axis=1, bitorder="little").view("<u2").ravel()


def _beside_small_letters(buffer: Bytes, start: Ints, end: Ints) -> Bools:
    """Before or behind which stretches a small letter stands, with one sign between."""
    sign = buffer.take(end)
    before = (buffer.take(start - 1) == _BLANK) & _LOWER.take(buffer.take(start - 2))
    behind = (sign < 128) & (sign != _LINE_END) & _LOWER.take(buffer.take(end + 1))
    return np.asarray(before | behind)


def _crc(letters: Bytes, size: Ints) -> NDArray[np.uint32]:
    """The CRC-32 of the first bytes of each row; shapes (n, m) and (n,), gives (n,)."""
    order = np.argsort(-size, kind="stable")
    letters = np.ascontiguousarray(letters[order].T)
    crc = np.full(len(order), 0xFFFFFFFF, np.uint32)
    longer = np.searchsorted(-size[order], -np.arange(len(letters)))  # rows that go on at each place
    for place, rows in enumerate(longer.tolist()):
        if not rows:
            break
        part = crc[:rows]
        crc[:rows] = (part >> np.uint32(8)) ^ _CRC_STEPS.take((part & np.uint32(255)) ^ letters[place, :rows])
    found = np.empty_like(crc)
    found[order] = ~crc
    return found


def _compounds(buffer: Bytes, running: Keys, start: Ints, end: Ints, known: KeySet) -> Bools:
    """Which stretches are known words with hyphens between them."""
    hyphens = (buffer == _HYPHEN).nonzero()[0]
    before, behind = hyphens.searchsorted(start), hyphens.searchsorted(end)
    with_one = (behind > before).nonzero()[0]
    found = np.zeros(len(start), np.bool_)
    if not len(with_one):
        return found
    size = behind.take(with_one) - before.take(with_one)
    opens = (size + 1).cumsum() - size - 1  # the first part of each of them
    cut = hyphens.take(places_within(before.take(with_one), behind.take(with_one))[0])
    begins, ends = np.empty((2, len(cut) + len(size)), np.intp)
    begins[opens], ends[opens + size] = start.take(with_one), end.take(with_one)
    begins[_but(opens, len(begins))], ends[_but(opens + size, len(begins))] = cut + 1, cut
    found[with_one] = np.logical_and.reduceat(known.holds(stretch_keys(running, begins, ends)), opens)
    return found


def _but(numbers: Ints, count: int) -> Bools:
    """All of so many but some."""
    chosen = np.ones(count, np.bool_)
    chosen[numbers] = False
    return chosen
