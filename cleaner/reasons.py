"""One sentence for every rule: what the ledger and `cleaner explain` tell a person.

Each stage keeps its own table, `REASONS` (rule -> sentence), beside its rules; this module only finds the sentence.
"""

from __future__ import annotations

from importlib import import_module

from cleaner.edits import Edit


def reason(edit: Edit) -> str:
    """Why `edit` was proposed, in one sentence; the rule's name in plain words where a foreign stage has no table."""
    try:
        sentences: dict[str, str] = import_module(f"cleaner.{edit.stage}").REASONS
    except (ImportError, AttributeError):
        sentences = {}
    return sentences.get(edit.rule, edit.rule.replace("_", " "))
