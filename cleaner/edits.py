"""The algebra of edits: everything that `cleaner` does to a text is a list of these.

A stage proposes `Edit`s against the text that it was given. Applied one step after the other they lead from the source
to the cleaned text; composed, they become `Change`s with offsets in the source. Diff, ledger, report and undo read only
what this module computes.

Offsets are code points, half-open. A list of edits is *sorted and disjoint*: ascending, and none begins before the one
before it has ended. Learnt from CodeMirror's `ChangeSet` (apply, invert, compose, map) and ruff's `Edit`/`Fix`.

>>> text = "Our aim.is  to win"
>>> edits = (Edit(7, 8, " ", "typos", "missing_space"), Edit(11, 12, "", "typos", "double_space"))
>>> apply(text, edits)
'Our aim is to win'
>>> apply(apply(text, edits), invert(text, edits)) == text
True
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, `text[start:end]`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


class Edit(NamedTuple):
    """One proposal of one stage: put `replacement` in the place of `text[start:end]`.

    A named tuple, because a badly damaged page has an edit for every other word and a frozen dataclass costs three
    times as much to make.

    Attributes:
        start, end: offsets in the text that the stage was given.
        replacement: the new text; empty for a removal.
        stage: name of the stage ("repair", "noise", "typos").
        rule: name of the rule or model that proposed it; `cleaner.reasons` has a sentence for each.
        score: confidence in [0, 1]; 1.0 for what is deterministic.
        label: for noise, the label of the noise policy; otherwise empty.
    """

    start: int
    end: int
    replacement: str
    stage: str
    rule: str
    score: float = 1.0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one stretch of the source, with the edits that caused it; those of the last step stand last."""

    start: int
    end: int
    replacement: str
    causes: tuple[Edit, ...] = ()


Replacement = Edit | Change


def check(edits: Sequence[Replacement], length: int) -> None:
    """Raise ValueError unless `edits` are sorted, disjoint and inside a text of `length` characters."""
    last = 0
    for edit in edits:
        if not last <= edit.start <= edit.end <= length:
            raise ValueError(f"{edit} is out of order or outside the text of {length} characters")
        last = edit.end


def apply(text: str, edits: Sequence[Replacement]) -> str:
    """The text with every edit carried out. `edits` must be sorted and disjoint."""
    if not edits:
        return text
    check(edits, len(text))
    pieces: list[str] = []
    last = 0
    for edit in edits:
        pieces += (text[last : edit.start], edit.replacement)
        last = edit.end
    pieces.append(text[last:])
    return "".join(pieces)


def invert(text: str, edits: Sequence[Replacement]) -> tuple[Change, ...]:
    """The changes that lead from `apply(text, edits)` back to `text`, with offsets in the edited text."""
    check(edits, len(text))
    inverse, shift = [], 0
    for edit in edits:
        start = edit.start + shift
        inverse.append(Change(start, start + len(edit.replacement), text[edit.start : edit.end], causes(edit)))
        shift += len(edit.replacement) - (edit.end - edit.start)
    return tuple(inverse)


