"""The whole product beside its peers, where its time goes, and how time and memory grow with the input.

    python benchmarks/throughput.py --data DIR              peers, and the profile
    python benchmarks/throughput.py --data DIR --growth     and growth, to 200 MB (some minutes)

`DIR` holds `typos/clean_dev.jsonl.xz`, clean English news; without it the project's own articles are taken. Documents
of about 4 KB are put together from different articles, and no document comes twice, so nothing gains from a cache.
Peers are installed by hand: `pip install symspellpy clean-text datatrove spacy`; those that are missing are left out.
All run in one process on one core, each on one block of documents after the other; what is printed is the median over
the blocks of the ratio of CPU times. Compare ratios, not times. All of it runs in one thread: idle threads of
libraries spin, and would count as time of whatever is measured then.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from pathlib import Path

from peers import Tool, lines_to_learn, peers, product, quality, quality_sets, rows

from cleaner import Cleaner

ROOT = Path(__file__).resolve().parents[1]
SIZE = 4000
BLOCKS = 3
"""Few, as a stream of documents is cleaned many at a time."""


# ------------------------------------------------------------------------------------------------------------ documents


def articles(data: Path | None) -> Iterator[str]:
    """Clean English articles."""
    if data is None:
        for path in sorted((ROOT / "training_data").glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                yield json.loads(line).get("text", "")
        return
    yield from (row["text"] for row in rows(data / "typos" / "clean_dev.jsonl.xz"))


def documents(texts: Iterable[str], size: int = SIZE) -> list[str]:
    """Articles put together to documents of at least `size` characters, long ones cut; each article once."""
    made, parts = [], []
    for text in texts:
        parts.append(text[: text.find(" ", size)] if len(text) > size + 200 else text)
        if sum(map(len, parts)) >= size:
            made.append("\n\n".join(parts))
            parts = []
    return made


def kinds(data: Path | None) -> dict[str, list[str]]:
    """Documents by kind: with curly quotes and other signs, and pure ASCII."""
    texts = [text for text in articles(data) if text]
    return {
        "news with curly quotes": documents(text for text in texts if not text.isascii()),
        "pure ASCII": documents(text for text in texts if text.isascii()),
    }


# ---------------------------------------------------------------------------------------------------------- comparison


GOALS = {"ftfy.fix_text": (1.0, 0.5), "symspellpy, a word": (3.0, 3.0), "clean-text": (3.0, 3.0)}
GOALS |= {"datatrove C4 filter": (8.0, 8.0), "tf-idf char 2-5 + LR": (5.0, 5.0)}
"""How many times as fast as each peer the product should be: on news with curly quotes, and on ASCII."""


def seconds(tool: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    """CPU time; without garbage collection, as `timeit` measures: it goes through all objects of all tools, and whose
    call it falls into is chance."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        tool(texts)
        return time.process_time() - start
    finally:
        gc.enable()


