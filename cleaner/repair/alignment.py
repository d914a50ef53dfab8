"""From a text before and after a repair to the small edits between the two, in linear time."""

from __future__ import annotations

import re

from cleaner.edits import Edit

_FOREIGN = re.compile(r"([^\x00-\x7f]+)")

_REACH = 24  # characters that one side may be ahead of the other when looking for where they meet again
_ANCHOR = 4  # characters that must agree there
_ATTEMPTS = 2000  # searches in one text, after which the rest is one edit


def differences(before: str, after: str, offset: int, rule: str) -> list[Edit]:
    """Tight, sorted, disjoint edits that lead from `before` to `after`.

    Args:
        offset: where `before` begins in the text that the edits are for.
        rule: the rule to name in each.
    """
    old, new = _FOREIGN.split(before), _FOREIGN.split(after)
    if old[::2] != new[::2]:
        return [_tight(*pair, offset, rule) for pair in _by_anchors(before, after)]
    edits, at = [], offset + len(old[0])
    for index in range(1, len(old), 2):  # between the same stretches of ASCII
        run, repaired = old[index], new[index]
        if run != repaired:
            edits.append(_tight(at, run, repaired, 0, rule))
        at += len(run) + len(old[index + 1])
    return edits


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