def causes(edit: Replacement) -> tuple[Edit, ...]:
    """The edits behind a replacement: itself, or those that a change was composed of."""
    return edit.causes if isinstance(edit, Change) else (edit,)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A replacement of the first or second list with its place in the text between the two."""

    start: int
    end: int
    edit: Replacement
    second: bool


def compose(first: Sequence[Replacement], second: Sequence[Replacement]) -> tuple[Change, ...]:
    """One list of changes that does what `first` and then `second` do.

    Args:
        first: sorted, disjoint, offsets in the source.
        second: sorted, disjoint, offsets in the text that `first` gives.

    Returns:
        Changes with offsets in the source. What overlaps is merged, and so is an insertion that touches an earlier
        change (its place in the source would be ambiguous); what merely stands side by side stays apart. Every cause is
        kept exactly once, even where the second list takes back what the first one did (see `tighten`).
    """
    if not second:
        return tuple(Change(e.start, e.end, e.replacement, causes(e)) for e in first)
    composed: list[Change] = []
    shift = 0  # how far the middle text is ahead of the source, before the current cluster
    for cluster in _clusters(_placed(first, second)):
        start = cluster[0].start - shift
        shift += sum(p.end - p.start - (p.edit.end - p.edit.start) for p in cluster if not p.second)
        end = max(p.end for p in cluster) - shift
        in_order = sorted((p for p in cluster), key=lambda p: (p.second, p.start, p.end))
        composed.append(Change(start, end, _output(cluster), tuple(c for p in in_order for c in causes(p.edit))))
    return tuple(composed)


def _placed(first: Sequence[Replacement], second: Sequence[Replacement]) -> list[_Placed]:
    placed, shift = [], 0
    for edit in first:
        start = edit.start + shift
        placed.append(_Placed(start, start + len(edit.replacement), edit, second=False))
        shift += len(edit.replacement) - (edit.end - edit.start)
    placed += [_Placed(edit.start, edit.end, edit, second=True) for edit in second]
    return sorted(placed, key=lambda p: (p.start, p.end))  # stable: the first list wins a tie


def _clusters(placed: Iterable[_Placed]) -> Iterable[list[_Placed]]:
    cluster: list[_Placed] = []
    end = 0
    for p in placed:
        if cluster and not (p.start < end or (p.start == end and _insertion_touches(cluster[-1], p))):
            yield cluster
            cluster = []
        end = max(end, p.end) if cluster else p.end
        cluster.append(p)
    if cluster:
        yield cluster


def _insertion_touches(left: _Placed, right: _Placed) -> bool:
    return left.second != right.second and any(p.second and p.start == p.end for p in (left, right))


def _output(cluster: Sequence[_Placed]) -> str:
    """What stands in the place of a cluster in the end; what the second list leaves alone comes from the first."""
    if len(cluster) == 1:  # most are
        return cluster[0].edit.replacement
    first = [p for p in cluster if not p.second]
    pieces: list[str] = []
    at = cluster[0].start
    for p in sorted((p for p in cluster if p.second), key=lambda p: (p.start, p.end)):
        pieces += (_written(first, at, p.start), p.edit.replacement)
        at = p.end
    pieces.append(_written(first, at, max(p.end for p in cluster)))
    return "".join(pieces)


def _written(first: Sequence[_Placed], start: int, end: int) -> str:
    return "".join(p.edit.replacement[max(start - p.start, 0) : max(end - p.start, 0)] for p in first if start < p.end)


def tighten(source: str, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The same changes without the characters at either end that they do not alter; what alters nothing is left out."""
    tight = []
    for change in changes:
        before, after = source[change.start : change.end], change.replacement
        if before == after:
            continue
        head = _shared(before, after)
        tail = _shared(before[head:][::-1], after[head:][::-1])
        kept = after[head : len(after) - tail]
        tight.append(Change(change.start + head, change.end - tail, kept, change.causes))
    return tuple(tight)


def _shared(one: str, other: str) -> int:
    """How many characters the two have in common at their start."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def locate(changes: Sequence[Replacement], span: Span) -> Span:
    """The smallest stretch of the source that `span` of the changed text comes from.

    An end that falls inside a replacement is moved to the nearer end of what was replaced, outwards.
    """
    return locate_all(changes, (span,))[0]


def locate_all(changes: Sequence[Replacement], spans: Iterable[Span]) -> list[Span]:
    """`locate` for many spans, in any order: one pass over the changes, then a binary search for each end."""
    lefts, rights, shift = [], [], 0  # where each replacement lies in the changed text
    for change in changes:
        lefts.append(change.start + shift)
        rights.append(lefts[-1] + len(change.replacement))
        shift = rights[-1] - change.end
    located = []
    for span in spans:
        first = bisect_right(rights, span.start)
        last = min(bisect_left(lefts, span.end), bisect_right(rights, span.end))
        start, end = span.start - shift, span.end - shift
        if first < len(lefts):
            start = changes[first].start - max(0, lefts[first] - span.start)
        if last < len(lefts):
            gap = lefts[last] - span.end
            end = changes[last].start - gap if gap >= 0 else changes[last].end
        located.append(Span(start, max(start, end)))
    return located
