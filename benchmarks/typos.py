"""The typos stage beside other spell checkers: what they change in clean news, what they repair, how fast they are.

    python benchmarks/typos.py --data DIR [--documents 300] [--tools cleaner,symspellpy,pyspellchecker,codespell,aspell]

`DIR` holds the folder `typos` (clean_dev, synth_dev). The other tools come with the extra `bench`, and
`aspell` from the system; what is missing is left out. Every tool gets the same texts in the same run. Speeds are CPU
time of one process (for aspell, of the child process), the median of alternating runs, each over documents that the
tool has not seen before; compare ratios only. symspellpy looks up each word, at its default distance of 2 and at 1.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import resource
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from statistics import median

from cleaner.edits import Edit, apply
from cleaner.typos import TyposStage

BATCH = 64
"""Documents that a tool gets at a time."""

ROUNDS = 5
WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
Tool = Callable[[Sequence[str]], list[list[Edit]]]


@dataclass(frozen=True, slots=True)
class Error:
    """An error put into a text: `text[start:end]` should read `right`."""

    start: int
    end: int
    right: str
    kind: str


def cleaner_tool() -> Tool:
    """This project."""
    stage = TyposStage()

    def run(texts: Sequence[str]) -> list[list[Edit]]:
        return [[e for e in edits if e.score >= stage.threshold(e)] for edits in stage.propose(texts)]

    return run


def by_word(correct: Callable[[str], str]) -> Tool:
    """A tool that looks at one word at a time; capitals are put back."""

    def run(texts: Sequence[str]) -> list[list[Edit]]:
        return [[e for m in WORD.finditer(text) if (e := one(m)) is not None] for text in texts]

    def one(match: re.Match[str]) -> Edit | None:
        word = match.group()
        right = correct(word.lower())
        if right == word.lower():
            return None
        return Edit(match.start(), match.end(), right.capitalize() if word[0].isupper() else right, "typos", "other")

    return run


def symspellpy_tool(distance: int) -> Tool:
    """symspellpy, `lookup` of each word."""
    from symspellpy import SymSpell, Verbosity

    spell = SymSpell(max_dictionary_edit_distance=distance)
    spell.load_dictionary(str(resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)

    def correct(word: str) -> str:
        found = spell.lookup(word, Verbosity.TOP, max_edit_distance=distance)
        return found[0].term if found else word

    return by_word(correct)


def pyspellchecker_tool() -> Tool:
    """pyspellchecker at distance 1."""
    from spellchecker import SpellChecker

    spell = SpellChecker(distance=1)
    return by_word(lambda word: spell.correction(word) or word)


def codespell_tool() -> Tool:
    """codespell's dictionary, entries with one repair."""
    table = {}
    for line in (resources.files("codespell_lib") / "data" / "dictionary.txt").read_text(encoding="utf-8").splitlines():
        wrong, _, right = line.partition("->")
        if "," not in right:
            table[wrong] = right
    return by_word(lambda word: table.get(word, word))


def aspell_tool() -> Tool:
    """aspell, its first suggestion for each unknown word."""
    if shutil.which("aspell") is None:
        raise ModuleNotFoundError("aspell")

    def run(texts: Sequence[str]) -> list[list[Edit]]:
        words = sorted({m.group() for text in texts for m in WORD.finditer(text)})
        done = subprocess.run(
            ["aspell", "-a", "--lang=en"],
            input="\n".join(f"^{w}" for w in words),
            capture_output=True,
            text=True,
            check=True,
        )
        answers = [line for line in done.stdout.splitlines()[1:] if line]
        table = {line.split()[1]: line.partition(": ")[2].split(", ")[0] for line in answers if line[0] == "&"}
        return [
            [
                Edit(match.start(), match.end(), table[match.group()], "typos", "other")
                for match in WORD.finditer(text)
                if match.group() in table
            ]
            for text in texts
        ]  # fmt: skip

    return run


TOOLS: dict[str, Callable[[], Tool]] = {
    "cleaner": cleaner_tool, "symspellpy": partial(symspellpy_tool, 2), "symspellpy-1": partial(symspellpy_tool, 1),
    "pyspellchecker": pyspellchecker_tool, "codespell": codespell_tool, "aspell": aspell_tool,
}  # fmt: skip


