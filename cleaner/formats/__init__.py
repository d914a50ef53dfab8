"""Files: finding them, telling what they hold, reading their texts and writing them back.

A file holds one text, or a long one in pieces, or records of which one field is a text (`Table`: JSON Lines, CSV,
Parquet, web archives). Every format streams: a record is in memory while it is cleaned, a file never.

To add a format of records: a module with a class that has `records` and `writer` (see `records.Table`), its endings in
`folders.ENDINGS`, its class in `TABLES` below.
"""

from __future__ import annotations

import json
from importlib import import_module

from cleaner.errors import CleanerError
from cleaner.formats.disk import copy, read, reading, why, write, writing
from cleaner.formats.folders import ENDINGS, EXTRACTED, FORMATS, Found, Skipped, find, format_of_name
from cleaner.formats.own import decoded_output, encoded, in_own_line_ends
from cleaner.formats.packing import PACKINGS, bare_name, packing_of
from cleaner.formats.records import COLUMNS, Cell, Record, Table, TableWriter

TABLES = {
    "jsonl": "jsonl.JsonLines",
    "csv": "delimited.Delimited",
    "parquet": "parquet.Parquet",
    "warc": "markup.Warc",
    "text": "pieces.Pieces",
}
"""The class that reads each format of records; a text is one only where it is long."""

START = 1 << 20
"""Bytes of a text that are looked at to see whether it is JSON Lines."""


def format_of(name: str, start: bytes) -> str:
    """The format of a file: by the ending of its name, or else by how it begins.

    Args:
        name: of the file; "-" for standard input.
        start: its first bytes, unpacked, `START` of them.

    Raises:
        CleanerError: the ending is that of a format that nobody can read as text or records.
    """
    known = format_of_name(name)
    if known and known != "text":
        return known
    if bare_name(name).lower().endswith((".json", ".xml")) and not _is_json_object(start):
        ending = name[name.rindex(".") :]
        raise CleanerError(f"a {ending} file is neither text nor records; make JSON Lines of it, or say --format text")
    return "jsonl" if _is_json_object(start) else "text"


def _is_json_object(start: bytes) -> bool:
    line = start.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    try:
        return line.startswith(b"{") and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def table(format_: str, field: str = "", added: tuple[str, ...] = (), strip: tuple[str, ...] = ()) -> Table:
    """What reads and writes a format of records.

    Args:
        format_: a key of `TABLES`.
        field: the field that holds the text; "": the first of the usual names that is there.
        added: columns to add to each record, of `COLUMNS`.
        strip: columns that an earlier run has added.
    """
    module, _, name = TABLES[format_].partition(".")
    made: Table = getattr(import_module(f"cleaner.formats.{module}"), name)(field, added, strip)
    return made


__all__ = [
    "COLUMNS",
    "ENDINGS",
    "EXTRACTED",
    "FORMATS",
    "PACKINGS",
    "START",
    "TABLES",
    "Cell",
    "Found",
    "Record",
    "Skipped",
    "Table",
    "TableWriter",
    "bare_name",
    "copy",
    "decoded_output",
    "encoded",
    "find",
    "format_of",
    "format_of_name",
    "in_own_line_ends",
    "packing_of",
    "read",
    "reading",
    "table",
    "why",
    "write",
    "writing",
]
