"""Encodings older than UTF-8: which one it is, and reading it so that it can be taken back."""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import islice
from unicodedata import category, name

from cleaner.decode.decoded import MULTIBYTE, REPLACEMENT, Decoded, encode, table, to_bytes
from cleaner.late import late

DEFAULT_LEGACY = "windows-1252"

_LARGER = {"big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949"}
"""What to try where an encoding as its standard has it cannot read everything."""

# What people call an encoding, and the superset that their bytes are really in.
_SUPERSETS = {
    "ascii": "windows-1252", "iso8859-1": "windows-1252", "cp1252": "windows-1252", "gb2312": "gb18030",
    "gbk": "gb18030", "hz": "gb18030", "cp950": "big5", "iso8859-9": "windows-1254",
    "cp1254": "windows-1254", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1253": "windows-1253",
    "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257", "cp1258": "windows-1258",
    "tis-620": "cp874", "iso8859-11": "cp874", "iso8859-15": "iso-8859-15", "iso8859-2": "iso-8859-2",
}  # fmt: skip


def read_legacy(data: bytes, encoding: str, method: str) -> Decoded | None:
    """`data` in `encoding`, exactly reversible; None where that cannot be had."""
    if encoding not in MULTIBYTE:
        return Decoded(codecs.charmap_decode(data, "strict", table(encoding))[0], encoding, method)
    try:
        text = data.decode(encoding)
        if text.encode(encoding) == data:
            return Decoded(text, encoding, method)
    except UnicodeError:
        if encoding in _LARGER:
            return read_legacy(data, _LARGER[encoding], method)
    decoded = _one_by_one(data, encoding, method)
    try:
        return decoded if encode(decoded) == data else None
    except UnicodeError:
        return None


def _one_by_one(data: bytes, encoding: str, method: str) -> Decoded:
    """Character by character, with the bytes of each that would not be written the same way again."""
    decoder = codecs.getincrementaldecoder(encoding)()
    characters: list[str] = []
    odd: list[tuple[int, bytes]] = []
    start = at = 0
    while at < len(data) or start < at:
        try:
            character = decoder.decode(data[at : at + 1], at + 1 >= len(data))
        except UnicodeDecodeError:
            character, at = REPLACEMENT, start
            decoder.reset()
        at += 1
        if not character:
            if at >= len(data):
                break
            continue
        raw = data[start:at]
        if len(character) > 1:
            character = REPLACEMENT
        if character == REPLACEMENT or _to_bytes_or_none(character, encoding) != raw:
            odd.append((len(characters), raw))
        characters.append(character)
        start = at
    return Decoded("".join(characters), encoding, method, tuple(odd))


def _to_bytes_or_none(text: str, encoding: str) -> bytes | None:
    try:
        return to_bytes(text, encoding)
    except UnicodeError:
        return None


def legacy_encoding(data: bytes, pool: bytes) -> tuple[str, str]:
    """The encoding of the lines in `pool`, which are not UTF-8, and how it was found."""
    declared = _declared(data)
    if declared:
        return declared, "declared"
    detected = _detected(pool)
    if detected:
        return detected, "detected"
    return (_latin_9(pool) or DEFAULT_LEGACY), "default"


_DECLARATION = late(
    rb"""<\?xml[^>]{0,100}?\bencoding=["']([\w.:-]{2,30})|<meta[^>]{0,200}?\bcharset=["']?([\w.:-]{2,30})""", re.I
)


def _declared(data: bytes) -> str | None:
    """What an XML declaration or an HTML `meta` element says, where it holds."""
    match = _DECLARATION.search(data, 0, 1024)
    if not match:
        return None
    name = (match.group(1) or match.group(2)).decode("ascii")
    encoding = _canonical(name)
    if encoding not in MULTIBYTE:
        return encoding
    exact = "gb2312" if name.lower() == "gb2312" else encoding
    return next((codec for codec in (exact, encoding) if codec and is_readable(data, codec)), None)


# The letters and the sign that ISO-8859-15 put in the place of fractions and accents, where only a letter makes sense.
_LATIN_9 = late(rb"[A-Za-z\xc0-\xff][\xa6\xa8\xb4\xb8\xbc\xbd][a-z\xe0-\xff]|\b[\xbc\xbd][a-z]|\d[ \xa0]?\xa4|\xa4\d")
_WINDOWS_ONLY = late(rb"[\x80-\x9f]")


