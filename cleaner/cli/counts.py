"""What has become of the documents of a call, in numbers: the summary, and `--stats`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cleaner.cli.progress import size
from cleaner.report import Tally, listed
from cleaner.work import Outcome


@dataclass
class Counts:
    """What has become of the documents so far.

    Attributes:
        documents: cleaned, changed or not.
        changed: of these.
        rejected: records that are broken.
        failed: files and records that could not be cleaned or written.
        skipped: files that an earlier run has written.
        read: bytes of input, as they lie on the disk.
        tally: what was done to them.
    """

    documents: int = 0
    changed: int = 0
    rejected: int = 0
    failed: int = 0
    skipped: int = 0
    read: int = 0
    tally: Tally = field(default_factory=Tally)
    start: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        """Count a document that is done."""
        self.documents += 1
        self.changed += outcome.changed
        self.tally += outcome.tally

    def lines(self) -> Iterator[str]:
        """The summary: one line, and a second one where there are several documents."""
        documents = "1 document" if self.documents == 1 else f"{self.documents} documents"
        notes = [(self.failed, "failed"), (self.rejected, "rejected"), (self.skipped, "done before")]
        noted = "".join(f", {count} {word}" for count, word in notes if count)
        yield f"{documents}{noted}: {self.tally}" if self.documents else f"{documents}{noted}"
        if self.documents > 1:
            yield self._details()

    def _details(self) -> str:
        seconds = time.monotonic() - self.start
        parts = [f"{self.changed} changed"]
        if self.tally.words:
            parts.append(f"words removed: {listed(self.tally.words)}")
        if self.tally.characters:
            parts.append(f"characters repaired: {self.tally.characters}")
        if self.tally.typos:
            parts.append(f"typos: {listed(self.tally.typos)}")
        rate = f" ({size(round(self.read / seconds))}/s)" if self.read and seconds > 0 else ""
        return "; ".join([*parts, f"{size(self.read)} in {seconds:.1f} s{rate}"])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        seconds = time.monotonic() - self.start
        return {
            "documents": self.documents,
            "changed": self.changed,
            "rejected": self.rejected,
            "failed": self.failed,
            "done_before": self.skipped,
            "bytes": self.read,
            "seconds": round(seconds, 3),
            "megabytes_per_second": round(self.read / 1e6 / seconds, 3) if seconds else 0.0,
            **self.tally.to_dict(),
        }
