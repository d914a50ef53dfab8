"""Parquet tables, batch by batch with pyarrow (the extra `parquet`); all other columns stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, ClassVar

from cleaner.errors import CleanerError, missing
from cleaner.formats.disk import Writable
from cleaner.formats.records import TEXT_COLUMNS, Cell, Plain, Record, no_field, refuse_taken, usual_field
from cleaner.sites.address import site_name

ROWS = 1024
"""Rows that are read together; long texts are cut to fewer by `BYTES`."""


@dataclass(frozen=True, slots=True)
class Row(Record):
    """A row of a batch; the batch is written when its last row is."""

    batch: Any = None
    is_last: bool = False


class Parquet:
    """The format.

    Args:
        field: name of the column that holds the text, with dots for columns within columns; "": the first of the usual
            names.
        added: columns that will be added.
        strip: columns that an earlier run has added; they are left out when the table is written.
    """

    name: ClassVar[str] = "parquet"
    counts_lines: ClassVar[bool] = False
    gives_bytes_back: ClassVar[bool] = False

    def __init__(self, field: str = "", added: tuple[str, ...] = (), strip: tuple[str, ...] = ()) -> None:
        self.field = field
        self.added = added
        self.strip = strip
        self.file: Any = None

    def records(self, stream: BinaryIO) -> Iterator[Record]:
        """The rows."""
        arrow = _pyarrow()
        try:
            self.file = arrow.parquet.ParquetFile(stream, pre_buffer=False, memory_map=False)
            names = list(self.file.schema_arrow.names)
            refuse_taken(self.added, names)
            self.field = self.field or usual_field(names)
            self._refuse_no_text(arrow)
            yield from self._rows()
        except (arrow.ArrowException, arrow.ArrowInvalid) as error:
            raise CleanerError(f"not a whole Parquet file ({str(error).splitlines()[0]})") from error

    def writer(self, stream: Writable) -> ParquetWriter:
        """A writer of batches."""
        return ParquetWriter(self, stream)

    def _refuse_no_text(self, arrow: Any) -> None:
        fields = self.file.schema_arrow
        for part in self.field.split("."):
            names = [field.name for field in fields]
            if part not in names:
                raise CleanerError(no_field(self.field, names))
            kind = fields.field(names.index(part)).type
            fields = kind if arrow.types.is_struct(kind) else arrow.struct([])
        if not (arrow.types.is_string(kind) or arrow.types.is_large_string(kind)):
            raise CleanerError(f"the column '{self.field}' holds {kind}, not text")

    def _rows(self) -> Iterator[Record]:
        number = 0
        for batch in self.file.iter_batches(batch_size=ROWS, use_threads=False):
            texts = _column(batch, self.field).to_pylist()
            sites = map(site_name, *(_values(batch, name) for name in ("site", "url")))
            for place, (text, site) in enumerate(zip(texts, sites, strict=True)):
                number += 1
                cell = None if text is None else Plain(text)
                yield Row(number, b"", cell, site=site, batch=batch, is_last=place + 1 == len(texts))


@dataclass
class ParquetWriter:
    """Writes rows, a batch at a time, in the schema and packing of the table that they come from."""

    table: Parquet
    stream: Writable
    _texts: list[str | None] = field(default_factory=list)
    _added: list[Mapping[str, Any] | None] = field(default_factory=list)
    _writer: Any = None

    def write(self, record: Record, cell: Cell | None, added: Mapping[str, Any] | None = None) -> None:
        """Write a row with another text."""
        assert isinstance(record, Row)
        self._texts.append(cell.text if cell else None)
        self._added.append(added)
        if record.is_last:
            self._write_batch(record.batch)

    def close(self) -> None:
        """Write the end of the table, or a table without rows."""
        if self._writer is None and self.table.file is not None:
            self._open(self._extended(self.table.file.schema_arrow.empty_table()).schema)
        if self._writer is not None:
            self._writer.close()

    def _write_batch(self, batch: Any) -> None:
        arrow = _pyarrow()
        table = arrow.Table.from_batches([batch])
        path = self.table.field.split(".")
        place = table.schema.get_field_index(path[0])
        column = _with_texts(arrow, batch.column(place), path[1:], self._texts)
        table = self._extended(table.set_column(place, table.schema.field(place), column))
        if self._writer is None:
            self._open(table.schema)
        self._writer.write_table(table)
        self._texts, self._added = [], []

    def _extended(self, table: Any) -> Any:
        arrow = _pyarrow()
        table = table.drop_columns(list(self.table.strip))
        for name in self.table.added:
            values = [None if added is None else added[name] for added in self._added]
            kind = arrow.string() if name in TEXT_COLUMNS else arrow.int64()
            table = table.append_column(name, arrow.array(values, kind))
        return table

    def _open(self, schema: Any) -> None:
        metadata = self.table.file.metadata
        codecs = [metadata.row_group(0).column(0).compression] if metadata.num_row_groups else ["SNAPPY"]
        codec = "NONE" if codecs[0] == "UNCOMPRESSED" else codecs[0]
        self._writer = _pyarrow().parquet.ParquetWriter(self.stream, schema, compression=codec)


def _values(batch: Any, name: str) -> list[Any]:
    """The values of a column; null where there is none of this name."""
    place = batch.schema.get_field_index(name)
    return batch.column(place).to_pylist() if place >= 0 else [None] * batch.num_rows


def _column(batch: Any, field: str) -> Any:
    """The texts of a column; of a column within columns, null where an outer one is."""
    arrow = _pyarrow()
    first, *inner = field.split(".")
    column = batch.column(batch.schema.get_field_index(first))
    return arrow.compute.struct_field(column, inner) if inner else column


def _with_texts(arrow: Any, column: Any, path: list[str], texts: list[str | None]) -> Any:
    """The same column with other texts at the end of the path."""
    if not path:
        return arrow.array(texts, column.type)
    fields = [column.type.field(place) for place in range(column.type.num_fields)]
    children = [
        _with_texts(arrow, column.field(place), path[1:], texts) if inner.name == path[0] else column.field(place)
        for place, inner in enumerate(fields)
    ]
    return arrow.StructArray.from_arrays(children, fields=fields, mask=column.is_null())


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError as error:
        raise missing("pyarrow", "parquet") from error
    return pyarrow
