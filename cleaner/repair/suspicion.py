"""A quick test that lets clean text pass: it names the repairs that a text may need, and misses none.

Clean text is most text, so this test is what the stage costs. ASCII takes a few searches for single bytes. Other text
is looked at only where two characters beyond ASCII meet: encoded as ASCII with `?` for the rest, those are the places
of `??`.
"""

from __future__ import annotations

import re

from cleaner.repair.badness import JUNK, SUSPICIOUS, SUSPICIOUS_OR_JUNK

# What a text may need: bits, as plain integers because the test must cost next to nothing.
ESCAPES, ENTITIES, CHARACTERS, MOJIBAKE = 1, 2, 4, 8


_CONTROLS = tuple(chr(point) for point in (*range(9), 0x0B, *range(0x0E, 0x20), 0x7F))
_ORDINARY = bytes((9, 10, 12, 13, *range(0x20, 0x7F)))
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_ESCAPES = tuple(
    (sign, re.compile(pattern))
    for sign, pattern in (
        ("\\", r"\\[uUx][0-9a-fA-F{]"),
        ("%", r"%(?:[89a-fA-F][0-9a-fA-F]%|20)"),
        ("=", r"=[C-F][0-9A-F]="),
        ("<U+", r"<U\+"),
    )
)

_CHARACTER = re.compile(f"[{JUNK}]")
# The same in the UTF-8 of text that is mostly ASCII and has been rid of that.
_CHARACTER_BYTES = re.compile(
    rb"[\x00-\x1f\x7f\xc2\xd8\xe2\xef](?:(?<=[\x00-\x1f\x7f])|(?<=\xc2)[\x80-\x9f\xad]|(?<=\xd8)\x9c"
    rb"|(?<=\xe2)(?:\x80[\x8b-\x8f\xa8-\xae]|\x81[\xa0\xa6-\xaf])|(?<=\xef)(?:\xbb\xbf|\xbf[\xb9-\xbc]))"
)
# Last bytes of dashes, quotation marks and the ellipsis, of which E2 80 are the first: no pivots, so never bad alone.
_PUNCTUATION = b"\x93\x94\x98\x99\x9c\x9d\xa6"
_DENSE = 4  # characters of text for each byte beyond ASCII; with fewer, most of these meet

_PLACES = 40  # up to so many places are looked at one by one, more by one search over the text
_BEFORE, _AFTER = 2, 8  # how far a match of SUSPICIOUS may begin before such a place, and end after it


def needs(text: str) -> int:
    """The repairs that `text` may need; 0 for nearly all clean text."""
    need = _syntax(text)
    if text.isascii():
        for control in _CONTROLS:
            if control in text:
                return need | CHARACTERS
        return need
    try:
        beyond = text.encode().translate(None, _ORDINARY)
    except UnicodeEncodeError:  # surrogates
        return need | CHARACTERS | MOJIBAKE
    if not beyond.replace(b"\xe2\x80", b"").translate(None, _PUNCTUATION):
        return need
    if len(beyond) * _DENSE > len(text):
        return need | _in_dense(text)
    if _CHARACTER_BYTES.search(beyond):
        return need | CHARACTERS | (MOJIBAKE if SUSPICIOUS.search(text) else 0)
    if "Â" in text or "Ã" in text or "œ" in text or "Œ" in text:  # bad with no other beside them
        return need | (MOJIBAKE if SUSPICIOUS.search(text) else 0)
    return need | (MOJIBAKE if may_be_mojibake(text) else 0)


def _in_dense(text: str) -> int:
    if not SUSPICIOUS_OR_JUNK.search(text):
        return 0
    return (CHARACTERS if _CHARACTER.search(text) else 0) | (MOJIBAKE if SUSPICIOUS.search(text) else 0)


def _syntax(text: str) -> int:
    need = 0
    if "&" in text and _ENTITY.search(text):
        need |= ENTITIES
    for sign, pattern in _ESCAPES:
        if sign in text and pattern.search(text):
            return need | ESCAPES
    return need


def may_be_mojibake(text: str) -> bool:
    """Whether mojibake may stand where two characters beyond ASCII meet."""
    marked = text.encode("ascii", "replace")
    place = marked.find(b"??")
    for _ in range(_PLACES):
        if place < 0:
            return False
        if SUSPICIOUS.search(text, max(place - _BEFORE, 0), place + _AFTER):
            return True
        place = marked.find(b"??", place + 1)
    return place >= 0 and SUSPICIOUS.search(text, max(place - _BEFORE, 0)) is not None
