"""A bounded sample of the pages of each site, from which is learnt what repeats.

Of each site those pages are kept whose digests are the smallest (a bottom-k sketch; Cohen & Kaplan 2007). So a page
counts once however often it is seen, the order does not matter, and two samples put together are the sample of all
their pages: learning in several processes, or again with more pages, gives what one pass over all pages gives. Where
the sample outgrows its bound fewer pages of each site are kept, at last fewer sites: again by digests alone.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from cleaner.errors import DataError

MOST_PAGES = 120_000
"""Pages that a sample holds; about a kilobyte each."""
LEVELS = (200, 100, 50, 25, 12, 8)
"""Pages kept of a site, the more sites the fewer; at levels behind the last one half, a quarter, ... of the sites."""

LONG_LINE = 300
"""Characters of a line of which only the first and the last sentence are kept."""
MOST_LINES = 400
"""Lines kept of a page, half of them from its end."""

FORMAT = 1
FILE = "pages.jsonl.gz"

_END = re.compile(r"(?<=[.!?\u2026])\s+|(?<=[.!?\u2026][\"')\]\u201d\u2019])\s+")
CUT = " \u2063 "
"""Stands for what was left out of a long line: an invisible separator."""


@dataclass
class Sample:
    """Pages by site and digest.

    Attributes:
        level: how much was left out to stay in the bound; see `LEVELS`.
        sites: for each site its pages, packed, by digest.
        most: pages that it may hold.
    """

    level: int = 0
    sites: dict[str, dict[int, bytes]] = field(default_factory=dict)
    most: int = MOST_PAGES
    _size: int = 0
    _last: dict[str, int] = field(default_factory=dict)

    def add(self, site: str, text: str) -> None:
        """Put in a page of a site."""
        digest = number(site + "\0" + text)
        last = self._last.get(site)
        if last is None or digest < last:
            self._put(site, digest, packed(lines_of(text)))

    def merge(self, other: Sample) -> None:
        """Put in all pages of another sample."""
        while self.level < other.level:
            self._tighten()
        for site, pages in other.sites.items():
            for digest, page in pages.items():
                self._put(site, digest, page)

    def forget(self, site: str) -> bool:
        """Drop the pages of a site; whether there were any."""
        pages = self.sites.pop(site, {})
        self._last.pop(site, None)
        self._size -= len(pages)
        return bool(pages)

    def pages(self, site: str) -> list[list[str]]:
        """The lines of the pages of a site, in the order of their digests."""
        return [unpacked(page) for _, page in sorted(self.sites.get(site, {}).items())]

    def seen(self, site: str) -> int:
        """How many pages of a site were seen: exact where all are kept, else estimated from the largest digest."""
        pages = self.sites.get(site, {})
        if len(pages) < self._most_of_a_site:
            return len(pages)
        return round((len(pages) - 1) / (max(pages) / 2**64))

    @property
    def share(self) -> float:
        """Share of the sites that are kept."""
        return 0.5 ** max(self.level - len(LEVELS) + 1, 0)

    @property
    def _most_of_a_site(self) -> int:
        return LEVELS[min(self.level, len(LEVELS) - 1)]

    def _put(self, site: str, digest: int, page: bytes) -> None:
        if self.share < 1 and number(site) >= self.share * 2**64:
            return
        pages = self.sites.setdefault(site, {})
        if digest in pages:
            return
        pages[digest] = page
        self._size += 1
        self._trim(site)
        while self._size > self.most:
            self._tighten()

    def _trim(self, site: str) -> None:
        """Keep of a site no more pages than the level allows."""
        pages, most = self.sites[site], self._most_of_a_site
        if len(pages) >= most:
            kept = sorted(pages)[:most]
            self._last[site] = kept[-1]
            for digest in pages.keys() - set(kept):
                del pages[digest]
                self._size -= 1

    def _tighten(self) -> None:
        self.level += 1
        for site in list(self.sites):
            if number(site) >= self.share * 2**64:
                self.forget(site)
            else:
                self._trim(site)


def number(text: str) -> int:
    """A digest of 64 bits."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def lines_of(text: str) -> list[str]:
    """The lines of a page as they are kept: without blanks at their ends, long ones without their middle."""
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    if len(lines) > MOST_LINES:
        lines = lines[: MOST_LINES // 2] + lines[-MOST_LINES // 2 :]
    return [line if len(line) <= LONG_LINE else _ends_of(line) for line in lines]


def _ends_of(line: str) -> str:
    first, last = edges(line)
    return f"{first[:LONG_LINE]}{CUT}{last[-LONG_LINE:]}"


def edges(line: str) -> tuple[str, str]:
    """The first and the last sentence of a line, or of what was kept of it."""
    first, _, last = line.partition(CUT)
    if not last:
        first, last = line[: 2 * LONG_LINE], line[-2 * LONG_LINE :]
    return _END.split(first, maxsplit=1)[0], _END.split(last)[-1]


def packed(lines: list[str]) -> bytes:
    """The lines of a page in few bytes."""
    return zlib.compress("\n".join(lines).encode("utf-8", "surrogatepass"), 1)


def unpacked(page: bytes) -> list[str]:
    """The lines that `packed` was given."""
    text = zlib.decompress(page).decode("utf-8", "surrogatepass")
    return text.split("\n") if text else []


def write_sample(sample: Sample, path: Path) -> None:
    """Write a sample; the same sample gives the same bytes."""
    partial = path.with_name(f".{path.name}.tmp")
    with partial.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as stream:
        _write(sample, stream)
    partial.replace(path)


def _write(sample: Sample, stream: gzip.GzipFile) -> None:
    stream.write(_row({"format": FORMAT, "level": sample.level}))
    for site, pages in sorted(sample.sites.items()):
        for digest, page in sorted(pages.items()):
            stream.write(_row({"site": site, "page": f"{digest:016x}", "lines": unpacked(page)}))


def _row(record: Mapping[str, object]) -> bytes:
    return (json.dumps(record) + "\n").encode()


def read_sample(path: Path) -> Sample:
    """Read a sample.

    Raises:
        DataError: the file cannot be read, or is none.
    """
    sample = Sample()
    try:
        with gzip.open(path) as stream:
            for site, digest, page in _read(stream, sample):
                sample._put(site, digest, page)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path}: not a whole file of pages ({error}); remove it, and learn again") from error
    return sample


def _read(stream: gzip.GzipFile, sample: Sample) -> Iterator[tuple[str, int, bytes]]:
    head = json.loads(stream.readline())
    if head["format"] != FORMAT:
        raise ValueError(f"format {head['format']}, not {FORMAT}")
    sample.level = int(head["level"])
    for line in stream:
        row = json.loads(line)
        yield str(row["site"]), int(row["page"], 16), packed([str(line) for line in row["lines"]])
