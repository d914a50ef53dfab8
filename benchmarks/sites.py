"""What site memory adds to the noise model, and what it costs.

    python benchmarks/sites.py --sources DIR [--part pairs|news|built|size]

`DIR` is the folder of the corpora that `training_data/sources.toml` names.

* `pairs`: real pages of real sites, as extractors give them; each page is judged by what stands on the *other* pages of
  its site (one to three; leave-one-page-out). Fewer than `cleaner sites learn` asks for, so this says what such
  evidence is worth, and what it harms. The model's own figures are given beside it, also at a budget with which it
  loses as much.
* `news`: clean news, each source as one site: the rules are learnt from some of its articles and applied to the
  others; every word that goes is lost.
* `built`: sites with many pages, made of a real page's furniture around other articles: lines that the site's other
  real page has too stand on every page, other noise lines are those of other sites. Learnt from 5 to 100 pages,
  measured on 10 others.
* `size`: gathering made pages of one site and of many: pages a second, and the peak of memory so far (most of it is the
  corpus itself).
"""

from __future__ import annotations

import argparse
import random
import resource
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

from cleaner import CleanConfig, Cleaner, sources
from cleaner.config import NoiseConfig
from cleaner.dataset import Document, Labelled
from cleaner.edits import Edit
from cleaner.evaluate.noise import Tally, tally
from cleaner.noise import NoiseStage
from cleaner.pipeline import Stage
from cleaner.result import CleanResult
from cleaner.sites.amend import amended
from cleaner.sites.pages import Sample, lines_of
from cleaner.sites.patterns import Pattern, folded
from cleaner.sites.recurrence import Learned, is_protected, learned
from cleaner.sites.rules import Repeated, SiteRules

BUDGET = 2.0
EXTRACTORS = ("bs4", "inscriptis", "ptags", "readability", "trafilatura", "newspaper4k")


class Silent:
    """A noise stage that finds nothing: what is left is what the rules of the site find."""

    name = "noise"

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        return [() for _ in texts]

    def threshold(self, edit: Edit) -> float:
        return 0.5


class Sited:
    """A stage amended by the rules for each text, in order of the texts."""

    def __init__(self, stage: Stage, rules: dict[str, SiteRules]) -> None:
        self.stage = stage
        self.name = stage.name
        self._rules = rules

    def propose(self, texts: Sequence[str]) -> list[tuple[Edit, ...]]:
        proposals = self.stage.propose(texts)
        return [
            amended(self.stage, text, edits, self._rules[text]) if text in self._rules else edits
            for text, edits in zip(texts, proposals, strict=True)
        ]

    def threshold(self, edit: Edit) -> float:
        return self.stage.threshold(edit)


def run(stage: Stage, documents: Sequence[Document]) -> list[CleanResult]:
    """Clean in one pass, so that what one pass takes out is what is measured."""
    return list(Cleaner(CleanConfig(stages=("noise",)), [stage]).clean_many(d.text for d in documents))


def shown(name: str, total: Tally) -> str:
    """Recall of noise words and clean words lost, in one line."""
    recall = total.removed["kind:r"] / max(total.words["kind:r"], 1)
    return f"  {name:34} recall {recall:.3f}   lost {1e4 * total.lost / max(total.clean_words, 1):7.1f} per 10,000"


def noise_stage(budget: float = BUDGET) -> Stage:
    """The stage as shipped."""
    return NoiseStage(replace(NoiseConfig(), budget=budget))


# --- pairs ----------------------------------------------------------------------------------------------------------


def pairs(corpora: Path) -> None:
    """Real pages, judged by the other pages of their sites."""
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for corpus in ("andy", "wcxb"):
        for page in sources.read_jsonl(corpora / "noise" / f"{corpus}.dev.jsonl.xz"):
            pages[page["domain"]].append(page)
    for extractor in EXTRACTORS:
        documents, rules = [], {}
        for group in pages.values():
            found = [p for p in group if p["outputs"].get(extractor)]
            for page in found if len(found) > 1 else ():
                document = sources.residue_document(page, extractor)
                others = [sources.residue_document(p, extractor).text for p in found if p is not page]
                documents.append(document)
                rules[document.text] = SiteRules(repeated=by_hand(others))
        print(f"{extractor}: {len(documents)} pages of {sum(len(g) > 1 for g in pages.values())} sites")
        both = tally(documents, run(Sited(noise_stage(), rules), documents))
        print(shown("model", tally(documents, run(noise_stage(), documents))))
        print(shown("one other page alone", tally(documents, run(Sited(Silent(), rules), documents))))
        print(shown("both", both))
        for budget in (5.0, 20.0):
            total = tally(documents, run(noise_stage(budget), documents))
            print(shown(f"model, budget {budget:g}", total))


def by_hand(others: Sequence[str]) -> Repeated:
    """What would be learnt from few pages if one sighting were enough: whole lines, without what is protected."""
    lines: dict[str, int] = {}
    for other in others:
        lines |= dict.fromkeys(
            (folded(line) for line in lines_of(other) if len(line.split()) > 1 and not is_protected(folded(line))),
            len(others),
        )
    return Repeated(len(others), lines)


# --- clean news -----------------------------------------------------------------------------------------------------


