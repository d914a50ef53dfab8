"""The typos stage beside other spell checkers: what they change in clean news, what they repair, how fast they are.

    python benchmarks/typos.py --data DIR [--documents 300] [--tools cleaner,symspellpy,pyspellchecker,codespell,aspell]

`DIR` holds the folder `typos` (clean_dev, synth_dev). The other tools are installed by hand: `pip install symspellpy
pyspellchecker codespell`, and `aspell` from the system. Every tool gets the same lower-case or capitalised words in the
same run; times are CPU seconds of one process (for aspell, of the child process), so compare ratios only.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from cleaner.edits import Edit, apply
from cleaner.typos import TyposStage

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


def symspellpy_tool() -> Tool:
    """symspellpy, `lookup` of each word at distance 1."""
    from symspellpy import SymSpell, Verbosity

    spell = SymSpell(max_dictionary_edit_distance=1)
    spell.load_dictionary(str(resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)

    def correct(word: str) -> str:
        found = spell.lookup(word, Verbosity.TOP, max_edit_distance=1)
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
    "cleaner": cleaner_tool, "symspellpy": symspellpy_tool, "pyspellchecker": pyspellchecker_tool,
    "codespell": codespell_tool,
    "aspell": aspell_tool,
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
    words, megabytes = (
        sum(len(re.findall(r"\w+", text)) for text in clean),
        sum(len(text.encode()) for text in clean) / 1e6,
    )
    print(f"{len(clean)} documents, {words} words, {megabytes:.2f} MB of clean text")
    print(
        f"{'tool':15} {'changes/10k':>11} {'clean MB/s':>10} {'errors MB/s':>11} {'recall':>7} {'precision':>9}"
        "  recall by kind"
    )
    for name in options.tools.split(","):
        run = TOOLS[name]()
        run(clean[:5])  # load
        start = cpu()
        changes = sum(map(len, run(clean)))
        middle = cpu()
        found = run(broken)
        end = cpu()
        recall, precision, kinds = score(broken, errors, found)
        by_kind = " ".join(f"{kind}={value:.2f}" for kind, value in kinds.items())
        speeds = (
            f"{megabytes / (middle - start):10.2f} {sum(len(t.encode()) for t in broken) / 1e6 / (end - middle):11.2f}"
        )
        print(f"{name:15} {1e4 * changes / words:11.1f} {speeds} {recall:7.3f} {precision:9.3f}  {by_kind}", flush=True)


if __name__ == "__main__":
    main()