def _latin_9(pool: bytes) -> str | None:
    return "iso-8859-15" if _LATIN_9.search(pool) and not _WINDOWS_ONLY.search(pool) else None


def _detected(pool: bytes) -> str | None:
    """What `chardet` 7 or later says, where it is installed; earlier versions guess too badly.

    A few bytes often look like an old encoding of DOS or the Macintosh. The Windows encoding that took its place is far
    more common, so it is taken instead unless it reads the pool worse; and so is the default for very few bytes.
    """
    try:
        import chardet
    except ImportError:
        return None
    if int(chardet.__version__.split(".")[0]) < 7:
        return None
    guess = chardet.detect(pool)["encoding"]
    detected = _canonical(guess) if guess else None
    if detected is None or detected in MULTIBYTE:
        return detected
    successor = _SUCCESSORS.get(detected, detected)
    few = len(pool.translate(None, bytes(range(0x80)))) < _FEW
    candidates = (successor, _latin_9(pool) or DEFAULT_LEGACY, detected) if few else (successor, detected)
    return min(candidates, key=lambda encoding: oddness(_read(pool, encoding)))  # the first one wins a tie


_FEW = 20  # bytes beyond ASCII
_SUCCESSORS = {
    **dict.fromkeys(("mac-latin2", "cp852"), "windows-1250"),
    **dict.fromkeys(("mac-cyrillic", "cp855", "cp866"), "windows-1251"),
    **dict.fromkeys(("mac-roman", "cp437", "cp850", "cp858", "cp860", "cp861", "cp863", "cp865"), "windows-1252"),
    **dict.fromkeys(("mac-greek", "cp737", "cp869"), "windows-1253"),
    **dict.fromkeys(("mac-turkish", "cp857"), "windows-1254"),
    "cp862": "windows-1255",
    "cp775": "windows-1257",
}


def _read(pool: bytes, encoding: str) -> str:
    return codecs.charmap_decode(pool, "strict", table(encoding))[0]


_BEYOND_ASCII = late(r"[^\x00-\x7f]")
_LOOKED_AT = 2000  # characters beyond ASCII
_INSIDE_WORDS = frozenset("\u2019\u2018\u02bc\xad\u2010\u2013\u2014\u2026/")


def oddness(text: str) -> int:
    """How many characters beyond ASCII stand where no text has them: a sign for a wrong encoding."""
    padded = f" {text} "
    places = (match.start() for match in islice(_BEYOND_ASCII.finditer(padded), _LOOKED_AT))
    return sum(_is_odd(*padded[at - 1 : at + 2]) for at in places)


def _is_odd(before: str, char: str, after: str) -> bool:
    """Whether `char` is a control, a sign inside a word, of another script than its word, or a capital within it."""
    if not char.isalpha():
        catalan = (before.lower(), char, after.lower()) == ("l", "\xb7", "l")
        inside = before.isalpha() and after.isalpha() and char not in _INSIDE_WORDS and not catalan
        fraction = category(char) == "No" and (before.isalpha() or after.isalpha())
        return inside or fraction or category(char) in ("Cc", "Cn")
    if any(other.isalpha() and _script(other) != _script(char) for other in (before, after)):
        return True
    return (char.isupper() and before.islower()) or (char.islower() and before.isupper() and after.isupper())


@cache
def _script(letter: str) -> str:
    """LATIN, GREEK, CYRILLIC ...: the first word of the name of the letter."""
    return name(letter, "").partition(" ")[0]


def _canonical(name: str) -> str | None:
    """The name of a usable codec: a superset where there is one, None for what legacy lines cannot be."""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    encoding = _SUPERSETS.get(known, known)
    if encoding in MULTIBYTE:
        return encoding
    if encoding.startswith(("utf", "iso2022")):
        return None
    try:
        distinct = len(set(table(encoding))) == 256
    except (LookupError, UnicodeError, TypeError):
        return None
    return encoding if distinct else None


def is_readable(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeError:
        return False
    return True
