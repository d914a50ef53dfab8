"""Scores of the typos stage: what it repairs, by kind of error, and what it breaks."""

from __future__ import annotations

import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import findall
from typing import Any

from cleaner.config import TyposConfig
from cleaner.edits import Edit, apply
from cleaner.typos import TyposStage
from cleaner.typos.counts import read_pages
from cleaner.typos.examples import unlisted_names

_DATA = Path(__file__).resolve().parents[2] / "training_data"
OWN_CASES = _DATA / "typo_cases.jsonl"
"""Sentences written for this project; the stage was developed on them."""

HELD_OUT = _DATA / "typo_held_out.jsonl"
"""Sentences written for this project that nothing was tuned on; only their figures are looked at."""

OWN_NAMES = _DATA / "typo_names.txt"
"""Names of people, places and brands from all over the world, written down for this project."""

PAGES = ("andy.dev", "wcxb.dev")
"""Files of web pages that the model was neither counted nor trained on."""

NAMED = (
    "{0} said on Monday that the talks would go on.",
    "{0} has lived there for ten years.",
    "{0} is a small place near the coast.",
    "Mr {0} was met by the mayor at the station.",
    "{0} and his wife bought the farm in spring.",
    "The people of {0} have voted.",
)

BATCH = 64


@dataclass(frozen=True, slots=True)
class Truth:
    """An error that a text is known to hold (or a place that must stay): `text[start:end]` should read `right`."""

    start: int
    end: int
    right: str
    kind: str


def figures(data: Path | None, config: TyposConfig | None = None) -> dict[str, float]:
    """Named figures of the stage.

    Args:
        data: the folder that holds `typos/`; None for the project's own sentences.
        config: settings of the stage, by default those of `strict`.

    Returns:
        recall.<kind>: share of the errors of a kind that are repaired exactly.
        precision: share of the edits on text with errors that repair one.
        kept: share of the project's sentences without an error that are left alone.
        harm: wrong edits per 10,000 words of clean text, as far as a person judged them.
        natural_fixed, natural_kept: share of labelled typos repaired, of labelled true words left alone.
        changed: edits per 10,000 words of clean text, right ones included.
        names: capitalised words of unseen web pages that no list holds; names_changed: sentences made of them, `NAMED`,
            that the stage would change.
        pages_changed: edits per 10,000 words of those pages, right ones included.
        own_names, own_names_changed: the same for the project's own names.
        held_out.<figure>: the same on the project's sentences that nothing was tuned on.

    Raises:
        OSError: a file is missing.
    """
    stage = TyposStage(config)
    if data is not None:
        return _corpus_figures(stage, data / "typos") | _page_figures(stage, data / "noise")
    held_out = {f"held_out.{name}": value for name, value in _own_figures(stage, HELD_OUT).items()}
    return _own_figures(stage, OWN_CASES) | held_out | _name_figures(stage, read_names(OWN_NAMES), "own_names")


def applied(stage: TyposStage, texts: Iterable[str]) -> Iterator[tuple[str, list[Edit]]]:
    """Each text with the edits that the stage would carry out."""
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            yield from _of_batch(stage, batch)
            batch = []
    yield from _of_batch(stage, batch)


def _of_batch(stage: TyposStage, batch: Sequence[str]) -> Iterator[tuple[str, list[Edit]]]:
    for text, edits in zip(batch, stage.propose(batch), strict=True):
        yield text, [edit for edit in edits if edit.score >= stage.threshold(edit)]


def repaired(text: str, edits: Sequence[Edit], truth: Truth) -> bool:
    """Whether the edits that touch a place turn it into the truth."""
    here = touching(edits, truth)
    if not here or here[0].start < truth.start or here[-1].end > truth.end:
        return False
    shifted = [Edit(e.start - truth.start, e.end - truth.start, e.replacement, e.stage, e.rule) for e in here]
    return apply(text[truth.start : truth.end], shifted) == truth.right


def touching(edits: Sequence[Edit], truth: Truth) -> list[Edit]:
    """The edits that share a character or an end with a place."""
    return [edit for edit in edits if edit.start <= truth.end and edit.end >= truth.start]


def words(text: str) -> int:
    """Number of words, as everywhere in this project."""
    return len(findall(r"\w+", text))


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file, packed or not."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _rates(prefix: str, hits: Counter[str], totals: Counter[str]) -> dict[str, float]:
    return {f"{prefix}.{kind}": round(hits[kind] / totals[kind], 4) for kind in sorted(totals)}


def _own_figures(stage: TyposStage, cases: Path) -> dict[str, float]:
    hits: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    wrong = right = length = 0
    kept: list[bool] = []
    rows = list(read_rows(cases))
    for row, (text, edits) in zip(rows, applied(stage, (row["input"] for row in rows)), strict=True):
        got = apply(text, edits)
        length += words(text)
        if row["input"] == row["expected"]:
            wrong += len(edits)
            kept.append(not edits)
            continue
        totals[row["kind"]] += 1
        hits[row["kind"]] += got == row["expected"]
        right += len(edits) if got == row["expected"] else 0
        wrong += len(edits) if got != row["expected"] else 0
    return {
        "harm": round(1e4 * wrong / max(1, length), 3), "precision": round(right / max(1, right + wrong), 4),
        "recall": round(hits.total() / max(1, totals.total()), 4), "kept": round(sum(kept) / max(1, len(kept)), 4),
        **_rates("recall", hits, totals),
    }  # fmt: skip


