"""From sources to batches of documents: files are read here, one record or one text after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cleaner.cli.sources import Opened, Source
from cleaner.errors import CleanerError
from cleaner.formats import Record, Table, table
from cleaner.formats.records import LONG_TEXT, is_wide
from cleaner.pipeline import BATCH, BATCH_SIZE
from cleaner.work import Document


@dataclass(frozen=True)
class RecordFile:
    """A file of records that is being read."""

    source: Source
    table: Table


@dataclass(slots=True)
class Batch:
    """Documents that are cleaned together.

    Attributes:
        documents: the texts.
        sources: the file of each text, where they are files.
        file: the file of records that they come from; None where they are files.
        records: of that file, those without text too; with each the number of its document, if it has one.
        ends: whether this is the last batch of the file.
        error: why the file cannot be read, or not to its end.
        position: bytes on the disk that have been read of the last file, when the batch was full.
    """

    documents: list[Document] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    file: RecordFile | None = None
    records: list[tuple[Record, int | None]] = field(default_factory=list)
    ends: bool = False
    error: str = ""
    position: int = 0
    size: int = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to clean it."""
        most = max(len(self.documents), len(self.records) // 4)
        return most >= BATCH or self.size >= BATCH_SIZE

    def add(self, document: Document, source: Source) -> None:
        """Put in a text."""
        self.documents.append(document)
        self.sources.append(source)
        self.size += len(document)

    def add_record(self, record: Record, document: Document | None) -> None:
        """Put in a record."""
        self.records.append((record, None if document is None else len(self.documents)))
        self.size += len(record.head) + len(record.tail)
        if document is not None:  # an empty one too
            self.documents.append(document)
            self.size += len(document)


def batches(sources: Iterable[Source], field: str, added: tuple[str, ...]) -> Iterator[Batch]:
    """The documents of all sources, in order.

    Args:
        sources: what to read.
        field: the field of a record that holds the text.
        added: the columns that records get.
    """
    texts = Batch()
    for source in sources:
        try:
            with source.opened() as opened:
                start = b"" if opened.format != "text" else opened.stream.read(LONG_TEXT)
                if opened.format == "html" or (opened.format == "text" and _is_whole(start)):
                    data = start + opened.stream.read()
                    texts.add(Document(source.name, data, is_page=opened.format == "html"), source)
                else:
                    if texts.documents:
                        yield texts
                        texts = Batch()
                    reader = table(opened.format, field, added)
                    yield from _records(RecordFile(source, reader), opened.again(start))
        except CleanerError as error:
            if texts.documents:
                yield texts
                texts = Batch()
            yield Batch(sources=[source], error=str(error), ends=True)
        if texts.is_full:
            yield texts
            texts = Batch()
    if texts.documents:
        yield texts


def _is_whole(start: bytes) -> bool:
    """Whether a text that begins so is one document."""
    return len(start) < LONG_TEXT or is_wide(start)


def _records(file: RecordFile, opened: Opened) -> Iterator[Batch]:
    """The batches of a file of records; the last one says that it ends, and what went wrong."""
    batch = Batch(file=file)
    kind = file.table.name
    try:
        for record in file.table.records(opened.stream):
            if batch.is_full:
                batch.position = opened.position()
                yield batch
                batch = Batch(file=file)
            name = f"{file.source.name}#{record.number}"
            cell = record.cell
            own = None if kind == "text" else cell
            document = Document(name, cell.text, own, kind == "warc", kind == "text", record.site) if cell else None
            batch.add_record(record, document)
    except CleanerError as error:
        batch.error = str(error)
    batch.ends = True
    batch.position = opened.position()
    yield batch
