"""Web pages and web archives, through an extractor (the extra `html`): the text of the article, to be cleaned."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar

from cleaner.errors import CleanerError, missing
from cleaner.formats.disk import Writable
from cleaner.formats.records import Cell, Record
from cleaner.sites.address import site_name

LONGEST_PAGE = 32 << 20
"""Bytes of a page in an archive; longer ones are reported and left out: extractors need many times their size."""


def extracted(page: bytes | str) -> str:
    """The text of the article that a web page holds, by trafilatura; empty where it finds none.

    Raises:
        CleanerError: the extractor is not installed.
    """
    try:
        from trafilatura import extract
    except ImportError as error:
        raise missing("trafilatura", "html") from error
    return extract(page, include_comments=False) or ""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page, or the text that it has become."""

    text: Any

    @property
    def raw(self) -> str:
        """The text."""
        return self.text if isinstance(self.text, str) else ""

    def respelt(self, text: str) -> PageText:
        """Another text."""
        return PageText(text)


@dataclass(frozen=True, slots=True)
class Page(Record):
    """A page of an archive: where and when it was fetched."""

    url: str = ""
    date: str = ""


class Warc:
    """Web archives: each page that was fetched becomes a line of JSON with `url`, `date` and `text`.

    Args:
        field, added, strip: as for the other formats; only `added` means something here.
    """

    name: ClassVar[str] = "warc"
    counts_lines: ClassVar[bool] = False
    gives_bytes_back: ClassVar[bool] = False

    def __init__(self, field: str = "", added: tuple[str, ...] = (), strip: tuple[str, ...] = ()) -> None:
        self.field = "text"
        self.added = added

    def records(self, stream: BinaryIO) -> Iterator[Record]:
        """The HTML pages, counted from 1."""
        try:
            from warcio.archiveiterator import ArchiveIterator
            from warcio.exceptions import ArchiveLoadFailed
        except ImportError as error:
            raise missing("warcio", "html") from error
        number = 0
        try:
            for response in ArchiveIterator(stream):
                if response.rec_type != "response" or not _is_html(response.http_headers):
                    continue
                number += 1
                url = str(response.rec_headers.get_header("WARC-Target-URI") or "")
                page = response.content_stream().read(LONGEST_PAGE + 1)
                if len(page) > LONGEST_PAGE:
                    yield Page(number, b"", error=f"{url}: longer than {LONGEST_PAGE >> 20} MB", url=url)
                    continue
                date = str(response.rec_headers.get_header("WARC-Date") or "")
                yield Page(number, b"", PageText(page), site=site_name("", url), url=url, date=date)
        except (ArchiveLoadFailed, EOFError) as error:
            raise CleanerError(f"not a whole web archive ({' '.join(str(error).split())[:100]})") from error

    def writer(self, stream: Writable) -> PageLines:
        """A writer of JSON Lines."""
        return PageLines(stream)


@dataclass(frozen=True, slots=True)
class PageLines:
    """Writes pages as JSON Lines."""

    stream: Writable

    def write(self, record: Record, cell: Cell | None, added: Mapping[str, Any] | None = None) -> None:
        """Write a page with its text; nothing for a page that was left out."""
        assert isinstance(record, Page)
        if cell is not None:
            row = {"url": record.url, "date": record.date, "text": cell.text, **(added or {})}
            self.stream.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")

    def close(self) -> None:
        """There is nothing left."""


def _is_html(headers: Any) -> bool:
    kind = (headers.get_header("Content-Type") or "") if headers else ""
    return "html" in kind.lower()
