"""What every format of records gives: the place of each record's text, and a way to write another text there.

A record is read as pieces of bytes, `head + text + tail + added + end`; all but the text are written as they were read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar, Protocol

from cleaner.errors import CleanerError
from cleaner.formats.disk import Writable
from cleaner.hints import did_you_mean

LONGEST_RECORD = 256 << 20
"""Bytes of a record; what is longer is no record but another kind of file, and would not fit into memory."""

LONG_TEXT = 2_000_000
"""Bytes up to which a text is one document; a longer one is read as records, in pieces."""

USUAL_FIELDS = ("text", "body", "content", "article", "article_text", "maintext", "raw_content")
"""Where the text is looked for if the user does not say; the first that is there."""

COLUMNS = ("cleaner_changes", "cleaner_removed", "cleaner_labels", "cleaner_flagged", "cleaner_source")
"""What can be added to each record: changes, words removed, their labels, spans flagged, and the text as it was."""

TEXT_COLUMNS = ("cleaner_labels", "cleaner_source")
"""Those that hold text; the others hold whole numbers."""


class Cell(Protocol):
    """A text as it is spelt in its file, with quotation marks and escapes."""

    @property
    def raw(self) -> str: ...

    @property
    def text(self) -> str: ...

    def respelt(self, text: str) -> Cell:
        """Another text, spelt like this one."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file.

    Attributes:
        number: its line, counted from 1; in files without lines, its place.
        head: the bytes before its text; all of it, where there is none.
        cell: its text; None: there is none to clean (null, a blank line, the line of names).
        tail, added, end: the bytes behind the text; `added` are columns that an earlier run has put there.
        error: why the record is broken; it is written as it is.
        names: whether this is the line of names.
        site: that its text is from: its field `site`, or the host of its field `url`; "" where neither says it.
    """

    number: int
    head: bytes
    cell: Cell | None = None
    tail: bytes = b""
    added: bytes = b""
    end: bytes = b""
    error: str = ""
    names: bool = False
    site: str = ""

    @property
    def raw(self) -> bytes:
        """The record as it stands in the file."""
        return self.with_text(self.cell, self.added)

    def with_text(self, cell: Cell | None, added: bytes = b"") -> bytes:
        """The record with another text and other added columns."""
        text = cell.raw.encode("utf-8", "surrogatepass") if cell else b""
        return self.head + text + self.tail + added + self.end


class Table(Protocol):
    """A format of records.

    Attributes:
        name: of the format, as in `--format`.
        counts_lines: whether records are numbered by lines; else each has the next number.
        gives_bytes_back: whether a file of them comes back byte for byte from what was written, and the ledger.
        field: the name of the field that holds the text, known when the first record has been read.
        added: columns that will be added to each record.
    """

    name: ClassVar[str]
    counts_lines: ClassVar[bool]
    gives_bytes_back: ClassVar[bool]
    field: str
    added: tuple[str, ...]

    def records(self, stream: BinaryIO) -> Iterator[Record]:
        """The records of a file, one after the other.

        Raises:
            CleanerError: this is no such file, or it has no such field; the message names the fields.
        """
        ...

    def writer(self, stream: Writable) -> TableWriter:
        """What writes the records that are read to another file."""
        ...


class TableWriter(Protocol):
    """Writes the records of a table, in order."""

    def write(self, record: Record, cell: Cell | None, added: Mapping[str, Any] | None = None) -> None:
        """Write a record with another text.

        Args:
            record: as it was read.
            cell: its text now.
            added: the columns to add, all of the table's `added`; None for a record that was not cleaned.
        """
        ...

    def close(self) -> None:
        """Write what is left."""
        ...


class Lines:
    """Writes records that are bytes.

    Args:
        stream: where to.
        spelt: says how the added columns of a record are spelt.
    """

    def __init__(self, stream: Writable, spelt: Callable[[Record, Mapping[str, Any] | None], bytes]) -> None:
        self._stream = stream
        self._spelt = spelt

    def write(self, record: Record, cell: Cell | None, added: Mapping[str, Any] | None = None) -> None:
        """Write a record with another text."""
        self._stream.write(record.with_text(cell, self._spelt(record, added)))

    def close(self) -> None:
        """There is nothing left."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A text that is spelt as it is."""

    text: str

    @property
    def raw(self) -> str:
        """The text."""
        return self.text

    def respelt(self, text: str) -> Plain:
        """Another text."""
        return Plain(text)


def no_field(name: str, names: Sequence[str], setting: str = "--field") -> str:
    """The message that there is no field of this name (""; none of the usual names).

    Args:
        name: of the field that is not there.
        names: of those that are.
        setting: where the user can name another one.
    """
    shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "") if names else "none"
    if not name:
        usual = ", ".join(USUAL_FIELDS[:3])
        return f"none of its fields is called {usual} or the like; name one with {setting} (fields: {shown})"
    hint = did_you_mean(name, names, "")
    return f"no field '{name}'{'; ' if hint else ''}{hint} (fields: {shown})"


def usual_field(names: Sequence[str], setting: str = "--field") -> str:
    """The first of the usual names that is there; `setting` as for `no_field`.

    Raises:
        CleanerError: there is none.
    """
    for name in USUAL_FIELDS:
        if name in names:
            return name
    raise CleanerError(no_field("", names, setting))


def refuse_taken(added: Sequence[str], names: Sequence[str]) -> None:
    """Raise CleanerError if a column to add is already there."""
    taken = [name for name in added if name in names]
    if taken:
        raise CleanerError(f"has a field {taken[0]} already; leave out --add {taken[0].removeprefix('cleaner_')}")


def is_wide(start: bytes) -> bool:
    """Whether a text that begins so is in UTF-16 or UTF-32, and cannot be cut between bytes."""
    return start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:4]


def refuse_wide(start: bytes) -> None:
    """Raise CleanerError if a file that begins so is in UTF-16 or UTF-32, where records cannot be taken apart."""
    if is_wide(start):
        raise CleanerError("records must be in UTF-8, and this is UTF-16 or UTF-32; convert it (iconv -t UTF-8)")


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their line ends, counted from 1.

    Raises:
        CleanerError: a line is longer than any record.
    """
    number = 0
    while line := stream.readline(LONGEST_RECORD + 1):
        number += 1
        if len(line) > LONGEST_RECORD:
            raise CleanerError(f"line {number} is longer than {LONGEST_RECORD >> 20} MB; this is no file of records")
        if number == 1:
            refuse_wide(line)
        yield number, line


def not_utf8(error: UnicodeDecodeError) -> str:
    """The message that a record is not UTF-8."""
    return f"not UTF-8 (byte 0x{error.object[error.start]:02x} at byte {error.start + 1}); convert the file"
