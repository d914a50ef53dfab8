"""The precise rules of the noise stage: forms that are never article text.

A rule speaks of one whole line (or of one unit between sentence ends) and is anchored at both ends. It has a name of
its own in the ledger, and a page in the documentation. What is only likely belongs to the model, not here. The forms
themselves are in `cleaner.rule_forms`; those of `cleaner.rule_forms.controls` count in prose alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.bylines import byline_units
from cleaner.rule_forms import FORMS, RULES, Form
from cleaner.rule_forms.controls import Surroundings
from cleaner.tokens import ANY_DIGIT, BAR, COLON, DASH, OPEN, SIGN, Bools, Tokens, word_keys
from cleaner.units import Units, extents

Keys = NDArray[np.uint64]

NUMBER, RIGHTS, BARRED = "#", "©", "|"
"""What a form may open with beside words (`Form.opens`)."""


def _pair_keys(first: Keys, second: Keys) -> Keys:
    """A key for each pair of words."""
    return first * np.uint64(0x9E3779B97F4A7C15) ^ second


def _keys(words: Iterable[str]) -> Keys:
    return np.sort(word_keys(sorted(words)))


@dataclass(frozen=True, eq=False)
class _Openings:
    """What a match can begin with.

    Attributes:
        first: keys of words that open a form whatever comes next.
        signed: of words that open one before a sign.
        pairs: of two words in a row.
        behind_number: of words behind a figure.
        forms: by what they may open with, the word or the two words, in lower case, or `NUMBER`, `RIGHTS` or `BARRED`,
            the numbers of the forms.
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
        by_opening: dict[str, set[int]] = defaultdict(set)
        for number, form in enumerate(forms):
            for opening in form.opens.split():
                word, _, following = opening.partition("+")
                by_opening[NUMBER if word == NUMBER else opening.rstrip(":")].add(number)
                if following:
                    pairs.add((word, following))
                else:
                    words[":" if word.endswith(":") else ""].add(word.rstrip(":"))
        ones, others = zip(*sorted(pair for pair in pairs if pair[0] != NUMBER), strict=True)
        return cls(
            _keys(words[""] - {NUMBER, RIGHTS, BARRED}),
            _keys(words[":"]),
            np.sort(_pair_keys(word_keys(ones), word_keys(others))),
            _keys(other for one, other in pairs if one == NUMBER),
            {opening: frozenset(found) for opening, found in by_opening.items()},
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
    closes = np.append(opens[1:], len(units))
    lines = candidate[opens].nonzero()[0]
    first = np.concatenate((alone, opens[lines]))
    behind = np.concatenate((alone + 1, closes[lines]))
    line = opens.searchsorted(first, "right") - 1
    whole = (opens[line] == first) & (closes[line] == behind)
    number = line - units.document[opens].searchsorted(units.document[first])
    words = units.first[first], units.last[behind - 1]
    columns = (first, behind, tokens.document[words[0]], number, whole)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    around: dict[int, Surroundings] = {}
    for (start, end, document, at, is_line), span in zip(rows, extents(texts, tokens, *words), strict=True):
        if document not in around:
            around[document] = Surroundings(texts[document])
        match = _first_match(texts[document], span.start, span.end, at, is_line, around[document])
        found |= dict.fromkeys(range(start, end), match) if match else {}
    return [(unit, *match) for unit, match in sorted(found.items())]


_BIO_VERBS = np.sort(word_keys("is covers writes reports edits hosts teaches joined lives works".split()))
BELOW = 0.6
"""A line on who the author is stands behind so much of the text."""


def _about_the_author(tokens: Tokens, units: Units) -> list[int]:
    """The units of lines near the end that begin with the name in the byline above and say who that is: "Ruth Calder
    covers the harbour for the Courier.". Whose name stands anywhere else in the text may be what it is about."""
    bylines = byline_units(tokens, units)
    if not len(bylines):
        return []
    opens = (tokens.lines.take(units.first) > 0).nonzero()[0]
    first, document = units.first.take(opens), units.document.take(opens)
    pairs = _pair_keys(tokens.key[:-1], tokens.key[1:])
    found: list[int] = []
    for byline in bylines.tolist():
        at, number = int(units.first[byline]), int(units.document[byline])
        begin, end = np.searchsorted(tokens.document, (number, number + 1)).tolist()
        names = begin + (pairs[begin : end - 1] == pairs[at + 1]).nonzero()[0]
        if len(names) != NAMED or names[1] - begin < BELOW * (end - begin):
            continue
        line = int(first.searchsorted(names[1]))
        if line < len(first) and first[line] == names[1] and _among(_BIO_VERBS, tokens.key[names[1:] + 2])[0]:
            last = opens[line + 1] if line + 1 < len(opens) and document[line + 1] == number else None
            found += range(opens[line], last or int(units.document.searchsorted(number, "right")))
    return found


NAMED = 2
"""So often such a name stands in the text: in the byline and in the line about its owner."""


def _candidates(tokens: Tokens, units: Units) -> Bools:
    """The units that a match can begin with."""
    openings, first = _openings(), units.first
    key, following = tokens.key.take(first), tokens.key.take(first + 1)  # behind each text stands a border
    gap = tokens.gap.take(first + 1)
    candidate = _among(openings.first, key) | _among(openings.pairs, _pair_keys(key, following))
    candidate |= ((gap & _BEHIND_LABEL) != 0) & _among(openings.signed, key)
    number = (tokens.shape.take(first) & ANY_DIGIT) != 0
    has_comma = (tokens.shape.take(first + 1, mode="clip") & ANY_DIGIT) != 0  # "1,234 shares"
    counted = np.where(has_comma, tokens.key.take(first + 2, mode="clip"), following)
    candidate |= number & _among(openings.behind_number, counted)
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
_WORDS = re.compile(r"\w+")
_FIRST_WORDS = re.compile(r"[\W_]*(\w*)[\W_]*(\w*)")


def _first_match(
    text: str, start: int, end: int, line: int, is_line: bool, around: Surroundings
) -> tuple[str, str] | None:
    """Rule and label of the first form that means all of `text[start:end]`, which stands in a line of that number of
    its text and may be all of it."""
    if end - start > LONGEST:
        return None
    opening = _FIRST_WORDS.match(text, start, end)
    word, following = (opening[1].lower(), opening[2].lower()) if opening else ("", "")
    forms = _openings().forms
    numbers = forms.get(word, _NO_FORMS) | forms.get(f"{word}+{following}", _NO_FORMS)
    if word[:1].isdigit():
        numbers |= forms[NUMBER]
    if opening and RIGHTS in text[start : opening.start(1)]:
        numbers |= forms[RIGHTS]
    if _BARS.search(text, start, end):
        numbers |= forms[BARRED]
    for number in sorted(numbers):
        form = FORMS[number]
        if form.since <= line < form.until and (is_line or not form.whole) and _fits(form, text, start, end, around):
            return form.rule, form.label
    return None


def _fits(form: Form, text: str, start: int, end: int, around: Surroundings) -> bool:
    match = _compiled(form).fullmatch(text, start, end)
    if match is None:
        return False
    if form.in_prose and not around.are_leftovers(match["words"], start, end):
        return False
    return not form.only or all(re.fullmatch(form.only, word, re.IGNORECASE) for word in _WORDS.findall(match["rest"]))


__all__ = ["LONGEST", "POINTER", "RULES", "rule_matches"]
