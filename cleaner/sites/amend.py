"""What the rules of a site change in the proposals of a stage: removals come in, what is kept drops out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

from cleaner.edits import Edit, Span
from cleaner.noise import with_separator
from cleaner.sites.matching import line_at, meant, repeats, sentences
from cleaner.sites.patterns import folded
from cleaner.sites.rules import LABEL, SiteRules, comparable

_WORD = re.compile(r"\w")


class Judge(Protocol):
    """The stage whose proposals are amended."""

    @property
    def name(self) -> str: ...

    def threshold(self, edit: Edit) -> float: ...


class Piece(NamedTuple):
    """A stretch without blanks at its ends that is to go, or (not `applied`) only to be flagged."""

    start: int
    end: int
    rule: str
    label: str
    score: float = 1.0
    applied: bool = True


def amended(stage: Judge, text: str, edits: tuple[Edit, ...], rules: SiteRules) -> tuple[Edit, ...]:
    """The proposals of `stage` for a text of the site.

    In the noise stage removals come in: what the site's rules and the stage mean together goes as one piece, with one
    separator. In the stage for typos no edit touches an allowed word. In all stages nothing touches what is to be kept:
    of a removal the rest remains, any other edit is dropped.
    """
    fold = folded(text)
    kept = list(_united(span for rule in rules.keep for span in _sentences_of(text, meant(rule, fold))))
    if stage.name == "noise":
        found = list(_disjoint(_removals(stage, fold, rules)))
        return _merged(stage, text, edits, found, kept) if found or _touches(edits, kept) else edits
    if stage.name == "typos" and rules.allow_words:
        edits = tuple(edit for edit in edits if not _allowed(text, edit, rules.allowed))
    return tuple(edit for edit in edits if not _touches((edit,), kept)) if kept else edits


# --- what the rules mean --------------------------------------------------------------------------------------------


def _removals(stage: Judge, fold: str, rules: SiteRules) -> Iterator[Piece]:
    for rule in rules.remove:
        for span in meant(rule, fold):
            yield _judged(stage, span, "site_rule", rule.label)
    for span, name in repeats(fold, rules.repeated):
        yield _judged(stage, span, name, LABEL)


def _judged(stage: Judge, span: Span, rule: str, label: str) -> Piece:
    threshold = stage.threshold(Edit(span.start, span.end, "", stage.name, rule, 1.0, label))
    return Piece(span.start, span.end, rule, label, 1.0, threshold <= 1.0)


def _sentences_of(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The same, each widened to the sentences that it stands in: half a sentence is nothing to keep."""
    line: tuple[int, int] = (0, 0)
    starts, ends = [0], [0]
    for span in spans:
        if not (line[0] <= span.start and span.end <= line[1]):
            line = line_at(text, span.start)
            starts, ends = sentences(text, *line)
        yield Span(starts[bisect_right(starts, span.start) - 1], ends[bisect_left(ends, span.end)])


# --- putting together -----------------------------------------------------------------------------------------------


def _merged(
    stage: Judge, text: str, edits: tuple[Edit, ...], found: Sequence[Piece], kept: Sequence[Span]
) -> tuple[Edit, ...]:
    proposed = [_piece(stage, text, edit) for edit in edits]
    sure = [Span(piece.start, piece.end) for piece in found]
    rest = _without(text, _without(text, proposed, kept), sure)
    return tuple(_edits(stage.name, text, sorted((*rest, *_without(text, found, kept)))))


def _piece(stage: Judge, text: str, edit: Edit) -> Piece:
    inside = text[edit.start : edit.end]
    start, end = edit.start + len(inside) - len(inside.lstrip()), edit.start + len(inside.rstrip())
    return Piece(start, max(start, end), edit.rule, edit.label, edit.score, edit.score >= stage.threshold(edit))


def _without(text: str, pieces: Iterable[Piece], spans: Sequence[Span]) -> Iterator[Piece]:
    """What is left of the pieces outside of the spans, as far as it holds words."""
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    for piece in pieces:
        inside = range(bisect_right(ends, piece.start), bisect_left(starts, piece.end))
        if not inside:
            yield piece
            continue
        froms = [piece.start, *(ends[n] for n in inside)]
        for start, end in zip(froms, [*(starts[n] for n in inside), piece.end], strict=True):
            if part := text[start:end].strip() if start < end else "":
                at = start + text[start:end].index(part)
                if _WORD.search(part):
                    yield piece._replace(start=at, end=at + len(part))


def _edits(stage: str, text: str, pieces: Sequence[Piece]) -> Iterator[Edit]:
    """Pieces that follow each other go with one separator; what is flagged is flagged by itself."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        joins = runs and piece.applied and runs[-1][-1].applied and not text[runs[-1][-1].end : piece.start].strip()
        runs[-1].append(piece) if joins else runs.append([piece])
    for run in runs:
        span = Span(run[0].start, run[-1].end)
        whole = _with_separator(text, span) if run[0].applied else span
        bounds = [whole.start, *(piece.start for piece in run[1:]), whole.end]
        for piece, (start, end) in zip(run, pairwise(bounds), strict=True):
            yield Edit(start, end, "", stage, piece.rule, piece.score, piece.label)


def _with_separator(text: str, span: Span) -> Span:
    """The same with its separator; the blank before words that a comma or a full stop follows goes with them."""
    if text[span.end : span.end + 1] in tuple(",.;:!?)") and text[span.start - 1 : span.start] in (" ", "\u00a0"):
        return Span(span.start - 1, span.end)
    return with_separator(text, span)


def _disjoint(pieces: Iterable[Piece]) -> Iterator[Piece]:
    last = 0
    for piece in sorted(pieces, key=lambda piece: (piece.start, -piece.end)):
        if piece.start >= last:
            last = piece.end
            yield piece


def _united(spans: Iterable[Span]) -> Iterator[Span]:
    """Sorted and disjoint spans that cover the same places."""
    current: Span | None = None
    for span in sorted(spans, key=lambda span: span.start):
        if current and span.start <= current.end:
            current = Span(current.start, max(current.end, span.end))
            continue
        if current:
            yield current
        current = span
    if current:
        yield current


def _touches(edits: Sequence[Edit], spans: Sequence[Span]) -> bool:
    """Whether an edit changes anything inside a span, or puts something in."""
    starts = [span.start for span in spans]
    for edit in edits:
        at = bisect_left(starts, max(edit.end, edit.start + 1))
        if at and spans[at - 1].end > edit.start:
            return True
    return False


def _allowed(text: str, edit: Edit, words: frozenset[str]) -> bool:
    """Whether an edit changes a word that is right as it stands."""
    start, end = edit.start, edit.end
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return any(comparable(word) in words for word in _WORDS.findall(text[start:end]))


_WORDS = re.compile(r"\w+(?:['\u2019-]\w+)*")
