"""Decode and repair beside ftfy, charset-normalizer and chardet, in one process: quality and ratios of time.

    python benchmarks/repair.py                     the project's own cases
    python benchmarks/repair.py --data FOLDER       and the sets of a folder that holds `encoding/`

Ratios are medians over documents of about 4 KB of the best of several runs; compare ratios, not times. Detectors that
are not installed are left out.
"""

from __future__ import annotations

import argparse
import base64
import importlib
import json
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import perf_counter

import ftfy

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cleaner import CleanConfig, Cleaner
from cleaner.decode import decode
from cleaner.evaluate.repair import OWN_CASES, figures
from cleaner.repair import RepairStage
from cleaner.repair.mojibake import fix_segment

HARMLESS = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False, normalization=None, explain=False
)
SIZE = 4000
DOCUMENTS = 60


def by_ftfy(text: str) -> str:
    return ftfy.fix_text(text, HARMLESS)


def best(work: Callable[[str], object], text: str, runs: int) -> float:
    """Seconds of the fastest of several runs."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        work(text)
        times.append(perf_counter() - start)
    return min(times)


def documents(lines: Iterable[str]) -> Iterator[str]:
    """Lines put together, or cut, to about SIZE characters."""
    parts: list[str] = []
    for line in lines:
        parts.append(line[:SIZE])
        if sum(map(len, parts)) >= SIZE:
            yield "\n".join(parts)
            parts = []


def speed(name: str, texts: list[str]) -> None:
    stage, cleaner = RepairStage(), Cleaner(CleanConfig(stages=("repair",)))
    of_stage, of_cleaner, differ = [], [], 0
    for text in texts:
        seconds = best(by_ftfy, text, 2)
        of_stage.append(seconds / best(lambda source: stage.propose([source]), text, 5))
        of_cleaner.append(seconds / best(cleaner.clean, text, 5))
        differ += cleaner.clean(text).text != by_ftfy(text)
    ratios = statistics.median(of_stage), statistics.median(of_cleaner)
    print(f"{name:16}{len(texts):6}{ratios[0]:12.1f}x{ratios[1]:12.1f}x{differ:10}")


def speeds(data: Path | None) -> None:
    print(f"\n{'documents':16}{'count':>6}{'stage':>13}{'Cleaner':>13}{'differ':>10}   (ratio to ftfy.fix_text)")
    if data is None:
        records = [json.loads(line) for line in OWN_CASES.read_text(encoding="utf-8").splitlines()]
        clean = [record["gold"].replace("\n", " ") for record in records]
        damaged = [record["input"] for record in records if record["kind"].startswith("moj1_cp1252")]
        speed("clean", list(documents(clean * 4))[:DOCUMENTS])
        speed("misread", list(documents(damaged * 40))[:DOCUMENTS])
        return
    for path in sorted((data / "encoding" / "speed").glob("*.txt")):
        speed(path.stem, list(documents(path.read_text(encoding="utf-8").splitlines()))[:DOCUMENTS])


def quality(data: Path | None) -> None:
    """Exact recovery by group, beside ftfy."""
    for name, value in figures(data).items():
        print(f"{name:28}{value:8.4f}")
    records = [json.loads(line) for line in OWN_CASES.read_text(encoding="utf-8").splitlines()]
    total, ours, theirs, lost = Counter[str](), Counter[str](), Counter[str](), 0
    cleaner = Cleaner(CleanConfig(stages=("repair",)))
    for record in records:
        group = record["kind"].split("_")[0]
        mine = cleaner.clean(record["input"]).text == record["gold"]
        other = by_ftfy(record["input"]) == record["gold"]
        total[group] += 1
        ours[group] += mine
        theirs[group] += other
        lost += other and not mine
    print(f"\n{'own cases':16}{'count':>6}{'here':>9}{'ftfy':>9}")
    for group in total:
        print(f"{group:16}{total[group]:6}{ours[group] / total[group]:9.3f}{theirs[group] / total[group]:9.3f}")
    print(f"solved by ftfy and not here: {lost}")


def equivalence(count: int) -> None:
    """How many of `count` made segments come out otherwise than from `ftfy.fix_encoding`."""
    rng = random.Random(7)
    records = [json.loads(line) for line in OWN_CASES.read_text(encoding="utf-8").splitlines()]
    texts = " ".join(record[side] for record in records for side in ("input", "gold"))
    words = [word for word in texts.split() if not word.isascii()]
    differ = 0
    for _ in range(count):
        text = rng.choice(("", " ", " ")).join(rng.choice(words) for _ in range(rng.randint(1, 6)))
        differ += fix_segment(text)[0] != ftfy.fix_encoding(text)
    print(f"\nsegments that differ from ftfy.fix_encoding: {differ} of {count}")


def detectors() -> Iterator[tuple[str, Callable[[bytes], str]]]:
    yield "cleaner", lambda raw: decode(raw).text
    for name, read in (("charset_normalizer", _by_normalizer), ("chardet", _by_chardet)):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        yield name, read


def _by_normalizer(raw: bytes) -> str:
    return str(importlib.import_module("charset_normalizer").from_bytes(raw).best() or "")


def _by_chardet(raw: bytes) -> str:
    return raw.decode(importlib.import_module("chardet").detect(raw)["encoding"] or "utf-8", "replace")


def mixed(data: Path) -> None:
    """Files of UTF-8 and legacy lines that are decoded exactly."""
    path = data / "encoding" / "mixed" / "files.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    print(f"\n{'mixed files':20}{'exact':>8}")
    for name, read in detectors():
        exact = sum(read(base64.b64decode(record["data"])) == record["gold"] for record in records)
        print(f"{name:20}{exact / len(records):8.3f}")


LEGACY = {"en": "cp1252", "fr": "cp1252", "de": "cp1252", "es": "cp1252", "pt": "cp1252", "pl": "cp1250",
          "ru": "cp1251", "zh": "gb18030"}  # fmt: skip
_FEW_WORDS = re.compile(r".{0,12}\S*[^\x00-\x7f]\S*.{0,12}")


def short(data: Path) -> None:
    """Texts of a few words, and of one sentence, in the usual legacy encoding of their language: decoded exactly."""
    print(f"\n{'short legacy texts':20}" + "".join(f"{lang:>8}" for lang in LEGACY))
    for name, read in detectors():
        for length in ("words", "sentence"):
            shares = []
            for lang, encoding in LEGACY.items():
                lines = (data / "encoding" / "clean" / f"{lang}.txt").read_text(encoding="utf-8").splitlines()
                found = [(line, _FEW_WORDS.search(line)) for line in lines[::3]]
                texts = [match.group() if length == "words" else line for line, match in found if match]
                raws = [(text, text.encode(encoding, "ignore")) for text in texts]
                outcomes = [_read_or_none(read, raw) == text for text, raw in raws if raw.decode(encoding) == text]
                shares.append(sum(outcomes) / len(outcomes))
            print(f"{name + ', ' + length:28}"[:28] + "".join(f"{share:8.3f}" for share in shares))


def _read_or_none(read: Callable[[bytes], str], raw: bytes) -> str | None:
    try:
        return read(raw)
    except (LookupError, UnicodeError):
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder that holds `encoding/`")
    parser.add_argument("--segments", type=int, default=20_000, help="made segments to compare with ftfy")
    arguments = parser.parse_args()
    quality(arguments.data)
    equivalence(arguments.segments)
    if arguments.data:
        mixed(arguments.data)
        short(arguments.data)
    speeds(arguments.data)


if __name__ == "__main__":
    main()
