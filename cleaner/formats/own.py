"""What a text file keeps of its own, although what is written is UTF-8 and stages work in LF.

A byte order mark on UTF-8 stays, and so do line ends that are all of one kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cleaner.edits import Edit, apply
from cleaner.result import CleanResult, Step

_BOM = b"\xef\xbb\xbf"


def encoded(result: CleanResult) -> bytes:
    """The cleaned text as bytes: UTF-8, with a byte order mark where the source was UTF-8 with one."""
    mark = _BOM if result.decoded.bom and result.decoded.encoding == "utf-8" else b""
    return mark + result.text.encode("utf-8", "surrogatepass")


def decoded_output(data: bytes, bom: bool, encoding: str) -> str:
    """The text of what `encoded` gave for a source with this `bom` and `encoding`."""
    if bom and encoding == "utf-8":
        data = data.removeprefix(_BOM)
    return data.decode("utf-8", "surrogatepass")


def in_own_line_ends(result: CleanResult) -> CleanResult:
    """The result as it would be if the stages had worked in the line ends of the source.

    Where all line ends of the source are CR LF, or all are CR, every step is carried over to a text with these line
    ends, and the step that made them LF is gone: replay, changes and marks then say nothing of line ends. Where they
    are mixed, the output has LF, and the result stays as it is.
    """
    source = result.decoded.text
    ending = _line_end(source)
    if ending == "\n" or not result.steps or result.steps[0].stage != "decode":
        return result
    text = apply(source, result.steps[0].applied)
    steps: list[Step] = []
    for step in result.steps[1:]:
        steps.append(Step(step.stage, _carried(text, step.applied, ending), _carried(text, step.withheld, ending)))
        text = apply(text, step.applied)
    return replace(result, text=text.replace("\n", ending), steps=tuple(steps))


def _line_end(text: str) -> str:
    """The one line end of a text; LF where there are several kinds, or none."""
    returns = text.count("\r")
    if not returns:
        return "\n"
    feeds = text.count("\n")
    if not feeds:
        return "\r"
    return "\r\n" if returns == feeds == text.count("\r\n") else "\n"


def _carried(text: str, edits: Iterable[Edit], ending: str) -> tuple[Edit, ...]:
    carried, last, shift, wider = [], 0, 0, len(ending) - 1
    for edit in edits:
        shift += wider * text.count("\n", last, edit.start)
        start = edit.start + shift
        shift += wider * text.count("\n", edit.start, edit.end)
        replacement = edit.replacement.replace("\n", ending)
        carried.append(edit._replace(start=start, end=edit.end + shift, replacement=replacement))
        last = edit.end
    return tuple(carried)
