"""The repair of one unknown word: what everybody knows to be wrong, what may stand for it, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cleaner.edits import Edit
from cleaner.late import late
from cleaner.typos.candidates import tight
from cleaner.typos.caution import weighed
from cleaner.typos.common import COMMON
from cleaner.typos.context import BORDER, NEAREST
from cleaner.typos.gate import opens_sentence
from cleaner.typos.spelling import LOWER, Place, neighbour

_FLOOR = 0.5
"""Proposals below this are not worth showing."""

_OWNED = late(r"([^\W\d_]{2,}['\u2019]s)([a-z]{3,})")
_ORDINAL = late(r"\d+(?:st|nd|rd|th|s|m|km|k|bn)")
_LATIN_NAME = late(r"(?:us|ii|i|ae|ensis|um|is|a|ix|es)$")


class Word(NamedTuple):
    """An unknown word of a text."""

    text: str
    start: int
    end: int
    case: int


def surer(spelling: str | None, one: float, joined: str | None, two: float) -> tuple[str, float] | None:
    """The surer reading of a word: as one with a probability of `one`, or as two words with `two`."""
    right, score = (spelling, one) if one >= two else (joined, two)
    return None if right is None or score < _FLOOR else (right, score)


def repair(word: Word, right: str, score: float) -> Edit:
    """The edit that makes a word read `right`."""
    written = word.text[word.start : word.end]
    if (right[1:] == written or written[0].isdigit()) and opens_sentence(word.text, word.start):
        right = right.capitalize()  # the letter that is missing or misread was the capital
    rule = "joined_words" if " " in right else "scanning" if _digits(written) else "spelling"
    score = weighed(score, word.case, len(written))
    return tight(word.text, word.start, word.end, in_case(right, written), rule, score)


def behind_a_name(before: Sequence[str], called_so: bool) -> bool:
    """Whether a capital before a word may begin a name that the word goes on with: not one that opens a sentence, if
    nobody is `called_so`."""
    if not before or not before[-1][0].isupper():
        return False
    opens = neighbour(before, -2) == BORDER
    return called_so or not opens


def nearby(before: Sequence[str], after: Sequence[str]) -> Sequence[str]:
    """The nearest tokens on either side."""
    return (*before[-NEAREST:], *after[:NEAREST])


def plausible(place: Place, right: str, known: Callable[[str], bool]) -> bool:
    """Whether a repair is more than a change of form: not the Latin name of a species, no lengthened or foreign
    word."""
    word = place.word
    if ("'" in word and "'" not in right) or (word[-2:] == "in" and right == word + "g"):
        return False  # nothin: as it is spoken
    if place.hyphen and word == right + "s":
        return False  # dine-arounds
    if _digits(word) and (
        _ORDINAL.fullmatch(word) is not None
        or len(word) != len(right)
        or not word.rstrip("0123456789")
        or (len(word) > 4 and word[-1].isdigit() and known(word[:-1]))  # the number of a footnote
    ):
        return False
    species = place.case == LOWER and place.before and place.before[-1][:1].isupper() and len(place.before[-1]) > 3
    latin = _LATIN_NAME.search(word) if species else None
    return latin is None or (word[-3:] == right[-3:] and latin[0] not in ("us", "ii", "ae", "ensis", "um"))


def common_misspelling(text: str, start: int, end: int, case: int) -> Edit | None:
    """The repair of a word that everybody knows to be wrong; a name may look like one, so not before a capital."""
    written = text[start:end]
    right = COMMON.get(written.lower())
    if right is None or (case != LOWER and not re.match(r"[,;]? [a-z]", text[end : end + 3]) and not written.isupper()):
        return None
    return tight(text, start, end, in_case(right, written), "common_misspelling", 0.97)


def owned(text: str, start: int, end: int, known: Callable[[str], bool]) -> Edit | None:
    """The space that is missing behind a possessive: people'seyes."""
    match = _OWNED.fullmatch(text, start, end)
    if match is None or not known(match[1]) or not known(match[2]):
        return None
    return Edit(match.start(2), match.start(2), " ", "typos", "joined_words", 0.95)


def in_case(right: str, written: str) -> str:
    """`right` with the capitals and apostrophes of what was written."""
    if written.isupper():
        right = right.upper()
    elif written[0].isupper():
        right = right[0].upper() + right[1:]
    return right.replace("'", "\u2019") if "\u2019" in written else right


def _digits(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
