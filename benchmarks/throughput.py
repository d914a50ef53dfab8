"""The whole product beside its peers, where its time goes, and how time and memory grow with the input.

    python benchmarks/throughput.py --data DIR              peers, and the profile
    python benchmarks/throughput.py --data DIR --growth     and growth, to 200 MB (some minutes)

`DIR` holds `typos/clean_dev.jsonl.xz`, clean English news; without it the project's own articles are taken. Documents
of about 4 KB are put together from different articles, and no document comes twice, so nothing gains from a cache.
Peers are installed by hand: `pip install symspellpy clean-text datatrove spacy`; those that are missing are left out.
All run in one process on one core, each on one block of documents after the other; what is printed is the median over
the blocks of the ratio of CPU times. Compare ratios, not times. For one thread set OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path

import ftfy

from cleaner import Cleaner

ROOT = Path(__file__).resolve().parents[1]
SIZE = 4000
BLOCKS = 7

Tool = Callable[[Sequence[str]], object]


# ------------------------------------------------------------------------------------------------------------ documents


def articles(data: Path | None) -> Iterator[str]:
    """Clean English articles."""
    if data is None:
        for path in sorted((ROOT / "training_data").glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                yield json.loads(line).get("text", "")
        return
    with lzma.open(data / "typos" / "clean_dev.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


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


# ---------------------------------------------------------------------------------------------------------------- tools


def product() -> Tool:
    """All stages, with everything that ledger and report need."""
    cleaner = Cleaner()
    return lambda texts: [result.changes for result in cleaner.clean_many(texts)]


def by_ftfy() -> Tool:
    return lambda texts: [ftfy.fix_text(text) for text in texts]


def by_symspell() -> Tool:
    """symspellpy, one lookup a word."""
    from symspellpy import SymSpell, Verbosity

    spell = SymSpell(max_dictionary_edit_distance=2)
    spell.load_dictionary(str(resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)
    word = re.compile(r"[A-Za-z']+")

    def run(texts: Sequence[str]) -> object:
        return [
            [spell.lookup(w.lower(), Verbosity.TOP, 2, include_unknown=True) for w in word.findall(text)]
            for text in texts
        ]

    return run


def by_clean_text() -> Tool:
    from cleantext import clean

    return lambda texts: [clean(text) for text in texts]


def by_datatrove() -> Tool:
    """datatrove's C4 quality filter."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter

    quality = C4QualityFilter(filter_no_terminal_punct=False)
    return lambda texts: [quality.filter(Document(text=text, id="")) for text in texts]


def by_tfidf(examples: Sequence[str]) -> Tool:
    """Character n-grams and a linear model, the usual text classifier."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 5))
    rows = vectors.fit_transform(examples)
    model = LogisticRegression(max_iter=30).fit(rows, [n % 2 for n in range(len(examples))])
    return lambda texts: model.predict_proba(vectors.transform(texts))


GOALS = {"ftfy.fix_text": (1.0, 0.5), "symspellpy, a word": (3.0, 3.0), "clean-text": (3.0, 3.0)}
GOALS |= {"datatrove C4 filter": (8.0, 8.0), "tf-idf char 2-5 + LR": (5.0, 5.0)}
"""How many times as fast as each peer the product should be: on news with curly quotes, and on ASCII."""


def peers(examples: Sequence[str]) -> Iterator[tuple[str, Tool]]:
    """The peers that are installed."""
    makers: dict[str, Callable[[], Tool]] = {
        "ftfy.fix_text": by_ftfy,
        "symspellpy, a word": by_symspell,
        "clean-text": by_clean_text,
        "datatrove C4 filter": by_datatrove,
        "tf-idf char 2-5 + LR": lambda: by_tfidf(examples),
    }
    for name, make in makers.items():
        try:
            tool = make()
            tool(examples[:3])  # load what is loaded late
            yield name, tool
        except ImportError as error:
            print(f"  {name}: not installed ({error})")


def seconds(tool: Tool, texts: Sequence[str]) -> float:
    start = time.process_time()
    tool(texts)
    return time.process_time() - start


def compare(data: Path | None, most: int) -> None:
    """The table of ratios."""
    for place, (kind, texts) in enumerate(kinds(data).items()):
        examples, texts = texts[:20], texts[20 : 20 + most]
        blocks = [texts[n::BLOCKS] for n in range(BLOCKS) if texts[n::BLOCKS]]
        if not blocks:
            continue
        ours = product()
        tools = list(peers(examples))
        ours(examples[:3])
        times: dict[str, list[tuple[float, float]]] = {name: [] for name, _ in tools}
        own: list[float] = []
        for block in blocks:
            mine = seconds(ours, block)
            own.append(sum(map(len, block)) / 1e6 / mine)
            for name, tool in tools:
                times[name].append((seconds(tool, block), mine))
        size = sum(map(len, texts)) / len(texts)
        print(f"\n{kind}: {len(texts)} documents of {size:.0f} characters; product {statistics.median(own):.2f} MB/s")
        for name, pairs in times.items():
            ratio = statistics.median(theirs / mine for theirs, mine in pairs)
            goal = GOALS[name][place]
            print(f"  {name:24}{ratio:7.2f}x   goal {goal:g}x{'' if ratio >= goal else '   MISSED'}")


def profile(data: Path | None, most: int) -> None:
    """CPU time of each stage, and what the pipeline itself takes."""
    for kind, texts in kinds(data).items():
        cleaner = Cleaner()
        list(cleaner.clean_many(texts[:3]))
        some = texts[20 : 20 + most]
        spent: dict[str, float] = {}
        seen: dict[str, int] = {}
        for stage in cleaner.stages:
            object.__setattr__(stage, "propose", _timed(stage.name, stage.propose, spent, seen))
        total = seconds(lambda some, cleaner=cleaner: list(cleaner.clean_many(some)), some)
        parts = {**spent, "pipeline": total - sum(spent.values())}
        once = sum(map(len, some))
        print(
            f"\n{kind}: " + ", ".join(f"{name} {share / total:.1%}" for name, share in parts.items()) + "; "
            "looked at more than once: " + ", ".join(f"{name} {size / once - 1:.1%}" for name, size in seen.items())
        )


def _timed(
    name: str, propose: Callable[[Sequence[str]], object], spent: dict[str, float], seen: dict[str, int]
) -> object:
    def timed(texts: Sequence[str]) -> object:
        start = time.process_time()
        edits = propose(texts)
        spent[name] = spent.get(name, 0.0) + time.process_time() - start
        seen[name] = seen.get(name, 0) + sum(map(len, texts))
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
        for stages, sizes in ((["--only", "repair"], (1, 10, 50, 200)), ([], (1, 10))):
            for megabytes in (size for size in sizes if size <= largest):
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
    parser.add_argument("--documents", type=int, default=140, help="documents of each kind")
    parser.add_argument("--growth", action="store_true", help="also time and memory against size")
    parser.add_argument("--largest", type=int, default=200, help="MB of the largest file")
    options = parser.parse_args()
    compare(options.data, options.documents)
    profile(options.data, options.documents)
    if options.growth:
        growth(options.data, options.largest)


if __name__ == "__main__":
    main()
