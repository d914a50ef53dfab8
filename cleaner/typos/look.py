"""The first look at many texts at once: where something can be wrong in each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import compress, pairwise
from typing import NamedTuple

import numpy as np

from cleaner.typos.chunks import Chunks, Ints
from cleaner.typos.confusions import TRIGGERS
from cleaner.typos.gate import Chunk, Gate


class Look(NamedTuple):
    """What a first look finds in a text.

    Attributes:
        found: where the chunks stand that something can be wrong with, in order.
        suspects: what that is, for these and others.
        triggers: where words stand that may be mistaken for others; see `cleaner.typos.confusions.confused`.
        twins: the words that stand twice in a row.
    """

    found: Sequence[tuple[int, str]]
    suspects: Mapping[str, Chunk]
    triggers: Sequence[tuple[int, str, str]]
    twins: Collection[str]

    def moved(self, by: int) -> Look:
        """The same of a longer text, in which so many characters come before."""
        return self._replace(
            found=[(at + by, written) for at, written in self.found],
            triggers=[(at + by, written, following) for at, written, following in self.triggers],
        )


def looks(texts: Sequence[str], gate: Gate) -> list[Look]:
    """A look at each of some texts; `gate` must watch `TRIGGERS`."""
    if not texts:
        return []
    chunks = Chunks.of(texts)
    numbers, written, suspects = gate.look(chunks)
    suspected = _hits(chunks, numbers, written, suspects)
    triggers = _hits(chunks, numbers, written, TRIGGERS)
    behind = chunks.behind(triggers.numbers)
    watched = [(*hit, following) for hit, following in zip(triggers.hits, behind, strict=True)]
    parts = zip(pairwise(suspected.parts), pairwise(triggers.parts), chunks.twins(), strict=True)
    return [Look(suspected.hits[a:b], suspects, watched[c:d], twins) for (a, b), (c, d), twins in parts]


class _Hits(NamedTuple):
    """Chunks that stand for something, in order.

    Attributes:
        numbers: of the chunks; shape (n,).
        hits: where each of them begins in its text, and what it reads.
        parts: where the hits of each text begin, and those of one more would.
    """

    numbers: Ints
    hits: list[tuple[int, str]]
    parts: list[int]


def _hits(chunks: Chunks, numbers: Ints, written: Sequence[str], wanted: Collection[str]) -> _Hits:
    """Where the wanted ones of some chunks stand."""
    chosen = bytes(map(wanted.__contains__, written))
    numbers = numbers[np.frombuffer(chosen, np.bool_)]
    return _Hits(
        numbers,
        list(zip(chunks.places(numbers), compress(written, chosen), strict=True)),
        chunks.parts(numbers),
    )
