"""Other tools, each as a function from texts to texts, and what each of them makes better and worse."""

from __future__ import annotations

import gzip
import json
import lzma
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import ftfy

from cleaner import Cleaner

Tool = Callable[[Sequence[str]], list[str]]
Pairs = list[tuple[str, str]]
"""Texts, and what should become of them."""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a packed JSON Lines file."""
    opener: Any = gzip.open if path.suffix == ".gz" else lzma.open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


# ---------------------------------------------------------------------------------------------------------------- tools


def product() -> Tool:
    """All stages, with everything that ledger and report need."""
    cleaner = Cleaner()

    def run(texts: Sequence[str]) -> list[str]:
        results = list(cleaner.clean_many(texts))
        assert all(result.changes is not None for result in results)
        return [result.text for result in results]

    return run


def by_ftfy() -> Tool:
    return lambda texts: [ftfy.fix_text(text) for text in texts]


def by_symspell() -> Tool:
    """symspellpy, one lookup a word."""
    from symspellpy import SymSpell, Verbosity

    spell = SymSpell(max_dictionary_edit_distance=2)
    spell.load_dictionary(str(resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)
    word = re.compile(r"[A-Za-z']+")

    def correct(match: re.Match[str]) -> str:
        written = match.group()
        right = spell.lookup(written.lower(), Verbosity.TOP, 2, include_unknown=True)[0].term
        return written if right == written.lower() else right

    return lambda texts: [word.sub(correct, text) for text in texts]


def by_clean_text() -> Tool:
    """clean-text; letters and signs are kept, as an article is to stay one."""
    from cleantext import clean

    return lambda texts: [clean(text, lower=False, to_ascii=False, no_line_breaks=False) for text in texts]


def by_datatrove() -> Tool:
    """datatrove's C4 quality filter: drops lines, or the whole document."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter

    quality = C4QualityFilter(filter_no_terminal_punct=False)

    def run(texts: Sequence[str]) -> list[str]:
        documents = [Document(text=text, id="") for text in texts]
        return [document.text if quality.filter(document) is True else "" for document in documents]

    return run


def by_tfidf(lines: Sequence[tuple[str, bool]]) -> Tool:
    """Character n-grams and a linear model, the usual text classifier, for each line.

    Args:
        lines: to learn from, and whether they are noise.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 5))
    model = LogisticRegression(max_iter=30).fit(
        vectors.fit_transform([line for line, _ in lines]), [noise for _, noise in lines]
    )

    def run(texts: Sequence[str]) -> list[str]:
        split = [text.split("\n") for text in texts]
        noise = iter(model.predict(vectors.transform([line for part in split for line in part])))
        return ["\n".join([line for line in part if not next(noise)]) for part in split]

    return run


def peers(lines: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, Tool]]:
    """The peers that are installed."""
    makers: dict[str, Callable[[], Tool]] = {
        "ftfy.fix_text": by_ftfy,
        "symspellpy, a word": by_symspell,
        "clean-text": by_clean_text,
        "datatrove C4 filter": by_datatrove,
        "tf-idf char 2-5 + LR": lambda: by_tfidf(lines),
    }
    for name, make in makers.items():
        try:
            tool = make()
            tool(["It rained.\nThe mayor met the council on Monday and they spoke about the harbour."])
            yield name, tool
        except ImportError as error:
            print(f"  {name}: not installed ({error})")


# -------------------------------------------------------------------------------------------------------------- quality


def lines_to_learn(data: Path | None, articles: Sequence[str], most: int = 300) -> list[tuple[str, bool]]:
    """Lines, and whether they are noise for the most part; without the corpora every second line is called so."""
    if data is None:
        return [(line, number % 2 == 1) for text in articles for number, line in enumerate(text.split("\n"))]
    found = []
    for _, row in zip(range(most), rows(data / "injected" / "train.jsonl.gz"), strict=False):
        start = 0
        for line in row["text"].split("\n"):
            end = start + len(line)
            inside = sum(max(0, min(s["end"], end) - max(s["start"], start)) for s in row["spans"])
            found.append((line, 2 * inside > len(line)))
            start = end + 1
    return found


def quality_sets(data: Path, most: int = 150) -> dict[str, Pairs]:
    """Damaged texts of each kind, with what they should become: read in the wrong encoding, with noise put in, with
    typos put in; and clean ones."""
    clean = {row["id"]: row["text"] for row in rows(data / "typos" / "clean_dev.jsonl.xz")}
    curly = [text for text in clean.values() if not text.isascii()][:most]
    misread = [text.encode("utf-8", "surrogatepass").decode("sloppy-windows-1252") for text in curly]
    broken = list(rows(data / "typos" / "synth_dev.jsonl.xz"))
    noisy = [row for row in rows(data / "injected" / "dev.jsonl.gz") if row["spans"]][:most]
    return {
        "encoding": list(zip(misread, curly, strict=True)),
        "noise": [(row["text"], _without(row["text"], row["spans"])) for row in noisy],
        "typos": [(row["src"], clean[row["id"]]) for row in broken[:: max(1, len(broken) // most)]],
        "clean": [(text, text) for text in list(clean.values())[:: max(1, len(clean) // most)]],
    }


def _without(text: str, spans: Sequence[dict[str, Any]]) -> str:
    for span in sorted(spans, key=lambda span: -int(span["start"])):
        text = text[: span["start"]] + text[span["end"] :]
    return text


def quality(tool: Tool, sets: dict[str, Pairs]) -> dict[str, float]:
    """By kind of damage the share that is gone, below 0 where a tool does more damage than it repairs; for clean texts
    the words changed per 10,000."""
    found = {}
    for name, pairs in sets.items():
        made = tool([before for before, _ in pairs])
        left = sum(_difference(text, right) for text, (_, right) in zip(made, pairs, strict=True))
        if name == "clean":
            found[name] = 1e4 * left / 2 / sum(len(text.split()) for text, _ in pairs)
        else:
            found[name] = 1 - left / sum(_difference(before, right) for before, right in pairs)
    return found


_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


def _difference(one: str, other: str) -> int:
    """How many pairs of neighbouring words the two texts do not share; quotation marks may be straight or curly."""
    a, b = (Counter(pairwise(text.translate(_STRAIGHT).split())) for text in (one, other))
    return (a - b).total() + (b - a).total()
