"""A column of a pandas data frame (the extra `pandas`).

from cleaner.integrations.pandas import clean_column
frame = clean_column(frame, "body", add=["changes", "labels"])
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.errors import CleanerError, missing
from cleaner.integrations.cleaning import NO_TEXT, TEXTUAL, Config, cleaning, field_of

try:
    import pandas as pd
except ImportError as error:
    raise missing("pandas", "pandas") from error


def clean_column(
    frame: pd.DataFrame, field: str = "", *, config: Config = None, add: Sequence[str] = ()
) -> pd.DataFrame:
    """A data frame with the texts of one column cleaned.

    Args:
        frame: is not changed.
        field: the column that holds the texts; "": the first of the usual names (`text`, `body`, ...) that is there.
            Missing values stay what they are. What is no text or cannot be cleaned stays too, and is named in the log.
        config: a `CleanConfig`, a table of settings, or the path of a TOML file.
        add: columns to add, e.g. "changes", "removed", "labels", "status", "note" (`cleaning.ADDED`); they are called
            `cleaner_changes`, ... and are missing where a text was not cleaned.

    Returns:
        The same rows, index and columns, and the added ones at the end.

    Raises:
        CleanerError: there is no such column, or it holds no text; a setting is wrong.
    """
    asked = cleaning(config, add)
    label = _label(frame, field_of(field, frame.columns, "field=...", asked.columns))
    column = frame[label]
    is_missing = column.isna().tolist()
    if pd.api.types.is_numeric_dtype(column.dtype) and not all(is_missing):
        raise CleanerError(f"the column '{label}' holds {column.dtype}, not text")
    values = column.tolist()
    texts = (None if gone else value for value, gone in zip(values, is_missing, strict=True))
    sites, urls = (frame[name].tolist() if list(frame.columns).count(name) == 1 else None for name in ("site", "url"))
    found = list(asked.values(texts, map("row {}".format, column.index), sites, urls))
    made_texts = [
        value if cleaned.status == NO_TEXT else cleaned.text for value, cleaned in zip(values, found, strict=True)
    ]
    made = frame.copy(deep=False)
    kind = column.cat.categories.dtype if isinstance(column.dtype, pd.CategoricalDtype) else column.dtype
    made[label] = pd.Series(made_texts, column.index, kind)
    for name in asked.columns:
        added = [cleaned.added[name] for cleaned in found]
        made[name] = pd.Series(added, column.index, "string" if name in TEXTUAL else "Int64")
    return made


def _label(frame: pd.DataFrame, field: str) -> object:
    """The label of the column that is called so; labels need not be strings."""
    labels = [label for label in frame.columns if str(label) == field]
    if len(labels) > 1:
        raise CleanerError(f"{len(labels)} columns are called '{field}'; rename them")
    return labels[0]
