"""Bytes in, text out, and the exact bytes back again.

The order of what is tried: a byte order mark, the signatures of files that are no text, UTF-16 and UTF-32 without a
mark, strict UTF-8, and at last line by line: a line that is valid UTF-8 stays UTF-8, a line that is UTF-8 but for a
stray byte keeps U+FFFD in its place, and the lines that are neither are read together in one legacy encoding. That
encoding is Windows-1252 as browsers read it (https://encoding.spec.whatwg.org/#windows-1252; undefined bytes become
C1 controls) unless `chardet` 7 (the extra `detect`) is installed and names a better one.

>>> decode("caf\u00e9 \u2013 th\u00e9\\n".encode() + b"caf\\xe9\\n").text.splitlines()
['caf\u00e9 \u2013 th\u00e9', 'caf\u00e9']
"""

from __future__ import annotations

from cleaner.decode.binary import refuse_signatures
from cleaner.decode.decoded import REPLACEMENT, Decoded, encode
from cleaner.decode.line_ends import REASONS, line_endings
from cleaner.decode.narrow import narrow
from cleaner.decode.wide import iso_2022, wide_without_bom, with_bom

__all__ = ["REASONS", "Decoded", "decode", "encode", "line_endings"]


def decode(source: str | bytes) -> Decoded:
    """The text of `source`.

    Args:
        source: text, which is its own decoding, or bytes in an unknown encoding or in several.

    Raises:
        BinaryInputError: the bytes are no text; the message names what they are.
        TypeError: `source` is neither str nor bytes.
    """
    if isinstance(source, str):
        return Decoded(source, "str", "given")
    if not isinstance(source, (bytes, bytearray, memoryview)):
        raise TypeError(f"text or bytes expected, not {type(source).__name__}")
    data = bytes(source)
    decoded = with_bom(data)
    if decoded is None:
        refuse_signatures(data)
        decoded = wide_without_bom(data) or iso_2022(data) or narrow(data)
    return _with_warning(decoded)


def _with_warning(decoded: Decoded) -> Decoded:
    lost = [raw for at, raw in decoded.undecodable if decoded.text[at] == REPLACEMENT]
    if not lost:
        return decoded
    count = sum(map(len, lost))
    bytes_ = "1 byte" if count == 1 else f"{count} bytes"
    warning = f"{bytes_} could not be decoded and became U+FFFD"
    return decoded._replace(warnings=(warning,))
