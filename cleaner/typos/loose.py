"""Spacing between chunks: a space before punctuation, a space inside brackets."""

from __future__ import annotations

import re
from collections.abc import Callable

from cleaner.edits import Edit
from cleaner.late import late

_LOOSE = late(r"(?P<mark>[.,;:!?])(?P<tail>[\"\u201d\u2019')]*)(?P<glued>[^\W\d_]{2,}.*)?")
_CODE = late(r"[{}]|==|=>|->|::|&&|//|\(\)|</|\w_\w|\b0x|\w\[|\w\(\w|;\s*$", re.MULTILINE)
_INITIALS = late(r"\.[A-Z]\.[\"\u201d')\u2019]*[,;:]?|\.[A-Z]\.'s")
_LOST = late(r"\ufffd|\w \? \w|\w\?\w")
_SPACED_DOTS = late(r"\.\s+\.")


def loose(text: str, start: int, end: int, known: Callable[[str], bool]) -> Edit | None:
    """The repair for a chunk that begins with punctuation, `text[start:end]`."""
    if text[start] == "(":
        return _opening_bracket(text, start, end)
    if start < 2 or text[start - 1] != " " or not (text[start - 2].isalnum() or text[start - 2] in ")\"\u201d\u2019%'"):
        return None
    chunk = text[start:end]
    if chunk[0] == ")":
        return _bracket(text, start, end)
    if split_initials(chunk) and _single_capital(text, start - 2):  # U .S.
        return Edit(start - 1, start, "", "typos", "space_before_punctuation", 0.95)
    match = _LOOSE.fullmatch(chunk)
    if match is None or code_around(text, start):
        return None
    mark, glued = match["mark"], match["glued"]
    if glued is not None:
        fits = mark == "," and known(re.split(r"\W", glued)[0])
        return Edit(start - 1, start + 1, ", ", "typos", "space_before_punctuation", 0.95) if fits else None
    fits = {",": _comma, ".": _stop, "?": _question, "!": _exclamation, ";": _colon, ":": _colon}[mark](
        text, start, end
    )
    return Edit(start - 1, start, "", "typos", "space_before_punctuation", 0.96) if fits else None


def split_initials(chunk: str) -> bool:
    """Whether a chunk is the rest of an abbreviation such as U.S., cut behind its first letter."""
    return chunk[0] == "." and _INITIALS.fullmatch(chunk) is not None


def _single_capital(text: str, at: int) -> bool:
    return text[at].isupper() and not (at and text[at - 1].isalnum())


def code_around(text: str, at: int) -> bool:
    """Whether a place stands in a line of program code."""
    return _CODE.search(_line(text, at)) is not None


def _line(text: str, at: int) -> str:
    return text[max(0, at - 120) : at].rpartition("\n")[2] + text[at : at + 60].partition("\n")[0]


def _comma(text: str, start: int, end: int) -> bool:
    return not re.match(r"[ \t]*[,.;]", text[end : end + 4])


def _stop(text: str, start: int, end: int) -> bool:
    nearby = text[max(0, start - 8) : end + 8]
    return _SPACED_DOTS.search(nearby) is None and re.match(r"[ \t]+[a-z]", text[end : end + 4]) is None


def _question(text: str, start: int, end: int) -> bool:
    """Not where a question mark stands for a lost dash: `an entire religion ? Islam, with`."""
    around = text[max(0, start - 200) : start] + "\0\0" + text[end : end + 200]
    return _LOST.search(around) is None and re.match(r"\s*\n|\s+[\"\u201c]?[A-Z]|\s*$", text[end : end + 6]) is not None


def _exclamation(text: str, start: int, end: int) -> bool:
    word = re.search(r"\w+$", text[max(0, start - 30) : start - 1])
    return (
        word is not None
        and word.group().islower()
        and re.match(r"\s+[\"\u201c]?[A-Z]|\s*$|\s*\n", text[end : end + 6]) is not None
    )


def _colon(text: str, start: int, end: int) -> bool:
    """Not in tables and emoticons: letters before, a space and a letter behind."""
    before = text[max(0, start - 30) : start - 1]
    alone = f" {text[start]} "
    if alone in text[max(0, start - 100) : start] or alone in text[end : end + 100] or "/" in before:
        return False
    return (
        end - start == 1
        and re.search(r"[a-z]{2}$", before) is not None
        and re.match(r" [\"\u201c]?[^\W\d_]{2}| ?\n", text[end : end + 4]) is not None
    )


def _bracket(text: str, start: int, end: int) -> Edit | None:
    line = text[max(0, start - 200) : start].rpartition("\n")[2]
    opening = line.rfind("(")
    if opening < 0 or ")" in line[opening:] or not re.fullmatch(r"\)[.,;:!?]?", text[start:end]):
        return None
    spaced = line[opening + 1 : opening + 2] == " " and (opening == 0 or line[opening - 1] == " ")
    return (
        Edit(start - 1, start, "", "typos", "space_before_punctuation", 0.95)
        if spaced and _prose(line[opening + 1 :]) and not code_around(text, start)
        else None
    )


def _opening_bracket(text: str, start: int, end: int) -> Edit | None:
    """The repair for a lone "(" with a space behind it, when the bracket is closed in the same way: ( built in 1902
    )."""
    if text[start:end] != "(" or text[end : end + 1] != " " or (start and text[start - 1] != " "):
        return None
    match = re.match(r" ([^()\n]{2,180}?) \)", text[end : end + 190])
    return (
        Edit(end, end + 1, "", "typos", "space_before_punctuation", 0.95)
        if match and _prose(match.group(1)) and not code_around(text, start)
        else None
    )


def _prose(inside: str) -> bool:
    return re.search(r"[^\W\d_]{2}", inside) is not None and re.search(r"[=<>{}\[\];*+/|]", inside) is None
