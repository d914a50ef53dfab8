"""Whether a change of the code changes what it does: the same edits, with the same scores up to rounding.

    python benchmarks/sameness.py --data DIR --write before.pickle     with the code as it was
    python benchmarks/sameness.py --data DIR --compare before.pickle   with the code as it is

Some 3,000 texts go through `Cleaner`: news, news with typos, articles with noise, whole pages, eight languages, text
read in the wrong encoding. `DIR` is the folder that holds `typos/`, `injected/`, `noise/` and `encoding/`. The exit
status is 1 where a document came out otherwise.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from peers import rows

from cleaner import Cleaner
from cleaner.result import CleanResult

ROUNDING = 2e-5
"""Scores that are no farther apart are the same."""

Outcome = tuple[str, list[tuple[Any, ...]]]


def texts(data: Path, most: int) -> Iterator[str]:
    """At most so many texts of each kind."""
    files = {"typos/clean_dev.jsonl.xz": "text", "typos/synth_dev.jsonl.xz": "src", "injected/dev.jsonl.gz": "text"}
    for name, field in files.items():
        found = [row[field] for row in rows(data / name)]
        yield from found[:: max(1, len(found) // most)][:most]
    for corpus in ("wcxb", "andy", "chinese"):
        pages = [row["outputs"] for row in rows(data / "noise" / f"{corpus}.dev.jsonl.xz")]
        for page in pages[: most // 3]:
            yield from ("\n".join(line for _, line, *_ in lines) for lines in list(page.values())[:2])
    for path in sorted((data / "encoding").glob("*/*.txt")):
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        yield from ("\n".join(lines[at : at + 8]) for at in range(0, min(len(lines), most), 8))


def outcome(result: CleanResult) -> Outcome:
    """What has become of a document: its text, and every edit that was applied or withheld."""
    edits = []
    for step in result.steps:
        edits += [(step.stage, "applied", *edit) for edit in step.applied]
        edits += [(step.stage, "withheld", *edit) for edit in step.withheld]
    return result.text, edits


def differ(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes differ by more than the rounding of scores."""
    if one[0] != other[0] or len(one[1]) != len(other[1]):
        return True
    return any(
        abs(a - b) > ROUNDING if isinstance(a, float) and isinstance(b, float) else a != b
        for left, right in zip(one[1], other[1], strict=True)
        for a, b in zip(left, right, strict=True)
    )


def main() -> None:
    """Write the outcomes, or compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=600, help="at most so many of each kind")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--compare", type=Path)
    options = parser.parse_args()
    found = [outcome(result) for result in Cleaner().clean_many(texts(options.data, options.documents))]
    if options.write:
        options.write.write_bytes(pickle.dumps(found))
    if options.compare:
        before = pickle.loads(options.compare.read_bytes())
        changed = [n for n, pair in enumerate(zip(before, found, strict=True)) if differ(*pair)]
        edits = sum(len(edits) for _, edits in found)
        print(f"{len(found)} documents, {edits} edits; other than before: {len(changed)} {changed[:20]}")
        sys.exit(bool(changed))


if __name__ == "__main__":
    main()
