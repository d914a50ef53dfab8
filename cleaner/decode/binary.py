"""What is no text: files with a known signature, and bytes full of control characters."""

from __future__ import annotations

import re

from cleaner.errors import BinaryInputError

_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), name)
    for pattern, name in (
        (rb"\x1f\x8b[\x00-\x08]", "a gzip archive"),
        (rb"%PDF-\d\.\d", "a PDF document"),
        (rb"\x89PNG\r\n\x1a\n", "a PNG image"),
        (rb"\xff\xd8\xff", "a JPEG image"),
        (rb"GIF8[79]a", "a GIF image"),
        (rb"RIFF....WEBP", "a WebP image"),
        (rb"RIFF....(?:WAVE|AVI )", "a sound or video file"),
        (rb"II\*\x00|MM\x00\*", "a TIFF image"),
        (rb"\x00\x00\x01\x00[^\x00]", "an icon"),
        (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)", "a zip archive or an office document"),
        (rb"BZh[1-9]1AY&SY", "a bzip2 archive"),
        (rb"\xfd7zXZ\x00", "an xz archive"),
        (rb"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (rb"\x28\xb5\x2f\xfd", "a Zstandard archive"),
        (rb"\x04\x22\x4d\x18", "an LZ4 archive"),
        (rb"Rar!\x1a\x07", "a rar archive"),
        (rb".{257}ustar[\x00 ]", "a tar archive"),
        (rb"\x7fELF", "a program (ELF)"),
        (rb"MZ.{0,58}\x00", "a program (Windows)"),
        (rb"\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]", "a program (Mach-O or Java class)"),
        (rb"\x00asm", "a program (WebAssembly)"),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document (OLE)"),
        (rb"SQLite format 3\x00", "an SQLite database"),
        (rb"OggS\x00|fLaC\x00|ID3[\x02-\x04]", "a sound file"),
        (rb"....ftyp[a-zA-Z0-9]{3}", "a video file"),
        (rb"\x1a\x45\xdf\xa3", "a video file"),
        (rb"wOF[F2]|\x00\x01\x00\x00\x00", "a font"),
        (rb"PAR1.*PAR1\Z", "a Parquet table"),
    )
)


def refuse_signatures(data: bytes) -> None:
    """Raise BinaryInputError if `data` begins like a known kind of file."""
    for pattern, name in _SIGNATURES:
        if pattern.match(data):
            raise BinaryInputError(f"this is {name}, not text")


CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\x0b\x0c\r\x1b"))
_MAX_NULS = 0.005  # share of NUL bytes up to which valid UTF-8 is text with some dirt


def refuse_controls(data: bytes, controls: int) -> None:
    """Raise BinaryInputError if `data`, with so many `controls` in it, is neither UTF-8 nor another text."""
    nuls = data.count(0)
    if nuls > _MAX_NULS * len(data) or (nuls and not _is_utf8(data)):
        raise BinaryInputError(f"this is no text: it holds {nuls} NUL byte{'s' * (nuls > 1)}")
    if controls > 3 and 20 * controls > len(data) and not _is_utf8(data):
        raise BinaryInputError(f"this is no text: {controls / len(data):.0%} of its bytes are control characters")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
