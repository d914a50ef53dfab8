"""Finding the files of a call, and telling from its name what a file holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaner.formats.packing import bare_name

ENDINGS = {
    "text": (".txt", ".md", ".text"),
    "jsonl": (".jsonl", ".ndjson"),
    "csv": (".csv", ".tsv"),
    "parquet": (".parquet",),
    "html": (".html", ".htm"),
    "warc": (".warc",),
}
"""The formats, and the endings of the files that are taken from a folder, each also with that of a packing behind."""

FORMATS = tuple(ENDINGS)

EXTRACTED = ("html", "warc")
"""Formats that are read through an extractor: what is written is another file than what was read."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to clean: where it is, and its path below the folder that was named (its name, if it was named itself)."""

    path: Path
    below: Path


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was met on the way and not taken: `error` says why a folder could not be read; empty: no known ending."""

    path: Path
    error: str = ""


def format_of_name(name: str) -> str:
    """The format that a file's ending stands for; "" where it says nothing."""
    name = bare_name(name).lower()
    return next((format_ for format_, endings in ENDINGS.items() if name.endswith(endings)), "")


def find(path: Path, leave_out: Path | None = None, formats: tuple[str, ...] = FORMATS) -> Iterator[Found | Skipped]:
    """The file `path`, or the files of these formats in the folder `path` and its subfolders, in a fixed order.

    Hidden files and folders are passed over, and so is the folder `leave_out` (where the output goes).
    Links to folders are not followed.
    """
    if not path.is_dir():
        yield Found(path, Path(path.name))
        return
    unreadable: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=unreadable.append):
        here = Path(folder)
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not _same(here / f, leave_out))
        for name in sorted(names):
            if name.startswith("."):
                continue
            file = here / name
            yield Found(file, file.relative_to(path)) if format_of_name(name) in formats else Skipped(file)
    for error in unreadable:
        yield Skipped(Path(error.filename), str(error.strerror))


def _same(path: Path, other: Path | None) -> bool:
    return other is not None and other.exists() and path.samefile(other)