def news(corpora: Path) -> None:
    """Clean news: what is lost."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for name in ("clean_lm", "clean_dev", "clean_spare"):
        for host in sources.news_hosts(corpora, name):
            by_source[host.source].append(host.text)
    for part in ("train", "dev"):
        for host in sources.injection_hosts(corpora, part):
            by_source[f"{host.source} (injected/)"].append(host.text)
    for source, texts in sorted(by_source.items()):
        random.Random(5).shuffle(texts)
        for count in (5, 10, 20, 50, 200):
            if len(texts) < count + 50:
                continue
            clean = lost = sites = 0
            gone: set[str] = set()
            for start in range(0, min(len(texts) - count, 10 * count), count):
                found = repeated_of(learned([lines_of(text) for text in texts[start : start + count]]))
                others = [t for n, t in enumerate(texts) if not start <= n < start + count][:300]
                documents = [Document(str(n), text) for n, text in enumerate(others)]
                rules = {text: SiteRules(repeated=found) for text in others}
                results = run(Sited(Silent(), rules), documents)
                total = tally(documents, results)
                clean, lost, sites = clean + total.clean_words, lost + total.lost, sites + 1
                gone |= {mark.text.strip()[:80] for result in results for mark in result.removed}
            rate = 1e4 * lost / clean
            print(f"  {source:22} learnt from {count:3}, {sites:2} times: {rate:.3f} words lost per 10,000")
            print("".join(f"      {line}\n" for line in sorted(gone)[:4]), end="")


def repeated_of(found: Learned) -> Repeated:
    """What was learnt as it is applied."""
    frames, sentences = (tuple((Pattern.read(text), n) for text, n in rows) for rows in (found.frames, found.sentences))
    return Repeated(found.pages, dict(found.lines), frames, sentences)


# --- built sites ----------------------------------------------------------------------------------------------------


def built(corpora: Path) -> None:
    """Made sites with many pages."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for page in sources.read_jsonl(corpora / "noise" / "andy.dev.jsonl.xz"):
        groups[page["domain"]].append(page)
    articles = [h.text.split("\n") for h in sources.injection_hosts(corpora, "dev") if h.text.count("\n") > 3]
    for extractor in ("bs4", "trafilatura"):
        strange = [r[1] for g in groups.values() for r in g[0]["outputs"].get(extractor, []) if r[0] == "noise"]
        print(extractor)
        for count in (5, 10, 20, 50, 100):
            documents: list[Document] = []
            rules: dict[str, SiteRules] = {}
            for site, group in sorted(groups.items()):
                rng = random.Random(f"{site}/{count}")
                if len(group) < 2 or not all(p["outputs"].get(extractor) for p in group[:2]):
                    continue
                made = [
                    built_page(group, extractor, rng.sample(articles, 1)[0], strange, rng) for _ in range(count + 10)
                ]
                found = repeated_of(learned([lines_of(d.text) for d in made[:count]]))
                documents += made[count:]
                rules |= {d.text: SiteRules(repeated=found) for d in made[count:]}
            print(f" learnt from {count} pages")
            print(shown("model", tally(documents, run(noise_stage(), documents))))
            print(shown("site memory alone", tally(documents, run(Sited(Silent(), rules), documents))))
            print(shown("both", tally(documents, run(Sited(noise_stage(), rules), documents))))


def built_page(
    group: Sequence[dict[str, Any]], extractor: str, article: Sequence[str], strange: Sequence[str], rng: random.Random
) -> Document:
    """A page of a made site: the furniture of a real one around another article."""
    rows = [(row[0], row[1]) for row in group[0]["outputs"][extractor] if row[0] in ("keep", "noise")]
    common = {row[1] for row in group[1]["outputs"][extractor]}
    keeps = [n for n, row in enumerate(rows) if row[0] == "keep"]
    middle = keeps[len(keeps) // 2] if keeps else len(rows) // 2
    text, spans = "", []
    for n, (kind, line) in enumerate(rows):
        if n == middle:
            text += "\n".join(article) + "\n"
        if kind == "noise":
            line = line if line in common else rng.choice(strange)
            spans.append(Labelled(len(text), len(text) + len(line), "site_furniture"))
            text += line + "\n"
    return Document(f"{rng.random()}", text, tuple(spans), detail=tuple("r:residue" for _ in spans))


# --- size -----------------------------------------------------------------------------------------------------------


def size(corpora: Path) -> None:
    """Time and memory of the sample."""
    articles = [h.text for h in sources.news_hosts(corpora, "clean_lm") if h.source == "reuters"]
    for sites, pages in ((1, 20_000), (1, 200_000), (1_000, 200_000), (20_000, 1_000_000)):
        sample = Sample()
        start = process_time()
        for site, text in made_pages(articles, sites, pages):
            sample.add(site, text)
        held = sum(len(p) for p in sample.sites.values())
        rate = pages / (process_time() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  {pages} pages of {sites} sites: {held} held, level {sample.level}, {rate:.0f} pages/s, {peak:.0f} MB")


def made_pages(articles: Sequence[str], sites: int, pages: int) -> Iterator[tuple[str, str]]:
    for n in range(pages):
        yield f"site{n % sites}.example", f"{n}\n{articles[n % len(articles)]}\nFurniture of the site\n{n} comments"


PARTS = {"pairs": pairs, "news": news, "built": built, "size": size}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--part", choices=PARTS, action="append")
    options = parser.parse_args()
    for part in options.part or PARTS:
        print(f"--- {part}")
        PARTS[part](options.sources)


if __name__ == "__main__":
    main()