def compare(data: Path | None, most: int) -> None:
    """One table of the product and its peers: ratios of speed, and what each of them makes better and worse."""
    texts = kinds(data)
    tools = dict(peers(lines_to_learn(data, [text for some in texts.values() for text in some[:20]])))
    ratios = {name: [] for name in tools}
    for kind, some in texts.items():
        for name, ratio in speeds(kind, some, tools, most).items():
            ratios[name].append(ratio)
    sets = quality_sets(data) if data else {}
    heads = ("news", "goal", "ASCII", "goal", *(f"{name} gone" for name in sets if name != "clean"), "clean changed")
    print(f"\n{'':24}" + "".join(f"{head:>15}" for head in heads[: None if sets else 4]))
    for name, tool in {"cleaner": product(), **tools}.items():
        cells = [
            f"{cell:.2f}x" for pair in zip(ratios.get(name, ()), GOALS.get(name, ()), strict=True) for cell in pair
        ]
        found = quality(tool, sets)
        cells = (cells or [""] * 4) + [f"{v:.1f}" if kind == "clean" else f"{v:.0%}" for kind, v in found.items()]
        print(f"{name:24}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


def speeds(kind: str, texts: Sequence[str], tools: Mapping[str, Tool], most: int) -> dict[str, float]:
    """How many times as fast as each tool the product is, the median over the blocks."""
    ours = product()
    ours(texts[:20])  # load what is loaded late
    texts = texts[20 : 20 + most]
    blocks = [texts[n::BLOCKS] for n in range(BLOCKS) if texts[n::BLOCKS]]
    pairs: dict[str, list[float]] = {name: [] for name in tools}
    own: list[float] = []
    for block in blocks:
        mine = seconds(ours, block)
        own.append(sum(map(len, block)) / 1e6 / mine)
        for name, tool in tools.items():
            pairs[name].append(seconds(tool, block) / mine)
    size = sum(map(len, texts)) / max(len(texts), 1)
    print(f"{kind}: {len(texts)} documents of {size:.0f} characters; product {statistics.median(own):.2f} MB/s")
    return {name: statistics.median(found) for name, found in pairs.items()}


def profile(data: Path | None, most: int) -> None:
    """CPU time of each stage, and what the pipeline itself takes."""
    for kind, texts in kinds(data).items():
        cleaner = Cleaner()
        list(cleaner.clean_many(texts[:3]))
        some = texts[20 : 20 + most]
        spent: dict[str, float] = {}
        seen: dict[str, int] = {}
        for stage in cleaner.stages:
            for method in ("propose", "review"):
                if ask := getattr(stage, method, None):
                    object.__setattr__(stage, method, _timed(stage.name, ask, spent, seen))
        total = seconds(lambda some, cleaner=cleaner: list(cleaner.clean_many(some)), some)
        parts = {**spent, "pipeline": total - sum(spent.values())}
        once = sum(map(len, some))
        print(
            f"\n{kind}: " + ", ".join(f"{name} {share / total:.1%}" for name, share in parts.items()) + "; "
            "looked at more than once: " + ", ".join(f"{name} {size / once - 1:.1%}" for name, size in seen.items())
        )


def _timed(
    name: str, ask: Callable[[Sequence[Sized]], object], spent: dict[str, float], seen: dict[str, int]
) -> object:
    def timed(texts: Sequence[Sized]) -> object:
        before, looked, start = spent.get(name, 0.0), seen.get(name, 0), time.process_time()
        edits = ask(texts)
        spent[name] = before + time.process_time() - start  # once, where one method calls the other
        seen[name] = looked + sum(map(len, texts))
        return edits

    return timed


# --------------------------------------------------------------------------------------------------------------- growth


MEASURED = """
import re, sys, time
from cleaner.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
finally:
    peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
    print(time.process_time(), int(peak[1]) / 1024, file=sys.stderr)
"""


def run(folder: Path, *arguments: str) -> tuple[float, float]:
    """CPU seconds and peak memory in MB of a command line."""
    process = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    cpu, memory = process.stderr.split()[-2:]
    return float(cpu), float(memory)


def growth(data: Path | None, largest: int) -> None:
    """Time and memory against the size of a file of records, and time against the size of a document."""
    texts = [text for documents_ in kinds(data).values() for text in documents_]
    print(f"\n{'file':>8}{'stages':>8}{'s':>9}{'s/MB':>8}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for stages in (["--only", "repair"], []):
            for megabytes in (size for size in (1, 10, 50, 200) if size <= largest):
                write_records(folder / "in.jsonl", texts, megabytes)
                cpu, memory = run(folder, "clean", "in.jsonl", "-o", "out.jsonl", "-q", *stages)
                kind = "repair" if stages else "all"
                print(f"{megabytes:5} MB{kind:>8}{cpu:9.1f}{cpu / megabytes:8.2f}{memory:9.0f}", flush=True)
    cleaner = Cleaner()
    list(cleaner.clean_many(texts[:3]))
    print(f"\n{'document':>10}{'MB/s':>8}")
    whole = "\n\n".join(texts)
    for size in (300, 1_000, 4_000, 30_000, 300_000, 1_000_000):
        some = [whole[at : at + size] for at in range(0, min(len(whole), max(size, 600_000)), size)]
        spent = seconds(lambda some: list(cleaner.clean_many(some)), some)
        print(f"{size:10,}{sum(map(len, some)) / 1e6 / spent:8.2f}")


def write_records(path: Path, texts: Sequence[str], megabytes: int) -> None:
    """A file of records of this size; where texts are few they come again, each time with another number in front."""
    written = number = 0
    with path.open("wb") as stream:
        while written < megabytes * 1_000_000:
            row = {"id": number, "text": f"{number}. {texts[number % len(texts)]}"}
            written += stream.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            number += 1


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="the folder that holds `typos/`")
    parser.add_argument("--documents", type=int, default=300, help="documents of each kind")
    parser.add_argument("--growth", action="store_true", help="also time and memory against size")
    parser.add_argument("--largest", type=int, default=200, help="MB of the largest file")
    options = parser.parse_args()
    compare(options.data, options.documents)
    profile(options.data, options.documents)
    if options.growth:
        growth(options.data, options.largest)


def in_one_thread() -> None:
    """Start the program again with OMP_NUM_THREADS=1, unless it is set: libraries read it when they are imported."""
    if "OMP_NUM_THREADS" not in os.environ:
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "OMP_NUM_THREADS": "1"})


if __name__ == "__main__":
    in_one_thread()
    main()
