"""Where each microsecond of a document of 4 KB goes, part by part: cleaned with many others, and alone.

    python benchmarks/parts.py --data DIR

`DIR` and the documents are those of `throughput.py`. Of each part the CPU time is taken, without the parts that it
calls; of several runs the fastest as a whole is shown, as other work on the machine only ever adds time. All of it
runs in one thread.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from throughput import BLOCKS, in_one_thread, kinds

import cleaner.model
import cleaner.noise
import cleaner.typos.stage
from cleaner import Cleaner
from cleaner.features import Evidence
from cleaner.inserts import InsertModel
from cleaner.model import NoiseModel
from cleaner.network import Network
from cleaner.ngrams import UnitNGrams
from cleaner.noise import NoiseStage
from cleaner.repair import RepairStage
from cleaner.typos import TyposStage

PARTS: tuple[tuple[str, object, str], ...] = (
    ("repair", RepairStage, "propose"),
    ("typos: first look at all words", cleaner.typos.stage, "looks"),
    ("typos: rules, and what is unknown", TyposStage, "_draft _draft_again"),
    ("typos: unknown words judged", TyposStage, "_judge"),
    ("typos: the rest", TyposStage, "propose review"),
    ("noise: words, units, precise rules", cleaner.noise, "tokenize segment rule_matches"),
    ("noise: n-grams and their weights", UnitNGrams, "of paired_scores scores"),
    ("noise: other evidence", cleaner.model, "evidence lines_of dirtiness"),
    ("noise: other evidence", Evidence, "rows of_documents"),
    ("noise: networks", Network, "log_odds"),
    ("noise: words inside sentences", InsertModel, "find"),
    ("noise: verdicts, cuts, guards", cleaner.model, "verdicts strata"),
    ("noise: verdicts, cuts, guards", cleaner.noise, "settled guarded"),
    ("noise: what else goes", NoiseModel, "judge_again"),
    ("noise: labels and edits", cleaner.noise, "extents"),
    ("noise: labels and edits", NoiseStage, "_judged _labelled"),
    ("noise: the rest", NoiseStage, "propose"),
)
"""What is timed: the name of the part, where its functions are, and their names."""
REST, WHOLE = "pipeline", "whole"
ALONE = 25
"""So many documents are cleaned one by one."""

Spent = Counter[str]


class Clock:
    """Adds up what each part takes, without the parts that it calls."""

    def __init__(self) -> None:
        self.spent = Spent()
        self._inner: list[float] = []

    def watch(self, part: str, owner: object, names: str) -> None:
        """Time the functions of a module or class from now on."""
        for name in names.split():
            found = vars(owner)[name]
            if isinstance(found, classmethod):
                setattr(owner, name, classmethod(self._timed(part, found.__func__)))
            else:
                setattr(owner, name, self._timed(part, found))

    def _timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            start = time.thread_time()
            try:
                return function(*given, **named)
            finally:
                took = time.thread_time() - start
                self.spent[part] += took - self._inner.pop()
                if self._inner:
                    self._inner[-1] += took

        return timed


def measured(clock: Clock, clean: Callable[[], object]) -> Spent:
    """Seconds of each part of one run, and of the whole."""
    clock.spent.clear()
    start = time.thread_time()
    clean()
    whole = time.thread_time() - start
    return Spent({**clock.spent, REST: whole - clock.spent.total(), WHOLE: whole})


def together(texts: Sequence[str], clock: Clock) -> Spent:
    """A block of documents that come after others, by a new `Cleaner`, so that their words are new to it."""
    cleaner = Cleaner()
    blocks = [texts[20:][n::BLOCKS] for n in range(BLOCKS)]
    for some in (texts[:20], blocks[0]):
        list(cleaner.clean_many(some))
    return measured(clock, lambda: [result.changes for result in cleaner.clean_many(blocks[1])])


def alone(texts: Sequence[str], clock: Clock, cleaner: Cleaner) -> Spent:
    """Documents one by one, by a `Cleaner` that has seen many."""
    some = texts[20:][1::BLOCKS][:ALONE]
    return measured(clock, lambda: [cleaner.clean(text).changes for text in some])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="the folder that holds `typos/`")
    parser.add_argument("--documents", type=int, default=300, help="documents of each kind")
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    clock, columns = Clock(), {}
    for part, owner, names in PARTS:
        clock.watch(part, owner, names)
    for kind, texts in kinds(options.data).items():
        texts = texts[: 20 + options.documents]
        seen = Cleaner()
        list(seen.clean_many(texts))
        block = texts[20:][1::BLOCKS]
        for way, some, run in (
            ("together", block, lambda texts=texts: together(texts, clock)),
            ("alone", block[:ALONE], lambda texts=texts, seen=seen: alone(texts, clock, seen)),
        ):
            best = min((run() for _ in range(options.runs)), key=lambda spent: spent[WHOLE])
            columns[f"{kind}, {way}"] = {part: 4096e6 * spent / sum(map(len, some)) for part, spent in best.items()}
    print("microseconds of CPU for 4,096 characters: " + "; ".join(columns))
    for part in dict.fromkeys((*(part for part, _, _ in PARTS), REST, WHOLE)):
        print(f"{part:38}" + "".join(f"{spent.get(part, 0):9.0f}" for spent in columns.values()))


if __name__ == "__main__":
    in_one_thread()
    main()
