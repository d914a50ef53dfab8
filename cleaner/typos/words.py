"""The known words and how frequent each of them is.

They stand in a text in order, one on each line. As long as few are asked for they are looked up there, by halves; a
table of them all is worth making only for many.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import ItemsView, Iterator, Mapping
from itertools import accumulate, compress

BLOCK = 1024
"""So many bytes of the text are searched for a word, more or less."""

FEW = 6_000
"""So many questions are answered from the text before a table is made, which takes about twice as long."""

_AT_LEAST = bytes(256) + b"\1" * 256
"""From place 256 - n on: for each level whether it is n or more."""


class Words(Mapping[str, int]):
    """The level of frequency of each known word, in lower case.

    Args:
        text: the words in ascending order, each followed by a line end; ASCII.
        levels: one byte for each of them.
        few: how many questions are answered before a table is made.

    Raises:
        ValueError: there are not as many levels as words.
    """

    __slots__ = ("_before", "_first", "_left", "_levels", "_start", "_text", "table")

    table: dict[str, int] | None
    """All words, once there were many questions; whoever has many more should ask it."""

    def __init__(self, text: bytes, levels: bytes, few: int = FEW) -> None:
        self._text = text = b"\n" + text
        self._levels = levels
        self._left = few
        self.table = None
        # Where each block begins, at the line end before a word; that word; how many words stand before it.
        self._start = [0, *(text.index(b"\n", at) for at in range(BLOCK, len(text) - BLOCK, BLOCK))]
        self._first = [text[at + 1 : text.find(b"\n", at + 1)] for at in self._start]
        self._start.append(len(text) - 1)
        sizes = map(text.count, [b"\n"] * len(self._first), self._start, self._start[1:])
        self._before = list(accumulate(sizes, initial=0))
        if self._before[-1] != len(levels):
            raise ValueError(f"{self._before[-1]} words have {len(levels)} levels")

    @property
    def text(self) -> str:
        """All words in ascending order, each on its line."""
        return self._text.decode("ascii")

    @property
    def levels(self) -> bytes:
        """The level of each of them."""
        return self._levels

    def all(self) -> dict[str, int]:
        """The table."""
        if self.table is None:
            self.table = dict(zip(self.text.split(), self._levels, strict=True))
        return self.table

    def beginning_with(self, letter: str, least: int = 0) -> list[str]:
        """The words that begin with a letter and have at least this level, in ascending order."""
        sought = letter.encode("ascii")
        line, block = b"\n" + sought, self._block(sought)
        start = self._text.find(line, self._start[block])
        if start < 0:
            return []
        behind = self._start[self._block(bytes((sought[0] + 1,))) + 1]  # the last of them begins before it
        end = self._text.index(b"\n", self._text.rfind(line, start, behind + 1) + 1)
        words = self._text[start + 1 : end].decode("ascii").split("\n")
        first = self._before[block] + self._text.count(b"\n", self._start[block], start)
        levels = self._levels[first : first + len(words)]
        return list(compress(words, levels.translate(_AT_LEAST[max(0, 256 - least) :][:256])))

    def _block(self, sought: bytes) -> int:
        """The number of the block in which the words that begin so begin."""
        return max(bisect_left(self._first, sought) - 1, 0)

    def items(self) -> ItemsView[str, int]:
        """All words and their levels."""
        return self.all().items()

    def get(self, word: str, default: int | None = None) -> int | None:  # type: ignore[override]
        """The level of a word, `default` where it is not known."""
        if self.table is not None:
            return self.table.get(word, default)
        self._left -= 1
        if self._left < 0:
            return self.all().get(word, default)
        if not word.isascii() or "\n" in word:
            return default
        sought = word.encode("ascii")
        block = max(bisect_right(self._first, sought) - 1, 0)
        start = self._start[block]
        at = self._text.find(b"\n%b\n" % sought, start, self._start[block + 1] + 1)
        return default if at < 0 else self._levels[self._before[block] + self._text.count(b"\n", start, at)]

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.get(word) is not None

    def __getitem__(self, word: str) -> int:
        found = self.get(word)
        if found is None:
            raise KeyError(word)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self._levels)


def written(levels: Mapping[str, int]) -> tuple[bytes, bytes]:
    """The text and the levels that `Words` reads."""
    words = sorted(levels)
    return "".join(f"{word}\n" for word in words).encode("ascii"), bytes(levels[word] for word in words)
