"""How much was done: counts of one document, of many, and both in words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from cleaner.edits import Change
from cleaner.result import CleanResult

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of what was done.

    Attributes:
        stages: changes by stage.
        labels: noise spans removed by label.
        words: words removed as noise by label.
        typos: repairs of spelling and spacing by rule.
        characters: characters that the repair stage put in place of others, or took out.
        flagged: noise spans that were found and left.
    """

    stages: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    typos: Counter[str] = field(default_factory=Counter)
    characters: int = 0
    flagged: int = 0

    @classmethod
    def of(cls, result: CleanResult) -> Tally:
        """The figures of one document. The author of a change is its last edit."""
        if not result.changes and not result.flagged:
            return NOTHING
        tally = cls(flagged=len(result.flagged), characters=sum(map(_characters, result.changes)))
        for change in result.changes:
            author = change.causes[-1]
            tally.stages[author.stage] += 1
            if author.label:
                tally.labels[author.label] += 1
                tally.words[author.label] += len(_WORD.findall(result.decoded.text, change.start, change.end))
            elif author.stage == "typos":
                tally.typos[author.rule] += 1
        return tally

    def __add__(self, other: Tally) -> Tally:
        if not (other.stages or other.characters or other.flagged):
            return self
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return Tally(*(mine + others if others else mine for mine, others in pairs))

    def __str__(self) -> str:
        """In words, e.g. "3 changes: 2 noise (keyword_spam 1, share_bar 1), 1 typos; 1 flagged"."""
        total = self.stages.total()
        words = "nothing to change" if not total else "1 change" if total == 1 else f"{total} changes"
        labels = listed(self.labels)
        parts = [
            f"{count} {stage} ({labels})" if stage == "noise" and labels else f"{count} {stage}"
            for stage, count in by_count(self.stages)
        ]
        words += f": {', '.join(parts)}" if parts else ""
        return f"{words}; {self.flagged} flagged" if self.flagged else words

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "changes": dict(by_count(self.stages)),
            "removed_spans": dict(by_count(self.labels)),
            "removed_words": dict(by_count(self.words)),
            "repaired_characters": self.characters,
            "typos": dict(by_count(self.typos)),
            "flagged": self.flagged,
        }


NOTHING = Tally()
"""Of a document in which nothing is changed or flagged: most are such, so it is made once."""


def _characters(change: Change) -> int:
    """The characters that a change of the repair stage is about."""
    is_repair = change.causes[-1].stage == "repair"
    return max(change.end - change.start, len(change.replacement)) if is_repair else 0


def by_count(counter: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first; those that are equally frequent by name."""
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))


def listed(counter: Counter[str]) -> str:
    """Counts in words, e.g. "keyword_spam 3, share_bar 1"."""
    return ", ".join(f"{name} {count}" for name, count in by_count(counter))
