"""Long texts, piece by piece: what is longer than any article is cut between paragraphs, so that it need not be held.

Each piece is a document of its own, with its own encoding and line ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar

from cleaner.decode import decode
from cleaner.formats.disk import Writable
from cleaner.formats.records import Cell, Record

PIECE = 500_000
"""Bytes of a piece, at least; it goes on to the end of the paragraph, or of the line, or of the word."""

_BETWEEN = (b"\n\n", b"\r\n\r\n", b"\n", b" ")


@dataclass(frozen=True, slots=True)
class PieceBytes:
    """A piece, as it was or as it is now."""

    text: Any

    @property
    def raw(self) -> str:
        """It has no spelling beside its bytes."""
        return ""

    def respelt(self, text: str) -> PieceBytes:
        """Another text, in UTF-8."""
        return PieceBytes(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Piece(Record):
    """A piece of a text; its number counts pieces."""

    data: bytes = b""

    @property
    def raw(self) -> bytes:
        """The bytes."""
        return self.data


class Pieces:
    """The format.

    Args:
        field, added, strip: as for the other formats; they mean nothing here.
    """

    name: ClassVar[str] = "text"
    counts_lines: ClassVar[bool] = False
    gives_bytes_back: ClassVar[bool] = True

    def __init__(self, field: str = "", added: tuple[str, ...] = (), strip: tuple[str, ...] = ()) -> None:
        self.field = ""
        self.added: tuple[str, ...] = ()

    def records(self, stream: BinaryIO) -> Iterator[Record]:
        """The pieces.

        Raises:
            BinaryInputError: the first one is no text.
        """
        number = 0
        rest = b""
        while True:
            rest += stream.read(2 * PIECE - len(rest))
            if not rest:
                return
            if number == 0:
                decode(rest)
            cut = len(rest) if len(rest) < 2 * PIECE else _end_of_piece(rest)
            number += 1
            yield Piece(number, b"", PieceBytes(rest[:cut]), data=rest[:cut])
            rest = rest[cut:]

    def writer(self, stream: Writable) -> PieceWriter:
        """A writer of bytes."""
        return PieceWriter(stream)


@dataclass(frozen=True, slots=True)
class PieceWriter:
    """Writes pieces one behind the other."""

    stream: Writable

    def write(self, record: Record, cell: Cell | None, added: Mapping[str, Any] | None = None) -> None:
        """Write a piece."""
        self.stream.write(cell.text if isinstance(cell, PieceBytes) else record.raw)

    def close(self) -> None:
        """There is nothing left."""


def _end_of_piece(data: bytes) -> int:
    """Where to cut: behind the first gap beyond `PIECE`, or else before a character."""
    for gap in _BETWEEN:
        at = data.find(gap, PIECE)
        if at >= 0:
            return at + len(gap)
    at = len(data) - 1
    while data[at] & 0xC0 == 0x80 and len(data) - at < 4:
        at -= 1
    return at
