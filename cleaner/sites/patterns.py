"""The patterns of site rules: fixed text with placeholders, matched in linear time whatever the text is.

    Follow the Courier on {any}      {number} comments      Published {date}, {time}

Not regular expressions: one that a person writes in good faith can need exponential time on hostile text. Here the
places that the pattern can have reached are carried from one part to the next, each place once (Thompson 1968), and
what a placeholder means is bounded in length, except for `{any}`, which costs one search for the text behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from cleaner.errors import ConfigError

MOST_BLANKS = 40
"""Blanks that one blank of a pattern can stand for."""
LEAST_FIXED = 3
"""Letters or digits of fixed text that a pattern must have; without them it would mean nearly anything."""

_FOLD = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2011": "-"}
    | dict.fromkeys("\t\u00a0\u2007\u2009\u202f", " ")
)


def folded(text: str) -> str:
    """The text with one kind of quotation marks and blanks; offsets stay what they are."""
    return text.translate(_FOLD)


_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"(?:(?:Mon|Tue|Wednes|Wed|Thurs|Thu|Fri|Satur|Sat|Sun)(?:day)?\b\.?,? ?)"
DATE = (
    rf"(?:\d{{4}}-\d\d?-\d\d?|\d\d?[/.]\d\d?[/.]\d{{2,4}}"
    rf"|{_DAY}?(?:\d\d?(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} \d\d?(?:st|nd|rd|th)?\b)(?:,? \d{{4}}\b)?"
    rf"|{_MONTH} \d{{4}}\b|{_DAY}|(?:today|yesterday)\b)(?<! )"
)
_HALF = r"[ap]\.?m\b\.?"
_ZONE = r"(?: ?(?:GMT|UTC|BST|EST|EDT|ET|CET|CEST|PT)\b)?"
TIME = rf"(?:\d\d?[:.]\d\d(?::\d\d)? ?(?:{_HALF})?|\d\d? ?{_HALF}){_ZONE}(?<! )"
NAME_WORD = r"[^\W\d_a-zß-öø-ÿ][\w'&.-]{0,40}"

_NUMBER = re.compile(r"\d{1,20}(?:[.,:]\d{1,20}){0,6}")
_PARTICLE = "(?:of|and|the|for|de|la|le|du|da|di|del|der|van|von|al|el|y|&)(?= )"
_NAME = re.compile(rf"{NAME_WORD}(?: (?:{NAME_WORD}|{_PARTICLE})){{0,5}}")
_WORD = re.compile(r"\w[\w'-]{0,60}")


def _longest(pattern: str) -> Callable[[str, int, int], Sequence[int]]:
    compiled = re.compile(pattern, re.IGNORECASE)

    def ends(text: str, at: int, limit: int) -> Sequence[int]:
        match = compiled.match(text, at, limit)
        return (match.end(),) if match and match.end() > at else ()

    return ends


def _each(pattern: re.Pattern[str], breaks: str) -> Callable[[str, int, int], Sequence[int]]:
    """Ends of what matches, and of its beginnings up to one of the signs `breaks`."""

    def ends(text: str, at: int, limit: int) -> Sequence[int]:
        match = pattern.match(text, at, limit)
        if not match:
            return ()
        return [n for n in range(at + 1, match.end()) if text[n] in breaks] + [match.end()]

    return ends


PLACEHOLDERS = {
    "number": _each(_NUMBER, ".,:"),
    "date": _longest(DATE),
    "time": _longest(TIME),
    "name": _each(_NAME, " "),
    "word": _each(_WORD, "'-"),
}
"""Where each placeholder can end that begins at a place. `{any}` is none of these: it can end anywhere."""

ANY = "any"
_BRACE = re.compile(r"\{\{|\}\}|\{(\w*)\}|[{}]")
_LETTER = re.compile(r"\w")


@dataclass(frozen=True)
class Pattern:
    """A pattern that was read.

    Attributes:
        source: as it is written.
        parts: fixed text, and names of placeholders: ("", text) or (name, "").
    """

    source: str
    parts: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, source: str) -> Pattern:
        """Read a pattern.

        Raises:
            ConfigError: an unknown placeholder, a brace without partner, a line end, or too little fixed text.
        """
        if "\n" in source:
            raise ConfigError("a pattern speaks of one line; write a rule for each line")
        parts: list[tuple[str, str]] = []
        text, last = folded(source.strip()), 0
        for match in _BRACE.finditer(text):
            _add_text(parts, text[last : match.start()])
            last = match.end()
            if match.group() in ("{{", "}}"):
                _add_text(parts, match.group()[0])
            elif match[1] in PLACEHOLDERS or match[1] == ANY:
                parts.append((match[1], ""))
            else:
                known = ", ".join(f"{{{name}}}" for name in (*PLACEHOLDERS, ANY))
                raise ConfigError(f"unknown placeholder '{match.group()}'; use {known}, or {{{{ and }}}} for braces")
        _add_text(parts, text[last:])
        pattern = cls(source, tuple(parts))
        if len(_LETTER.findall("".join(text for _, text in parts))) < LEAST_FIXED:
            raise ConfigError(f"too little fixed text, it would match nearly anything; give {LEAST_FIXED} letters")
        return pattern

    @cached_property
    def anchor(self) -> str:
        """The longest fixed text without blanks, by which lines to look at are found."""
        return max((piece for _, text in self.parts for piece in text.split(" ")), key=len)

    @property
    def is_open(self) -> bool:
        """Whether it holds `{any}`, and so can be of any length."""
        return any(name == ANY for name, _ in self.parts)

    def ends(self, text: str, start: int, limit: int) -> list[int]:
        """Where it can end that begins at `start`, ascending, at most at `limit`; `text` is folded."""
        places: list[int] = [start]
        is_open = False  # whether any place behind the first one is possible too
        for name, fixed in self.parts:
            if not places:
                return []
            if name == ANY:
                is_open, places = True, places[:1]
                continue
            if name:
                starts: Iterator[int] | list[int] = _word_starts(text, places[0], limit) if is_open else places
                reached = {end for place in starts for end in PLACEHOLDERS[name](text, place, limit)}
            else:
                reached = set(_after_fixed(text, fixed, places, is_open, limit))
            places, is_open = sorted(reached), False
        return [limit] if is_open and places else places

    def matches(self, text: str, start: int, end: int) -> bool:
        """Whether it means all of `text[start:end]`; `text` is folded."""
        return end in self.ends(text, start, end)

    def occurrences(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands in a folded text, between words; the longest at each place. Not for open patterns."""
        if self.parts[0][0]:
            starts: Iterator[int] = _word_starts(text, 0, len(text))
        else:
            starts = _all(text, self.parts[0][1].split(" ")[0], 0, len(text))
        last = 0
        for start in starts:
            if start < last or (start and _LETTER.match(text[start - 1]) and _LETTER.match(text[start])):
                continue
            limit = text.find("\n", start)
            ends = self.ends(text, start, limit if limit >= 0 else len(text))
            good = [end for end in ends if not (_LETTER.match(text[end - 1]) and _LETTER.match(text[end : end + 1]))]
            if good:
                last = good[-1]
                yield start, last


