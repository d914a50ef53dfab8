"""What the noise stage promises and costs; two models beside each other; words inside sentences by themselves.

    python benchmarks/budgets.py --sources DIR                        # each harm budget: what is lost, what is found
    python benchmarks/budgets.py --sources DIR --models OLD NEW       # two models, on the same documents
    python benchmarks/budgets.py --sources DIR --inside               # what is taken out of sentences, and nothing else

`DIR` is the folder of the corpora that `training_data/sources.toml` names; OLD and NEW are names or folders of noise
models. Everything is measured on articles, topics, templates and found lines that no model here was trained on, word by
word, with the noise stage alone:

* *news*, *untouched*: clean words lost per 10,000 on clean articles, and the share of these that stay as they are;
* *short*: the same words, the articles cut to one to four paragraphs;
* *beside*: clean words lost per 10,000 in documents that hold noise;
* *a c d e*: the share of the words of stray search words and links, promotional sentences, blocks, and spam found;
* with `--inside`, *found* and *precision*: of the search words put into sentences, those that are taken out as such
  (rule `insert`); *stage*: the share of them that the whole stage takes out.

`--documents` (2,000) says how many documents with noise are made, `--articles` how many clean ones are taken (all
2,900); `--documents 200 --articles 300` takes half a minute. With the same numbers the documents are the same.
`--budgets` names other budgets of the model. The first call gives the table in the model card.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cleaner import CleanConfig, Cleaner
from cleaner.config import NoiseConfig
from cleaner.dataset import Document
from cleaner.edits import Edit
from cleaner.evaluate.noise import (
    HELD_OUT_VOCABULARY,
    INSIDE,
    UNSEEN,
    clean_hosts,
    measure,
    truncated,
    unseen_documents,
)
from cleaner.noise import NoiseStage
from cleaner.pipeline import Stage
from cleaner.train import BUDGETS

DATA = Path(__file__).resolve().parents[1] / "training_data"
KINDS = ("a", "c", "d", "e")
MIDDLE = "x.recall.kind:a/mid"
"""The figure for search words put into sentences."""
Figures = dict[str, float]


@dataclass(frozen=True)
class Material:
    """Documents to measure on; the same arguments give the same.

    Attributes:
        corpora: the folder of the corpora.
        documents: how many documents with noise are made of each sort.
        articles: how many clean articles are taken; 0: all.
    """

    corpora: Path
    documents: int
    articles: int = 0

    def injected(self) -> list[Document]:
        """Articles with noise of topics and templates that are unseen."""
        return unseen_documents(self.corpora, DATA, count=self.documents)

    def second(self) -> list[Document]:
        """The same with the vocabulary that was written apart."""
        recipe = replace(UNSEEN, seed=98)
        return unseen_documents(self.corpora, DATA, HELD_OUT_VOCABULARY, count=self.documents, recipe=recipe)

    def inside(self) -> list[Document]:
        """Articles with search words inside their sentences."""
        return unseen_documents(self.corpora, DATA, count=self.documents, recipe=INSIDE)

    def clean(self) -> tuple[list[Document], list[Document]]:
        """Clean articles, and the same cut short."""
        hosts = clean_hosts(self.corpora)
        hosts = hosts[:: max(1, len(hosts) // self.articles)][: self.articles] if self.articles else hosts
        return [Document(host.id, host.text, source=host.source) for host in hosts], truncated(hosts)


@dataclass(frozen=True)
class InsideAlone:
    """A noise stage that takes words out of sentences, and nothing else."""

    stage: NoiseStage
    name: str = "noise"

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        """The proposals for words inside sentences."""
        return [tuple(edit for edit in edits if edit.rule == "insert") for edits in self.stage.propose(texts)]

    def threshold(self, edit: Edit) -> float:
        """As the stage says."""
        return self.stage.threshold(edit)


def cleaner_of(model: str, budget: float, inside: bool = False) -> Cleaner:
    """The noise stage of a model, whole or only for words inside sentences."""
    stage: Stage = NoiseStage(NoiseConfig(model=model, budget=budget))
    if inside:
        stage = InsideAlone(stage)
    return Cleaner(CleanConfig(stages=("noise",)), [stage])


def budget_table(material: Material, model: str, budgets: Sequence[float]) -> Iterator[str]:
    """Budget promised, loss measured, noise found; line by line."""
    injected, (news, short) = material.injected(), material.clean()
    yield f"{'budget':>7}{'news':>8}{'untouched':>11}{'short':>8}{'beside':>8}" + "".join(f"{k:>7}" for k in KINDS)
    for budget in budgets:
        cleaner = cleaner_of(model, budget)
        found, safe, brief = (measure(cleaner, documents, "x") for documents in (injected, news, short))
        recall = "".join(f"{found[f'x.recall.kind:{kind}']:7.3f}" for kind in KINDS)
        losses = f"{safe['x.lost']:8.2f}{safe['x.clean.untouched']:11.4f}{brief['x.lost']:8.2f}{found['x.lost']:8.2f}"
        yield f"{budget:7g}{losses}{recall}"


def comparison(material: Material, models: Sequence[str], budget: float) -> Iterator[str]:
    """Two models on the same documents, line by line."""
    cleaners = [cleaner_of(model, budget) for model in models]
    yield f"{'':44}" + "".join(f"{Path(model).name:>18}" for model in models) + f"{'difference':>12}"

    def row(name: str, key: str, figures: Sequence[Figures]) -> str:
        values = [figure.get(key, float("nan")) for figure in figures]
        return f"{name:44}" + "".join(f"{value:18.4f}" for value in values) + f"{values[1] - values[0]:+12.4f}"

    for name, documents in (("unseen", material.injected()), ("second vocabulary", material.second())):
        figures = [measure(cleaner, documents, "x") for cleaner in cleaners]
        yield from (row(f"{name}: {kind} found", f"x.recall.kind:{kind}", figures) for kind in KINDS)
        yield from (row(f"{name}: {kind} precision", f"x.precision.kind:{kind}", figures) for kind in KINDS)
        yield row(f"{name}: clean words lost beside noise", "x.lost", figures)
    for name, documents in zip(("clean news", "cut to 1-4 paragraphs"), material.clean(), strict=True):
        figures = [measure(cleaner, documents, "x") for cleaner in cleaners]
        yield row(f"{name}: words lost per 10,000", "x.lost", figures)
        yield row(f"{name}: untouched", "x.clean.untouched", figures)
        yield _apart(name, cleaners, documents)


def _apart(name: str, cleaners: Sequence[Cleaner], documents: Sequence[Document]) -> str:
    """How many clean documents only the one model touches, and only the other."""
    touched = [[bool(r.removed) for r in cleaner.clean_many(d.text for d in documents)] for cleaner in cleaners]
    only = [sum(a and not b for a, b in zip(*pair, strict=True)) for pair in (touched, touched[::-1])]
    return f"{f'{name}: touched by this one alone':44}" + "".join(f"{count:18}" for count in only)


def inside_table(material: Material, model: str, budgets: Sequence[float]) -> Iterator[str]:
    """What is taken out of sentences at each budget: what it costs, what it finds; line by line."""
    inside, injected, (news, short) = material.inside(), material.injected(), material.clean()
    yield f"{'budget':>7}{'news':>8}{'untouched':>11}{'short':>8}{'beside':>8}{'found':>8}{'precision':>11}{'stage':>8}"
    for budget in budgets:
        alone, whole = cleaner_of(model, budget, inside=True), cleaner_of(model, budget)
        found, beside, safe, brief = (measure(alone, part, "x") for part in (inside, injected, news, short))
        losses = f"{safe['x.lost']:8.2f}{safe['x.clean.untouched']:11.4f}{brief['x.lost']:8.2f}{beside['x.lost']:8.2f}"
        precision = found.get("x.precision.kind:a", float("nan"))
        by_all = measure(whole, inside, "x")[MIDDLE]
        yield f"{budget:7g}{losses}{found[MIDDLE]:8.3f}{precision:11.3f}{by_all:8.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sources", type=Path, required=True, help="the folder of the corpora")
    parser.add_argument("--documents", type=int, default=2000, help="documents with noise to make, of each sort")
    parser.add_argument("--articles", type=int, default=0, help="clean articles to take; all without it")
    parser.add_argument("--model", default="noise", help="name or folder of the noise model")
    parser.add_argument("--models", nargs=2, metavar=("OLD", "NEW"), help="compare these two")
    parser.add_argument("--inside", action="store_true", help="only what is taken out of sentences")
    parser.add_argument("--budgets", type=float, nargs="+", help="of the model; two models are compared at the first")
    options = parser.parse_args()
    material = Material(options.sources, options.documents, options.articles)
    if options.models:
        lines = comparison(material, options.models, (options.budgets or [NoiseConfig().budget])[0])
    elif options.inside:
        lines = inside_table(material, options.model, options.budgets or BUDGETS)
    else:
        lines = budget_table(material, options.model, options.budgets or BUDGETS)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
