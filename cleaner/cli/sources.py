"""The documents that a call names: files, what is in folders, standard input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaner.cli.streams import read_standard_input, say
from cleaner.errors import CleanerError
from cleaner.formats import Skipped, find, read, refuse_records
from cleaner.pipeline import BATCH

STDIN = Path("-")

_BATCH_BYTES = 4_000_000
"""A batch is full with so many bytes, however few its documents: memory stays bounded."""

_SHOWN = 3
"""Files named in one line about what was passed over."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document to clean: its name in messages and in the ledger, its file, and its path below an output folder."""

    name: str
    path: Path
    below: Path

    def read(self) -> bytes:
        """Its bytes, unpacked. A CleanerError says in words why that cannot be done."""
        data = read_standard_input() if self.path == STDIN else read(self.path)
        return refuse_records(self.name, data)


def find_sources(paths: Sequence[Path], leave_out: Path | None) -> tuple[list[Source], int]:
    """The documents that `paths` name, each once, and how many folders could not be read. Says what is passed over."""
    sources: dict[Path, Source] = {}
    unreadable = 0
    for path in paths:
        passed: list[Path] = []
        for found in [Source("-", STDIN, STDIN)] if path == STDIN else find(path, leave_out):
            if isinstance(found, Source):
                sources.setdefault(STDIN, found)
            elif not isinstance(found, Skipped):
                sources.setdefault(found.path.absolute(), Source(str(found.path), found.path, found.below))
            elif found.error:
                say(f"{found.path}: the folder cannot be read: {found.error.lower()}")
                unreadable += 1
            else:
                passed.append(found.path)
        if passed:
            say(_passed_over(path, passed))
        elif path.is_dir() and not sources and not unreadable:
            say(f"{path}: no text file in this folder")
    return list(sources.values()), unreadable


def _passed_over(folder: Path, files: Sequence[Path]) -> str:
    names = ", ".join(str(file.relative_to(folder)) for file in files[:_SHOWN])
    more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
    return f"{folder}: passed over what is not .txt, .md or .text: {names}{more}"


def batches(sources: Iterable[Source], failed: list[str]) -> Iterator[list[tuple[Source, bytes]]]:
    """The documents with their bytes, in batches; a file that cannot be read is said and goes to `failed`."""
    batch: list[tuple[Source, bytes]] = []
    size = 0
    for source in sources:
        try:
            data = source.read()
        except CleanerError as error:
            say(f"{source.name}: {error}")
            failed.append(source.name)
            continue
        batch.append((source, data))
        size += len(data)
        if len(batch) == BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
