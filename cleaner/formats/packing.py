"""Packed files: gzip, xz and Zstandard, told by the ending of the name, read and written as streams."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from cleaner.errors import CleanerError, missing

PACKINGS = {".gz": "gzip", ".xz": "xz", ".zst": "Zstandard"}
"""Packings by the ending of the name."""

_XZ_PRESET = 2  # a tenth of the memory of the usual 6, and most of its gain
_LARGEST_WINDOW = 1 << 27  # what `zstd --long` packs with, and more than it takes without


def packing_of(path: Path | str) -> str:
    """The ending that says how a file is packed: ".gz", ".xz", ".zst", or ""."""
    name = str(path).lower()
    return next((ending for ending in PACKINGS if name.endswith(ending)), "")


def bare_name(name: str) -> str:
    """A file's name without the ending of its packing."""
    return name[: len(name) - len(packing_of(name))]


@contextmanager
def unpacked(stream: BinaryIO, packing: str) -> Iterator[BinaryIO]:
    """What is packed in `stream`, as a stream.

    Raises:
        CleanerError: it is no such file, or a damaged one; also while it is read inside the block.
    """
    try:
        with _unpacking(stream, packing) as content:
            yield content
    except _damage(packing) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's fault, not the packing's
        raise CleanerError(f"not a whole {PACKINGS[packing]} file ({error})") from error


@contextmanager
def packed(stream: BinaryIO, packing: str) -> Iterator[BinaryIO]:
    """A stream whose content goes packed to `stream`: the same bytes each time."""
    if packing == ".gz":
        import gzip

        with gzip.GzipFile("", "wb", 6, stream, 0) as content:
            yield cast(BinaryIO, content)
    elif packing == ".xz":
        import lzma

        with lzma.LZMAFile(stream, "wb", preset=_XZ_PRESET) as content:
            yield cast(BinaryIO, content)
    elif packing == ".zst":
        with _zstandard().ZstdCompressor().stream_writer(stream, closefd=False) as content:
            yield content
    else:
        yield stream


def _unpacking(stream: BinaryIO, packing: str) -> BinaryIO:
    if packing == ".gz":
        import gzip

        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if packing == ".xz":
        import lzma

        return cast(BinaryIO, lzma.LZMAFile(stream))
    if packing == ".zst":
        return io.BufferedReader(_ZstandardFrames(stream), 1 << 17)
    return cast(BinaryIO, _NotClosed(stream))


class _NotClosed:
    """A stream that somebody else closes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __enter__(self) -> BinaryIO:
        return self._stream

    def __exit__(self, *_: object) -> None: ...


class _ZstandardFrames(io.RawIOBase):
    """What is packed in a Zstandard file. (The package's own reader takes a file that was cut off for a whole one.)"""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decompressor = _zstandard().ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
        self._frame: Any = None
        self._packed = self._content = b""

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end."""
        while not self._content:
            self._packed = self._packed or self._stream.read(1 << 16)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError("it ends inside a frame")
                return 0
            self._frame = self._frame or self._decompressor.decompressobj()
            self._content = self._frame.decompress(self._packed)
            self._packed = self._frame.unused_data if self._frame.eof else b""
            self._frame = None if self._frame.eof else self._frame
        size = min(len(buffer), len(self._content))
        buffer[:size], self._content = self._content[:size], self._content[size:]
        return size


def _damage(packing: str) -> tuple[type[Exception], ...]:
    """The errors by which a packing says that a file is damaged."""
    if packing == ".gz":
        import zlib

        return (OSError, EOFError, zlib.error)
    if packing == ".xz":
        import lzma

        return (OSError, EOFError, lzma.LZMAError)
    if packing == ".zst":
        return (OSError, EOFError, _zstandard().ZstdError)
    return ()


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError as error:
        raise missing("zstandard", "zstd") from error
    return zstandard
