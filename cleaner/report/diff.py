"""The unified diff of a result, read off `result.changes`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaner.edits import Change
from cleaner.result import CleanResult

CONTEXT = 3
"""Unchanged lines around a change in a diff, as in other tools."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines `start` to `end` of the source, and the lines that stand there now."""

    start: int
    end: int
    after: tuple[str, ...]


def unified_diff(result: CleanResult, name: str) -> Iterator[str]:
    """The lines of a unified diff from the decoded source to the cleaned text, each with its line end.

    Made from the changes, not by comparing: linear in the length of the text, and never wrong about what moved.
    Nothing comes where the text is unchanged, even if its bytes were in another encoding.
    """
    before = _lines(result.decoded.text)
    found = _blocks(result.decoded.text, before, result.changes)
    blocks = [block for block in found if block.start < block.end or block.after]  # changes may cancel each other
    if not blocks:
        return
    yield f"--- {name}\n"
    yield f"+++ {name} (cleaned)\n"
    shift = 0
    for hunk in _hunks(blocks):
        start = max(hunk[0].start - CONTEXT, 0)
        end = min(hunk[-1].end + CONTEXT, len(before))
        longer = sum(len(block.after) - (block.end - block.start) for block in hunk)
        yield f"@@ -{_range(start, end - start)} +{_range(start + shift, end - start + longer)} @@\n"
        shift += longer
        for block in hunk:
            yield from _marked(" ", before[start : block.start])
            yield from _marked("-", before[block.start : block.end])
            yield from _marked("+", block.after)
            start = block.end
        yield from _marked(" ", before[start:end])


def _lines(text: str) -> list[str]:
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _blocks(source: str, lines: Sequence[str], changes: Iterable[Change]) -> Iterator[_Block]:
    """The changes as whole lines; those that meet in a line are one block."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    pending: list[Change] = []
    first = last = 0
    for change in changes:
        begin = max(min(bisect_right(starts, change.start), len(lines)) - 1, 0)
        if pending and begin >= last:
            yield _block(source, starts, pending, first, last)
            pending = []
        first = first if pending else begin
        last = min(bisect_right(starts, change.end), len(lines))
        pending.append(change)
    if pending:
        yield _block(source, starts, pending, first, last)


def _block(source: str, starts: Sequence[int], changes: Sequence[Change], first: int, last: int) -> _Block:
    at = starts[first]
    pieces: list[str] = []
    for change in changes:
        pieces += (source[at : change.start], change.replacement)
        at = change.end
    before, after = _lines(source[starts[first] : starts[last]]), _lines("".join([*pieces, source[at : starts[last]]]))
    head = _same_at_start(before, after)
    tail = _same_at_start(before[head:][::-1], after[head:][::-1])
    return _Block(first + head, last - tail, tuple(after[head : len(after) - tail]))


def _same_at_start(one: Sequence[str], other: Sequence[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _hunks(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    hunk = [blocks[0]]
    for block in blocks[1:]:
        if block.start - hunk[-1].end > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    yield hunk


def _range(start: int, length: int) -> str:
    """As in other tools: the first line counted from 1, the line before it where the range is empty, no length of 1."""
    first = start + 1 if length else start
    return f"{first}" if length == 1 else f"{first},{length}"


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"
