"""The noise stage beside what others do with lines: what they find, what they lose, how fast they are.

    python benchmarks/noise.py --sources DIR [--documents 1200] [--model NAME] [--budgets]

`DIR` is the folder of the corpora that `training_data/sources.toml` names. Everything is measured on articles, topics,
templates and found lines that no model here was trained on, word by word:

* `c4`: the line rules of C4 (Raffel et al. 2020): a line stays that ends in terminal punctuation and has five words;
* `justext`: the rules of jusText (Pomikalek 2011) on plain lines: length and share of stop words, then the neighbours;
* `classifier`: words and word pairs of a line, hashed, logistic regression, as fastText does (Joulin et al. 2017); it
  learns from the same made documents as the model, and its cut is set, on the measured articles themselves, to the
  loss of `cleaner`: recall at equal harm, in its favour;
* `rules`: the rule layer of this project alone.

With `--budgets` it prints instead what each harm budget promises and costs, as `budgets.py` does, which can do more.

Times are CPU seconds in one process, in turns; compare the ratios.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import ftfy
import numpy as np
from budgets import DATA, KINDS, Material, budget_table
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from throughput import in_one_thread

from cleaner import CleanConfig, Cleaner, sources
from cleaner.config import NoiseConfig
from cleaner.dataset import Document
from cleaner.edits import Edit, Span
from cleaner.evaluate.noise import clean_hosts, measure, truncated, unseen_documents
from cleaner.noise import NoiseStage, load_cached, with_separator
from cleaner.pipeline import Stage
from cleaner.rules import rule_matches
from cleaner.tokens import tokenize
from cleaner.train import BUDGETS
from cleaner.train_material import gather
from cleaner.units import extents, segment

MADE = 4000
"""Documents that the line classifier learns from."""
SIZE, TIMED = 4000, 60
HARMLESS = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False, normalization=None, explain=False
)

Lines = Sequence[str]


@dataclass(frozen=True)
class LineStage:
    """A stage that removes the lines for which `drop` says so; it sees the lines of one document at a time."""

    name: str
    drop: Callable[[Lines], Sequence[bool]]

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        return [self._edits(text) for text in texts]

    def threshold(self, edit: Edit) -> float:
        return edit.score

    def _edits(self, text: str) -> tuple[Edit, ...]:
        lines, edits, start = text.split("\n"), [], 0
        for line, gone in zip(lines, self.drop(lines), strict=True):
            if gone and line.strip():
                span = with_separator(text, Span(start, start + len(line)))
                if not edits or span.start >= edits[-1].end:
                    edits.append(Edit(span.start, span.end, "", self.name, "line", 1.0, "advert"))
            start += len(line) + 1
        return tuple(edits)


@dataclass(frozen=True)
class RuleStage:
    """The rule layer of this project without the model."""

    name: str = "rules"

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        tokens = tokenize(texts)
        units = segment(tokens, load_cached("noise").lexicon)
        found: list[list[Edit]] = [[] for _ in texts]
        for unit, rule, label in rule_matches(texts, tokens, units):
            document = int(units.document[unit])
            span = extents(texts, tokens, units.first[[unit]], units.last[[unit]])[0]
            if not found[document] or span.start >= found[document][-1].end:
                found[document].append(Edit(span.start, span.end, "", self.name, rule, 1.0, label))
        return [tuple(edits) for edits in found]

    def threshold(self, edit: Edit) -> float:
        return edit.score


def c4(lines: Lines) -> list[bool]:
    """The line rules of C4."""
    return [
        not line.rstrip().endswith((".", "!", "?", '"', "”")) or len(line.split()) < 5 or "javascript" in line.lower()
        for line in lines
    ]


def justext(lines: Lines) -> list[bool]:
    """jusText's two passes with its English settings, without tags and links, which plain text has lost."""
    first = []
    for line in lines:
        words = line.split()
        density = sum(word.lower().strip(".,;:!?\"'") in ENGLISH_STOP_WORDS for word in words) / max(len(words), 1)
        if len(line) < 70:
            first.append("short")
        elif density >= 0.32:
            first.append("good" if len(line) > 200 else "near")
        else:
            first.append("near" if density >= 0.30 else "bad")
    final = list(first)
    for at, kind in enumerate(first):
        if kind in ("short", "near"):
            sides = {_next_firm(first, at, -1), _next_firm(first, at, 1)}
            final[at] = "good" if sides == {"good"} or (kind == "near" and "good" in sides) else "bad"
    return [kind == "bad" for kind in final]


def _next_firm(kinds: Sequence[str], at: int, step: int) -> str:
    at += step
    while 0 <= at < len(kinds):
        if kinds[at] in ("good", "bad"):
            return kinds[at]
        at += step
    return "bad"


def line_classifier(corpora: Path) -> Callable[[Lines], np.ndarray]:
    """Log odds of lines by a bag of words and word pairs."""
    texts: list[str] = []
    noise: list[bool] = []
    for _, document in gather(DATA, corpora, MADE, 20).documents:
        start = 0
        for line in document.text.split("\n"):
            end = start + len(line)
            inside = sum(max(0, min(s.end, end) - max(s.start, start)) for s in document.spans)
            if line.strip():
                texts.append(line)
                noise.append(inside * 2 > len(line))
            start = end + 1
    model = make_pipeline(
        HashingVectorizer(ngram_range=(1, 2), n_features=1 << 20), LogisticRegression(C=10, max_iter=200)
    )
    model.fit(texts, noise)
    return lambda lines: np.asarray(model.decision_function(list(lines)))


