"""What Ray Data calls for each batch (the extra `ray`).

dataset.map_batches(CleanBatches, fn_constructor_args=["body"], batch_format="pyarrow", concurrency=4)
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.errors import CleanerError, missing
from cleaner.integrations.cleaning import TEXTUAL, Config, cached_cleaner, cleaning, field_of

try:
    import pyarrow as pa
except ImportError as error:
    raise missing("pyarrow", "ray") from error


class CleanBatches:
    """Cleans the texts of one column, in the actors of a pool, each of which loads the models once.

    Args:
        field: the column that holds the texts; "": the first of the usual names (`text`, `body`, ...) that is there.
            Null stays null. What cannot be cleaned stays too, and is named in the log of the actor.
        config: a `CleanConfig`, a table of settings, or the path of a TOML file that every machine has.
        add: columns to add, e.g. "changes", "removed", "labels", "status", "note" (`cleaning.ADDED`); they are called
            `cleaner_changes`, ... and are null where a text was not cleaned.

    Raises:
        CleanerError: a setting is wrong; when it is called: there is no such column, or it holds no text.
    """

    def __init__(self, field: str = "", *, config: Config = None, add: Sequence[str] = ()) -> None:
        self.field = field
        self.cleaning = cleaning(config, add)
        cached_cleaner(self.cleaning.config)

    def __call__(self, batch: pa.Table) -> pa.Table:
        """The batch with its texts cleaned, and the added columns at the end."""
        if not isinstance(batch, pa.Table):
            raise CleanerError('CleanBatches works on Arrow tables; say map_batches(..., batch_format="pyarrow")')
        field = field_of(self.field, batch.column_names, "CleanBatches(field)", self.cleaning.columns)
        place = batch.column_names.index(field)
        kind = batch.schema.field(place).type
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
            raise CleanerError(f"the column '{field}' holds {kind}, not text")
        sites, urls = (
            batch.column(name).to_pylist() if name in batch.column_names else None for name in ("site", "url")
        )
        found = list(self.cleaning.values(batch.column(place).to_pylist(), sites=sites, urls=urls))
        batch = batch.set_column(place, batch.schema.field(place), pa.array([c.text for c in found], kind))
        for name in self.cleaning.columns:
            values = [cleaned.added[name] for cleaned in found]
            batch = batch.append_column(name, pa.array(values, pa.string() if name in TEXTUAL else pa.int64()))
        return batch
