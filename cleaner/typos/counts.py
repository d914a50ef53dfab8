"""Builds the word list and the counts of the model from word lists and running text. Needed for training only.

Sources (see the model card): SCOWL's word lists, SymSpell's frequency list, and news text that is only counted.
"""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner.typos.candidates import near
from cleaner.typos.common import COMMON
from cleaner.typos.context import BORDER, tokens
from cleaner.typos.hashed import level
from cleaner.typos.modern import MODERN

KNOWN_SIZE = 70
"""SCOWL's size up to which a word counts as known; what is rarer is only a hint."""

SCOWL_FREQUENCY = {10: 2000.0, 20: 1000.0, 35: 200.0, 40: 60.0, 50: 25.0, 55: 10.0, 60: 5.0, 70: 2.0}
"""Occurrences per 10**9 words assumed for a word that was never counted, by SCOWL size."""

MIN_DOCUMENTS = 5
"""A word on no list counts as known when it occurs in lower case in so many documents of the counted text."""

NO_WORDS = frozenset(("wil",))
"""Short misspellings that text has often enough to pass for words."""

_PLAIN = re.compile(r"[a-z]+(?:'[a-z]+)?")
_DIALECTS = ("english", "american", "british", "british_z", "canadian", "australian", "variant_1", "british_variant_1")


@dataclass(slots=True)
class TextCounts:
    """What was counted in running text.

    Attributes:
        words: occurrences of each normal form.
        lower: occurrences in lower case.
        documents: documents that hold a form in lower case.
        names: documents that hold a capitalised form inside a sentence.
        pairs: occurrences of each two neighbours, "left right".
        triples: occurrences of each three neighbours.
    """

    words: Counter[str] = field(default_factory=Counter)
    lower: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    triples: Counter[str] = field(default_factory=Counter)


def read_documents(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file, packed or not."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_texts(path: Path) -> Iterator[str]:
    """The texts of a JSON Lines file, packed or not."""
    return (document["text"] for document in read_documents(path))


def read_pages(path: Path) -> Iterator[dict[str, Any]]:
    """The article texts of a file of web pages in English, as documents; none where there is no such file."""
    if path.exists():
        for page in read_documents(path):
            if page["lang"] in (None, "", "en"):
                yield {"id": page["id"], "text": page["gold_text"]}


def count_texts(texts: Iterable[str]) -> TextCounts:
    """Count words, names and pairs."""
    counts = TextCounts()
    for text in texts:
        older = previous = BORDER
        lower, names = set(), set()
        for start, end, form in tokens(text):
            counts.words[form] += 1
            counts.pairs[f"{previous} {form}"] += 1
            counts.triples[f"{older} {previous} {form}"] += 1
            if form[0].isalpha():
                written = text[start:end]
                if written.islower():
                    counts.lower[form] += 1
                    lower.add(form)
                elif previous != BORDER and written[0].isupper():
                    names.add(written.replace("\u2019", "'"))
            older, previous = previous, form
        counts.documents.update(lower)
        counts.names.update(names)
    return counts


def read_scowl(folder: Path) -> tuple[dict[str, int], set[str]]:
    """(lower-case word -> smallest size, capitalised forms) of a SCOWL folder; possessives are left out."""
    sizes: dict[str, int] = {}
    names: set[str] = set()
    for path in sorted(folder.iterdir()):
        kind, _, size = path.name.rpartition(".")
        dialect, _, group = kind.partition("-")
        if not size.isdigit() or group == "abbreviations":
            continue
        for word in path.read_text(encoding="utf-8").split():
            if word.endswith("'s"):
                continue
            if not word.islower():
                names.add(word)
            elif _PLAIN.fullmatch(word):
                rarity = int(size) if dialect in _DIALECTS else 95
                sizes[word] = min(rarity, sizes.get(word, 99))
    return sizes, names


def read_frequencies(path: Path) -> dict[str, int]:
    """word -> frequency of a table "word TAB frequency"."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = (line.split("\t") for line in lines)
        return {word: int(frequency) for word, frequency in rows}


@dataclass(frozen=True, slots=True)
class Words:
    """The word list of the model: known words with their level of frequency, hints for rare ones, names."""

    known: Mapping[str, int]
    rare: Mapping[str, float]
    names: Mapping[str, float]


def choose_words(
    sizes: Mapping[str, int], scowl_names: Iterable[str], listed: Mapping[str, int], counts: TextCounts,
    heard: Collection[str] = (),
) -> Words:  # fmt: skip
    """Decide what is a known word, what is rare, what is a name.

    Args:
        sizes, scowl_names: what `read_scowl` finds.
        listed: words with their frequency.
        counts: what running text holds.
        heard: the words of a language model, in lower case; those that are no known words are names for the most part.
    """
    known = {w: s for w, s in sizes.items() if s <= KNOWN_SIZE} | {w: sizes.get(w, 60) for w in listed if w.isalpha()}
    known |= {word: known.get(word, KNOWN_SIZE) for word in MODERN}
    fresh = {
        w
        for w, n in counts.documents.items()
        if n >= MIN_DOCUMENTS
        and w not in known
        and w.isascii()
        and "'" not in w
        and w not in COMMON
        and w not in NO_WORDS
    }
    common = {w for w in known if counts.lower[w] >= 20}
    known.update((w, KNOWN_SIZE) for w in fresh if not _looks_misspelt(w, counts, common))
    total, listed_total = sum(counts.words.values()), sum(listed.values())
    levels = {}
    for word in sorted(known):
        seen = 0.7 * counts.words[word] / total + 0.3 * listed.get(word, 0) / listed_total
        levels[word] = level(max(seen * 1e9, SCOWL_FREQUENCY.get(known[word], 1.0)))
    rare: defaultdict[str, float] = defaultdict(float)
    for word, size in sizes.items():
        if word not in known:
            rare[word] = 3.0 if size <= 80 else 1.0
    for word, number in counts.documents.items():
        if word not in known and word not in NO_WORDS and number >= 2 and not _looks_misspelt(word, counts, common):
            rare[word] += 2 * number
    names = dict.fromkeys(scowl_names, 1.0)
    for name, number in counts.names.items():
        if name.lower() not in known:
            names[name] = max(number, names.get(name, 0.0))
    for word in heard:
        shaped = len(word) > 2 and word.isascii() and word.isalpha() and word not in known
        if shaped and not (len(word) > 6 and near(word, common)):  # no televison
            names.setdefault(word.capitalize(), 1.0)
    return Words(levels, rare, names)


def _looks_misspelt(word: str, counts: TextCounts, common: set[str]) -> bool:
    """Whether a word one slip away is ten times as frequent, and not only its plural: then `word` is a common typo."""
    if len(word) < 5:
        return False
    return any(counts.lower[other] > 10 * counts.lower[word] for other in near(word, common) if word != other + "s")
