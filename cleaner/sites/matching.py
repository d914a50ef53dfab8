"""Where the rules of a site, and what was learnt of it, stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.edits import Span
from cleaner.sites.rules import Repeated, Rule

_SENTENCE_END = re.compile(r"[.!?\u2026]++[\"')\]\u201d\u2019]*+[ \t\u00a0]++")


def meant(rule: Rule, fold: str) -> Iterator[Span]:
    """The stretches of a folded text that a rule means."""
    if rule.anywhere:
        yield from (Span(start, end) for start, end in rule.pattern.occurrences(fold))
        return
    for start, end in _lines_with(fold, rule.pattern.anchor):
        yield from _in_line(rule, fold, start, end)


def _in_line(rule: Rule, fold: str, start: int, end: int) -> Iterator[Span]:
    """The whole line; or else whole sentences of it: one for an open pattern, one or more for any other."""
    if rule.pattern.matches(fold, start, end):
        yield Span(start, end)
        return
    starts, ends = sentences(fold, start, end)
    if len(starts) == 1:
        return
    if rule.pattern.is_open:
        yield from (Span(a, b) for a, b in zip(starts, ends, strict=True) if rule.pattern.matches(fold, a, b))
        return
    last = start
    possible = set(ends)
    for a in starts:
        good = [b for b in rule.pattern.ends(fold, a, end) if b in possible] if a >= last else []
        if good:
            last = good[-1]
            yield Span(a, last)


def sentences(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where the sentences of a line begin and end; blanks between them belong to none."""
    starts, ends = [start], []
    for match in _SENTENCE_END.finditer(text, start, end):
        if match.end() < end:
            ends.append(match.start() + len(match.group().rstrip()))
            starts.append(match.end())
    return starts, [*ends, end]


def line_at(text: str, at: int) -> tuple[int, int]:
    """The line that holds a place, without blanks at its ends."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    end = len(text) if end < 0 else end
    line = text[start:end]
    return start + len(line) - len(line.lstrip()), start + len(line.rstrip())


def _lines_with(fold: str, piece: str) -> Iterator[tuple[int, int]]:
    """The lines that hold a piece of text."""
    at = fold.find(piece)
    while at >= 0:
        start, end = line_at(fold, at)
        yield start, end
        at = fold.find(piece, max(end, at + 1))


# --- what repeats ---------------------------------------------------------------------------------------------------

HEADLINE_WORDS = 4
"""Words that the headline of another story has at least."""
MOSTLY = 0.5
"""Share of pages from which on a line is no headline of another story."""
RUNNING_WORDS = 20
"""Words of a line that is running text."""
ABOUT = 0.75
"""Share of the long words of a line that the running text holds where it is the page's own headline."""

_LONG_WORD = re.compile(r"[^\W\d_]{5,}")


def repeats(fold: str, known: Repeated) -> Iterator[tuple[Span, str]]:
    """The lines and sentences of a folded text that stand on many pages of its site, and the rule that says so.

    A list of popular stories repeats, and one of its headlines is that of this page. So a line that is not on most
    pages stays where the text begins with it, or where the running text speaks of what it says. And headlines of a
    series differ in a number ("Day 12 of the strike"): what the text begins with is no frame, unless it has a date.
    """
    opening = len(fold) - len(fold.lstrip())
    if known.lines:
        yield from _repeated_lines(fold, known)
    for pattern, _ in known.frames:
        for start, end in _lines_with(fold, pattern.anchor):
            dated = any(name in ("date", "time") for name, _ in pattern.parts)
            if (start > opening or dated) and pattern.matches(fold, start, end):
                yield Span(start, end), "site_frame"
    for pattern, _ in known.sentences:
        for span in meant(Rule(pattern), fold):
            yield span, "site_sentence"


def _repeated_lines(fold: str, known: Repeated) -> Iterator[tuple[Span, str]]:
    place = 0
    spoken: frozenset[str] | None = None
    begun = False
    for line in fold.split("\n"):
        text = line.strip()
        pages = known.lines.get(text)
        if pages is not None:
            doubtful = pages < MOSTLY * known.pages and len(text.split()) >= HEADLINE_WORDS
            if doubtful and begun and spoken is None:
                spoken = _running_words(fold)
            if not doubtful or (begun and spoken is not None and not _is_about(text, spoken)):
                start = place + line.index(text)
                yield Span(start, start + len(text)), "site_line"
        begun = begun or bool(text)
        place += len(line) + 1


def _running_words(fold: str) -> frozenset[str]:
    lines = (line for line in fold.split("\n") if len(line) > RUNNING_WORDS * 2)
    return frozenset(word for line in lines if len(line.split()) >= RUNNING_WORDS for word in _long_words(line))


def _is_about(line: str, spoken: frozenset[str]) -> bool:
    words = _long_words(line)
    return len(words) > 1 and sum(word in spoken for word in words) >= ABOUT * len(words)


def _long_words(text: str) -> list[str]:
    return [word.lower() for word in _LONG_WORD.findall(text)]
