"""The precise rules of the noise stage: forms that are never article text, whatever the article is about.

A rule speaks of one whole line (or of one unit between sentence ends) and is anchored at both ends. It has a name of
its own in the ledger, and a page in the documentation. What is only likely belongs to the model, not here. The forms
themselves are in `cleaner.rule_forms`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.rule_forms import FORMS, RULES, Form
from cleaner.stretches import changes
from cleaner.tokens import ANY_DIGIT, BAR, COLON, DASH, FIRST_UPPER, OPEN, SIGN, Bools, Tokens, word_keys
from cleaner.units import Units, extents

Keys = NDArray[np.uint64]

NUMBER, RIGHTS, BARRED = "#", "©", "|"
"""What a form may open with beside words (`Form.opens`)."""


def _pair_keys(first: Keys, second: Keys) -> Keys:
    """A key for each pair of words."""
    return first * np.uint64(0x9E3779B97F4A7C15) ^ second


def _keys(words: Iterable[str]) -> Keys:
    return np.sort(word_keys(sorted(words)))


@dataclass(frozen=True)
class _Openings:
    """What a match can begin with.

    Attributes:
        first: keys of words that open a form whatever comes next.
        signed: of words that open one before a sign.
        pairs: of two words in a row.
        behind_number: of words behind a figure.
        forms: by the first word, in lower case, or `NUMBER`, `RIGHTS` or `BARRED`, the numbers of the forms that it
            may open.
    """

    first: Keys
    signed: Keys
    pairs: Keys
    behind_number: Keys
    forms: Mapping[str, frozenset[int]]

    @classmethod
    def of(cls, forms: Sequence[Form]) -> _Openings:
        words: dict[str, set[str]] = defaultdict(set)
        pairs: set[tuple[str, str]] = set()
        by_word: dict[str, set[int]] = defaultdict(set)
        for number, form in enumerate(forms):
            for opening in form.opens.split():
                word, _, following = opening.partition("+")
                by_word[word.rstrip(":")].add(number)
                if following:
                    pairs.add((word, following))
                else:
                    words[":" if word.endswith(":") else ""].add(word.rstrip(":"))
        of_words = [(word_keys([one]), word_keys([other])) for one, other in sorted(pairs) if one != NUMBER]
        return cls(
            _keys(words[""] - {NUMBER, RIGHTS, BARRED}),
            _keys(words[":"]),
            np.sort(np.concatenate([_pair_keys(one, other) for one, other in of_words])),
            _keys(other for one, other in pairs if one == NUMBER),
            {word: frozenset(found) for word, found in by_word.items()},
        )


@cache
def _openings() -> _Openings:
    return _Openings.of(FORMS)


@cache
def _compiled(form: Form) -> re.Pattern[str]:
    """The pattern of a form; it takes a while to compile, and few texts need many."""
    return re.compile(form.pattern, re.IGNORECASE)


def rule_matches(texts: Sequence[str], tokens: Tokens, units: Units) -> list[tuple[int, str, str]]:
    """The units that a rule recognises, alone or with the whole of their line: (unit, rule, label)."""
    found = dict.fromkeys(_about_the_author(tokens, units), ("about_author", "author_bio"))
    candidate = _candidates(tokens, units)
    if not candidate.any():
        return [(unit, *match) for unit, match in sorted(found.items())]
    alone = candidate.nonzero()[0]
    opens = (tokens.lines[units.first] > 0).nonzero()[0]
    lines = candidate[opens].nonzero()[0]
    first = np.concatenate((alone, opens[lines]))
    behind = np.concatenate((alone + 1, np.append(opens, len(units))[lines + 1]))
    words = units.first[first], units.last[behind - 1]
    heads = changes(units.document)[first].tolist()
    numbers = zip(first.tolist(), behind.tolist(), tokens.document[words[0]].tolist(), heads, strict=True)
    for (start, end, document, head), span in zip(numbers, extents(texts, tokens, *words), strict=True):
        match = _first_match(texts[document], span.start, span.end, head)
        found |= dict.fromkeys(range(start, end), match) if match else {}
    return [(unit, *match) for unit, match in sorted(found.items())]


BYLINE_LINES = 8
"""Among so many of its first lines a text has its byline."""
SHORTEST_BIO = 5
_BY = word_keys(["by"])[0]


def _about_the_author(tokens: Tokens, units: Units) -> list[int]:
    """The units of lines that begin with the name in the byline above and go on in small letters: "Ruth Calder covers
    the harbour for the Courier."."""
    opens = (tokens.lines.take(units.first) > 0).nonzero()[0]
    first = units.first.take(opens)
    key = tokens.key.take(first)
    upper = (tokens.shape & FIRST_UPPER) != 0
    bylines = ((key == _BY) & upper.take(first + 1, mode="clip") & upper.take(first + 2, mode="clip")).nonzero()[0]
    if not len(bylines):
        return []
    number = units.document.take(opens)
    bylines = bylines[bylines - number.searchsorted(number[bylines]) < BYLINE_LINES]
    names = _pair_keys(key, tokens.key.take(first + 1, mode="clip"))
    long = np.append(first[1:], len(tokens)) - first > SHORTEST_BIO
    begins = upper.take(first) & ~upper.take(first + 2, mode="clip") & long
    found: list[int] = []
    for byline in bylines.tolist():
        at = first[byline]
        name = _pair_keys(tokens.key[at + 1 : at + 2], tokens.key[at + 2 : at + 3])[0]
        lines = (begins & (names == name) & (number == number[byline])).nonzero()[0]
        for line in lines[lines > byline].tolist():
            found += range(opens[line], opens[line + 1] if line + 1 < len(opens) else len(units))
    return found


