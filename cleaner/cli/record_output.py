"""What becomes of one file of records: its output, its part of the ledger, its broken records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from hashlib import sha256

from cleaner.cli.batches import RecordFile
from cleaner.cli.delivery import Delivery
from cleaner.cli.rejects import Rejects
from cleaner.cli.streams import Output
from cleaner.errors import CleanerError
from cleaner.formats import Record, TableWriter, copy, writing
from cleaner.formats.disk import Digested
from cleaner.formats.pieces import PieceBytes
from cleaner.ledger import LedgerFile, file_row, rejected_row
from cleaner.report import Tally
from cleaner.work import Outcome

SHOWN = 20
"""Broken records of a file that are told one by one; the others are counted."""


class RecordOutput:
    """The output of one file of records.

    Args:
        file: where the records come from.
        delivery: where they go.
        output: standard output.
        ledger: the ledger, if one is written.
        rejects: the file for broken records; without one they are written as they are.
        heading: what is put before it on standard output.

    Raises:
        CleanerError: the output cannot be written; also from `write` and `finish`.
    """

    def __init__(
        self,
        file: RecordFile,
        delivery: Delivery,
        output: Output,
        ledger: LedgerFile | None,
        rejects: Rejects | None,
        heading: bytes = b"",
    ) -> None:
        self.is_dead = False
        self._file = file
        self._delivery = delivery
        self._output = output
        self._ledger = ledger
        self._rejects = rejects
        self._target = delivery.target(file.source)
        self._stack = ExitStack()
        self._stream: Digested | None = None
        self._writer: TableWriter | None = None
        self._source = sha256()
        self._heading = heading
        self._rows: list[bytes] = []
        self._documents = self._broken = self._rejected = self._changed = 0
        self._tally = Tally()

    def write(self, record: Record, outcome: Outcome | None) -> None:
        """Write a record with what has become of its text, if it has one."""
        self._source.update(record.raw)
        cell, added = record.cell, None
        if outcome:
            self._documents += 1
            self._changed += outcome.changed
            self._tally += outcome.tally
            self._rows.append(outcome.ledger)
            cell, added = outcome.cell or PieceBytes(outcome.cleaned), outcome.added or None
        self._open().write(record, cell, added)

    def reject(self, record: Record, error: str) -> str | None:
        """Put a broken record aside, or write it as it is; the message for the user, if there were not many already."""
        self._source.update(record.raw)
        self._broken += 1
        if self._rejects:
            self._rejected += 1
            self._rejects.write(record.raw)
            self._rows.append(rejected_row(self._name, record, error))
        else:
            self._open().write(record, record.cell)
        return f"{self._name}:{record.number}: {error}" if self._broken <= SHOWN else None

    def flush(self) -> None:
        """Put the rows of the ledger into it."""
        if self._ledger and self._rows:
            self._ledger.add(b"".join(self._rows))
        self._rows = []

    def finish(self) -> None:
        """Put the whole file in its place."""
        writer = self._open()
        writer.close()
        in_place = self._delivery.suffix is not None
        if self._ledger and self._stream:
            self._rows.append(self._file_row(self._stream.digest.hexdigest()))
            self.flush()
            self._ledger.to_disk()
        if self._rejects:
            self._rejects.to_disk()
        if in_place and not (self._changed or self._rejected or self._file.table.added):
            self.abandon()
            return
        if in_place and self._delivery.suffix:
            path = self._file.source.path
            copy(path, path.with_name(path.name + self._delivery.suffix))
        self._stack.close()

    def abandon(self) -> None:
        """Leave everything as it was before."""
        self.is_dead = True
        with suppress(CleanerError, OSError):
            if self._writer:
                self._writer.close()  # pyarrow complains of a writer whose file is closed before it
        with suppress(_Abandoned, CleanerError):  # what is thrown away need not be written
            self._stack.__exit__(_Abandoned, _Abandoned(), None)

    def last_words(self) -> Iterator[str]:
        """What is to be said when the file is done."""
        if self._broken > SHOWN:
            yield f"{self._name}: {self._broken} broken records in all"
        if self._delivery.check and self._changed:
            yield f"{self._name}: would change ({self._changed} of {self._documents} records; {self._tally})"

    @property
    def _name(self) -> str:
        return self._file.source.name

    def _open(self) -> TableWriter:
        if self._writer is None:
            output = self._output if self._delivery.to_stdout else None
            if output:
                output.write(self._heading)
            self._stream = Digested(self._stack.enter_context(writing(self._target)) if self._target else output)
            self._writer = self._file.table.writer(self._stream)
        return self._writer

    def _file_row(self, cleaned: str) -> bytes:
        table = self._file.table
        return file_row(
            {
                "doc": self._name,
                "format": table.name,
                "field": table.field,
                "added": list(table.added),
                "documents": self._documents,
                "rejected": self._rejected,
                "source_sha256": self._source.hexdigest() if table.gives_bytes_back else "",
                "cleaned_sha256": cleaned,
            }
        )


class _Abandoned(Exception):
    """Ends the writing of a file without a file."""
