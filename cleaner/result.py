"""What cleaning one document gives: the text, and everything that was done to it or only proposed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from cleaner.decode import Decoded
from cleaner.edits import Change, Edit, Span, compose, locate_all, tighten
from cleaner.reasons import reason


@dataclass(frozen=True, slots=True)
class Step:
    """What one stage did: `applied` edits are sorted and disjoint; `withheld` ones were proposed but not carried
    out."""

    stage: str
    applied: tuple[Edit, ...] = ()
    withheld: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A noise span in the source: removed, or flagged for a person to judge.

    `start` and `end` are offsets in `result.decoded.text`, and `text` is that slice (a removal owns its separator).
    """

    start: int
    end: int
    text: str
    label: str
    rule: str
    score: float


@dataclass(frozen=True, init=False)
class CleanResult:
    """One cleaned document.

    Attributes:
        decoded: the source as text, and how it was decoded.
        text: the cleaned text.
        steps: what each stage did, in order; replayed on `decoded.text` they give `text`.
        warnings: sentences for the user, e.g. why a document was left as it is.
    """

    decoded: Decoded
    text: str
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()

    def __init__(
        self, decoded: Decoded, text: str, steps: tuple[Step, ...] = (), warnings: tuple[str, ...] = ()
    ) -> None:
        # Every document has one, and what a frozen dataclass has for its `__init__` costs twice as much.
        self.__dict__.update(decoded=decoded, text=text, steps=steps, warnings=warnings)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change, with offsets in the source: sorted, disjoint, as small as possible."""
        return tighten(self.decoded.text, self._composed[-1])

    @cached_property
    def removed(self) -> tuple[Mark, ...]:
        """The noise that was taken out."""
        return self._marks(self._in_source(lambda step: step.applied))

    @cached_property
    def flagged(self) -> tuple[Mark, ...]:
        """The noise that was found but left in the text."""
        return self._marks(self.withheld)

    @cached_property
    def withheld(self) -> tuple[tuple[Span, Edit], ...]:
        """Every proposal that was not carried out, with its place in the source."""
        return self._in_source(lambda step: step.withheld)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: text, encoding, changes, removed, flagged, warnings."""
        source = self.decoded.text
        return {
            "text": self.text,
            "encoding": self.decoded.encoding,
            "method": self.decoded.method,
            "undecodable": len(self.decoded.undecodable),
            "changes": [change_record(source, change) for change in self.changes],
            "removed": [_mark_record(mark) for mark in self.removed],
            "flagged": [_mark_record(mark) for mark in self.flagged],
            "warnings": list(self.warnings),
        }

    def _in_source(self, chosen: Callable[[Step], tuple[Edit, ...]]) -> tuple[tuple[Span, Edit], ...]:
        """The chosen edits of every step, each with its place in the source."""
        found: list[tuple[Span, Edit]] = []
        for step, before in zip(self.steps, self._composed, strict=False):
            edits = chosen(step)
            found += zip(locate_all(before, [Span(edit.start, edit.end) for edit in edits]), edits, strict=True)
        return tuple(found)

    @cached_property
    def _composed(self) -> tuple[tuple[Change, ...], ...]:
        """What was changed in the source before each step, and, at the end, by all of them."""
        nothing: tuple[Change, ...] = ()
        return tuple(accumulate((step.applied for step in self.steps), compose, initial=nothing))

    def _marks(self, located: tuple[tuple[Span, Edit], ...]) -> tuple[Mark, ...]:
        source = self.decoded.text
        return tuple(
            Mark(s.start, s.end, source[s.start : s.end], e.label, e.rule, e.score) for s, e in located if e.label
        )


def change_record(source: str, change: Change) -> dict[str, Any]:
    """One change as plain data. The last edit is its author; where there are several, `causes` names them all."""
    author = change.causes[-1]
    record: dict[str, Any] = {
        "start": change.start,
        "end": change.end,
        "before": source[change.start : change.end],
        "after": change.replacement,
        "stage": author.stage,
        "label": author.label,
        "rule": author.rule,
        "reason": reason(author),
        "score": round(author.score, 4),
    }
    if len(change.causes) > 1:
        record["causes"] = [f"{cause.stage}/{cause.rule}" for cause in change.causes]
    return record


def _mark_record(mark: Mark) -> dict[str, Any]:
    return {
        "start": mark.start,
        "end": mark.end,
        "text": mark.text,
        "label": mark.label,
        "rule": mark.rule,
        "score": round(mark.score, 4),
    }
