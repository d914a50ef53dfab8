"""Readers for the corpora that `training_data/sources.toml` names. They stay where they are: nothing of them is copied.

Each reader takes the folder given with `--sources` and yields what training and measuring need: clean articles
(`Host`),
found noise (`Found`), or labelled documents (`Document`).
"""

from __future__ import annotations

import gzip
import json
import lzma
import random
import re
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path
from typing import Any, TextIO, cast

from cleaner.dataset import Document, Labelled, document_from
from cleaner.errors import DataError
from cleaner.hosts import Host
from cleaner.vocabulary import Found

IGNORE = "?"
"""Label of a span that counts neither as article nor as noise: its label is in doubt."""


UNSEEN = ("abc-au", "ptc", "fakenewsnet-fake")
"""Sources of the news corpus that no noise model is trained on: their articles measure it."""
UNSEEN_CLEAN = ("abc-au",)
"""Those of them whose articles hold hardly any noise of their own; the others would count true finds as harm."""
IN_INJECTION = ("bbc", "basil")
"""Sources of the news corpus that the injection corpus holds too, in a split of its own."""


FAULTS = frozenset(("721a9e79f3fca593", "1819242e3d39855d", "7406ad140738f4bb", "40033e89988eb808"))
"""The first 16 digits of the MD5 of lines that are no article text although they stand in a clean article of a trusted
source: a poll, a pointer, a line of a menu, two buttons."""


def has_fault(text: str) -> bool:
    """Whether one of the lines is a known fault of its source."""
    lines = (line.strip().encode("utf-8", "surrogatepass") for line in text.split("\n"))
    return any(md5(line).hexdigest()[:16] in FAULTS for line in lines)


def open_text(path: Path) -> TextIO:
    """Open a text file that may be compressed (.gz, .xz).

    Raises:
        DataError: there is no such file.
    """
    opener: Any = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    try:
        return cast(TextIO, opener(path, "rt", encoding="utf-8"))
    except OSError as error:
        raise DataError(
            f"{path}: {error.strerror}; --sources must be the folder that holds injected/, noise/ and typos/"
        ) from error


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    with open_text(path) as stream:
        for line in stream:
            yield json.loads(line)


def injection_hosts(folder: Path, part: str) -> list[Host]:
    """The clean articles of `injected/`; part "train" or "dev"."""
    rows = read_jsonl(folder / "injected" / "hosts_train.jsonl.gz")
    return [Host(r["id"], r["text"], r["source"]) for r in rows if r["part"] == part]


def news_hosts(folder: Path, name: str, sources: tuple[str, ...] = ()) -> list[Host]:
    """The clean articles of `typos/`; name "clean_lm", "clean_dev" or "clean_spare"; only `sources`, where given."""
    rows = read_jsonl(folder / "typos" / f"{name}.jsonl.xz")
    return [Host(r["id"], r["text"], r["source"]) for r in rows if not sources or r["source"] in sources]


def injected_documents(folder: Path, name: str) -> list[Document]:
    """The labelled documents of `injected/`; name "train", "dev" or "modelled_dev"."""
    path = folder / "injected" / (f"{name}.jsonl" if name.startswith("modelled") else f"{name}.jsonl.gz")
    return [
        document_from({**row, "id": f"{name}-{row['id']}", "site": row.get("host", row["id"])})
        for row in read_jsonl(path)
    ]


def found_noise(folder: Path) -> Found:
    """The pools of `injected/`: headlines, comments, lines and runs of lines of real pages."""
    with open_text(folder / "injected" / "pools_train.json.gz") as stream:
        pools = json.load(stream)
    spam = [("comment_spam", text) for text in pools["comments"]] + [("advert", text) for text in pools["sms"]]
    return Found(
        headlines=tuple(pools["headlines"]),
        fragments=tuple((label, text) for label, text in pools["short_lines"]),
        sentences=tuple((label, text) for label, text in pools["promo_lines"]),
        spam=tuple(spam),
        blocks=tuple((label, "\n".join(lines)) for label, lines in pools["runs"]),
    )


