"""One document as HTML: its source with every change marked in its place, and a table of the changes.

Everything a mark says is text in the page, so that it needs no script, and a screen reader says it: a mark is a link to
its row in the table, and the row leads back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from cleaner.edits import Change
from cleaner.reasons import reason
from cleaner.result import CleanResult

NUMBER = "\0"
"""Stands where the number of the document goes, which whoever puts documents on a page knows."""

KEPT = 600
"""Characters shown on either side of a long stretch without changes; what lies between is left out."""

_WORTH_LEAVING_OUT = 2000
"""Characters; fewer are shown."""

_ROW = 160
"""Characters of a span that are shown in the table."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One mark: a change, or a span that was flagged or withheld (`applied` is false)."""

    change: Change
    before: str
    applied: bool

    @property
    def kind(self) -> str:
        """What colours and filters go by: the stage, or "flagged"."""
        return self.change.causes[-1].stage if self.applied else "flagged"

    @property
    def label(self) -> str:
        """The label of noise."""
        return self.change.causes[-1].label

    @property
    def classes(self) -> str:
        """The classes of the mark and of its row."""
        return f"k-{self.kind}" + (f" l-{self.label}" if self.label else "")

    @property
    def verdict(self) -> str:
        """What was done, in words."""
        if not self.applied:
            return "flagged" if self.label else "left"
        return "removed" if self.label else "changed"

    @property
    def why(self) -> str:
        """The reason and the score."""
        edit = self.change.causes[-1]
        return f"{reason(edit)} ({edit.stage}/{edit.rule}, score {edit.score:.2f})"


def picture(result: CleanResult, name: str) -> str:
    """The document as an element `article`; empty where there is nothing to show.

    Args:
        result: what cleaning gave.
        name: of the document.
    """
    source = result.decoded.text
    shown = _shown(result)
    if not shown:
        return ""
    rows = "".join(_row(place, mark) for place, mark in enumerate(shown, 1))
    count = "1 place" if len(shown) == 1 else f"{len(shown)} places"
    return (
        f'<article id="d{NUMBER}"><h2>{_text(name)}</h2>'
        f'<div class="text" lang="en">{"".join(_marked(source, shown))}</div>'
        f"<details><summary>{count}, with reason and score</summary>"
        '<div class="wide" tabindex="0" role="region" aria-label="changes"><table><thead><tr><th scope="col">no.</th>'
        '<th scope="col">what</th><th scope="col">before</th><th scope="col">after</th><th scope="col">score</th>'
        f'<th scope="col">reason</th></tr></thead><tbody>{rows}</tbody></table></div></details></article>\n'
    )


def _shown(result: CleanResult) -> list[Shown]:
    """The marks in order: every change, and the noise that was flagged."""
    source = result.decoded.text
    shown = [Shown(change, source[change.start : change.end], True) for change in result.changes]
    shown += [
        Shown(Change(span.start, span.end, edit.replacement, (edit,)), source[span.start : span.end], False)
        for span, edit in result.withheld
        if edit.label
    ]
    return sorted(shown, key=lambda mark: (mark.change.start, mark.applied, mark.change.end))


def _marked(source: str, shown: Sequence[Shown]) -> Iterator[str]:
    """The text with its marks; where changes lie in what was flagged, the flagged stretch is marked piece by piece."""
    flagged: tuple[int, Shown] | None = None
    at = drawn = 0

    def up_to(end: int) -> Iterator[str]:
        nonlocal at, flagged, drawn
        while flagged and at < end:
            place, mark = flagged
            stop = min(mark.change.end, end)
            yield _mark(place, mark, source[at:stop], anchored=place > drawn)
            at, drawn = max(at, stop), max(drawn, place)
            flagged = flagged if mark.change.end > end else None
        if at < end:
            yield _between(source[at:end], first=at == 0, last=end == len(source))
            at = end

    for place, mark in enumerate(shown, 1):
        yield from up_to(mark.change.start)
        if mark.applied:
            yield _mark(place, mark, mark.before, anchored=True)
            at = max(at, mark.change.end)
        elif flagged is None or mark.change.end > flagged[1].change.end:
            flagged = place, mark
    yield from up_to(len(source))


def _between(text: str, first: bool, last: bool) -> str:
    """A stretch without changes; the middle of a long one is left out."""
    head, tail = (0 if first else KEPT), (0 if last else KEPT)
    if len(text) <= head + tail + _WORTH_LEAVING_OUT:
        return _text(text)
    left_out = len(text) - head - tail
    gap = f'<span class="gap">[{left_out:,} characters without changes]</span>'
    return _text(text[:head]) + gap + _text(text[len(text) - tail :])


def _mark(place: int, mark: Shown, text: str, anchored: bool) -> str:
    what = mark.label.replace("_", " ") or mark.change.causes[-1].stage
    said = f'<span class="said">{mark.verdict}, {what}: </span>'
    before = _visible(text)
    inner = f"<del>{before}</del>" if mark.applied and before else f"<mark>{before}</mark>" if before else ""
    if mark.applied and mark.change.replacement:
        inner += f"<ins>{_visible(mark.change.replacement)}</ins>"
    title = _text(f"{mark.verdict}: {what}. {mark.why}")
    anchor = f'id="d{NUMBER}m{place}" ' if anchored else ""
    return f'<a class="m {mark.classes}" {anchor}href="#d{NUMBER}r{place}" title="{title}">{said}{inner}</a>'


def _row(place: int, mark: Shown) -> str:
    what = mark.label.replace("_", " ") or mark.change.causes[-1].stage
    edit = mark.change.causes[-1]
    cells = (
        f'<span class="key"></span>{mark.verdict}: {_text(what)}',
        _visible(_short(mark.before)),
        _visible(_short(mark.change.replacement)),
        f"{edit.score:.2f}",
        f"{_text(reason(edit))} <code>{_text(edit.rule)}</code>",
    )
    return (
        f'<tr id="d{NUMBER}r{place}" class="{mark.classes}"><th scope="row">'
        f'<a href="#d{NUMBER}m{place}">{place}</a></th>'
        f"{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    )


def _short(text: str) -> str:
    half = _ROW // 2
    return text if len(text) <= _ROW else f"{text[:half]} \N{HORIZONTAL ELLIPSIS} {text[-half:]}"


def _visible(text: str) -> str:
    """A text whose characters can all be seen: blanks alone and signs without a shape are named."""
    if text and not text.strip(" \n"):
        return _text(text.replace("\n", "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}\n").replace(" ", "\N{OPEN BOX}"))
    return _text(text)


def _text(text: str) -> str:
    """A text for HTML; what has no shape, or must not stand in HTML, is named by its number."""
    shown = (c if c in "\n\t" or c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return escape("".join(shown) if not text.isprintable() else text)
