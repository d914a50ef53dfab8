"""The second look at a text: which passages it needs, and how its edits go with those of the first one.

Whether a place needs repair depends on the text around it, at most `NEAR` characters away, on the quotation marks
before it on its line, and on how often a word is written in the whole text. So what the first look has found farther
from all changes still holds. `tests/test_typos_again.py` compares this with a look at the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaner.edits import Edit
from cleaner.revision import Revision
from cleaner.typos.glue import PARAGRAPH

NEAR = 280
"""Characters on either side of an edit that can matter, in text without chunks longer than `LONGEST`: a bracket or a
lost dash 200 characters from a chunk, and the chunk."""

LONGEST = 60
SIDE = 2 * LONGEST
"""Characters beyond a passage in which edits are looked for that might reach into it."""

GAP = 20
_GAP, _CUT = re.compile(rf"[^\S\n]{{{GAP}}}"), re.compile(r"-[ \t]*\n")
"""A place may depend on what is farther away: behind a wide gap, or in a row of cut words."""
SAMPLE = 4
_SAMPLED_GAP = re.compile(rf"[^\S\n]{{{GAP // SAMPLE}}}")
"""What a gap leaves of itself in every fourth character; hardly any text has that without one."""

_WORTH_IT = 0.7
"""Where passages are a larger share of a text, the whole of it is looked at."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text that is looked at again; all borders but those of the core stand beside blanks.

    Attributes:
        core_start, core_end: what counts of it.
        start, end: where words are judged; a little more than the core.
        first, last: what is read for that, and where rules that need no look are applied.
        back: how much farther back the core begins, and how much farther back it ends, than in the earlier text.
    """

    core_start: int
    core_end: int
    start: int
    end: int
    first: int
    last: int
    back: tuple[int, int]


def passages(revision: Revision) -> list[Passage] | None:
    """The passages of the text that a second look needs, in order; None where it must look at all of it."""
    text = revision.text
    found = [_passage(revision, start, end) for start, end in _cores(revision)]
    if sum(p.end - p.start for p in found) > _WORTH_IT * len(text):
        return None
    stretches = [text[p.first : p.last] for p in found] + list(_around_changes(revision))
    return None if any(map(_unusual, stretches)) else found


def earlier(revision: Revision, passage: Passage) -> str:
    """What stood in the place of a passage, from its start to its end."""
    return revision.before[passage.start - passage.back[0] : passage.end - passage.back[1]]


def counts(found: Sequence[Passage], at: int) -> bool:
    """Whether what is found at a place of the text counts: it lies in the core of a passage."""
    return any(p.core_start <= at < p.core_end for p in found)


def rest(text: str, found: Sequence[Passage]) -> list[tuple[int, int]]:
    """The stretches of a text between its passages."""
    borders = [0, *(at for p in found for at in (p.start, p.end)), len(text)]
    return [(start, end) for start, end in zip(borders[::2], borders[1::2], strict=True) if start < end]


def chunks_with(text: str, stretches: Iterable[tuple[int, int]], forms: Collection[str]) -> list[tuple[int, str]]:
    """The chunks in some stretches of a text that hold one of the forms, each behind its place; in order.

    Args:
        text: the whole text.
        stretches: (start, end) of each, beside blanks.
        forms: in lower case; they are looked for as they are, with a capital and in capitals.
    """
    written = {case for form in forms for case in (form, form[0].upper() + form[1:], form.upper())}
    found: set[tuple[int, str]] = set()
    for start, end in stretches if written else ():
        for word in written:
            at = text.find(word, start, end)
            while at >= 0:
                first, last = _blank_before(text, at), _blank_behind(text, at)
                found.add((first, text[first:last]))
                at = text.find(word, last, end)
    return sorted(found)


def joined(
    revision: Revision, found: Sequence[Passage], new: Sequence[Edit], raw: Sequence[Edit]
) -> tuple[Edit, ...] | None:
    """The edits of the passages, and of the first look for the rest; None where the two may touch each other.

    Args:
        revision: what the second look is about.
        found: its passages.
        new: the edits of the passages; sorted, disjoint.
        raw: all that were proposed there.
    """
    borders = [at for p in found for at in (p.core_start, p.core_end) if 0 < at < len(revision.text)]
    former = [at - revision.shift(at) for at in borders]
    if _touch(raw, borders) or _touch(revision.edits, former):
        return None
    edits = [edit for edit in new if any(p.core_start <= edit.start and edit.end <= p.core_end for p in found)]
    for edit in revision.edits:
        if not any(p.core_start - p.back[0] <= edit.start <= p.core_end - p.back[1] for p in found):
            shift = _shift(found, edit.start)
            edits.append(edit._replace(start=edit.start + shift, end=edit.end + shift))
    return tuple(sorted(edits))


def _shift(found: Sequence[Passage], at: int) -> int:
    """How much farther back a place of the earlier text, outside of all passages, stands now."""
    return next((p.back[1] for p in reversed(found) if p.core_end - p.back[1] <= at), 0)


def _touch(edits: Iterable[Edit], borders: Sequence[int]) -> bool:
    return any(edit.start <= at <= edit.end for edit in edits for at in borders)


def _cores(revision: Revision) -> list[tuple[int, int]]:
    """What may need other edits than before, in order; what stands close together as one."""
    text, before = revision.text, revision.before
    removed = sum(change.end - change.start for change in revision.changes)
    cores: list[tuple[int, int]] = []
    for span, change in zip(revision.spans, revision.changes, strict=True):
        start, end = max(0, span.start - NEAR), span.end + NEAR
        line_start, line_end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
        line_end = len(text) if line_end < 0 else line_end
        altered = before[change.start : change.end] + change.replacement
        if '"' in altered or "\n" in altered or line_end - line_start + removed > PARAGRAPH:
            end = max(end, line_end)  # quotation marks behind it open or close
        end = min(end, len(text))
        if cores and start - cores[-1][1] < 4 * SIDE:
            start = cores.pop()[0]
        cores.append((start, end))
    return cores


def _passage(revision: Revision, core_start: int, core_end: int) -> Passage:
    text = revision.text
    start, end = _blank_before(text, core_start - SIDE), _blank_behind(text, core_end + SIDE)
    first, last = _blank_before(text, start - NEAR), _blank_behind(text, end + NEAR)
    back = revision.shift(start) if start else 0, revision.shift(end)
    return Passage(core_start, core_end, start, end, first, last, back)


def _blank_before(text: str, at: int) -> int:
    while at > 0 and not text[at - 1].isspace():
        at -= 1
    return max(at, 0)


def _blank_behind(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 1
    return min(at, len(text))


def _around_changes(revision: Revision) -> Iterator[str]:
    """What stood in the place of each change, and beside it: what is unusual elsewhere still stands there."""
    for change in revision.changes:
        yield revision.before[max(0, change.start - LONGEST - 1) : change.end + LONGEST + 1]


def _unusual(stretch: str) -> bool:
    return _holds_long_chunk(stretch) or ("-" in stretch and _CUT.search(stretch) is not None) or _holds_gap(stretch)


def _holds_long_chunk(stretch: str) -> bool:
    at = 0
    while len(stretch) - at > LONGEST:  # from blank to blank, by steps as wide as they may be
        at = stretch.rfind(" ", at, at + LONGEST + 1) + 1
        if not at:
            return max(map(len, stretch.split()), default=0) > LONGEST
    return False


def _holds_gap(stretch: str) -> bool:
    return _SAMPLED_GAP.search(stretch[::SAMPLE]) is not None and _GAP.search(stretch) is not None
