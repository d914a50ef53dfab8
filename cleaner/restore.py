"""Undo for a file of records: the source of each record from the ledger, and the file from its records.

A file is found in the ledger by the row that stands behind its documents. Its records are then gone through together
with their rows, so memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from cleaner.errors import LedgerError
from cleaner.formats import Cell, Record, table
from cleaner.formats.disk import Digested, Writable
from cleaner.ledger import Entry, Rejected, closest, find_entry, read_rows, same_name, source_of, undo

AnyRow = TypeVar("AnyRow")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a ledger says of a file of records: its row, and where the rows of its documents begin, counted from 0."""

    row: dict[str, Any]
    first: int

    @property
    def doc(self) -> str:
        """The name of the file."""
        return str(self.row["doc"])


@dataclass(frozen=True)
class Known:
    """What a ledger says of some cleaned files: one pass over it, however many they are.

    Attributes:
        entries: the documents with the digest, or with the name, of one of the files.
        files: the files of records with such a digest.
    """

    entries: tuple[Entry, ...]
    files: tuple[FileEntry, ...]

    @classmethod
    def of(cls, ledger: Path, digests: Collection[str], names: Collection[str]) -> Known:
        """What the ledger says.

        Args:
            ledger: the ledger.
            digests: SHA-256 of the cleaned files.
            names: what these are called now, without their folders.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        entries: list[Entry] = []
        files: list[FileEntry] = []
        documents = 0
        for row in read_rows(ledger):
            if isinstance(row, dict):
                if row["cleaned_sha256"] in digests:
                    files.append(FileEntry(row, documents - row["documents"] - row["rejected"]))
                continue
            documents += 1
            if isinstance(row, Entry) and (row.record["cleaned_sha256"] in digests or Path(row.doc).name in names):
                entries.append(row)
        return cls(tuple(entries), tuple(files))

    def file(self, digest: str, name: str, doc: str = "") -> FileEntry | None:
        """The file of records whose cleaned bytes have this digest; None if the ledger knows none.

        Args:
            digest: SHA-256 of the cleaned file.
            name: what the file is called now; decides where several came out the same.
            doc: the file's name in the ledger, if the user has given it.
        """
        found = [file for file in self._files_of.get(digest, ()) if doc in ("", file.doc)]
        for chosen in (closest(found, name), [f for f in found if same_name(f.doc, name)]):
            if chosen:
                return chosen[-1]
        return found[-1] if found else None

    def first_row(self, digest: str, name: str) -> int:
        """Where the documents of a file begin in the ledger, -1 for one that is no file of records."""
        entry = self.file(digest, name)
        return entry.first if entry else -1

    def document(self, cleaned: bytes, name: str, doc: str = "") -> Entry:
        """The entry of a cleaned document, as `cleaner.ledger.find_entry` finds it."""
        same = self._of_digest.get(sha256(cleaned).hexdigest(), ())
        return find_entry((*same, *self._of_name.get(Path(doc or name).name, ())), cleaned, name, doc)

    @cached_property
    def _files_of(self) -> dict[str, list[FileEntry]]:
        return _grouped(self.files, lambda file: str(file.row["cleaned_sha256"]))

    @cached_property
    def _of_digest(self) -> dict[str, list[Entry]]:
        return _grouped(self.entries, lambda entry: str(entry.record["cleaned_sha256"]))

    @cached_property
    def _of_name(self) -> dict[str, list[Entry]]:
        return _grouped(self.entries, lambda entry: Path(entry.doc).name)


def _grouped(rows: Iterable[AnyRow], key: Callable[[AnyRow], str]) -> dict[str, list[AnyRow]]:
    groups: dict[str, list[AnyRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


class Documents:
    """The rows of a ledger's documents. It is read forward, so for files in its order it is read once, however many
    they are; for one that stands before the last one it is read again.

    Args:
        ledger: the ledger.
    """

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._rows: Iterator[Entry | Rejected] = iter(())
        self._next: int | None = None

    def of(self, entry: FileEntry) -> Iterator[Entry | Rejected]:
        """The rows of a file's documents."""
        if self._next is None or self._next > entry.first:
            self._rows = (row for row in read_rows(self._ledger) if not isinstance(row, dict))
            self._next = 0
        last = entry.first + entry.row["documents"] + entry.row["rejected"]
        while self._next < last:
            row = next(self._rows, None)
            if row is None:
                return
            self._next += 1
            if self._next > entry.first:
                yield row