def _add_text(parts: list[tuple[str, str]], text: str) -> None:
    if text and parts and not parts[-1][0]:
        text = parts.pop()[1] + text
    if text:
        parts.append(("", re.sub(" +", " ", text)))


def _word_starts(text: str, start: int, limit: int) -> Iterator[int]:
    return (match.start() for match in _WORD_START.finditer(text, start, limit))


_WORD_START = re.compile(r"\b(?=\w)")


def _all(text: str, piece: str, start: int, limit: int) -> Iterator[int]:
    at = text.find(piece, start, limit)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1, limit)


def _after_fixed(text: str, fixed: str, places: list[int], is_open: bool, limit: int) -> Iterator[int]:
    """Where fixed text ends that stands at one of the places, or anywhere behind the first; a blank stands for any
    number of blanks."""
    pieces = fixed.split(" ")  # an empty first piece: the text begins with a blank
    for place in _all(text, pieces[0] or " ", places[0], limit) if is_open else places:
        at = place
        for number, piece in enumerate(pieces):
            if number:
                blank = at
                while at < limit and at - blank < MOST_BLANKS and text[at] == " ":
                    at += 1
                if at == blank and at < limit:
                    break
            if not text.startswith(piece, at) or at + len(piece) > limit:
                break
            at += len(piece)
        else:
            yield at
