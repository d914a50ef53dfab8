"""UTF-8, a legacy encoding, or both, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.decode.decoded import MULTIBYTE, REPLACEMENT, Decoded
from cleaner.decode.legacy import DEFAULT_LEGACY, is_readable, legacy_encoding, read_legacy
from cleaner.edits import Span
from cleaner.late import late

_STRAY = 10_000
"""A UTF-8 document with at most one bad byte in so many has no legacy lines, only damage."""

_DOUBT = 5  # bytes of valid sequences for each bad byte; with fewer, damage alone is no good explanation

# Bytes that are not valid UTF-8 come out of "surrogateescape" as U+DC80 to U+DCFF. What one U+FFFD stands for is the
# longest start of a valid sequence, as Unicode recommends (The Unicode Standard, "U+FFFD Substitution").
_ESCAPED = late(
    "\udced([\udca0-\udcaf][\udc80-\udcbf]\udced[\udcb0-\udcbf][\udc80-\udcbf])"  # CESU-8: a pair of surrogates
    "|\udce0[\udca0-\udcbf]|[\udce1-\udcec\udcee\udcef][\udc80-\udcbf]|\udced[\udc80-\udc9f]"
    "|\udcf0[\udc90-\udcbf][\udc80-\udcbf]?|[\udcf1-\udcf3][\udc80-\udcbf]{1,2}|\udcf4[\udc80-\udc8f][\udc80-\udcbf]?"
    "|[\udc80-\udcff]"
)
_ANY_ESCAPED = late("[\udc80-\udcff]")
_TAIL_OF_TWO = late("(?:[\udce0-\udcef][\udc80-\udcbf]|[\udcf0-\udcf4][\udc80-\udcbf]{1,2})\\Z")
_TAIL_OF_ONE = late("[\udcc2-\udcf4]\\Z")


def narrow(data: bytes, utf8: bool = False) -> Decoded:
    """UTF-8, a legacy encoding, or both; `utf8`: the source says that it is UTF-8."""
    try:
        return Decoded(data.decode(), "utf-8", "utf-8")
    except UnicodeDecodeError:
        escaped = data.decode("utf-8", "surrogateescape")
    bad = sum(1 for _ in _ANY_ESCAPED.finditer(escaped))
    multibyte = len(data) - bad > len(escaped) - bad  # some sequence of two bytes or more is valid
    if utf8 or (multibyte and bad * _STRAY <= len(data)):
        return _damaged(escaped)
    lines = list(_legacy_lines(escaped, multibyte))
    doubtful = not lines and bad * _DOUBT > len(data.translate(None, _ASCII)) - bad
    if doubtful:  # so much damage may be an encoding of two bytes, which are often valid UTF-8
        lines = list(_invalid_lines(escaped))
    if not lines:
        return _damaged(escaped)
    encoding, method = legacy_encoding(data, b"\n".join(_raw(escaped[span.start : span.end]) for span in lines))
    if encoding in MULTIBYTE:
        lines = list(_lines_in(escaped, encoding))
        if lines and _is_whole(escaped, lines):
            lines = [Span(0, len(escaped))]
    elif doubtful:
        lines = []
    return _read_lines(data, escaped, lines, encoding, method) if lines else _damaged(escaped)


def _read_lines(data: bytes, escaped: str, lines: list[Span], encoding: str, method: str) -> Decoded:
    """`lines` in a legacy encoding, and the rest in UTF-8."""
    for codec in (encoding, DEFAULT_LEGACY):
        is_mixed = _outside_has_multibyte(escaped, lines)
        decoded = _mixed(escaped, lines, codec) if is_mixed else read_legacy(data, codec, method)
        if decoded is not None:
            return decoded
    raise AssertionError("the default encoding reads every byte")


def _lines_in(escaped: str, encoding: str) -> Iterator[Span]:
    """The lines that are not valid UTF-8 and that `encoding` can read, or that are not even damaged UTF-8."""
    for span in _invalid_lines(escaped):
        line = escaped[span.start : span.end]
        if is_readable(_raw(line), encoding) or not _is_damaged_utf8(line, True, span.end == len(escaped)):
            yield span


_CHANCE = 9  # bytes beyond ASCII; a line with as many is not valid UTF-8 by chance
_FEW = 0.02


def _is_whole(escaped: str, lines: list[Span]) -> bool:
    """Whether the lines outside `lines`, valid UTF-8 though they are, belong to the same encoding: none is long
    enough to be sure, or they are very few."""
    legacy = sum(1 for span in lines for _ in _ANY_ESCAPED.finditer(escaped, span.start, span.end))
    sure = last = 0
    for span in [*lines, Span(len(escaped), len(escaped))]:
        for line in _raw(escaped[last : span.start]).split(b"\n"):
            beyond = len(line.translate(None, _ASCII))
            sure += beyond if beyond >= _CHANCE else 0
        last = span.end
    return sure <= _FEW * legacy


def _raw(escaped: str) -> bytes:
    return escaped.encode("utf-8", "surrogateescape")


def _legacy_lines(escaped: str, multibyte: bool) -> Iterator[Span]:
    """The lines that are not UTF-8, not even UTF-8 with a few bad bytes."""
    for span in _invalid_lines(escaped):
        if not _is_damaged_utf8(escaped[span.start : span.end], multibyte, span.end == len(escaped)):
            yield span


def _invalid_lines(escaped: str) -> Iterator[Span]:
    separator = "\n" if "\n" in escaped else "\r"
    match = _ANY_ESCAPED.search(escaped)
    while match:
        start = escaped.rfind(separator, 0, match.start()) + 1
        end = escaped.find(separator, match.end())
        end = len(escaped) if end < 0 else end
        yield Span(start, end)
        match = _ANY_ESCAPED.search(escaped, end)


def _is_damaged_utf8(line: str, multibyte: bool, last: bool) -> bool:
    raw = _raw(line)
    bad = sum(1 for _ in _ANY_ESCAPED.finditer(line))
    good = len(raw.translate(None, _ASCII)) - bad  # bytes in valid sequences
    if good >= bad:
        return True
    if not last or good:
        return False
    tail = _TAIL_OF_TWO.search(line) or (multibyte and _TAIL_OF_ONE.search(line))
    return bool(tail) and not _ANY_ESCAPED.search(line[: tail.start()])  # type: ignore[union-attr]


_ASCII = bytes(range(0x80))


def _outside_has_multibyte(escaped: str, lines: list[Span]) -> bool:
    last = 0
    for span in lines:
        if not escaped[last : span.start].isascii():
            return True
        last = span.end
    return not escaped[last:].isascii()


def _damaged(escaped: str) -> Decoded:
    """UTF-8 with U+FFFD in the place of what is not valid."""
    pieces: list[str] = []
    bad: list[tuple[int, bytes]] = []
    last = length = 0
    for match in _ESCAPED.finditer(escaped):
        before = escaped[last : match.start()]
        raw = _raw(match.group())
        length += len(before)
        pieces += (before, _astral(raw) if match.group(1) else REPLACEMENT)
        bad.append((length, raw))
        length += 1
        last = match.end()
    pieces.append(escaped[last:])
    return Decoded("".join(pieces), "utf-8", "lines", tuple(bad))


def _astral(raw: bytes) -> str:
    """The character that CESU-8 writes as two surrogates of three bytes each."""
    return raw.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _mixed(escaped: str, lines: list[Span], encoding: str) -> Decoded | None:
    parts: list[Decoded] = []
    spans: list[Span] = []
    last = length = 0
    for span in [*lines, Span(len(escaped), len(escaped))]:
        before = _damaged(escaped[last : span.start])
        legacy = read_legacy(_raw(escaped[span.start : span.end]), encoding, "lines")
        if legacy is None:
            return None
        length += len(before.text)
        if legacy.text:
            spans.append(Span(length, length + len(legacy.text)))
        length += len(legacy.text)
        parts += (before, legacy)
        last = span.end
    bad, offset = [], 0
    for part in parts:
        bad += [(offset + at, raw) for at, raw in part.undecodable]
        offset += len(part.text)
    text = "".join(part.text for part in parts)
    return Decoded(text, f"utf-8+{encoding}", "lines", tuple(bad), legacy=tuple(spans))