def undo_file(cleaned: BinaryIO, entry: FileEntry, documents: Documents, output: Writable) -> None:
    """Write the source of a cleaned file of records to `output`, record by record.

    Args:
        cleaned: the file.
        entry: what the ledger says of it.
        documents: the documents of the ledger.
        output: where its source goes.

    Raises:
        LedgerError: the ledger is damaged, or the format has no way back.
        CleanerError: the file cannot be read.
    """
    if entry.row["format"] == "warc":
        raise LedgerError(f"{entry.doc}: a web archive cannot be made from its texts; go back to the archive itself")
    if entry.row["format"] == "text":
        _undo_pieces(cleaned, entry, documents, output)
        return
    reader = table(entry.row["format"], entry.row["field"], strip=tuple(entry.row["added"]))
    counted = Digested(output)
    writer = reader.writer(counted)
    waiting = _Rows(documents.of(entry))
    number = 1
    for record in reader.records(cleaned):
        number = _put_back(waiting, number, counted)
        found = waiting.take(number)
        if found is None and record.cell is not None:  # broken in the source, and written as it was
            counted.write(record.raw)
        else:
            writer.write(record, _source_cell(record, found) if found else record.cell)
        number = counted.lines + 1 if reader.counts_lines else number + 1
    writer.close()
    _put_back(waiting, number, counted)
    _refuse_damaged(entry, counted, complete=not waiting.left())


def _undo_pieces(cleaned: BinaryIO, entry: FileEntry, documents: Documents, output: Writable) -> None:
    """The same for a long text, whose pieces are told by their size."""
    counted = Digested(output)
    for piece in documents.of(entry):
        if not isinstance(piece, Entry) or not isinstance(size := piece.record.get("size"), int):
            raise LedgerError(f"{entry.doc}: its records in the ledger are damaged: the size of a piece is missing")
        counted.write(undo(cleaned.read(size), piece))
    _refuse_damaged(entry, counted, complete=not cleaned.read(1))


def _refuse_damaged(entry: FileEntry, source: Digested, complete: bool) -> None:
    expected = entry.row["source_sha256"]
    if not complete or (expected and source.digest.hexdigest() != expected):
        raise LedgerError(f"{entry.doc}: its records in the ledger are damaged: they do not lead back to the source")


def _put_back(waiting: _Rows, number: int, output: Digested) -> int:
    """Write the rejected records that stood here; the number of the next one."""
    while (rejected := waiting.take_rejected(number)) is not None:
        output.write(rejected.raw)
        number = output.lines + 1
    return number


def _source_cell(record: Record, entry: Entry) -> Cell:
    """The text of a record as it was, in its spelling."""
    cell = record.cell
    if cell is None:
        raise LedgerError(f"{entry.doc}: there is no text in this record any more")
    facts = entry.record
    if sha256(cell.text.encode("utf-8", "surrogatepass")).hexdigest() != facts["cleaned_sha256"]:
        raise LedgerError(f"{entry.doc}: the digest of the cleaned text is not that of the ledger")
    try:
        text = source_of(cell.text, entry).text
    except (ValueError, LookupError, TypeError) as error:
        raise LedgerError(f"{entry.doc}: its records are damaged ({error})") from error
    if sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != facts["source_sha256"]:
        raise LedgerError(f"{entry.doc}: its records are damaged: they do not lead back to the source")
    spelling = facts.get("spelling")
    if spelling is None and not entry.changed:
        return cell
    return _Spelt(spelling, text) if isinstance(spelling, str) else cell.respelt(text)


@dataclass(frozen=True, slots=True)
class _Spelt:
    """A text in a spelling that the ledger has kept; the last word on its cell."""

    raw: str
    text: str

    def respelt(self, text: str) -> Cell:
        """The same: of this text, and of no other, the ledger knows the spelling."""
        if text != self.text:
            raise ValueError("the ledger has kept the spelling of another text")
        return self


class _Rows:
    """The rows of a file's documents, taken in order by the number of the record."""

    def __init__(self, rows: Iterator[Entry | Rejected]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def take(self, number: int) -> Entry | None:
        """The row of the record of this number, if it has one."""
        row = self._next
        if not isinstance(row, Entry) or _number(row.doc) != number:
            return None
        self._next = next(self._rows, None)
        return row

    def take_rejected(self, number: int) -> Rejected | None:
        """The row of the record of this number, if it was put aside."""
        row = self._next
        if not isinstance(row, Rejected) or _number(row.doc) != number:
            return None
        self._next = next(self._rows, None)
        return row

    def left(self) -> bool:
        """Whether there are rows that belong to no record."""
        return self._next is not None


def _number(doc: str) -> int:
    number = doc.rpartition("#")[2]
    return int(number) if number.isdecimal() else 0
