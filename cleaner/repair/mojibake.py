"""One segment of text, repaired exactly as `ftfy.fix_encoding` repairs it.

The steps and their order are ftfy's, and so are the tables: UTF-8 that was read in one of ten single-byte encodings,
bytes A0 that became spaces, characters that lost a byte, mojibake inside other text, and Latin-1 that was meant as
Windows-1252. What differs is speed (`badness`; encoding instead of testing with a regular expression first) and that
the decoder of UTF-8 variants takes linear time.

Source: ftfy 6.3 (Apache 2.0), `ftfy.fix_encoding_and_explain`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from ftfy import bad_codecs
from ftfy.chardata import ALTERED_UTF8_RE, C1_CONTROL_RE, CHARMAP_ENCODINGS, LOSSY_UTF8_RE, UTF8_DETECTOR_RE
from ftfy.fixes import fix_c1_controls, replace_lossy_sequences, restore_byte_a0

from cleaner.late import late
from cleaner.repair.badness import is_bad

SEGMENT = 1_000_000
"""Code points that are repaired in one piece where there are no line ends; `max_decode_length` in ftfy."""

bad_codecs.ok()  # importing the package registers the "sloppy" codecs

INCONSISTENT = "inconsistent_utf8"
LATIN_1_FOR_WINDOWS = "windows_1252_read_as_latin_1"
C1_CONTROL = "c1_control"

_CODECS = tuple((name, "utf8_read_as_" + name.removeprefix("sloppy-").replace("-", "_")) for name in CHARMAP_ENCODINGS)


def fix_segment(text: str) -> tuple[str, str]:
    """The repaired segment and the name of the rule that did the first step, "" where nothing is changed.

    >>> fix_segment("sch\u00c3\u00b6n")
    ('schön', 'utf8_read_as_latin_1')
    """
    first = ""
    while is_bad(text):
        fixed, rule = _one_step(text)
        if fixed == text:
            break
        text, first = fixed, first or rule
    return text, first


USUAL = ("utf8_read_as_latin_1", "utf8_read_as_windows_1252")


def fix_usual(runs: Sequence[str]) -> tuple[list[str], str]:
    """The runs of characters beyond ASCII in a text that was misread as a whole in Windows-1252 or in Latin-1, put
    right, and the name of the rule.

    The same as one step of `fix_segment` for each line of the text; "" for the rule where the two may differ. What ftfy
    repairs in the bytes of the usual encodings is never valid UTF-8, but for the byte 1A.
    """
    text = "\n".join(runs)
    try:
        raw = text.encode("sloppy-windows-1252")
        fixed = raw.decode()
    except UnicodeError:
        return list(runs), ""
    return (list(runs), "") if b"\x1a" in raw else (fixed.split("\n"), USUAL[not _is_latin_1(text)])


def _is_latin_1(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _one_step(text: str) -> tuple[str, str]:
    possible = set()
    for codec, rule in _CODECS:
        try:
            raw = text.encode(codec)
        except UnicodeEncodeError:
            continue
        possible.add(codec)
        fixed = _reread(raw, codec)
        if fixed is not None:
            return fixed, rule
    if UTF8_DETECTOR_RE.search(text):
        fixed = UTF8_DETECTOR_RE.sub(partial(_fix_embedded, longer=len(text)), text)
        if fixed != text:
            return fixed, INCONSISTENT
    if "latin-1" in possible:
        if "sloppy-windows-1252" in possible:  # printable in both, so it is probably what was meant
            return text, ""
        fixed = _windows_1252(text)
        if fixed is not None and fixed != text:
            return fixed, LATIN_1_FOR_WINDOWS
    if C1_CONTROL_RE.search(text):
        return fix_c1_controls(text), C1_CONTROL
    return text, ""


def _reread(raw: bytes, codec: str) -> str | None:
    """`raw` read as UTF-8, after the repairs that ftfy makes to the bytes; None where it is none."""
    # in MacRoman an en dash and a space would look like it
    if codec != "macroman" and _may_be(ALTERED_UTF8_RE, raw, _NO_SPACE):
        raw = restore_byte_a0(raw)
    if codec.startswith("sloppy") and _may_be(LOSSY_UTF8_RE, raw, _NO_LOSS):
        raw = replace_lossy_sequences(raw)
    try:
        return decode_variants(raw) if b"\xed" in raw or b"\xc0" in raw else raw.decode()
    except UnicodeDecodeError:
        return None


_NO_SPACE = bytes(set(range(0x80)) - {0x20})
_NO_LOSS = bytes(set(range(0x80)) - {0x1A, 0x3F})


def _may_be(pattern: re.Pattern[bytes], raw: bytes, idle: bytes) -> bool:
    """Whether `pattern` matches; first without the `idle` bytes, which can only bring more together and is fast."""
    return pattern.search(raw.translate(None, idle)) is not None and pattern.search(raw) is not None


def _fix_embedded(match: re.Match[str], longer: int) -> str:
    part = match.group()
    return fix_segment(part)[0] if len(part) < longer else part


def _windows_1252(text: str) -> str | None:
    try:
        return text.encode("latin-1").decode("windows-1252")
    except UnicodeDecodeError:
        return None


_CESU_8 = late(rb"\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])")


def decode_variants(raw: bytes) -> str:
    """UTF-8 with the two-byte NUL of Java and with astral characters as two surrogates (CESU-8), in linear time.

    Raises:
        UnicodeDecodeError: it is not even that.
    """
    return _CESU_8.sub(_astral, raw.replace(b"\xc0\x80", b"\x00")).decode()


def _astral(match: re.Match[bytes]) -> bytes:
    high, mid, low, last = (group[0] for group in match.groups())
    point = 0x10000 + ((high & 0x0F) << 16) + ((mid & 0x3F) << 10) + ((low & 0x0F) << 6) + (last & 0x3F)
    return chr(point).encode()