def cpu() -> float:
    """CPU seconds of this process and its children."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def read(path: Path, documents: int) -> list[dict[str, object]]:
    """The first records of a packed JSON Lines file, spread over the file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return rows[:: max(1, len(rows) // documents)][:documents]


def score(
    texts: Sequence[str], errors: Sequence[Sequence[Error]], found: Sequence[Sequence[Edit]]
) -> tuple[float, float, dict[str, float]]:
    """(recall, precision, recall by kind)."""
    hits: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    good = made = 0
    for text, truths, edits in zip(texts, errors, found, strict=True):
        made += len(edits)
        for truth in truths:
            totals[truth.kind] += 1
            here = [e for e in edits if e.start <= truth.end and e.end >= truth.start]
            if here and here[0].start >= truth.start and here[-1].end <= truth.end:
                moved = [Edit(e.start - truth.start, e.end - truth.start, e.replacement, "typos", e.rule) for e in here]
                if apply(text[truth.start : truth.end], moved) == truth.right:
                    hits[truth.kind] += 1
                    good += len(here)
    return (
        hits.total() / totals.total(),
        good / max(1, made),
        {kind: hits[kind] / totals[kind] for kind in sorted(totals)},
    )


def megabytes(texts: Sequence[str]) -> float:
    """Size in UTF-8."""
    return sum(len(text.encode()) for text in texts) / 1e6


def speeds(tools: dict[str, Tool], texts: Sequence[str]) -> dict[str, float]:
    """Megabytes in a second of CPU time, by tool: the median over `ROUNDS` parts of the texts, tools alternating."""
    found: dict[str, list[float]] = {name: [] for name in tools}
    for part in (texts[number::ROUNDS] for number in range(ROUNDS)):
        for name, run in tools.items():
            start = cpu()
            for at in range(0, len(part), BATCH):
                run(part[at : at + BATCH])
            found[name].append(megabytes(part) / (cpu() - start))
    return {name: median(rates) for name, rates in found.items()}


def installed(names: Sequence[str]) -> dict[str, Tool]:
    """The tools that are there, each warmed up on a few words."""
    tools = {}
    for name in names:
        try:
            tools[name] = TOOLS[name]()
        except ModuleNotFoundError as error:
            print(f"{name}: left out, {error.name or error} is not installed")
            continue
        tools[name](["The hopsital treated the people of the town, adn they were happy to see the rain."])
    return tools


def main() -> None:
    """Run the tools and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--tools", default=",".join(TOOLS))
    options = parser.parse_args()
    clean = [str(row["text"]) for row in read(options.data / "typos" / "clean_dev.jsonl.xz", options.documents)]
    rows = read(options.data / "typos" / "synth_dev.jsonl.xz", options.documents)
    broken = [str(row["src"]) for row in rows]
    errors = [[Error(s, e, right, kind) for s, e, _, right, kind in row["edits"]] for row in rows]  # type: ignore[attr-defined]
    words = sum(len(re.findall(r"\w+", text)) for text in clean)
    tools = installed(options.tools.split(","))
    print(f"{len(clean)} documents, {words} words, {megabytes(clean):.2f} MB of clean text, the same with errors")
    on_clean, on_broken = speeds(tools, clean), speeds(tools, broken)
    print(f"{'tool':15} {'changes/10k':>11} {'clean MB/s':>10} {'errors MB/s':>11} {'recall':>7} {'precision':>9}")
    by_kind = {}
    for name, run in tools.items():
        changes = sum(map(len, run(clean)))
        recall, precision, by_kind[name] = score(broken, errors, run(broken))
        rates = f"{on_clean[name]:10.2f} {on_broken[name]:11.2f}"
        print(f"{name:15} {1e4 * changes / words:11.1f} {rates} {recall:7.3f} {precision:9.3f}", flush=True)
    for other in ("symspellpy", "symspellpy-1"):
        if "cleaner" in tools and other in tools:
            ratios = [rates["cleaner"] / rates[other] for rates in (on_clean, on_broken)]
            print(f"cleaner / {other}: {ratios[0]:.1f} times on clean text, {ratios[1]:.1f} times on text with errors")
    print("recall by kind: " + " ".join(f"{name:>14}" for name in by_kind))
    for kind in next(iter(by_kind.values()), {}):
        print(f"{kind:20}" + " ".join(f"{found[kind]:14.2f}" for found in by_kind.values()))


if __name__ == "__main__":
    main()
