"""What stands around a word: the same tokens for counting, training and inference."""

from __future__ import annotations

import re
from collections.abc import Iterator

REACH = 100
"""Characters on either side that a decision may look at. Nothing farther away can change it."""

NEAREST, NEARBY = 10, 64
"""Tokens on either side that a decision may look at, and characters that mostly hold as many."""

TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d[\d.,]*|\n\s*\n|[^\w\s\"'\u2018\u2019\u201c\u201d]")
_STOPS = frozenset(".!?\u2026")
BORDER = "."
"""Stands for the end of a sentence or paragraph, and for whatever is beyond the reach of the text."""


def normal(token: str) -> str:
    """The form under which a token is counted: lower case, `#` for a number, `.` or `,` for punctuation."""
    first = token[0]
    if first.isalpha():
        return token.lower().replace("\u2019", "'")
    if first.isdigit():
        return "#"
    if first in _STOPS or first == "\n":
        return BORDER
    return "-" if first == "-" else ","


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, normal form) of each token; quotation marks are none."""
    for match in TOKEN.finditer(text):
        yield match.start(), match.end(), normal(match.group())


def before(text: str, at: int) -> list[str]:
    """The tokens that end at or before `at`, as written, the nearest one last: the `NEAREST` ones at least, if they are
    at most `REACH` characters back."""
    found = _before(text, at, NEARBY)
    return found if len(found) >= NEAREST else _before(text, at, REACH)


def after(text: str, at: int) -> list[str]:
    """The tokens that begin at or behind `at`, as written, the nearest one first: the `NEAREST` ones at least, if they
    are at most `REACH` characters on."""
    found = _after(text, at, NEARBY)
    return found if len(found) >= NEAREST else _after(text, at, REACH)


def _before(text: str, at: int, reach: int) -> list[str]:
    start = max(0, at - reach)
    if start:
        while start < at and not text[start].isspace():
            start += 1
    return TOKEN.findall(text, start, at)


def _after(text: str, at: int, reach: int) -> list[str]:
    end = min(len(text), at + reach)
    if end < len(text):
        while end > at and not text[end - 1].isspace():
            end -= 1
    return TOKEN.findall(text, at, end)
