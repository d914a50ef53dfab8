"""Hugging Face datasets (the extra `datasets`): what `map` calls for each batch.

from cleaner.integrations.datasets import CleanBatch
dataset = dataset.map(CleanBatch("body", add=["changes"]), batched=True)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from cleaner.config import CleanConfig
from cleaner.errors import missing
from cleaner.integrations.cleaning import Config, cleaning, field_of

try:
    import datasets  # noqa: F401  # what is here makes no sense without it
except ImportError as error:
    raise missing("datasets", "datasets") from error


class CleanBatch:
    """Cleans the texts of one column: `dataset.map(CleanBatch("body"), batched=True)`.

    The fingerprint, by which `datasets` finds a result in its cache, depends on the settings, the version of cleaner
    and its models, and on nothing else: the same in every process, another one when the output may be another one.

    Args:
        field: the column that holds the texts; "": the first of the usual names (`text`, `body`, ...) that is there.
            None stays None. What is no text, or cannot be cleaned, stays too, and is named in the log.
        config: a `CleanConfig`, a table of settings, or the path of a TOML file.
        add: columns to add, e.g. "changes", "removed", "labels", "status", "note" (`cleaning.ADDED`); they are called
            `cleaner_changes`, ... Where a text was not cleaned they are 0 or empty, and not None: `map` takes the types
            of new columns from the first batch.

    Raises:
        CleanerError: a setting is wrong; when it is called: there is no such column.
    """

    def __init__(self, field: str = "", *, config: Config = None, add: Sequence[str] = ()) -> None:
        self.field = field
        self.cleaning = cleaning(config, add)

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """The cleaned texts of a batch, and the added columns."""
        field = field_of(self.field, batch, "CleanBatch(field=...)", self.cleaning.columns)
        sites, urls = (batch.get(name) for name in ("site", "url"))
        found = list(self.cleaning.values(batch[field], sites=sites, urls=urls))
        made: dict[str, list[Any]] = {field: [cleaned.text for cleaned in found]}
        for name in self.cleaning.columns:
            made[name] = [cleaned.filled[name] for cleaned in found]
        return made

    def __reduce__(self) -> tuple[Callable[[str], CleanBatch], tuple[str]]:
        """One string of everything that decides about the output: its pickle, and so the fingerprint, is always the
        same."""
        asked = self.cleaning
        state = {"field": self.field, "config": asdict(asked.config), "add": asked.add, **asked.identity}
        state["rules"] = _digest_of_rules(asked.config)
        return _from_state, (json.dumps(state, sort_keys=True),)


def _digest_of_rules(config: CleanConfig) -> str:
    """What the rules of sites are, since a path alone does not say it."""
    paths = [Path(config.site), *(Path(config.sites).glob("*.toml") if config.sites else ())]
    digest = sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _from_state(state: str) -> CleanBatch:
    """The object that was pickled as `state`."""
    table = json.loads(state)
    return CleanBatch(table["field"], config=CleanConfig.from_dict(table["config"]), add=table["add"])
