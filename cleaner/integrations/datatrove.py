"""A pipeline step for datatrove (the extra `datatrove`): the same on one machine, with Slurm and with Ray.

pipeline = [JsonlReader("in/"), CleanerStep(), JsonlWriter("out/")]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cleaner.errors import missing
from cleaner.integrations.cleaning import Cleaned, Config, Value, cleaning
from cleaner.pipeline import BATCH
from cleaner.sites.address import site_name

try:
    from datatrove.data import DocumentsPipeline
    from datatrove.pipeline.base import PipelineStep
    from datatrove.utils.batching import batched
    from datatrove.utils.typeshelper import StatHints
except ImportError as error:
    raise missing("datatrove", "datatrove") from error

SUMMARY = ("changes", "removed", "labels", "flagged")
"""What is put into the metadata of a document if nothing else is asked for."""


def _value(document: Any) -> Value:
    """The text of a document; where it is from says its metadata."""
    metadata = document.metadata
    return Value(document.text, document.id, site_name(metadata.get("site"), metadata.get("url")))


class CleanerStep(PipelineStep):
    """Cleans the text of each document, and puts a summary into its metadata.

    A document that cannot be cleaned is passed on as it is. Models are loaded by each task, not sent to it.

    Args:
        config: a `CleanConfig`, a table of settings, or the path of a TOML file (read at once, not by the tasks).
        add: what is put into the metadata, of `cleaning.ADDED`, as `cleaner_changes`, ...; 0 and "" where a text was
            not cleaned, since Parquet takes types from the first document.
        drop_empty: drop a document of whose text nothing is left.

    Raises:
        CleanerError: a setting is wrong.
    """

    name = "🧹 cleaner"
    type = "✂️ - FORMAT"

    def __init__(self, config: Config = None, add: Sequence[str] = SUMMARY, drop_empty: bool = False) -> None:
        super().__init__()
        self.cleaning = cleaning(config, add)
        self.drop_empty = drop_empty

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents, cleaned: lazily, in batches, in order."""
        for batch in batched(data, BATCH):
            with self.track_time("batch"):
                found = list(self.cleaning.rows(batch, _value))
            for document, cleaned in found:
                document.text = cleaned.text
                document.metadata.update(cleaned.filled)
                is_kept = bool(str(cleaned.text).strip()) or not self.drop_empty
                self._count(cleaned, is_kept)
                if is_kept:
                    self.update_doc_stats(document)
                    yield document

    def _count(self, cleaned: Cleaned, is_kept: bool) -> None:
        """Put what was done into the stats of the step."""
        self.stat_update(StatHints.total, StatHints.forwarded if is_kept else StatHints.dropped)
        self.stat_update(cleaned.status.replace(" ", "_"))
        for stage, changes in cleaned.tally.stages.items():
            self.stat_update(f"changes_{stage}", value=changes)
        for label, words in cleaned.tally.words.items():
            self.stat_update(f"removed_words_{label}", value=words)
        if cleaned.tally.flagged:
            self.stat_update("flagged", value=cleaned.tally.flagged)
