"""What `cleaner train --add` brings a site with noise of its own, and what it costs.

    python benchmarks/train_add.py --sources DIR [--sites 4] [--labelled 20 80]
    python benchmarks/train_add.py --sources DIR --labelled 80 --write my_labels.jsonl

`DIR` is the folder of the corpora that `training_data/sources.toml` names. A site is made of articles that no model was
trained on and of a few topics, templates and found lines, also unseen, that come again and again: a campaign. The model
is adapted to some of its documents and measured on others of the site, on clean news, and on the noise of other sites.

With `--write` it only writes the labelled documents of the first site, for the example in docs/adapt.md: then
`cleaner train my-noise --add my_labels.jsonl`.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from cleaner import sources
from cleaner.dataset import Document, write_documents
from cleaner.evaluate.noise import Tally, unseen_documents, unseen_hosts
from cleaner.model import load
from cleaner.resources import resolve
from cleaner.synthesis import NoiseMaker, Recipe, make_documents
from cleaner.train_add import Measured, add, counted
from cleaner.vocabulary import Found, Vocabulary, held_out

DATA = Path(__file__).resolve().parents[1] / "training_data"
MEASURED = 80
"""Documents of each site that are measured."""


def site(corpora: Path, seed: int, count: int) -> list[Document]:
    """Documents of one site."""
    rng = random.Random(seed)
    vocabulary = Vocabulary.read(DATA / "vocabulary_test.toml")
    few = replace(
        vocabulary,
        topics={name: vocabulary.topics[name] for name in rng.sample(sorted(vocabulary.topics), 4)},
        templates={kind: tuple(rng.sample(rows, min(5, len(rows)))) for kind, rows in vocabulary.templates.items()},
        menus=tuple(rng.sample(vocabulary.menus, 1)),
        footers=tuple(rng.sample(vocabulary.footers, 1)),
    )
    found = held_out(sources.found_noise(corpora), True)
    pieces = (getattr(found, field.name) for field in fields(found))
    maker = NoiseMaker(few, Found(*(tuple(rng.sample(p, min(12, len(p)))) for p in pieces)), random.Random(seed))
    recipe = Recipe(seed=seed, kinds="aacdeace", rough=0.0, furniture=0.0, layouts=(0.0, 0.0, 0.2))
    return list(make_documents(rng.sample(unseen_hosts(corpora), 300), [maker], count, recipe))


def shown(name: str, before: Measured, after: Measured) -> str:
    """Before and after in one line."""
    return (
        f"  {name:28} found {before.recall:.3f} -> {after.recall:.3f}   "
        f"lost {before.lost:6.2f} -> {after.lost:6.2f} per 10,000"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--sites", type=int, default=4)
    parser.add_argument("--labelled", type=int, nargs="+", default=[20, 80])
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the labels of the first site, and no more")
    options = parser.parse_args()
    if options.write:
        labelled = options.labelled[0]
        write_documents(options.write, site(options.sources, 0, labelled + MEASURED)[:labelled])
        return
    base = load(resolve("noise"))
    news = [Document(h.id, h.text, source=h.source) for h in unseen_hosts(options.sources)]
    others = unseen_documents(options.sources, DATA, count=200)
    clean_before, others_before = Measured.of(counted(base, news)), Measured.of(counted(base, others))
    for labelled in options.labelled:
        before, after, clean, other = Tally(), Tally(), Tally(), Tally()
        seconds = []
        for seed in range(options.sites):
            documents = site(options.sources, seed, labelled + MEASURED)
            with TemporaryDirectory() as folder:
                write_documents(Path(folder) / "labels.jsonl", documents[:labelled])
                start = process_time()
                add([Path(folder) / "labels.jsonl"], resolve("noise"), Path(folder) / "model", DATA)
                seconds.append(process_time() - start)
                model = load(Path(folder) / "model")
            for total, changed, texts in (
                (before, base, documents[labelled:]),
                (after, model, documents[labelled:]),
                (clean, model, news),
                (other, model, others),
            ):
                total.add(counted(changed, texts))
        print(f"{labelled} labelled documents, {options.sites} sites, {max(seconds):.1f} s of CPU at most")
        print(shown("other documents of the site", Measured.of(before), Measured.of(after)))
        print(shown("clean news", clean_before, Measured.of(clean)))
        print(shown("noise of other sites", others_before, Measured.of(other)), flush=True)


if __name__ == "__main__":
    main()
