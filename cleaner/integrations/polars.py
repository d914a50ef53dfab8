"""A column of a polars data frame (the extra `polars`).

from cleaner.integrations.polars import clean_column
frame = clean_column(frame, "body", add=["changes", "labels"])
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import count
from typing import TypeVar

from cleaner.errors import CleanerError, missing
from cleaner.integrations.cleaning import TEXTUAL, Cleaning, Config, cleaning, field_of

try:
    import polars as pl
except ImportError as error:
    raise missing("polars", "polars") from error

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def clean_column(frame: Frame, field: str = "", *, config: Config = None, add: Sequence[str] = ()) -> Frame:
    """A data frame with the texts of one column cleaned.

    Args:
        frame: is not changed; of a lazy one the texts are cleaned when it is collected.
        field: the column that holds the texts; "": the first of the usual names (`text`, `body`, ...) that is there.
            Null stays null. What cannot be cleaned stays too, and is named in the log.
        config: a `CleanConfig`, a table of settings, or the path of a TOML file.
        add: columns to add, e.g. "changes", "removed", "labels", "status", "note" (`cleaning.ADDED`); they are called
            `cleaner_changes`, ... and are null where a text was not cleaned.

    Returns:
        The same rows and columns, and the added ones at the end. A categorical column becomes one of strings.

    Raises:
        CleanerError: there is no such column, or it holds no text; a setting is wrong.
    """
    asked = cleaning(config, add)
    schema = frame.collect_schema()
    field = field_of(field, schema.names(), "field=...", asked.columns)
    if schema[field] not in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        raise CleanerError(f"the column '{field}' holds {schema[field]}, not text")
    work = partial(_cleaned, field=field, asked=asked)
    if isinstance(frame, pl.DataFrame):
        return work(frame)
    columns = {name: pl.String if name in TEXTUAL else pl.Int64 for name in asked.columns}
    # A filter on the text means the cleaned one, so it must not go before.
    return frame.map_batches(
        work,
        predicate_pushdown=False,
        projection_pushdown=False,
        streamable=True,
        schema=pl.Schema({**schema, field: pl.String, **columns}),
    )


def _cleaned(frame: pl.DataFrame, field: str, asked: Cleaning) -> pl.DataFrame:
    sites, urls = (frame[name] if name in frame.columns else None for name in ("site", "url"))
    found = list(asked.values(frame[field].cast(pl.String), map("row {}".format, count()), sites, urls))
    made = [pl.Series(field, [cleaned.text for cleaned in found], pl.String)]
    for name in asked.columns:
        kind = pl.String if name in TEXTUAL else pl.Int64
        made.append(pl.Series(name, [cleaned.added[name] for cleaned in found], kind))
    return frame.with_columns(made)
