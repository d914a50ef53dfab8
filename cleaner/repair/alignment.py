"""From a text before and after a repair to the small edits between the two, in linear time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.edits import Edit

_REACH = 24  # characters that one side may be ahead of the other when looking for where they meet again
_ANCHOR = 4  # characters that must agree there
_ATTEMPTS = 2000  # searches in one text, after which the rest is one edit

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Repaired:
    """A stretch of a text, `text[start:end]`, and what a rule makes of it."""

    start: int
    end: int
    text: str
    rule: str


def differences(text: str, repaired: Sequence[Repaired]) -> list[Edit]:
    """Tight, sorted, disjoint edits that carry out repairs of stretches of `text`, which are sorted and disjoint.

    Most repairs leave ASCII alone: where the same ASCII stands between as many runs of other characters before and
    after, the runs are what changes, and all stretches are compared together.
    """
    if not repaired:
        return []
    before, after = "\n".join(text[r.start : r.end] for r in repaired), "\n".join(r.text for r in repaired)
    old, new = _runs(before), _runs(after)
    if len(old[0]) == len(new[0]) and _ascii(before) == _ascii(after) and _same_gaps(old, new):
        return list(_run_edits(before, after, repaired, old, new))
    if len(repaired) > 1:
        return [edit for one in repaired for edit in differences(text, [one])]
    return [_tight(at, old, new, r.start, r.rule) for r in repaired for at, old, new in _by_anchors(before, after)]


def _runs(text: str) -> tuple[Places, Places]:
    """Where the runs of characters that are not ASCII start, and where they end."""
    inside = np.zeros(len(text) + 2, bool)
    inside[1:-1] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4") > 0x7F
    borders = np.flatnonzero(inside[1:] != inside[:-1])
    return borders[::2], borders[1::2]


def _ascii(text: str) -> bytes:
    return text.encode("ascii", "ignore")


def _same_gaps(old: tuple[Places, Places], new: tuple[Places, Places]) -> bool:
    """Whether as much stands between any two runs."""
    return bool((old[0][1:] - old[1][:-1] == new[0][1:] - new[1][:-1]).all()) and old[0][:1] == new[0][:1]


def _run_edits(
    before: str, after: str, repaired: Sequence[Repaired], old: tuple[Places, Places], new: tuple[Places, Places]
) -> Iterator[Edit]:
    """An edit for each run that changes; `before` and `after` are the stretches, a line feed after each but the last."""
    begin = np.cumsum([0, *(r.end - r.start + 1 for r in repaired[:-1])])
    owner = np.searchsorted(begin, old[0], "right") - 1
    moved = old[0] + (np.array([r.start for r in repaired]) - begin)[owner]
    places = zip(*(column.tolist() for column in (moved, owner, *old, *new)), strict=True)
    for start, owner, old_start, old_end, new_start, new_end in places:
        run, meaning = before[old_start:old_end], after[new_start:new_end]
        if run[0] != meaning[0] and run[-1] != meaning[-1]:
            yield Edit(start, start + len(run), meaning, "repair", repaired[owner].rule)
        elif run != meaning:
            yield _tight(start, run, meaning, 0, repaired[owner].rule)


def _tight(start: int, old: str, new: str, offset: int, rule: str) -> Edit:
    """The edit from `old`, at `start` after `offset`, to `new`, without the characters at either end that stay."""
    start += offset
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
