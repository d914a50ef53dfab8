"""How well the noise stage does: recall and precision by kind, words lost, documents untouched, extractor output
before and after.

A *word* is `\\w+`; it is removed when it lies in a removed span. *lost* is clean words removed per 10,000 clean words.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from cleaner import sources
from cleaner.config import CleanConfig
from cleaner.dataset import Document, Labelled, read_documents
from cleaner.hosts import Host
from cleaner.pipeline import Cleaner
from cleaner.policy import KEEP, labels
from cleaner.result import CleanResult, Mark
from cleaner.synthesis import NoiseMaker, Recipe, make_documents
from cleaner.train_material import own_hosts, own_noise
from cleaner.vocabulary import Vocabulary, held_out, is_test

_WORD = re.compile(r"\w+")
_SEPARATORS = " \t\n-–—|»>:·•~/,;*+"
"""Signs that stand between an article and what was put behind it."""


@dataclass
class Tally:
    """Counts over documents; counters by kind, place and label."""

    words: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    label_removed: Counter[str] = field(default_factory=Counter)
    label_right: Counter[str] = field(default_factory=Counter)
    alone_removed: Counter[str] = field(default_factory=Counter)
    alone_right: Counter[str] = field(default_factory=Counter)
    named: int = 0
    named_right: int = 0
    clean_words: int = 0
    lost: int = 0
    clean_documents: int = 0
    touched: int = 0
    clean_document_words: int = 0
    clean_document_lost: int = 0
    flag_words: int = 0
    flag_right: int = 0
    intruder_words: int = 0
    intruder_found: int = 0

    def add(self, other: Tally) -> None:
        """Put in the counts of other documents."""
        for name in (f.name for f in fields(self)):
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, name, mine + theirs)


def tally(documents: Sequence[Document], results: Iterable[CleanResult]) -> Tally:
    """Compare what was removed with what is labelled."""
    total = Tally()
    for document, result in zip(documents, results, strict=True):
        _count(total, document, result)
    return total


def _count(total: Tally, document: Document, result: CleanResult) -> None:
    noise = [s for s in document.spans if s.label != sources.IGNORE and labels()[s.label].action != KEEP]
    kinds = document.detail or tuple(f"own:{s.label}" for s in document.spans)
    kind_of = dict(zip(document.spans, kinds, strict=True))
    gone = _mask(document.text, result.removed)
    label_of: list[str] = [""] * len(document.text)
    for mark in result.removed:
        label_of[mark.start : mark.end] = [mark.label] * (mark.end - mark.start)
    flagged = _mask(document.text, [m for m in result.flagged if m.label == "off_topic"])
    skip = _mask(document.text, [s for s in document.spans if s.label == sources.IGNORE])
    owner: list[Labelled | None] = [None] * len(document.text)
    for span in noise:
        owner[span.start : span.end] = [span] * (span.end - span.start)
    alone = {kind_of[s].partition(":")[0] for s in noise}
    only = next(iter(alone)) if len(alone) == 1 else ""
    clean = lost = 0
    for match in _WORD.finditer(document.text):
        at = match.start()
        if skip[at]:
            continue
        inside, removed = owner[at], gone[at]
        total.alone_removed[only] += removed
        total.label_removed[label_of[at]] += 1
        total.label_right[label_of[at]] += inside is not None
        total.flag_words += flagged[at]
        if inside is None:
            clean += 1
            lost += removed
            continue
        total.alone_right[only] += removed
        total.named += removed and inside.label != "off_topic"
        total.named_right += removed and inside.label == label_of[at]
        for key in _keys(kind_of[inside], inside.label):
            total.words[key] += 1
            total.removed[key] += removed
        if inside.label == "off_topic":
            total.intruder_words += 1
            total.intruder_found += flagged[at] or removed
            total.flag_right += flagged[at]
    total.clean_words += clean
    total.lost += lost
    if not document.spans:
        total.clean_documents += 1
        total.touched += bool(result.removed)
        total.clean_document_words += clean
        total.clean_document_lost += lost
    _count_exact(total, document, result, [(s, _keys(kind_of[s], s.label)) for s in noise])


def _count_exact(
    total: Tally, document: Document, result: CleanResult, noise: Sequence[tuple[Labelled, tuple[str, ...]]]
) -> None:
    """A span is hit when any of it is removed, and exact when the run of removals over it equals it, white space and
    the sign that parts it from the text before it aside."""
    runs: list[list[int]] = []
    for mark in sorted(result.removed, key=lambda m: m.start):
        if runs and mark.start <= runs[-1][1]:
            runs[-1][1] = mark.end
        else:
            runs.append([mark.start, mark.end])
    for span, keys in noise:
        over = [document.text[a:b].strip().lstrip(_SEPARATORS) for a, b in runs if a < span.end and span.start < b]
        if over:
            total.hit.update(keys)
            quote = document.text[span.start : span.end].strip().lstrip(_SEPARATORS)
            total.exact.update(keys if over == [quote] else ())


def _mask(text: str, spans: Iterable[Labelled | Mark]) -> bytearray:
    mask = bytearray(len(text))
    for span in spans:
        mask[span.start : span.end] = b"\1" * (span.end - span.start)
    return mask


def _keys(kind: str, label: str) -> tuple[str, ...]:
    head, _, rest = kind.partition(":")
    sort, _, place = rest.partition("/")
    return (f"label:{label}", f"kind:{head}", f"kind:{head}/{place if head == 'a' else sort}")


def figures_of(total: Tally, name: str) -> dict[str, float]:
    """Named figures of a tally."""
    found = {}
    for key in sorted(total.words):
        found[f"{name}.recall.{key}"] = total.removed[key] / total.words[key]
        if "/" not in key and total.hit[key]:
            found[f"{name}.exact.{key}"] = total.exact[key] / total.hit[key]
    for kind in sorted(k for k, n in total.alone_removed.items() if k and n):
        found[f"{name}.precision.kind:{kind}"] = total.alone_right[kind] / total.alone_removed[kind]
    for label in sorted(k for k, n in total.label_removed.items() if k and n):
        found[f"{name}.precision.label:{label}"] = total.label_right[label] / total.label_removed[label]
    if total.named:
        found[f"{name}.labels_right"] = total.named_right / total.named
    found[f"{name}.lost"] = 1e4 * total.lost / max(total.clean_words, 1)
    if total.clean_documents:
        found[f"{name}.clean.lost"] = 1e4 * total.clean_document_lost / max(total.clean_document_words, 1)
        found[f"{name}.clean.untouched"] = 1 - total.touched / total.clean_documents
    if total.intruder_words:
        found[f"{name}.flagged.recall"] = total.intruder_found / total.intruder_words
        found[f"{name}.flagged.precision"] = total.flag_right / max(total.flag_words, 1)
    return found


def measure(cleaner: Cleaner, documents: Sequence[Document], name: str) -> dict[str, float]:
    """Clean the documents and compare."""
    return figures_of(tally(documents, cleaner.clean_many(d.text for d in documents)), name)


# ---------------------------------------------------------------------------------------------------------------------


def unseen_hosts(corpora: Path) -> list[Host]:
    """Clean articles of sources that the model has not seen."""
    return [h for h in sources.news_hosts(corpora, "clean_dev") if h.source in sources.UNSEEN_CLEAN]


TEST_VOCABULARY = "vocabulary_test.toml"
"""Topics and templates that no model is trained on; while models were made their figures were looked at."""
HELD_OUT_VOCABULARY = "held_out/vocabulary.toml"
"""Others, written apart from all else."""
QUIET_VOCABULARY = "held_out/quiet"
"""Others again, by five writers who were asked for plain words without any that give noise away; as many by five others
train."""
HELD_OUT_CLEAN = "held_out"
"""The folder of clean texts that look like noise, written apart from all else, a file for each writer."""


def clean_hosts(corpora: Path) -> list[Host]:
    """All clean articles that no noise model was trained on."""
    parts = ("clean_lm", "clean_dev", "clean_spare")
    news = [h for part in parts for h in sources.news_hosts(corpora, part, sources.UNSEEN_CLEAN)]
    return news + sources.injection_hosts(corpora, "dev")


UNSEEN = Recipe(kinds="aabcdeabce", rough=0.0, furniture=0.0, layouts=(0.0, 0.0, 0.2), seed=99)
"""How the documents that test the stage are made."""
INSIDE = replace(UNSEEN, kinds="a", clean=0.0, inside=0.75, inside_sorts=("kw",), seed=97)
"""Search words inside sentences, of which the others hold few."""
RUN_ON = replace(UNSEEN, kinds="ace", clean=0.0, inside=0.0, places=(0.3, 0.6, 0.6), run_on=1.0, seed=95)
"""Noise on one line with a headline, without a boundary, of which the others hold little, too."""


def unseen_documents(
    corpora: Path,
    data: Path,
    vocabulary: str = TEST_VOCABULARY,
    count: int = 1200,
    recipe: Recipe = UNSEEN,
) -> list[Document]:
    """Injected documents whose articles, topics, phrases and templates the model has not seen."""
    maker = NoiseMaker(
        Vocabulary.read(data / vocabulary),
        held_out(sources.found_noise(corpora), True),
        random.Random(recipe.seed),
    )
    return list(make_documents(unseen_hosts(corpora), [maker], count, recipe))


def truncated(hosts: Sequence[Host], seed: int = 5) -> list[Document]:
    """The first one to four paragraphs of each article."""
    rng = random.Random(seed)
    documents = []
    for host in hosts:
        lines = [line for line in host.text.split("\n") if line.strip()]
        documents.append(Document(host.id, "\n".join(lines[: rng.randint(1, 4)]), source=host.source))
    return documents


def four_grams(text: str) -> Counter[tuple[str, ...]]:
    """The multiset of four words in a row."""
    words = _WORD.findall(text.lower())
    return Counter(zip(*(words[i:] for i in range(4)), strict=False))


def residue_figures(cleaner: Cleaner, corpora: Path, corpus: str) -> Iterator[tuple[str, float]]:
    """4-gram F1 of each extractor's output before and after, and without exactly the lines that are noise; the share of
    gold lines lost."""
    before: dict[str, list[tuple[float, float]]] = defaultdict(list)
    after: dict[str, list[tuple[float, float]]] = defaultdict(list)
    best: dict[str, list[tuple[float, float]]] = defaultdict(list)
    kept, gold_lines = Counter[str](), Counter[str]()
    for page in sources.read_jsonl(corpora / "noise" / f"{corpus}.dev.jsonl.xz"):
        gold = four_grams(page["gold_text"])
        for extractor, rows in page["outputs"].items():
            text = "\n".join(row[1] for row in rows)
            cleaned = cleaner.clean(text).text
            before[extractor].append(_overlap(four_grams(text), gold))
            after[extractor].append(_overlap(four_grams(cleaned), gold))
            without = "\n".join(row[1] for row in rows if row[0] != "noise")
            best[extractor].append(_overlap(four_grams(without), gold))
            there = set(cleaned.split("\n"))
            keep = [row[1] for row in rows if row[0] == "keep"]
            gold_lines[extractor] += len(keep)
            kept[extractor] += sum(line in there for line in keep)
    for extractor in before:
        yield f"residue.{corpus}.{extractor}.before", _f1(before[extractor])
        yield f"residue.{corpus}.{extractor}.after", _f1(after[extractor])
        yield f"residue.{corpus}.{extractor}.best", _f1(best[extractor])
        yield f"residue.{corpus}.{extractor}.keep_lines_lost", 1 - kept[extractor] / max(gold_lines[extractor], 1)


def _overlap(found: Counter[tuple[str, ...]], gold: Counter[tuple[str, ...]]) -> tuple[float, float]:
    both = sum((found & gold).values())
    return both / max(sum(found.values()), 1), both / max(sum(gold.values()), 1)


def _f1(pages: Sequence[tuple[float, float]]) -> float:
    precision, recall = (sum(p[i] for p in pages) / len(pages) for i in (0, 1))
    return 2 * precision * recall / max(precision + recall, 1e-9)


def own_test_documents(data: Path) -> list[Document]:
    """Our own labelled documents that no model is trained on."""
    paths = [path for path in sorted(data.glob("*.jsonl")) if not path.name.startswith(("repair", "typo"))]
    return [document for path in paths for document in read_documents(path) if is_test(document)]


def own_beside_headlines(data: Path, count: int = 400) -> list[Document]:
    """Our own held-out articles without their noise, with noise that no model has seen on one line with a headline, or
    run on from a sentence (`RUN_ON`); none where the folder has no test vocabulary."""
    own, vocabulary = own_test_documents(data), data / TEST_VOCABULARY
    hosts = own_hosts(own)
    if not hosts or not vocabulary.exists():
        return []
    maker = NoiseMaker(Vocabulary.read(vocabulary), own_noise(own), random.Random(RUN_ON.seed))
    return list(make_documents(hosts, [maker], count, RUN_ON))


def keep_figures(cleaner: Cleaner, documents: Sequence[Document]) -> dict[str, float]:
    """The share of look-alikes of which nothing is lost."""
    kept = total = 0
    for document, result in zip(documents, cleaner.clean_many(d.text for d in documents), strict=True):
        gone = _mask(document.text, result.removed)
        total += len(document.keeps)
        kept += sum(not any(gone[k.start : k.end]) for k in document.keeps)
    return {"own.keeps_kept": kept / max(total, 1)}


def figures(corpora: Path | None, data: Path, cleaner: Cleaner | None = None) -> dict[str, float]:
    """All figures of the stage; without `corpora` those on our own held-out documents."""
    cleaner = cleaner or Cleaner(CleanConfig(stages=("noise",)))
    own = own_test_documents(data)
    found = {**measure(cleaner, own, "own"), **keep_figures(cleaner, own)}
    found |= measure(cleaner, own_beside_headlines(data), "own_run_on")
    for path in sorted((data / HELD_OUT_CLEAN).glob("*.jsonl")):  # a folder of the user's own has none
        found |= measure(cleaner, list(read_documents(path)), f"held_out_{path.stem}")
    if corpora is not None:
        found |= measure(cleaner, unseen_documents(corpora, data), "unseen")
        found |= measure(
            cleaner, unseen_documents(corpora, data, HELD_OUT_VOCABULARY, recipe=replace(UNSEEN, seed=98)), "held_out"
        )
        found |= measure(
            cleaner, unseen_documents(corpora, data, QUIET_VOCABULARY, recipe=replace(UNSEEN, seed=96)), "quiet"
        )
        found |= measure(cleaner, unseen_documents(corpora, data, recipe=INSIDE), "inside")
        found |= measure(cleaner, unseen_documents(corpora, data, recipe=RUN_ON), "run_on")
        found |= measure(cleaner, sources.injected_documents(corpora, "dev"), "dev")
        hosts = clean_hosts(corpora)
        found |= measure(cleaner, [Document(h.id, h.text, source=h.source) for h in hosts], "news")
        found |= measure(cleaner, truncated(hosts), "short")
        for corpus in ("andy", "wcxb"):
            found |= dict(residue_figures(cleaner, corpora, corpus))
    return found
