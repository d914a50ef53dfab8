"""A source as text, and back to its exact bytes."""

from __future__ import annotations

import codecs
from bisect import bisect_left
from functools import cache
from typing import NamedTuple

from cleaner.edits import Span

REPLACEMENT = "\ufffd"

MULTIBYTE = frozenset(
    {
        "gb2312",
        "gb18030",
        "big5",
        "big5hkscs",
        "shift_jis",
        "cp932",
        "euc_kr",
        "cp949",
        "euc_jp",
        "johab",
        "euc_jis_2004",
        "shift_jis_2004",
    }
)

BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


class Decoded(NamedTuple):
    """A source as text, with what it takes to get the source back (`encode`).

    A named tuple, because every document has one, and a frozen dataclass costs twice as much to make.

    Attributes:
        text: the text; U+FFFD stands where bytes could not be decoded.
        encoding: "str" for str input; "utf-8", "utf-16-le", "windows-1252" ...; "utf-8+windows-1252" where lines of
            both are mixed; "binary" for bytes that were refused.
        method: how the encoding was found: "given" (a str), "bom", "utf-8", "utf-16", "utf-32", "iso-2022", "lines"
            (UTF-8 with damage or with legacy lines), "declared", "detected", "default".
        undecodable: (offset, bytes) for every character whose bytes `encoding` would not give back: U+FFFD for bytes
            that could not be decoded; rarely a character that has two codes in an East Asian encoding.
        bom: whether the source began with a byte order mark, which is not part of `text`.
        legacy: in mixed files, the spans of `text` that were read in the legacy encoding.
        warnings: sentences for the user.
    """

    text: str
    encoding: str
    method: str
    undecodable: tuple[tuple[int, bytes], ...] = ()
    bom: bool = False
    legacy: tuple[Span, ...] = ()
    warnings: tuple[str, ...] = ()


def encode(decoded: Decoded) -> bytes:
    """The exact bytes that `decoded` was made from; for a str, its UTF-8."""
    if decoded.encoding == "str":
        return decoded.text.encode("utf-8", "surrogatepass")
    base, _, legacy = decoded.encoding.partition("+")
    bom = BOMS[base] if decoded.bom else b""
    runs: list[bytes] = [bom]
    last = 0
    for span in decoded.legacy:
        runs.append(_encode_run(decoded, last, span.start, base))
        runs.append(_encode_run(decoded, span.start, span.end, legacy))
        last = span.end
    runs.append(_encode_run(decoded, last, len(decoded.text), base))
    return b"".join(runs)


def _encode_run(decoded: Decoded, start: int, end: int, encoding: str) -> bytes:
    if start == end:
        return b""
    pieces: list[bytes] = []
    last = start
    for offset, original in _between(decoded.undecodable, start, end):
        pieces += (to_bytes(decoded.text[last:offset], encoding), original)
        last = offset + 1
    pieces.append(to_bytes(decoded.text[last:end], encoding))
    return b"".join(pieces)


def _between(undecodable: tuple[tuple[int, bytes], ...], start: int, end: int) -> tuple[tuple[int, bytes], ...]:
    return undecodable[bisect_left(undecodable, (start, b"")) : bisect_left(undecodable, (end, b""))]


def to_bytes(text: str, encoding: str) -> bytes:
    """`text` in `encoding`; an undefined byte of a single-byte encoding is the character of its number."""
    if encoding in MULTIBYTE or encoding.startswith(("utf", "iso2022")):
        return text.encode(encoding)
    return codecs.charmap_encode(text, "strict", encoding_table(encoding))[0]


@cache
def table(encoding: str) -> str:
    """The 256 characters of a single-byte encoding; an undefined byte is the character of its number."""
    characters = [bytes((byte,)).decode(encoding, "replace") for byte in range(256)]
    return "".join(chr(byte) if c == REPLACEMENT else c for byte, c in enumerate(characters))


@cache
def encoding_table(encoding: str) -> dict[int, int]:
    return {ord(character): byte for byte, character in enumerate(table(encoding))}
