"""A text that a stage has looked at, and what has become of it since: what a second look may start from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cleaner.edits import Edit, Replacement, Span


@dataclass(frozen=True)
class Revision:
    """What has become of a text.

    Attributes:
        before: the text that the stage has looked at.
        edits: what it has proposed for it: sorted, disjoint.
        text: the text as it is now.
        changes: what leads from `before` to `text`: sorted, disjoint, offsets in `before`.
    """

    before: str
    edits: Sequence[Edit]
    text: str
    changes: Sequence[Replacement]

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """What stands in the place of each change now, in `text`."""
        spans, shift = [], 0
        for change in self.changes:
            start = change.start + shift
            spans.append(Span(start, start + len(change.replacement)))
            shift += len(change.replacement) - (change.end - change.start)
        return tuple(spans)

    def shift(self, at: int) -> int:
        """How much farther back what begins at a place of `text` outside of `spans` stands than it did in `before`."""
        number = bisect_right(self.spans, at, key=lambda span: span.end)
        return self.spans[number - 1].end - self.changes[number - 1].end if number else 0