def _corpus_figures(stage: TyposStage, folder: Path) -> dict[str, float]:
    clean = {
        row["id"]: row["text"]
        for name in ("clean_dev", "clean_spare")
        for row in read_rows(folder / f"{name}.jsonl.xz")
    }
    edits = dict(zip(clean, (found for _, found in applied(stage, clean.values())), strict=True))
    return {
        **_labelled(clean, edits, folder / "labels_dev.jsonl"),
        **_synthetic(stage, clean, edits, folder),
        **_learners(stage, folder),
    }


def _page_figures(stage: TyposStage, folder: Path) -> dict[str, float]:
    """Web pages that nothing was counted or trained on, and the names in them."""
    texts = [page["text"] for name in PAGES for page in read_pages(folder / f"{name}.jsonl.xz")]
    edits = sum(len(found) for _, found in applied(stage, texts))
    names = [name for name in unlisted_names(texts, stage.known, stage.lexicon) if len(name) > 3]
    return {"pages_changed": round(1e4 * edits / max(1, sum(map(words, texts))), 3)} | _name_figures(
        stage, names, "names"
    )


def read_names(path: Path) -> list[str]:
    """The names of a file of lines "kind: name name ..."; sorted, each once."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return sorted({name for line in lines for name in line.partition(":")[2].split()})


def _name_figures(stage: TyposStage, names: Sequence[str], prefix: str) -> dict[str, float]:
    sentences = [sentence.format(name) for sentence in NAMED for name in names]
    changed = sum(bool(found) for _, found in applied(stage, sentences))
    return {prefix: len(names), f"{prefix}_changed": changed}


def _labelled(clean: dict[str, str], edits: dict[str, list[Edit]], labels: Path) -> dict[str, float]:
    """Harm and recall on the places that a person judged."""
    hits: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    harm: Counter[str] = Counter()
    for row in read_rows(labels):
        truth = Truth(row["start"], row["end"], row["right"], row["verdict"])
        here = touching(edits[row["id"]], truth)
        right = repaired(clean[row["id"]], edits[row["id"]], truth)
        if row["verdict"] == "fix":
            totals[row["type"]] += 1
            hits[row["type"]] += right
        else:
            totals["kept"] += 1
            hits["kept"] += not here
        if here and not right:
            harm[row["type"]] += len(here)
    length = sum(map(words, clean.values()))
    kept = hits.pop("kept"), totals.pop("kept")
    return {
        "changed": round(1e4 * sum(map(len, edits.values())) / length, 3),
        "harm": round(1e4 * harm.total() / length, 3),
        "natural_kept": round(kept[0] / kept[1], 4), "natural_fixed": round(hits.total() / totals.total(), 4),
        **_rates("natural_fixed", hits, totals),
        **{f"harm.{kind}": round(1e4 * harm[kind] / length, 3) for kind in sorted(harm)},
    }  # fmt: skip


def _place(text: str, edit: Edit) -> tuple[str, str, str, str]:
    """An edit by its surroundings, so that it is found again in another version of the text."""
    return (
        text[max(0, edit.start - 15) : edit.start],
        text[edit.start : edit.end],
        edit.replacement,
        text[edit.end : edit.end + 15],
    )


def _synthetic(
    stage: TyposStage, clean: dict[str, str], edits: dict[str, list[Edit]], folder: Path
) -> dict[str, float]:
    hits: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    made: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    rows = list(read_rows(folder / "synth_dev.jsonl.xz"))
    for row, (text, found) in zip(rows, applied(stage, (row["src"] for row in rows)), strict=True):
        own = {_place(clean[row["id"]], edit) for edit in edits[row["id"]]}
        good: set[Edit] = set()
        for start, end, _, right, kind in row["edits"]:
            truth = Truth(start, end, right, kind)
            totals[kind] += 1
            if repaired(text, found, truth):
                hits[kind] += 1
                good.update(touching(found, truth))
        for edit in found:
            if edit in good or _place(text, edit) not in own:
                made[edit.rule][edit in good] += 1
    right_edits, all_edits = sum(m[True] for m in made.values()), sum(m.total() for m in made.values())
    precision = {f"precision.{rule}": round(m[True] / m.total(), 4) for rule, m in sorted(made.items())}
    return {"precision": round(right_edits / max(1, all_edits), 4), **precision, **_rates("recall", hits, totals)}


def _learners(stage: TyposStage, folder: Path) -> dict[str, float]:
    """Sentences by learners: measured, never trained on. A change in a stretch that a person rewrote counts neither
    way."""
    hit = total = wrong = 0
    rows = list(read_rows(folder / "jfleg_dev.jsonl.xz"))
    for row, (text, found) in zip(rows, applied(stage, (row["src"] for row in rows)), strict=True):
        truths = [Truth(start, end, right, kind) for start, end, _, right, kind in row["edits"]]
        total += len(truths)
        hit += sum(repaired(text, found, truth) for truth in truths)
        places = [*truths, *(Truth(start, end, "", "open") for start, end in row["open"])]
        wrong += sum(not any(touching([edit], place) for place in places) for edit in found)
        wrong += sum(bool(touching(found, truth)) and not repaired(text, found, truth) for truth in truths)
    return {"recall.learners": round(hit / total, 4), "precision.learners": round(hit / max(1, hit + wrong), 4)}