def cut_for(score: Callable[[Lines], np.ndarray], clean: Sequence[Document], lost: float) -> float:
    """The lowest cut at which the classifier loses at most `lost` words per 10,000 of the clean articles."""
    lines = [line for document in clean for line in document.text.split("\n") if line.strip()]
    words = np.array([len(line.split()) for line in lines])
    odds = score(lines)
    order = np.argsort(-odds)
    first_too_many = int(np.searchsorted(np.cumsum(words[order]), lost * words.sum() / 1e4, "right"))
    return float(odds[order][first_too_many])


def row(
    name: str, stage: Stage, injected: Sequence[Document], clean: Sequence[Document], short: Sequence[Document]
) -> float:
    """Measure and print one line of the table; the clean words lost."""
    cleaner = Cleaner(CleanConfig(max_removed=1.0), stages=[stage])
    found = measure(cleaner, injected, "x")
    safe, brief = measure(cleaner, clean, "x"), measure(cleaner, short, "x")
    recall = "".join(f"{found[f'x.recall.kind:{kind}']:9.2f}" for kind in KINDS)
    print(
        f"{name:12}{recall}{safe['x.lost']:11.1f}{safe['x.clean.untouched']:11.3f}{brief['x.lost']:11.1f}", flush=True
    )
    return safe["x.lost"]


def quality(corpora: Path, count: int, model: str) -> None:
    """The table of what is found and lost."""
    injected = unseen_documents(corpora, DATA, count=count)
    hosts = clean_hosts(corpora)
    clean = [Document(host.id, host.text, source=host.source) for host in hosts]
    short = truncated(hosts)
    print(
        f"{'':12}{'fragment':>9}{'promo':>9}{'block':>9}{'spam':>9}{'lost/10k':>11}{'untouched':>11}{'short lost':>11}"
    )
    lost = row("cleaner", NoiseStage(NoiseConfig(model=model)), injected, clean, short)
    row("rules", RuleStage(), injected, clean, short)
    row("c4", LineStage("c4", c4), injected, clean, short)
    row("justext", LineStage("justext", justext), injected, clean, short)
    score = line_classifier(corpora)
    cut = cut_for(score, clean, max(lost, 0.5))
    row("classifier", LineStage("classifier", lambda lines: (score(lines) > cut).tolist()), injected, clean, short)


def speed(corpora: Path, model: str) -> None:
    """How many times as long as the stage the peers take on documents of about 4 KB, one at a time and together."""
    texts = [h.text[:SIZE] for h in sources.injection_hosts(corpora, "dev") if len(h.text) >= SIZE * 3 // 4][:TIMED]
    stage = NoiseStage(NoiseConfig(model=model))
    classifier = _char_classifier(texts)
    to_ftfy, to_classifier = [], []
    for text in texts:
        ours = min(_seconds(lambda t: stage.propose([t]), text) for _ in range(5))
        to_ftfy.append(min(_seconds(lambda t: ftfy.fix_text(t, HARMLESS), text) for _ in range(3)) / ours)
        to_classifier.append(min(_seconds(lambda t: classifier.predict([t]), text) for _ in range(3)) / ours)
    batched = min(_seconds(stage.propose, texts) for _ in range(3))
    alone = sum(min(_seconds(lambda t: ftfy.fix_text(t, HARMLESS), text) for _ in range(3)) for text in texts)
    classified = sum(_seconds(lambda t: classifier.predict([t]), text) for text in texts)
    size = sum(len(text.encode()) for text in texts) / len(texts)
    print(f"\n{len(texts)} documents of {size:.0f} bytes; how many times as long as the stage takes")
    print(f"{'':40}{'one at a time':>15}{'in one batch':>15}")
    for name, single, together in (
        ("ftfy.fix_text", to_ftfy, alone / batched),
        ("TF-IDF of characters 2-5, a document each", to_classifier, classified / batched),
    ):
        print(f"{name:40}{statistics.median(single):15.2f}{together:15.2f}")


def _char_classifier(texts: Sequence[str]) -> Pipeline:
    """One call a document, as a user would write it."""
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(2, 5)), LogisticRegression())
    return model.fit(texts, [n % 2 for n in range(len(texts))])


def _seconds(work: Callable[[Any], object], text: Any) -> float:
    start = process_time()
    work(text)
    return process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sources", type=Path, required=True, help="the folder of the corpora")
    parser.add_argument("--documents", type=int, default=1200, help="injected documents to make")
    parser.add_argument("--model", default="noise", help="name or folder of the noise model")
    parser.add_argument("--budgets", action="store_true", help="what each harm budget promises and costs")
    arguments = parser.parse_args()
    if arguments.budgets:
        for line in budget_table(Material(arguments.sources, arguments.documents), arguments.model, BUDGETS):
            print(line, flush=True)
        return
    quality(arguments.sources, arguments.documents, arguments.model)
    speed(arguments.sources, arguments.model)


if __name__ == "__main__":
    in_one_thread()
    main()
