"""The documents that a call names: files, what is in folders, standard input."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from cleaner.cli.streams import say, standard_input
from cleaner.errors import CleanerError
from cleaner.formats import (
    EXTRACTED,
    FORMATS,
    START,
    Skipped,
    bare_name,
    find,
    format_of,
    format_of_name,
    reading,
    why,
)

STDIN = Path("-")

_SHOWN = 3
"""Files named in one line about what was passed over."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to clean: its name in messages and in the ledger, its path, and its path below an output folder.

    `asked` is the format that the user says it has; "" where its name and its beginning say it.
    """

    name: str
    path: Path
    below: Path
    asked: str = ""

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """Its content as a stream, and what it holds. A CleanerError says in words what is wrong."""
        if self.path == STDIN:
            with standard_input() as stream:
                yield self._opened(stream, None)
        elif (self.asked or format_of_name(self.name)) == "parquet":  # read from its end: no stream, and not packed
            try:
                with self.path.open("rb") as raw:
                    yield Opened("parquet", raw, raw)
            except OSError as error:
                raise CleanerError(why(error)) from error
        else:
            with reading(self.path) as (content, raw):
                yield self._opened(content, raw)

    def read(self) -> bytes:
        """All of its bytes, where it is one text."""
        with self.opened() as opened:
            if opened.format != "text":
                raise CleanerError(f"this is {opened.format}, not one text; say --format text if it is")
            return opened.stream.read()

    def written_below(self) -> Path:
        """Where its output goes below a folder: what was extracted from a page or an archive is no page any more."""
        format_ = self.asked or format_of_name(self.name)
        if format_ not in EXTRACTED:
            return self.below
        return self.below.with_name(bare_name(self.below.name) + (".txt" if format_ == "html" else ".jsonl"))

    def size(self) -> int:
        """Its bytes on the disk; 0 where that cannot be known."""
        try:
            return self.path.stat().st_size if self.path.is_file() else 0
        except OSError:
            return 0

    def _opened(self, stream: BinaryIO, raw: BinaryIO | None) -> Opened:
        if self.asked == "parquet":  # from standard input
            return Opened("parquet", io.BytesIO(stream.read()), raw)
        if self.asked:
            return Opened(self.asked, stream, raw)
        start = line = stream.readline(START)
        while line.isspace() and len(start) < START:
            line = stream.readline(START)
            start += line
        return Opened(format_of(self.name, start), stream, raw).again(start)


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that is being read: its format, its content, and the file whose position says how far one is."""

    format: str
    stream: BinaryIO
    raw: BinaryIO | None

    def again(self, start: bytes) -> Opened:
        """The same with what was read of it put back."""
        if not start:
            return self
        return replace(self, stream=io.BufferedReader(_Rewound(start, self.stream), 1 << 16))

    def position(self) -> int:
        """Bytes of the file that have been read."""
        return self.raw.tell() if self.raw and not self.raw.closed else 0


class _Rewound(io.RawIOBase):
    """A stream of which the start has been read already."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = memoryview(start)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        if not self._start:
            data = self._rest.read(len(buffer))
        else:
            data, self._start = bytes(self._start[: len(buffer)]), self._start[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def find_sources(
    paths: Sequence[Path], leave_out: Path | None, asked: str = "", in_place: bool = False
) -> tuple[list[Source], int]:
    """The documents that `paths` name, each once, and how many folders could not be read. Says what is passed over.

    Args:
        paths: files, folders, standard input.
        leave_out: the folder that the output goes to.
        asked: the format that the user says they have; of folders, only such files are taken.
        in_place: whether files will be replaced; of folders, what would become another kind of file is not taken.
    """
    sources: dict[Path, Source] = {}
    unreadable = 0
    formats = (asked,) if asked else tuple(name for name in FORMATS if not (in_place and name in EXTRACTED))
    for path in paths:
        passed: list[Path] = []
        for found in [Source("-", STDIN, STDIN, asked)] if path == STDIN else find(path, leave_out, formats):
            if isinstance(found, Source):
                sources.setdefault(STDIN, found)
            elif not isinstance(found, Skipped):
                sources.setdefault(found.path.absolute(), Source(str(found.path), found.path, found.below, asked))
            elif found.error:
                say(f"{found.path}: the folder cannot be read: {found.error.lower()}")
                unreadable += 1
            else:
                passed.append(found.path)
        if passed:
            wanted = asked or ("text or records" if in_place else "text, records or a page")
            say(_passed_over(path, passed, wanted))
        elif path.is_dir() and not sources and not unreadable:
            say(f"{path}: nothing to clean in this folder")
    return list(sources.values()), unreadable


def _passed_over(folder: Path, files: Sequence[Path], wanted: str) -> str:
    names = ", ".join(str(file.relative_to(folder)) for file in files[:_SHOWN])
    more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
    return f"{folder}: passed over what is not {wanted}: {names}{more}"
