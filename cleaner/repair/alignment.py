"""From a text before and after a repair to the small edits between the two, in linear time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cleaner.edits import Edit
from cleaner.late import late

_PIECES = late(r"([\x00-\x7f]*)([^\x00-\x7f]*)")  # a stretch of ASCII and what follows it up to the next

_REACH = 24  # characters that one side may be ahead of the other when looking for where they meet again
_ANCHOR = 4  # characters that must agree there
_ATTEMPTS = 2000  # searches in one text, after which the rest is one edit


@dataclass(frozen=True, slots=True)
class Repaired:
    """A stretch of a text, `text[start:end]`, and what a rule makes of it."""

    start: int
    end: int
    text: str
    rule: str


def pieces(text: str) -> list[tuple[str, str]]:
    """The text as pairs of a stretch of ASCII and the run of other characters behind it; either may be empty."""
    return _PIECES.findall(text)


def differences(text: str, repaired: Repaired) -> list[Edit]:
    """Tight, sorted, disjoint edits that carry out the repair of a stretch of `text`."""
    before = text[repaired.start : repaired.end]
    old, new = pieces(before), pieces(repaired.text)
    if len(old) == len(new) and [kept for kept, _ in old] == [kept for kept, _ in new]:
        return run_edits(repaired.start, old, [meaning for _, meaning in new], repaired.rule)
    return [
        _tight(repaired.start + start, run, meaning, repaired.rule)
        for start, run, meaning in _by_anchors(before, repaired.text)
    ]


def run_edits(at: int, old: Iterable[tuple[str, str]], meanings: Iterable[str], rule: str) -> list[Edit]:
    """Edits that put each of `meanings` in the place of the run of the same piece; the first piece begins at `at`."""
    edits = []
    for (kept, run), meaning in zip(old, meanings, strict=False):  # `meanings` may go on with the next line's
        at += len(kept)
        if run and meaning and run[0] != meaning[0] and run[-1] != meaning[-1]:
            edits.append(Edit(at, at + len(run), meaning, "repair", rule))
        elif run != meaning:
            edits.append(_tight(at, run, meaning, rule))
        at += len(run)
    return edits


def _tight(start: int, old: str, new: str, rule: str) -> Edit:
    """The edit from `old`, which begins at `start`, to `new`, without the characters at either end that stay."""
    end = start + len(old)
    if old and new and (old[0] == new[0] or old[-1] == new[-1]):
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        start, end, new = start + head, end - tail, new[head : len(new) - tail]
    return Edit(start, end, new, "repair", rule)


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _by_anchors(before: str, after: str) -> list[tuple[int, str, str]]:
    """Walk along both; where they part, look for the nearest place where they agree again."""
    pairs: list[tuple[int, str, str]] = []
    i = j = attempts = 0
    while i < len(before) or j < len(after):
        same = _agreement(before, i, after, j)
        i, j = i + same, j + same
        if i == len(before) and j == len(after):
            break
        attempts += 1
        skip_old, skip_new = _meet(before, i, after, j) if attempts <= _ATTEMPTS else _rest(before, i, after, j)
        pairs.append((i, before[i : i + skip_old], after[j : j + skip_new]))
        i, j = i + skip_old, j + skip_new
    return pairs


def _agreement(before: str, i: int, after: str, j: int) -> int:
    """How many characters agree from here on; compared in blocks that double."""
    total, size = 0, 16
    while i < len(before) and j < len(after):
        old, new = before[i : i + size], after[j : j + size]
        if old != new:
            return total + _common(old, new)
        total, i, j, size = total + len(old), i + size, j + size, min(size * 2, 1 << 16)
    return total


def _rest(before: str, i: int, after: str, j: int) -> tuple[int, int]:
    return len(before) - i, len(after) - j


def _meet(before: str, i: int, after: str, j: int) -> tuple[int, int]:
    """The smallest pair of skips after which both texts go on alike."""
    for total in range(1, 2 * _REACH):
        for old in range(min(total, len(before) - i), -1, -1):
            new = total - old
            if new > len(after) - j:
                break
            anchor = before[i + old : i + old + _ANCHOR]
            if anchor == after[j + new : j + new + _ANCHOR] and (anchor or old + i == len(before)):
                return old, new
    return _rest(before, i, after, j)
