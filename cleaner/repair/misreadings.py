"""The single-byte encodings that UTF-8 is misread in, and what a stretch of text would be if it had been misread so."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

from cleaner.late import late

RUN = late(r"[^\x00-\x7f]{2,}")
"""Characters that are not ASCII, two or more: what every misread character leaves behind."""

# Decoded characters that texts are written with; what else UTF-8 can express is more likely to be an accident. Left
# out are phonetic and archaic letters, rare extensions, and scripts that accidents land in (N'Ko, Syriac, Thaana).
_PLAUSIBLE = late(
    "[\u00a0-\u017e\u018f\u0192\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u0259\u02bb\u02bc\u02c6\u02c7\u02d8-\u02dd\u0300-\u0304"
    "\u0306-\u030c\u031b\u0323-\u0328\u0384-\u03ce\u0400-\u045f\u0490-\u0493\u0496-\u049b\u04a2\u04a3\u04ae-\u04b3\u04b6-\u04b9"
    "\u04ba\u04bb\u04d8\u04d9\u04e2\u04e3\u04e8\u04e9\u0531-\u0556\u0559-\u0589\u05b0-\u05ea\u05f3\u05f4\u060c\u061b\u061c\u061f-\u0652"
    "\u0660-\u066d\u0670-\u06d5\u06f0-\u06f9\u0900-\u0dff\u0e01-\u0e5b\u0e80-\u0fff\u1000-\u109f\u10a0-\u10ff\u1780-\u17ff"
    "\u1e00-\u1eff\u1f00-\u1fff\u2000-\u206f\u20a0-\u20bf\u2100-\u214f\u2190-\u22ff\u2500-\u27bf\u3000-\u30ff\u3105-\u312f"
    "\u4e00-\u9fff\uac00-\ud7a3\ufe0f\ufeff\uff01-\uffef\ufffd\U0001f000-\U0001faff]+"
)

# A character of three bytes one of which, A0, has become a space; and texts that such characters are part of.
_LOST = late(rb"[\xe2-\xef](?: [\x80-\xbf]|[\x80-\xbf] )")
_WITH_SPACES = late(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
    rb"|[\xe2-\xef](?: [\x80-\xbf]|[\x80-\xbf] )| )+"
)


def _restore(match: re.Match[bytes]) -> bytes:
    return match.group().replace(b" ", b"\xa0")


@dataclass(frozen=True, slots=True)
class Misreading:
    """One wrong encoding.

    Attributes:
        rule: the name of the rule in edits.
        bytes_of: code point -> byte, for every character that the encoding reads a byte as.
        latin: whether the encoding reads the leading bytes of accented letters as accented letters (not as symbols or
            letters of another script).
    """

    rule: str
    bytes_of: dict[int, int]
    latin: bool

    def decode(self, run: str) -> str | None:
        """What `run` was before it was misread; None where it cannot have been, or where that is no likely text."""
        try:
            decoded = codecs.charmap_encode(run, "strict", self.bytes_of)[0].decode()
        except UnicodeError:
            return None
        return decoded if _PLAUSIBLE.fullmatch(decoded) else None

    def decode_with_spaces(self, run: str) -> str | None:
        """The same where some no-break spaces, as last bytes of three, have become spaces."""
        if " " not in run:
            return None
        try:
            raw = codecs.charmap_encode(run, "strict", self._bytes_and_space())[0]
        except UnicodeError:
            return None
        if not _WITH_SPACES.fullmatch(raw):
            return None
        decoded = _LOST.sub(_restore, raw).decode("utf-8", "replace")
        return decoded if _PLAUSIBLE.fullmatch(decoded.replace(" ", "")) and "\ufffd" not in decoded else None

    def _bytes_and_space(self) -> dict[int, int]:
        return {**self.bytes_of, 0x20: 0x20}

    def characters(self, low: int, high: int) -> str:
        """The characters that the bytes from `low` to `high` are read as, escaped for a character class."""
        return "".join(re.escape(chr(point)) for point, byte in self.bytes_of.items() if low <= byte <= high)


def _table(codec: str, lenient: bool) -> dict[int, int]:
    """`lenient`: C1 controls count as their bytes, as where the same text was read as Latin-1 by another program."""
    table = {byte: byte for byte in range(0x80, 0xA0)} if lenient else {}
    for byte in range(0x80, 0x100):
        character = bytes((byte,)).decode(codec, "replace")
        table[byte if character == "\ufffd" else ord(character)] = byte
    return table


@cache
def misreadings() -> tuple[Misreading, ...]:
    """All known misreadings, the most common first."""
    return (
        Misreading("utf8_read_as_windows_1252", _table("cp1252", True), True),
        Misreading("utf8_read_as_windows_1250", _table("cp1250", False), True),
        Misreading("utf8_read_as_windows_1251", _table("cp1251", False), False),
        Misreading("utf8_read_as_windows_1253", _table("cp1253", False), False),
        Misreading("utf8_read_as_windows_1254", _table("cp1254", True), True),
        Misreading("utf8_read_as_windows_1257", _table("cp1257", False), True),
        Misreading("utf8_read_as_iso_8859_2", _table("iso-8859-2", False), True),
        Misreading("utf8_read_as_macroman", _table("mac_roman", False), False),
        Misreading("utf8_read_as_cp437", _table("cp437", False), False),
    )
