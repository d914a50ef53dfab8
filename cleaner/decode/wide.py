"""UTF-16 and UTF-32, with a byte order mark and without, and ISO-2022-JP."""

from __future__ import annotations

import re

from cleaner.decode.binary import CONTROLS, refuse_controls
from cleaner.decode.decoded import BOMS, REPLACEMENT, Decoded
from cleaner.decode.narrow import narrow


def with_bom(data: bytes) -> Decoded | None:
    """The reading that a byte order mark asks for; None without one, or where it cannot be meant."""
    for encoding, mark in BOMS.items():
        if not data.startswith(mark):
            continue
        if encoding == "utf-8":
            rest = narrow(data[len(mark) :], utf8=True)
            return rest._replace(method="bom", bom=True)
        decoded = _wide(data[len(mark) :], encoding, "bom")
        if encoding.startswith("utf-32") and (len(data) % 4 or decoded.undecodable):
            continue  # FF FE 00 00 is also UTF-16 that begins with a NUL
        if 4 * len(decoded.undecodable) > len(decoded.text) + 8:  # it only looks like a mark
            continue
        return decoded._replace(bom=True)
    return None


def _wide(data: bytes, encoding: str, method: str) -> Decoded:
    """UTF-16 or UTF-32, with U+FFFD for what is not valid in it."""
    width = 4 if encoding.startswith("utf-32") else 2
    whole = len(data) - len(data) % width
    text = data[:whole].decode(encoding, "surrogatepass") if width == 2 else _utf_32(data[:whole], encoding)
    bad: list[tuple[int, bytes]] = []
    for match in re.finditer("[\ud800-\udfff]", text):
        at = match.start()
        bad.append((at, text[at].encode(encoding, "surrogatepass")))
    text = re.sub("[\ud800-\udfff]", REPLACEMENT, text)
    if data[whole:]:
        bad.append((len(text), data[whole:]))
        text += REPLACEMENT
    return Decoded(text, encoding, method, tuple(bad))


def _utf_32(data: bytes, encoding: str) -> str:
    """UTF-32; code points beyond Unicode cannot be kept, so such data is refused by giving only surrogates."""
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        return "\ud800" * (len(data) // 4)


def wide_without_bom(data: bytes) -> Decoded | None:
    """UTF-16 or UTF-32 without a mark: they are the only texts that are full of NUL and other control bytes."""
    controls = len(data) - len(data.translate(None, CONTROLS))
    if not controls:
        return None
    for width, encodings in ((4, ("utf-32-le", "utf-32-be")), (2, ("utf-16-le", "utf-16-be"))):
        readings = [_wide(data, encoding, encoding[:6]) for encoding in encodings if len(data) >= 2 * width]
        plausible = [(_plausibility(reading.text), reading) for reading in readings]
        best = max(plausible, key=lambda scored: scored[0], default=None)
        if best and best[0] > 0.9:
            return best[1]
    refuse_controls(data, controls)
    return None


def _plausibility(text: str) -> float:
    """How much a wide reading looks like text, up to 1: printable, letters of one part of Unicode, usual marks."""
    sample = text[:2000]
    if not sample:
        return 0.0
    good = sum(c.isprintable() or c in "\t\n\r" for c in sample) - 3 * sample.count(REPLACEMENT)
    blocks = [ord(c) >> 8 for c in sample if c.isalpha()]
    low = sum(block < 0x20 for block in blocks)
    east = sum(0x30 <= block <= 0x9F for block in blocks)
    hangul = sum(0xAC <= block <= 0xD7 for block in blocks)
    main = max(low, east, hangul) / len(blocks) if blocks else 0.5
    common = sum(
        c in " \n\t,.-\u3001\u3002\uff0c0123456789eaio\u7684\u4e00\u662f\u4e0d\u306e\u306b\u306f" for c in sample
    )
    return (good / len(sample)) * (0.5 + 0.5 * main) * (1.0 if common or len(sample) < 20 else 0.8)


_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")


def iso_2022(data: bytes) -> Decoded | None:
    """ISO-2022-JP, which is ASCII but for its escape sequences."""
    if not _ISO_2022_JP.search(data):
        return None
    try:
        text = data.decode("iso2022_jp")
        exact = text.encode("iso2022_jp") == data
    except UnicodeError:
        return None
    return Decoded(text, "iso2022_jp", "iso-2022") if exact else None
