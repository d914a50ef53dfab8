"""Scores of decode and repair: what is recovered exactly, by group of damage, and what clean text is altered."""

from __future__ import annotations

import base64
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cleaner.config import CleanConfig, RepairConfig
from cleaner.decode import decode
from cleaner.pipeline import Cleaner

OWN_CASES = Path(__file__).resolve().parents[2] / "training_data" / "repair_cases.jsonl"
"""Sentences written for this project in 34 languages, damaged by a program; kinds that begin with `keep_` are clean."""

PER_KIND = 4  # cases of each kind and language that are made from a folder of clean text
SEED = 1

_GROUPS = {
    "moj1": "misread_once",
    "moj1short": "misread_short",
    "mojdoc": "misread_document",
    "moj2": "misread_twice",
    "partial": "misread_part",
    "lossy": "lossy",
    "c1": "c1_controls",
    "ent": "entities",
    "esc": "escapes",
    "inv": "invisibles",
    "nl": "line_ends",
    "keep": "keep",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A text before and after repair; the same twice where it is clean."""

    kind: str
    source: str
    gold: str


def figures(data: Path | None, config: RepairConfig | None = None) -> dict[str, float]:
    """Named figures of decoding and of the stage.

    Args:
        data: the folder that holds `encoding/`; None for the project's own cases.
        config: settings of the stage.

    Returns:
        exact.<group>: share of the damaged texts of a group that are repaired exactly.
        exact: the same for all damaged texts.
        altered: share of the clean texts that come out changed.
        unsettled: share of all texts that a second cleaning changes again.
        mixed: share of the files of several encodings that are decoded exactly (with `data` only).
        detected: share of the files in one legacy encoding that are decoded exactly (with `data` only).

    Raises:
        OSError: a file is missing.
    """
    cleaner = Cleaner(CleanConfig(stages=("repair",), repair=config or RepairConfig()))
    cases = _own_cases() if data is None else _made_cases(data / "encoding")
    result = _repair_figures(cleaner, cases)
    if data is not None:
        result["mixed"] = _share(_mixed_files(data / "encoding" / "mixed" / "files.jsonl"))
        result["detected"] = _share(_sample_files(data / "encoding" / "detection"))
    return result


def _repair_figures(cleaner: Cleaner, cases: Iterable[Case]) -> dict[str, float]:
    total: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    unsettled = 0
    for case in cases:
        group = _GROUPS.get(case.kind.split("_")[0], case.kind)
        text = cleaner.clean(case.source).text
        total[group] += 1
        exact[group] += text == case.gold
        unsettled += cleaner.clean(text).text != text
    damaged = [group for group in total if group != "keep"]
    shares = {f"exact.{group}": exact[group] / total[group] for group in damaged}
    shares["exact"] = sum(exact[group] for group in damaged) / max(sum(total[group] for group in damaged), 1)
    shares["altered"] = 1 - exact["keep"] / max(total["keep"], 1)
    shares["unsettled"] = unsettled / max(sum(total.values()), 1)
    return shares


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _own_cases() -> Iterator[Case]:
    for record in _records(OWN_CASES):
        yield Case(record["kind"], record["input"], record["gold"])


def _made_cases(folder: Path) -> Iterator[Case]:
    """Cases made from the folder's clean sentences by the generator that lies beside them."""
    spec = importlib.util.spec_from_file_location("make_mojibake", folder / "make_mojibake.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "make_mojibake.py")
    generator = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = generator  # its dataclasses look themselves up there
    spec.loader.exec_module(generator)
    for path in sorted((folder / "clean").glob("*.txt")):
        sentences = path.read_text(encoding="utf-8").splitlines()
        for case in generator.generate(path.stem, sentences, SEED, PER_KIND):
            yield Case(case["kind"], case["input"], case["gold"])


def _mixed_files(path: Path) -> Iterator[bool]:
    for record in _records(path):
        yield decode(base64.b64decode(record["data"])).text == record["gold"]


def _sample_files(folder: Path) -> Iterator[bool]:
    for record in _records(folder / "manifest.jsonl"):
        text = decode((folder / record["path"]).read_bytes()).text
        digests = {sha256((mark + text).encode()).hexdigest() for mark in ("", "\ufeff")}
        yield record["gold_sha256"] in digests


def _share(outcomes: Iterable[bool]) -> float:
    counted = list(outcomes)
    return sum(counted) / max(len(counted), 1)
