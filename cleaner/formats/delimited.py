"""CSV and TSV: a line of names, then one record a line, or several lines where a field in quotes holds line ends.

Only the text of one column is replaced; every other byte stays, with its quotation marks, blanks and line ends. What is
read as what follows Python's `csv`: a quotation mark counts only at the beginning of a field.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, BinaryIO, ClassVar

from cleaner.errors import CleanerError
from cleaner.formats.disk import Writable
from cleaner.formats.records import (
    Lines,
    Record,
    no_field,
    not_utf8,
    numbered_lines,
    refuse_taken,
    usual_field,
)
from cleaner.sites.address import site_name

DELIMITERS = (",", ";", "\t", "|")

LONGEST_FIELD = 64 << 20
"""Bytes that a field in quotes may go on for; behind this, the quotation mark that opens it was a stray one."""

_BOM = b"\xef\xbb\xbf"
_INSIDE = re.compile(rb'(?:[^"]++|"")*+')


@dataclass(frozen=True)
class CsvCell:
    """A field as it is spelt."""

    raw: str
    delimiter: str

    @cached_property
    def text(self) -> str:
        """The field without quotation marks."""
        if not self.raw.startswith('"'):
            return self.raw
        inside = re.match(r'"((?:[^"]++|"")*+)"?', self.raw)
        assert inside is not None
        return inside[1].replace('""', '"') + self.raw[inside.end() :]

    def respelt(self, text: str) -> CsvCell:
        """Another text, in quotes if this one is, or if it must be."""
        signs = [self.delimiter, "\n", "\r"] + ['"'] * ('"' not in self.raw)
        quoted = self.raw.startswith('"') or text.startswith('"') or any(sign in text for sign in signs)
        return CsvCell('"' + text.replace('"', '""') + '"' if quoted else text, self.delimiter)


@dataclass(frozen=True, slots=True)
class _Row:
    """The bytes of a record, where its fields are, and why it is broken."""

    number: int
    raw: bytes
    fields: tuple[tuple[int, int], ...]
    error: str = ""


class Delimited:
    """The format.

    Args:
        field: name of the column that holds the text; "": the first of the usual names.
        added: columns that will be added to each record.
        strip: columns that an earlier run has added; they are read as `Record.added`.
    """

    name: ClassVar[str] = "csv"
    counts_lines: ClassVar[bool] = True
    gives_bytes_back: ClassVar[bool] = True

    def __init__(self, field: str = "", added: tuple[str, ...] = (), strip: tuple[str, ...] = ()) -> None:
        self.field = field
        self.added = added
        self.strip = strip
        self.delimiter = ""
        self._says_site: dict[str, int] = {}  # the columns `site` and `url`

    def records(self, stream: BinaryIO) -> Iterator[Record]:
        """The line of names, then the records; blank lines are records without text."""
        lines = _Lines(numbered_lines(stream))
        if not (start := lines.peek()):
            return
        self.delimiter = _delimiter(start)
        header = _next_row(lines, self.delimiter.encode())
        names = self._names(header)
        column = names.index(self.field)
        yield self._cut(header, None)
        while lines.peek():
            row = _next_row(lines, self.delimiter.encode())
            if row.raw.isspace():
                yield Record(row.number, row.raw)
                continue
            error = row.error or _miscounted(len(row.fields), len(names))
            yield Record(row.number, row.raw, error=error) if error else self._cut(row, column)

    def writer(self, stream: Writable) -> Lines:
        """A writer of lines."""
        return Lines(stream, self._spelt)

    def _spelt(self, record: Record, added: Mapping[str, Any] | None) -> bytes:
        """The added columns as fields; empty ones for a record that was not cleaned."""
        if not record.names and record.cell is None:
            return b""
        values = self.added if record.names else [str(added[name]) if added else "" for name in self.added]
        plain = CsvCell("", self.delimiter)
        return "".join(self.delimiter + plain.respelt(value).raw for value in values).encode("utf-8", "surrogatepass")

    def _names(self, header: _Row) -> list[str]:
        if header.error:
            raise CleanerError(f"line 1: {header.error}")
        raw = header.raw.removeprefix(_BOM)
        shift = len(header.raw) - len(raw)
        spans = [(max(start - shift, 0), end - shift) for start, end in header.fields]
        names = [CsvCell(raw[start:end].decode(), self.delimiter).text for start, end in spans]
        refuse_taken(self.added, names)
        self.field = self.field or usual_field(names)
        if self.field not in names:
            raise CleanerError(no_field(self.field, names))
        self._says_site = {name: names.index(name) for name in ("site", "url") if name in names}
        return names

    def _cut(self, row: _Row, column: int | None) -> Record:
        """A row as a record, its text in this column; None for the line of names."""
        own, last = row.fields[-1 - len(self.strip)][1], row.fields[-1][1]
        added, end = row.raw[own:last], row.raw[last:]
        if column is None:
            return Record(row.number, row.raw[:own], added=added, end=end, names=True)
        start, stop = row.fields[column]
        cell = CsvCell(row.raw[start:stop].decode(), self.delimiter)
        return Record(row.number, row.raw[:start], cell, row.raw[stop:own], added, end, site=self._site(row))

    def _site(self, row: _Row) -> str:
        """The site that a row names."""
        spans = {name: row.fields[column] for name, column in self._says_site.items()}
        cells = {n: CsvCell(row.raw[a:b].decode(), self.delimiter).text for n, (a, b) in spans.items()}
        return site_name(cells.get("site"), cells.get("url"))


def _miscounted(fields: int, names: int) -> str:
    found = "1 field" if fields == 1 else f"{fields} fields"
    return "" if fields == names else f"{found}, and {names} names in the first line"


def _delimiter(header: bytes) -> str:
    """The sign that makes the most fields of a line; a comma on a draw."""
    return max(DELIMITERS, key=lambda sign: len(_spans(header, sign.encode()) or ()))


class _Lines:
    """Numbered lines that can be looked at before they are taken, and put back."""

    def __init__(self, lines: Iterator[tuple[int, bytes]]) -> None:
        self._lines = lines
        self._waiting: deque[tuple[int, bytes]] = deque()

    def peek(self) -> bytes:
        """The next line; empty at the end."""
        if not self._waiting:
            self._waiting.extend(islice(self._lines, 1))
        return self._waiting[0][1] if self._waiting else b""

    def take(self) -> tuple[int, bytes]:
        """The next line with its number."""
        self.peek()
        return self._waiting.popleft()

    def put_back(self, lines: Sequence[tuple[int, bytes]]) -> None:
        """Let these lines come next."""
        self._waiting.extendleft(reversed(lines))


def _next_row(lines: _Lines, delimiter: bytes) -> _Row:
    """The next record: one line, or more where a quotation mark is open at its end.

    Each line is looked at once. Where the mark is never closed its line is a record of its own, with an error; that
    costs a second look at the lines behind it, but no third: no mark can be left that closes nothing.
    """
    number, line = lines.take()
    if b'"' not in line:
        return _checked(number, line, _plain(line, delimiter))
    scan = _Scan(delimiter)
    taken = [(number, line)]
    size = len(line)
    while not scan.feed(taken[-1][1]):
        if size > LONGEST_FIELD or not lines.peek():
            lines.put_back(taken[1:])
            return _Row(number, line, (), "a quotation mark is never closed")
        taken.append(lines.take())
        size += len(taken[-1][1])
    return _checked(number, b"".join(row for _, row in taken), tuple(scan.fields))


def _checked(number: int, raw: bytes, fields: tuple[tuple[int, int], ...]) -> _Row:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return _Row(number, raw, fields, not_utf8(error))
    return _Row(number, raw, fields)


def _spans(line: bytes, delimiter: bytes) -> tuple[tuple[int, int], ...] | None:
    """The fields of a line; None where a quotation mark is open at its end."""
    scan = _Scan(delimiter)
    return tuple(scan.fields) if scan.feed(line) else None


def _plain(line: bytes, delimiter: bytes) -> tuple[tuple[int, int], ...]:
    """The fields of a line without quotation marks."""
    spans, start = [], 0
    for field in line.rstrip(b"\r\n").split(delimiter):
        spans.append((start, start + len(field)))
        start += len(field) + 1
    return tuple(spans)


class _Scan:
    """Takes a record apart, line by line."""

    def __init__(self, delimiter: bytes) -> None:
        self.fields: list[tuple[int, int]] = []
        self._delimiter = delimiter
        self._rest = re.compile(rb"[^\n" + re.escape(delimiter) + rb"]*+")
        self._start = 0  # of the field, from the beginning of the record
        self._before = 0  # bytes of earlier lines
        self._open = False

    def feed(self, line: bytes) -> bool:
        """Go through the next line; whether the record ends with it."""
        at = 0
        while True:
            if not self._open and self._start == self._before + at and line[at : at + 1] == b'"':
                self._open, at = True, at + 1
            elif not self._open and self._start == 0 == self._before + at and line.startswith(_BOM + b'"'):
                self._open, at = True, len(_BOM) + 1
            if self._open:
                at = _INSIDE.match(line, at).end()  # type: ignore[union-attr]
                if at == len(line):
                    self._before += len(line)
                    return False
                self._open, at = False, at + 1
            at = self._rest.match(line, at).end()  # type: ignore[union-attr]
            ends = line[at : at + 1] != self._delimiter
            stop = at - 1 if ends and line[at - 1 : at + 1] == b"\r\n" else at
            self.fields.append((self._start, self._before + stop))
            if ends:
                return True
            at += 1
            self._start = self._before + at
