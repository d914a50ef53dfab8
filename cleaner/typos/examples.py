"""Training rows for the trees: slips put into clean text, and the unknown words that clean text has of its own.

Needed for training only. The errors are of three kinds: misspellings that people made (lists of pairs), slips on a
keyboard, and confusions of a scanner.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cleaner.typos.candidates import SCANNING
from cleaner.typos.gate import WORD, Gate, case_of
from cleaner.typos.lexicon import Lexicon
from cleaner.typos.slips import NEIGHBOURS
from cleaner.typos.spelling import OPENING, UPPER, Place, locate_word


@dataclass(frozen=True, slots=True)
class ErrorTables:
    """What errors are made of: misspellings by true word, and names that no list holds."""

    pairs: Mapping[str, Sequence[str]]
    names: Sequence[str]


RATE = 0.04
"""Share of words that an error is tried on."""


@dataclass(frozen=True, slots=True)
class Example:
    """One unknown word of a text.

    Attributes:
        document: which text it stands in; rows of a text are kept on one side of a split.
        kind: "list", "key", "scan", "join", "name", "natural" (a labelled typo), "keep" (labelled as right) or "clean"
            (assumed right).
        place: the word where it stands.
        right: the true word or words, in lower case.
    """

    document: str
    kind: str
    place: Place
    right: str


def unknown_words(text: str, gate: Gate) -> Iterator[tuple[int, int, int]]:
    """(start, end, case) of each word in `text` that is not known and not protected by its form."""
    return (where for where in gate.unknown(text) if where[1] - where[0] > 2)


def clean_examples(document: str, text: str, verdicts: Mapping[int, tuple[str, str]], gate: Gate) -> Iterator[Example]:
    """The unknown words of a clean text. `verdicts`: offset -> (verdict, true word) of what was judged by a person."""
    for start, end, case in unknown_words(text, gate):
        verdict, right = verdicts.get(start, ("", ""))
        kind = "natural" if verdict == "fix" else "keep" if verdict else "clean"
        place = locate_word(text, start, end, case)
        yield Example(document, kind, place, right.lower() if kind == "natural" else place.word)


def broken_examples(document: str, text: str, rng: random.Random, tables: ErrorTables, gate: Gate) -> Iterator[Example]:
    """Words of `text` replaced by errors (and opening words by names, which are none), each judged in the broken
    text."""
    pieces: list[str] = []
    errors: dict[int, tuple[str, str]] = {}
    last = length = 0
    matches = list(WORD.finditer(text))
    for match, following in pairwise(matches):
        start, end = match.span()
        if start < last or rng.random() >= RATE:
            continue
        case = case_of(text, start, end)
        if case is None:
            continue
        kind, end, wrong, right = _replacement(text, match, following, case, rng, tables)
        if wrong.lower() == right or gate.known(wrong):
            continue
        pieces += (text[last:start], wrong)
        length += start - last
        errors[length] = (kind, right)
        length, last = length + len(wrong), end
    broken = "".join((*pieces, text[last:]))
    for start, end, case in unknown_words(broken, gate):
        if start in errors:
            kind, right = errors[start]
            yield Example(document, kind, locate_word(broken, start, end, case), right)


def _replacement(
    text: str, match: re.Match[str], following: re.Match[str], case: int, rng: random.Random, tables: ErrorTables
) -> tuple[str, int, str, str]:
    """(kind, end of what is replaced, wrong form, right form in lower case)."""
    word, end = match.group(), match.end()
    if case == OPENING and rng.random() < 0.4:
        name = rng.choice(tables.names)
        return "name", end, name, name
    second = following.group()
    if (
        rng.random() < 0.12
        and text[end : following.start()] == " "
        and second.isalpha()
        and second.islower()
        and word.isalpha()
    ):
        return "join", following.end(), word + second, f"{word.lower()} {second}"
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return "none", end, word, word.lower()
    kind, wrong = _break(word.lower(), rng, tables.pairs)
    return kind, end, wrong.upper() if case == UPPER else wrong.capitalize() if case == OPENING else wrong, word.lower()


def _break(word: str, rng: random.Random, pairs: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    draw = rng.random()
    if draw < 0.5 and word in pairs:
        return "list", rng.choice(pairs[word])
    if draw > 0.92:
        fitting = [pair for pair in SCANNING if pair[1] in word]
        if fitting:
            read, printed = rng.choice(fitting)
            return "scan", word.replace(printed, read, 1)
    return "key", key_slip(word, rng)


def key_slip(word: str, rng: random.Random) -> str:
    """`word` with one letter left out, doubled or added, changed for a neighbour on the keyboard, or exchanged."""
    at = rng.randrange(len(word))
    near = NEIGHBOURS.get(word[at], "e")
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[: at + 1] + rng.choice(near + word[at]) + word[at + 1 :]
    if kind == 2:
        return word[:at] + rng.choice(near) + word[at + 1 :]
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


def read_pairs(path: Path) -> dict[str, list[str]]:
    """right -> misspellings, from all lists of a file of pairs."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        lists = json.load(file)
    table: defaultdict[str, set[str]] = defaultdict(set)
    for content in lists.values():
        for wrong, right in content["nonword"]:
            if wrong.isalpha() and wrong.isascii():
                table[right].add(wrong)
    return {right: sorted(wrongs) for right, wrongs in sorted(table.items())}


def unlisted_names(texts: Iterable[str], known: Callable[[str], bool], lexicon: Lexicon) -> list[str]:
    """Capitalised words inside sentences that are neither known words nor listed names."""
    found = set()
    for text in texts:
        for match in WORD.finditer(text):
            word = match.group()
            shaped = word.isalpha() and word.istitle() and len(word) > 2
            if shaped and not known(word) and not lexicon.names[word] and case_of(text, *match.span()) is None:
                found.add(word)
    return sorted(found)


def headings(text: str) -> Iterable[str]:
    """First lines of paragraphs in capitals, so that headings are trained on too."""
    return (line.upper() for line in text.split("\n")[:2] if 20 < len(line) < 90)
