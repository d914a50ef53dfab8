"""Mojibake, line by line: as ftfy repairs each line alone, and with the evidence of the whole document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from cleaner.edits import Edit, Span
from cleaner.late import late
from cleaner.repair.alignment import Repaired, differences, pieces, run_edits
from cleaner.repair.badness import SUSPICIOUS, badness, is_bad
from cleaner.repair.evidence import Found, misread_runs
from cleaner.repair.misreadings import RUN, Misreading, misreadings
from cleaner.repair.mojibake import SEGMENT, USUAL, fix_segment, fix_usual


def mojibake_edits(text: str) -> list[Edit]:
    """Edits for every line that holds mojibake."""
    lines = [Span(start, end) for start, end, _ in _segments(text, [])]
    if not lines:
        return []
    edits = _at_once(text, lines)
    if edits is None:
        repaired = [_better(text, start, end, found) for start, end, found in _segments(text, misread_runs(text))]
        lines = [Span(line.start, line.end) for line in repaired]
        edits = [differences(text, line) if line.rule else [] for line in repaired]
    return [
        edit
        for line, found in zip(lines, edits, strict=True)
        for edit in (() if _is_about_mojibake(text, line, found) else found)
    ]


def _at_once(text: str, lines: list[Span]) -> list[list[Edit]] | None:
    """What ftfy does to each of the lines alone, where that is the end of all damage; else None.

    Most damaged documents were misread as a whole in the same usual encoding: then one decoding serves all lines.
    """
    damaged = [text[line.start : line.end] for line in lines]
    if not all(map(is_bad, damaged)):
        return None
    cut = [pieces(line) for line in damaged]
    meanings, rule = fix_usual([run for line in cut for _, run in line])
    kept = [ascii_ for line in cut for ascii_, _ in line]
    if rule and not SUSPICIOUS.search("".join(chain.from_iterable(zip(kept, meanings, strict=True)))):
        rest = iter(meanings)
        return [run_edits(line.start, of_line, rest, rule) for line, of_line in zip(lines, cut, strict=True)]
    repaired = [_alone(text, line.start, line.end) for line in lines]
    if all(r.rule in USUAL and not SUSPICIOUS.search(r.text) for r in repaired):
        return [differences(text, line) for line in repaired]
    return None


# Words of a line that talks about damage instead of having it; those that other lines use too must stand close by.
_TALK = late(
    r"mojibake|garbled|unicode|\bUTF-?\d|\bcharset|\b(?:en|de)cod|\bLatin-?1\b|\bISO.8859|\bWindows.125\d|\bcode ?page",
    re.IGNORECASE,
)
_CLOSE_TALK = late(r"\b(?:letter|character|symbol|glyph)s?\b", re.IGNORECASE)
_CLOSE = 30
_WORD, _WORD_BEFORE, _WORD_AFTER = late(r"\w"), late(r"\w{0,30}\Z"), late(r"\w{0,30}")


def _is_about_mojibake(text: str, line: Span, edits: list[Edit]) -> bool:
    """Whether a line only shows damage: it has a word of that trade, and each damaged place stands by itself or has
    what it would become beside it."""
    return bool(edits) and all(_is_shown(text, line, edit) for edit in edits) and _talks(text, line, edits)


def _is_shown(text: str, line: Span, edit: Edit) -> bool:
    """Whether a damaged place stands by itself, or in a word that the line also has undamaged."""
    beside = text[max(edit.start - 1, line.start) : edit.start] + text[edit.end : min(edit.end + 1, line.end)]
    if not _WORD.search(beside):
        return True
    if text.find(edit.replacement, line.start, line.end) < 0:  # nearly always, so the word need not be put together
        return False
    before = _first(_WORD_BEFORE, text[max(edit.start - _CLOSE, line.start) : edit.start])
    after = _first(_WORD_AFTER, text[edit.end : min(edit.end + _CLOSE, line.end)])
    return text.find(before + edit.replacement + after, line.start, line.end) >= 0


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""


def _talks(text: str, line: Span, edits: list[Edit]) -> bool:
    if _TALK.search(text, line.start, line.end):
        return True
    return all(
        _CLOSE_TALK.search(text, max(e.start - _CLOSE, line.start), min(e.end + _CLOSE, line.end)) for e in edits
    )


def _alone(text: str, start: int, end: int) -> Repaired:
    """ftfy's repair of one segment."""
    segment = text[start:end]
    return Repaired(start, end, *(fix_segment(segment) if is_bad(segment) else (segment, "")))


def _better(text: str, start: int, end: int, found: list[Found]) -> Repaired:
    """ftfy's repair of the segment alone, or the document's where that leaves less damage."""
    alone = _alone(text, start, end)
    if not found:
        return alone
    together = fix_segment(_replace(text[start:end], start, found))[0]
    if alone.text == together:
        return alone
    misreading = next(m for m in misreadings() if m.rule == found[0].rule)
    if _damage(together, misreading) < _damage(alone.text, misreading):
        return Repaired(start, end, together, found[0].rule)
    return alone


def _replace(segment: str, start: int, found: list[Found]) -> str:
    pieces: list[str] = []
    last = 0
    for run in found:
        pieces += (segment[last : run.start - start], run.meaning)
        last = run.end - start
    pieces.append(segment[last:])
    return "".join(pieces)


def _damage(text: str, misreading: Misreading) -> tuple[int, int]:
    """How much in `text` still looks misread: places that are bad, and runs that could be read back."""
    return badness(text), sum(1 for run in RUN.findall(text) if misreading.decode(run))


def _segments(text: str, found: list[Found]) -> Iterator[tuple[int, int, list[Found]]]:
    """The lines, or pieces of very long lines, in which something is bad or was found, and what was found."""
    at = index = 0
    while True:
        match = SUSPICIOUS.search(text, at)
        place = min(match.start() if match else len(text), found[index].start if index < len(found) else len(text))
        if place == len(text):
            return
        start, end = _segment_around(text, place, at)
        inside = []
        while index < len(found) and found[index].start < end:
            if found[index].end <= end:
                inside.append(found[index])
            index += 1
        yield start, end, inside
        at = end


def _segment_around(text: str, place: int, at: int) -> tuple[int, int]:
    line = max(text.rfind("\n", at, place) + 1, at)
    start = line + (place - line) // SEGMENT * SEGMENT
    end = text.find("\n", place) + 1 or len(text)
    return start, min(end, start + SEGMENT)