def _candidates(tokens: Tokens, units: Units) -> Bools:
    """The units that a match can begin with."""
    openings, first = _openings(), units.first
    key, following = tokens.key.take(first), tokens.key.take(first + 1)  # behind each text stands a border
    gap = tokens.gap.take(first + 1)
    candidate = _among(openings.first, key) | _among(openings.pairs, _pair_keys(key, following))
    candidate |= ((gap & _BEHIND_LABEL) != 0) & _among(openings.signed, key)
    number = (tokens.shape.take(first) & ANY_DIGIT) != 0
    candidate |= number & _among(openings.behind_number, following)
    candidate |= _barred(tokens, units)
    sign = ((tokens.gap.take(first) & SIGN) != 0).nonzero()[0]  # "©", or one of many others
    if not len(sign):
        return candidate
    gap_start = np.where(first[sign] > 0, tokens.end[first[sign] - 1], 0)
    gaps = zip(gap_start.tolist(), tokens.start[first[sign]].tolist(), strict=True)
    candidate[sign] |= np.array([_RIGHTS in tokens.buffer[start:end].tobytes() for start, end in gaps], np.bool_)
    return candidate


_RIGHTS = RIGHTS.encode()
_BEHIND_LABEL = np.uint16(COLON | OPEN | BAR | DASH | SIGN)
FIRST_ITEM = 3
"""Words of the first link of a bar of links at most."""


def _barred(tokens: Tokens, units: Units) -> Bools:
    """The units that begin a line with a bar, a slash or a bullet behind one of its first words."""
    found = np.zeros(len(units), np.bool_)
    opens = (tokens.lines.take(units.first) > 0).nonzero()[0]
    place = units.first.take(opens)
    for ahead in range(1, FIRST_ITEM + 1):
        gap = tokens.gap.take(place + ahead, mode="clip")
        found[opens] |= ((gap & np.uint16(BAR | SIGN)) != 0) & (tokens.lines.take(place + ahead, mode="clip") == 0)
    return found


def _among(sorted_keys: Keys, keys: Keys) -> Bools:
    return np.asarray(sorted_keys[np.minimum(sorted_keys.searchsorted(keys), len(sorted_keys) - 1)] == keys)


POINTER = "related_pointer"
"""The rule that finds headings of lists of other stories, too."""
LONGEST = 260
"""Characters of the longest line that a rule can mean."""
_NO_FORMS: frozenset[int] = frozenset()
_BARS = re.compile(r"[|•·/]|\s{2}")
_FIRST_WORD = re.compile(r"[\W_]*(\w*)")


def _first_match(text: str, start: int, end: int, head: bool) -> tuple[str, str] | None:
    """Rule and label of the first form that means all of `text[start:end]`, which begins a text if `head`."""
    if end - start > LONGEST:
        return None
    opening = _FIRST_WORD.match(text, start, end)
    word = opening[1].lower() if opening else ""
    forms = _openings().forms
    numbers = forms.get(word, _NO_FORMS)
    if word[:1].isdigit():
        numbers |= forms[NUMBER]
    if opening and RIGHTS in opening[0]:
        numbers |= forms[RIGHTS]
    if _BARS.search(text, start, end):
        numbers |= forms[BARRED]
    for number in sorted(numbers):
        form = FORMS[number]
        if (form.anywhere or not head) and _compiled(form).fullmatch(text, start, end):
            return form.rule, form.label
    return None


__all__ = ["LONGEST", "POINTER", "RULES", "rule_matches"]
