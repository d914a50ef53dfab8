"""HTML entities: decoded as ftfy does, but decided once for the document.

ftfy stops decoding for good at the first `<`. Here a document with a real tag keeps what its markup needs (`&lt;`,
`&gt;` and an `&amp;` that protects an entity, and everything inside a tag), while the rest is decoded before and
after the tag alike. However often it was escaped, an entity is decoded in one go: `&amp;amp;eacute;` is linear and
needs no second look.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ftfy.chardata import HTML_ENTITIES

from cleaner.edits import Edit
from cleaner.late import late

RULE = "html_entity"

ENTITY = late(r"&(?:amp;|AMP;|#0*38;|#[xX]0*26;)*+(#?[0-9A-Za-z]{1,24};)?")
_PLAIN = late(r"&#?[0-9A-Za-z]{1,24};")
_TAG = late(r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,2000})?/?>|<!--|<!DOCTYPE", re.IGNORECASE)
_INSIDE_TAG = late(r"</?[A-Za-z][^<>]{0,2000}>")
_MARKUP = frozenset("<>&\"'")


def entity_edits(text: str) -> list[Edit]:
    """An edit for each entity of `text` that is to be decoded."""
    if not _PLAIN.search(text):
        return []
    tagged = _TAG.search(text) is not None
    inside = _protected(text) if tagged else []
    return list(_edits(text, tagged, inside))


def every_entity(text: str) -> list[Edit]:
    """An edit for each entity of a text that has no tags."""
    return list(_edits(text, tagged=False, inside=[]))


_CODE = late(r"<(/?)(code|pre|script|style|kbd|samp)\b", re.IGNORECASE)


def _protected(text: str) -> list[tuple[int, int]]:
    """Where entities stay: inside tags, and in elements that hold code."""
    spans = [match.span() for match in _INSIDE_TAG.finditer(text)]
    opened, name = -1, ""
    for match in _CODE.finditer(text):
        closing, found = match.group(1), match.group(2).lower()
        if opened < 0 and not closing:
            opened, name = match.start(), found
        elif closing and found == name:
            spans.append((opened, match.end()))
            opened, name = -1, ""
    return _merged(sorted(spans))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _edits(text: str, tagged: bool, inside: list[tuple[int, int]]) -> Iterator[Edit]:
    tag = 0
    for match in ENTITY.finditer(text):
        while tag < len(inside) and inside[tag][1] <= match.start():
            tag += 1
        if tag < len(inside) and inside[tag][0] < match.start():
            continue
        decoded = _decoded(match)
        if decoded == match.group() or (tagged and _needed_by_markup(decoded, match)):
            continue
        start, end, decoded = _trim(match, decoded)
        yield Edit(start, end, decoded, "repair", RULE)


def _decoded(match: re.Match[str]) -> str:
    """What the whole chain of escapes stands for; unchanged where it stands for nothing."""
    whole, last = match.group(), match.group(1)
    if last is None:
        return "&" if len(whole) > 1 else whole
    meaning = _meaning("&" + last)
    if meaning is None:
        return "&" + last
    return meaning


def _meaning(entity: str) -> str | None:
    if entity in HTML_ENTITIES:
        return HTML_ENTITIES[entity]
    if not entity.startswith("&#"):
        return None
    meaning = html.unescape(entity)
    return None if ";" in meaning else meaning


def _needed_by_markup(decoded: str, match: re.Match[str]) -> bool:
    following = match.string[match.end() : match.end() + 25]
    return decoded in "<>" or (decoded == "&" and re.match(r"#?[0-9A-Za-z]{1,24};", following) is not None)


def _trim(match: re.Match[str], decoded: str) -> tuple[int, int, str]:
    """An ampersand that stays one is not touched, nor a semicolon."""
    start, end = match.span()
    if decoded[:1] == "&":
        start, decoded = start + 1, decoded[1:]
    kept = 0
    while kept < min(len(decoded), end - start) and decoded[-1 - kept] == match.string[end - 1 - kept]:
        kept += 1
    return start, end - kept, decoded[: len(decoded) - kept]