PAGE_EXTRACTORS = ("bs4", "inscriptis", "ptags")
"""These deliver the whole page; what they give is judged by the page side of the model."""
ARTICLE_EXTRACTORS = ("justext", "goose3", "newspaper4k", "readability", "trafilatura", "trafilatura_recall")
"""These look for the article and leave little else."""
EXTRACTORS = PAGE_EXTRACTORS + ARTICLE_EXTRACTORS


def residue_documents(
    folder: Path, corpus: str, part: str, extractors: tuple[str, ...], outputs: int = 1, seed: int = 7
) -> Iterator[Document]:
    """Real extractors' output as labelled documents, with or without blank lines.

    Args:
        corpus: "andy", "wcxb" or "chinese".
        part: "train" or "dev".
        extractors: of which to draw.
        outputs: how many of them at most for one page.
        seed: of the draw.
    """
    rng = random.Random(seed)
    for page in read_jsonl(folder / "noise" / f"{corpus}.{part}.jsonl.xz"):
        names = [name for name in extractors if page["outputs"].get(name)]
        if not names:
            continue
        # One is drawn as it always was: the article side of the shipped model learnt from these.
        for name in [rng.choice(names)] if outputs == 1 else rng.sample(names, min(outputs, len(names))):
            yield residue_document(page, name, rng.choice(["\n", "\n", "\n\n"]))


def is_residue(document: Document) -> bool:
    """Whether a document is such an output."""
    return "/" in document.source


def gold_hosts(folder: Path, corpus: str) -> list[Host]:
    """The article texts of the pages, every other one under its headline: blogs and guides, with headings and lists."""
    hosts = []
    for number, page in enumerate(read_jsonl(folder / "noise" / f"{corpus}.train.jsonl.xz")):
        lines = [line.strip() for line in page["gold_text"][:MOST_GOLD].split("\n") if line.strip()]
        headline = [page["title"]] if number % 2 and page["title"] and page["title"] not in lines else []
        hosts.append(Host(page["id"], "\n".join(headline + lines), corpus, page["domain"]))
    return [host for host in hosts if len(host.text) > 200]


MOST_GOLD = 6000
"""Characters taken of one gold text, so that a few endless guides do not outweigh the news."""


def residue_document(page: dict[str, Any], extractor: str, joiner: str = "\n") -> Document:
    """One extractor's output for one page, with its noise as spans (doubtful lines as `IGNORE`)."""
    spans: list[Labelled] = []
    length = 0
    rows = page["outputs"][extractor]
    for row in rows:
        kind, line = row[0], row[1]
        for start, end, label in _line_spans(page["corpus"], kind, line, row[2] if len(row) > 2 else None):
            spans.append(Labelled(length + start, length + end, label))
        length += len(line) + len(joiner)
    text = joiner.join(row[1] for row in rows)
    return Document(
        f"{page['id']}/{extractor}", text, tuple(spans), source=f"{page['corpus']}/{extractor}", site=page["domain"],
        group=page["domain"],
        detail=tuple("r:residue" for _ in spans),
    )  # fmt: skip


_CREDIT = re.compile(r"\b(photo|image|picture|credit|getty|ap photo|reuters)\b", re.IGNORECASE)


def _line_spans(corpus: str, kind: str, line: str, more: dict[str, Any] | None) -> list[tuple[int, int, str]]:
    if kind == "keep" or not line:
        return []
    if kind == "mixed" and more:
        return [
            (start, end, "site_furniture") for start, end, label in more["spans"] if label == "noise" and end > start
        ]
    doubtful = kind != "noise" or (corpus == "wcxb" and (_is_prose(line) or _CREDIT.search(line) is not None))
    return [(0, len(line), IGNORE if doubtful else "site_furniture")]


def _is_prose(line: str) -> bool:
    """Gold texts of this corpus miss parts of some articles, so whole sentences called noise are doubtful."""
    return len(line.split()) >= 20 and line.rstrip()[-1:] in '.!?”"'
